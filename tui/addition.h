/* What the prompt to add was given: one target or several. Pure. */
#pragma once

#include "engine/input/input.h"

#include <stdbool.h>

/* A zeroed struct is empty. */
struct addition {
    struct input input; /* `specs`: the targets in the order in which they were typed, at least one */
    char *addressed; /* the last mail address of which the domain was taken, without brackets; owned; NULL */
};

/* Targets as engine/input takes them, with commas, semicolons or blanks between them; "partner" or
 * "opportunistic" behind one is its class, as in a list. Of a mail address the domain is taken. False and
 * *error (one sentence, the caller frees) when one of it is neither, or nothing is there: then nothing of it
 * counts. Released by the caller in either case. */
bool addition_read(struct addition *addition, const char *text, const char *source, char **error);
void addition_release(struct addition *addition);
