/* The command line: one table of options makes the parser and --help. */
#pragma once

#include "engine/audit/audit.h"
#include "engine/base/strings.h"
#include "engine/report/format.h"
#include "tui/theme.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum command {
    COMMAND_SCREEN,
    COMMAND_AUDIT,
    COMMAND_LAB,
    COMMAND_OPEN,
    COMMAND_EXPORT,
    COMMAND_DIFF,
    COMMAND_MERGE,
    COMMAND_HELP,
    COMMAND_VERSION
};

enum diff_format { DIFF_TEXT, DIFF_JSON, DIFF_CSV, DIFF_MARKDOWN };
enum fail_on { FAIL_NOT_READY, FAIL_AT_RISK, FAIL_NEVER };

struct options {
    enum command command;
    bool demo;
    char *words; /* the command line behind the program's name; owned */
    struct strings
        targets; /* plain TARGETs; of open and export: the snapshot; of diff and merge: snapshots */
    struct strings partners; /* --partner */
    struct strings inputs;   /* --input */
    bool lenient;
    const char *baseline; /* name or file; NULL: the snapshot's, else exchange-online */
    const char *against;  /* open: the snapshot to compare with; NULL */
    const char *snapshot; /* where the session is kept; NULL: nowhere in particular */
    bool again;           /* what the snapshot has is asked for anew */
    struct strings dns_servers, controls;
    struct audit_options audit; /* baseline, dns_servers and controls are set by the caller from the above */
    bool explain_pacing;        /* resolve only, say what would be sent, leave */
    unsigned shard, shards;     /* 1-based; 0 of 0: all */
    const struct report_format *format; /* never NULL */
    enum diff_format diff_format;
    bool if_changed;    /* diff: writes nothing where there is nothing to tell */
    const char *output; /* NULL: stdout */
    const char *filter; /* what reports hold; NULL: everything */
    bool letters;       /* instead of a report */
    const char *letter; /* the template of letters; NULL: the built-in one */
    enum fail_on fail_on;
    const char *script;
    bool plain; /* lines instead of the screen */
    enum color_choice color;
    bool ascii;
    const char *theme;
    bool mouse;
    const char *config; /* NULL: the user's own, if there is one */
    unsigned port_base; /* lab */
};

/* Reads the command line; strings point into argv. False and *error (one sentence that says what was
 * expected, the caller frees) when it can't be. */
bool cli_parse(int argc, char **argv, struct options *options, char **error);
void cli_release(struct options *options);

void cli_help(FILE *out);
