/* Commands from other threads to the engine's. */
#pragma once

#include "engine/model/event.h"
#include "engine/model/target.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

enum command_kind {
    COMMAND_ADD,
    COMMAND_REMOVE,
    COMMAND_REPROBE_TARGET,
    COMMAND_REPROBE_HOST,
    COMMAND_REPROBE_ENDPOINT,
    COMMAND_KEEP,
    COMMAND_CONTACTS,
    COMMAND_CANCEL,
    COMMAND_PAUSE,
    COMMAND_RESUME,
    COMMAND_STOP,
};

struct command {
    enum command_kind kind;
    uint32_t id;                  /* ADD, REMOVE, REPROBE_TARGET, CONTACTS */
    struct target_spec spec;      /* ADD */
    struct host_key host;         /* REPROBE_HOST */
    struct endpoint_key endpoint; /* REPROBE_ENDPOINT, KEEP */
    STAILQ_ENTRY(command) link;
};

STAILQ_HEAD(commands, command);

struct inbox {
    pthread_mutex_t lock;
    struct commands commands;
};

void inbox_init(struct inbox *inbox);
/* Frees commands that nobody took. */
void inbox_release(struct inbox *inbox);
/* A zeroed command. */
struct command *command_new(enum command_kind kind);
void command_free(struct command *command);
/* Something is looked up or probed for it: what adds or asks again. */
bool command_makes_work(const struct command *command);
/* Takes the command over. */
void inbox_put(struct inbox *inbox, struct command *command);
/* Moves all commands to `commands`, which is overwritten. */
void inbox_take(struct inbox *inbox, struct commands *commands);
