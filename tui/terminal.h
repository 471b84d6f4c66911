/* The terminal: taken over and given back as it was, on every way out. One at a time in a process: signal
 * handlers need to find it. */
#pragma once

#include "tui/paste.h"
#include "tui/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct terminal_options {
    bool headless; /* no terminal: paint into nothing, in the size of LINES and COLUMNS or 80x24 */
};

/* Keeps SIGHUP, SIGTERM, SIGINT and SIGQUIT waiting until the screen takes them, so that what is begun before
 * it is ended in order too. Threads that are started from now on never get them. */
void terminal_hold_signals(void);

/* Starts curses, sets the signals up. False and *error (one sentence, the caller frees) when it can't. */
bool terminal_open(const struct terminal_options *options, char **error);

/* From then on SIGHUP and SIGTERM are held again: what follows the screen (history, session, lab) is brought
 * to its end, however often a terminal that went away says so. SIGINT still ends it. */
void terminal_close(void);

/* What a crash says on stderr behind "mxscope crashed" once the terminal is given back; copied, cut at 4 KiB;
 * "" for nothing. Until the terminal is closed. */
void terminal_set_last_words(const char *words);

/* Readable when a signal came, SIGCHLD among them; then call terminal_take. */
int terminal_signals(void);

struct terminal_news {
    bool resized;
    bool resumed; /* SIGCONT: call terminal_resume */
    bool stop;    /* SIGTSTP: call terminal_suspend */
    int end;      /* SIGTERM, SIGHUP, SIGINT, SIGQUIT or SIGPIPE that asks to end, else 0 */
};
void terminal_take(struct terminal_news *news);

struct terminal_input {
    uint32_t key;             /* as in tui/press.h, when `paste` is PASTE_NONE */
    enum paste_outcome paste; /* something was pasted, or clicked */
    const uint8_t *text;      /* at PASTE_WHOLE: valid until the next call */
    size_t length;
    struct report_mouse click; /* at PASTE_CLICK */
};

/* The next key, click or paste, in the order in which they came; false when there is none for now. `now` is a
 * monotonic clock in milliseconds. Not for a headless screen. */
bool terminal_next(int64_t now, struct terminal_input *input);

/* When terminal_next has something to do though nothing comes; 0: never. */
int64_t terminal_deadline(void);

/* The beginning of a paste came, and its end did not yet. */
bool terminal_pasting(void);

/* Gives the terminal back, stops the process and takes the terminal again when it is continued. */
void terminal_suspend(void);

/* Gives the terminal back for another program to use; terminal_resume takes it again. */
void terminal_lend(void);

/* Stops the process until it is continued. */
void terminal_stop(void);

/* Takes the terminal again after somebody else may have used it; the next frame is painted whole. */
void terminal_resume(void);

/* Brings the frame that curses holds to the terminal; in one piece where the terminal said that it can do so
 * (synchronised output, mode 2026), which is asked at the start and never waited for. */
void terminal_update(void);

/* Has the terminal report clicks and wheel, or not, from now on, and behind suspension too. False where the
 * terminal's type is too simple for that. */
bool terminal_mouse(bool on);

/* Gives text to the terminal's clipboard (OSC 52), which works over SSH too. False where the terminal's type
 * is too simple for that; whether it allows it can't be known. */
bool terminal_copy(const char *text);

/* Makes curses know the size that the terminal has now. */
void terminal_resize(void);
