/* A key script, for tests and demos. One command a line, `#` comments:
 *   wait TEXT           until the screen shows TEXT, at most a minute
 *   gone TEXT           until the screen does not show it
 *   key NAME...         presses keys: j, Enter, C-d, PgDn
 *   type TEXT           presses the keys of TEXT
 *   paste FILE          pastes what is in the file
 *   save-screen PATH    writes the screen as text
 *   quit                leaves with exit code 0
 * Behind the last line the screen is the user's again. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct script;

/* NULL and *error (one sentence with file and line, the caller frees) when it can't be read. */
struct script *script_load(const char *path, char **error);
struct script *script_parse(const char *source, const char *text, char **error);
void script_free(struct script *script); /* NULL is allowed */

enum script_action {
    SCRIPT_WAIT,  /* nothing to do before something changes or `deadline` */
    SCRIPT_PRESS, /* `key` */
    SCRIPT_PASTE, /* paste the file `path` */
    SCRIPT_SAVE,  /* write the screen to `path` */
    SCRIPT_QUIT,
    SCRIPT_FAILED, /* `message` says why */
    SCRIPT_OVER
};

struct script_step {
    enum script_action action;
    uint32_t key;
    const char *path;    /* the script's */
    const char *message; /* the script's */
    int64_t deadline;    /* milliseconds, as `now` */
};

/* What to do next. `screen` is the painted screen's text, `now` a monotonic clock in milliseconds. */
void script_next(struct script *script, const char *screen, int64_t now, struct script_step *step);
