/* One run of the screen: its loop, the script that drives it, the pager that it waits for. For tui/screen.c
 * and its parts alone. */
#pragma once

#include "tui/paste.h"
#include "tui/screen.h"
#include "tui/script.h"
#include "tui/state.h"
#include "tui/view_state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EXIT_USAGE = 2, EXIT_UNFINISHED = 3 };

struct run {
    struct screen screen;
    struct script *script;
    int64_t painted;  /* when the last frame was painted, milliseconds */
    int64_t deadline; /* of the script's wait; 0: none */
    char *last_words; /* for stderr once the terminal is back; owned */
    bool pressed;     /* a key came since the last frame: paint at once */
    unsigned long presses;
    bool has_terminal;
    bool mouse;             /* switched on */
    bool loading;           /* the session is still being read, or the engine told of it */
    bool unsaved;           /* there is more to hand over to where the session is kept */
    const char *kept_path;  /* as the terminal's last words have it */
    struct view_state view; /* of last time; owned */
    enum pane_size detail_before;
    const struct theme *theme_before;
};

/* A monotonic clock, in milliseconds. */

/* Takes in what the engine says, for a few milliseconds at most. */
void run_drain(struct screen *screen);

/* A key was pressed, a text was pasted, or what was pasted can't be taken. */
void run_press(struct run *run, uint32_t key);
void run_paste(struct run *run, const uint8_t *bytes, size_t length);
void run_refuse_paste(struct run *run, enum paste_outcome outcome);

/* The terminal is the screen's again. */
void run_resume(struct run *run);

/* screen_script.c: the next step of the script, when there is one and the screen is at rest. */
void run_script(struct run *run);

/* screen_view.c: arranges the screen as it was last time, and keeps how it is now for the next, where that is
 * wanted and there is a place for it. */
void run_restore_view(struct run *run);
void run_restore_filter(struct run *run); /* once there is something to be filtered */
void run_keep_view(struct run *run);

/* screen_pager.c: shows `reading` in $PAGER until that ends. */
void run_pager(struct run *run);
