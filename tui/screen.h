/* The interactive screen: a tree of targets, hosts and endpoints over a model, live while an audit runs. */
#pragma once

#include "engine/audit/audit.h"
#include "engine/model/model.h"
#include "tui/config.h"
#include "tui/keeping.h"
#include "tui/theme.h"

#include <stdbool.h>
#include <stdint.h>

struct screen_options {
    const char *title;           /* at the left of the header; NULL = "mxscope" */
    bool ascii;                  /* ASCII glyphs and text whatever the locale says */
    enum color_choice color;     /* COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER */
    const char *theme;           /* a name that theme_find knows (tui/theme.h); NULL = the default one */
    const char *script;          /* a key script's path (tui/script.h); NULL = none */
    const char *baseline_name;   /* shown in the header; NULL = the model's baseline's */
    const char *generator;       /* who writes reports, "mxscope 0.1.0"; NULL = "mxscope" */
    int64_t started_at;          /* of the session, seconds since 1970; 0 = when the screen begins */
    const struct config *config; /* the user's, which the above win over; NULL = none */
    bool remembers;              /* how it is arranged is restored, and kept for the next time */
    bool mouse;                  /* clicks and wheel work from the start */
    const char *against;         /* a snapshot to compare with when the screen begins; NULL */
    bool demo;                   /* among servers of its own: said at the end */
    bool offline;                /* a snapshot: nothing is probed until that is asked for */
    bool report;                 /* offline: it is a report in JSON */
    /* Offline, called once, when the user asks: an engine that knows no target yet, owned by the caller. NULL
     * and *error (one sentence, the screen frees it) when there can't be one. NULL = nothing can be probed.
     * With one, *error may say that what is found is kept nowhere. */
    struct audit *(*go_online)(void *context, struct model *model, char **error);
    void *online_context;
    struct keeping *kept; /* the screen hands it what changes, and may move it; NULL: nothing is kept */
    const char *warning;  /* said when the screen begins; NULL */

    /* Where `kept` is still being read, the screen does that, and does not use the audit until it has come to
     * its end and this was called, again and again until *over. False and *error (the caller frees) end the
     * screen. NULL: there is nothing to do. */
    bool (*on_loaded)(void *context, bool *over, char **error);
    void *loaded_context;

    /* Called behind each frame with the keys taken so far; NULL = nobody measures. */
    void (*on_frame)(void *context, unsigned long presses);
    void *frame_context;
};

/* Runs until the user quits and returns the process's exit code: 0; 2 when there is no terminal or the script
 * can't be used; 3 when a signal ended it or the script's wait failed (then with a message on stderr).
 * The caller has called setlocale(LC_ALL, "") and owns model and audit. Targets that are in the model were
 * given to the audit by the caller under their model ids; the screen gives it those that the user adds, takes
 * its events and applies them to the model. `audit` NULL: no network. SIGWINCH, SIGTSTP, SIGCONT, SIGTERM,
 * SIGHUP, SIGINT and the crash signals are the screen's while it runs. */
int screen_run(struct model *model, struct audit *audit, const struct screen_options *options);
