#include "tui/script.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "tui/press.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE    60000 /* milliseconds */
#define SCRIPT_MOST ((size_t)1 << 20)

enum verb { VERB_WAIT, VERB_GONE, VERB_KEY, VERB_PASTE, VERB_SAVE, VERB_QUIT };

struct command {
    enum verb verb;
    char *text; /* owned; wait, gone, paste, save-screen */
    uint32_t key;
    unsigned line;
};

struct script {
    struct command *commands; /* owned */
    size_t count, at;
    char *source;
    char *message;
    int64_t since; /* when the present wait began; 0: not yet */
};

static void add(struct script *script, enum verb verb, const char *text, uint32_t key, unsigned line)
{
    script->commands = mem_resize(script->commands, script->count + 1, sizeof *script->commands);
    script->commands[script->count++] = (struct command){verb, mem_string(text), key, line};
}

static bool add_keys(struct script *script, char *names, unsigned line, char **error)
{
    char *name;
    uint32_t key;

    while ((name = strsep(&names, " "))) {
        if (!*name)
            continue;
        if (!press_parse(name, &key)) {
            *error = mem_format("%s:%u: \"%s\" is no key's name", script->source, line, name);
            return false;
        }
        add(script, VERB_KEY, NULL, key, line);
    }
    return true;
}

static void add_typing(struct script *script, const char *text, unsigned line)
{
    const uint8_t *at = (const uint8_t *)text;
    size_t left = strlen(text), size;
    uint32_t c;

    for (; left && (size = text_decode(at, left, &c)); at += size, left -= size)
        add(script, VERB_KEY, NULL, c, line);
}

static bool parse_line(struct script *script, char *text, unsigned line, char **error)
{
    char *verb = text + strspn(text, " \t"), *rest = strchr(verb, ' ');

    if (!*verb || *verb == '#')
        return true;
    if (rest)
        *rest++ = 0;
    if (strcmp(verb, "quit") == 0 && !rest)
        add(script, VERB_QUIT, NULL, 0, line);
    else if (strcmp(verb, "wait") == 0 && rest)
        add(script, VERB_WAIT, rest, 0, line);
    else if (strcmp(verb, "gone") == 0 && rest)
        add(script, VERB_GONE, rest, 0, line);
    else if (strcmp(verb, "paste") == 0 && rest)
        add(script, VERB_PASTE, rest, 0, line);
    else if (strcmp(verb, "save-screen") == 0 && rest)
        add(script, VERB_SAVE, rest, 0, line);
    else if (strcmp(verb, "type") == 0 && rest)
        add_typing(script, rest, line);
    else if (strcmp(verb, "key") == 0 && rest)
        return add_keys(script, rest, line, error);
    else
        *error = mem_format(
            "%s:%u: expected wait TEXT, gone TEXT, key NAME, type TEXT, paste FILE, save-screen PATH or quit",
            script->source, line);
    return !*error;
}

struct script *script_parse(const char *source, const char *text, char **error)
{
    struct script *script = mem_alloc(sizeof *script);
    char *copy = mem_string(text), *rest = copy, *line;
    unsigned number = 0;

    *error = NULL;
    script->source = mem_string(source);
    while (!*error && (line = strsep(&rest, "\n"))) {
        size_t length = strlen(line);

        if (length && line[length - 1] == '\r')
            line[length - 1] = 0;
        parse_line(script, line, ++number, error);
    }
    free(copy);
    if (!*error)
        return script;
    script_free(script);
    return NULL;
}

struct script *script_load(const char *path, char **error)
{
    FILE *file = fopen(path, "r");
    struct script *script = NULL;
    struct buf text;
    char block[4096];
    size_t got;

    if (!file) {
        *error = mem_format("script %s: %s", path, strerror(errno));
        return NULL;
    }
    buf_init(&text, SCRIPT_MOST);
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        buf_add(&text, block, got);
    if (text.failed || ferror(file))
        *error = mem_format("script %s: can't be read, or is longer than 1 MiB", path);
    else
        script = script_parse(path, buf_string(&text), error);
    buf_release(&text);
    fclose(file);
    return script;
}

void script_free(struct script *script)
{
    size_t i;

    if (!script)
        return;
    for (i = 0; i < script->count; i++)
        free(script->commands[i].text);
    free(script->commands);
    free(script->source);
    free(script->message);
    free(script);
}

static void wait(struct script *script, const struct command *command, bool met, int64_t now,
                 struct script_step *step)
{
    if (!script->since)
        script->since = now ? now : 1;
    step->action = SCRIPT_WAIT;
    step->deadline = script->since + PATIENCE;
    if (met) {
        step->deadline = now;
        script->since = 0;
        script->at++;
    } else if (now >= step->deadline) {
        free(script->message);
        script->message =
            mem_format("%s:%u: waited %d seconds for the screen to %s \"%s\"", script->source, command->line,
                       PATIENCE / 1000, command->verb == VERB_WAIT ? "show" : "lose", command->text);
        step->action = SCRIPT_FAILED;
        step->message = script->message;
    }
}

void script_next(struct script *script, const char *screen, int64_t now, struct script_step *step)
{
    const struct command *command;

    memset(step, 0, sizeof *step);
    if (script->at >= script->count) {
        step->action = SCRIPT_OVER;
        return;
    }
    command = &script->commands[script->at];
    if (command->verb == VERB_WAIT || command->verb == VERB_GONE) {
        bool shown = strstr(screen, command->text);

        wait(script, command, shown == (command->verb == VERB_WAIT), now, step);
        return;
    }
    script->at++;
    step->key = command->key;
    step->path = command->text;
    step->action = command->verb == VERB_KEY     ? SCRIPT_PRESS
                   : command->verb == VERB_PASTE ? SCRIPT_PASTE
                   : command->verb == VERB_SAVE  ? SCRIPT_SAVE
                                                 : SCRIPT_QUIT;
}
