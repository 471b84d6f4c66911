/* Runs a program in a terminal of its own and looks at its screen: a pseudo-terminal with libvterm at the
 * other end. Waits for conditions, never for time; every wait ends after HARNESS_PATIENCE seconds and then
 * prints the screen to stderr. The terminal knows synchronised output (mode 2026), and what a frame changes
 * is looked at when all of it is there. The program is the foreground job of a small shepherd, so that it can
 * stop and go on. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define HARNESS_PATIENCE 120

struct harness;

/* argv ends with NULL. `environment`: further "NAME=VALUE", NULL-ended, may be NULL; TERM, LC_ALL and PATH
 * are set, nothing else is inherited but TEST_* and the sanitizers' options. */
struct harness *harness_start(const char *const *argv, int lines, int columns,
                              const char *const *environment);

/* The terminal says that it does not know synchronised output; before anything is waited for. */
void harness_knows_no_frames(struct harness *harness);

/* Kills what still runs. NULL is allowed. */
void harness_free(struct harness *harness);

void harness_send(struct harness *harness, const char *bytes);
/* A key's name as in key scripts: "j", "Down", "PgUp", "Enter", "C-d", "Esc". False for one unknown here. */
bool harness_key(struct harness *harness, const char *name);

/* Presses and lets go a button: 1 left, 4 wheel up, 5 wheel down. The terminal tells the program only if that
 * asked for it. */
void harness_click(struct harness *harness, int button, int line, int column);

bool harness_wait(struct harness *harness, const char *text);
bool harness_wait_gone(struct harness *harness, const char *text);
bool harness_wait_for(struct harness *harness, bool (*met)(struct harness *harness, void *context),
                      void *context);

/* The exit code, or 128 + the signal; -1 when it does not end in time. */
int harness_wait_exit(struct harness *harness);
/* Without a wait. */
bool harness_has_ended(const struct harness *harness);
/* True once the program has stopped (SIGTSTP, SIGSTOP). */
bool harness_wait_stop(struct harness *harness);

void harness_resize(struct harness *harness, int lines, int columns);
void harness_signal(struct harness *harness, int signal_number);
/* From now on the program makes no file larger than that, as on a disk that is full. (ThreadSanitizer writes
 * one as it starts.) */
void harness_limit_files(struct harness *harness, size_t bytes);

/* The screen as text, trailing spaces left out; the caller frees. */
char *harness_text(struct harness *harness);
char *harness_line(struct harness *harness, int line);
/* The first line that holds `text`, or -1. */
int harness_find(struct harness *harness, const char *text);

struct harness_look {
    bool bold, reverse, underline;
    int color; /* foreground 0–255, -1 the terminal's own */
};
struct harness_look harness_look(struct harness *harness, int line, int column);

void harness_cursor(struct harness *harness, int *line, int *column);
bool harness_cursor_visible(struct harness *harness);
bool harness_alternate(struct harness *harness); /* the alternate screen is shown */
/* The last operating system command (OSC) other than titles, as in "52;c;eA=="; "" before any. */
const char *harness_command(struct harness *harness);
/* How often the program sent these bytes, as far as the last 64 KiB go. */
unsigned harness_sent(struct harness *harness, const char *bytes);
bool harness_title_was_set(struct harness *harness);
bool harness_modes_restored(struct harness *harness); /* terminal modes as before the program started */
