/* A program that shows text in the terminal, for as long as the user reads: $PAGER, else less, else more. It
 * is the terminal's foreground job with a process group of its own, so that C-c and C-z are for it alone. The
 * text lies in a private temporary file that goes with it. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct pager {
    pid_t child; /* 0: none runs */
    char *path;  /* of the file; owned */
    int status;  /* of waitpid, once it has ended */
};

enum pager_state { PAGER_RUNS, PAGER_STOPPED, PAGER_ENDED };

/* Starts it on a zeroed pager; the terminal on standard input was given back before. `text` is harmless
 * already. False and *error (one sentence, the caller frees) when the file can't be written or no process
 * begins; then there is nothing to end. */
bool pager_start(struct pager *pager, const char *text, char **error);

/* Does not wait. SIGCHLD says when there may be news. */
enum pager_state pager_look(struct pager *pager);

/* After PAGER_STOPPED: gives it the terminal again and lets it go on. */
void pager_go_on(const struct pager *pager);

/* Ends one that still runs, takes the terminal's foreground back and removes the file. Returns what went
 * wrong (one sentence, the caller frees), or NULL. */
char *pager_end(struct pager *pager);
