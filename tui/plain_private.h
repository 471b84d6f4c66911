/* What the parts of tui/plain share. */
#pragma once

#include "tui/state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plain {
    struct screen screen;
    bool waiting; /* "wait" was asked: no command is read before probing is done */
    bool quiet;   /* verdicts are not told of */
    bool failed;  /* stdout can't be written */

    uint8_t *told; /* by target id: the verdict that was told of, + 1; owned */
    size_t told_limit;
    int64_t told_since; /* milliseconds; the present second of telling */
    unsigned told_now;  /* lines in it */
    unsigned held_back; /* verdicts since that were not told of */
};

/* A line. What a terminal could act on is escaped. */
void plain_say(struct plain *plain, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Several lines, as page_text gives them. */
void plain_say_text(struct plain *plain, const char *text);

/* Why something can't be done; requests in braces are named (keymap_expand). */
void plain_say_reason(struct plain *plain, const char *reason);

/* One row of the tree as a line. */
void plain_say_row(struct plain *plain, const struct row *row);

/* Verdicts of many targets: "12 domains: 3 ready, 9 not ready". */
void plain_say_counts(struct plain *plain, const char *name, const unsigned *counts);

/* The selected row, or that there is none. */
void plain_say_here(struct plain *plain);

/* What --against asked for; nothing when it was not given. */
void plain_begin_against(struct plain *plain);

/* All lines of a page, which is released. */
void plain_say_page(struct plain *plain, struct page *page);

#define PLAIN_WIDTH 78 /* columns of pages */

/* A command that only the linear mode has, or that does another thing here than on the screen. */
struct plain_word {
    const char *name, *argument; /* NULL: takes none */
    const char *help;
    void (*run)(struct plain *plain, const char *argument);
};
const struct plain_word *plain_word(const char *name); /* or NULL */
const struct plain_word *plain_word_at(size_t index);  /* NULL past the last */

/* What only a screen has: colours, panes, painting, the terminal's own paste. */
bool plain_is_for_screens(const struct request *request);

/* Runs one line of input: a command, or the answer to what was asked. */
void plain_command(struct plain *plain, const char *line);

/* What the prompt is to show: "> ", or what is asked for. */
const char *plain_prompt(const struct plain *plain);
