/* What comes from the terminal: its bytes are read here; those of keys go on to curses through a pipe, what
 * is pasted is kept. */
#pragma once

#include "tui/paste.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct intake {
    int from;            /* the terminal */
    int to;              /* the pipe's end that keys go into */
    FILE *keys;          /* owned; its other end, for curses */
    struct paste paste;  /* `paste.text` is what was pasted, at PASTE_WHOLE */
    uint8_t bytes[4096]; /* read and not looked at yet: from `at` to `length` */
    size_t at, length;
};

/* False when there is no pipe; errno says why. */
bool intake_open(struct intake *intake, int from);
void intake_close(struct intake *intake);

/* Takes what is there, at most sizeof bytes, up to the end of a paste. To be called when all keys of the pipe
 * were taken: they stand before the paste whose outcome is returned. False when nothing new came. Never
 * waits. */
bool intake_take(struct intake *intake, int64_t now, enum paste_outcome *outcome);
