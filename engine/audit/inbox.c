#include "engine/audit/inbox.h"

#include "engine/base/mem.h"

#include <stdlib.h>

void inbox_init(struct inbox *inbox)
{
    pthread_mutex_init(&inbox->lock, NULL);
    STAILQ_INIT(&inbox->commands);
}

void inbox_release(struct inbox *inbox)
{
    struct command *command;

    while ((command = STAILQ_FIRST(&inbox->commands)) != NULL) {
        STAILQ_REMOVE_HEAD(&inbox->commands, link);
        command_free(command);
    }
    pthread_mutex_destroy(&inbox->lock);
}

struct command *command_new(enum command_kind kind)
{
    struct command *command = mem_alloc(sizeof *command);

    command->kind = kind;
    return command;
}

void command_free(struct command *command)
{
    if (command->kind == COMMAND_ADD)
        target_spec_release(&command->spec);
    if (command->kind == COMMAND_REPROBE_HOST)
        host_key_release(&command->host);
    if (command->kind == COMMAND_REPROBE_ENDPOINT || command->kind == COMMAND_KEEP)
        endpoint_key_release(&command->endpoint);
    free(command);
}

bool command_makes_work(const struct command *command)
{
    switch (command->kind) {
    case COMMAND_ADD:
    case COMMAND_REPROBE_TARGET:
    case COMMAND_REPROBE_HOST:
    case COMMAND_REPROBE_ENDPOINT:
    case COMMAND_CONTACTS:
        return true;
    case COMMAND_REMOVE:
    case COMMAND_KEEP:
    case COMMAND_CANCEL:
    case COMMAND_PAUSE:
    case COMMAND_RESUME:
    case COMMAND_STOP:
        return false;
    }
    return false;
}

void inbox_put(struct inbox *inbox, struct command *command)
{
    pthread_mutex_lock(&inbox->lock);
    STAILQ_INSERT_TAIL(&inbox->commands, command, link);
    pthread_mutex_unlock(&inbox->lock);
}

void inbox_take(struct inbox *inbox, struct commands *commands)
{
    STAILQ_INIT(commands);
    pthread_mutex_lock(&inbox->lock);
    STAILQ_CONCAT(commands, &inbox->commands);
    pthread_mutex_unlock(&inbox->lock);
}
