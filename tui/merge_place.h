/* Where several snapshots are joined: beside the file that is to be, under its name with ".merging" behind.
 * That file takes the name once it is whole, and never another's place. Who joins there holds a lock until
 * then that ends with the process, so that two at once do not meet, and the next one takes what a killed one
 * left out of the way. */
#pragma once

#include <stdbool.h>

struct merge_place {
    char *path;         /* the file to write: new and empty; owned */
    const char *output; /* what it is to be called; borrowed */
    int lock;           /* a descriptor, or -1 */
};

/* False and *error (one sentence, the caller frees): another process joins there, what stands there is no
 * snapshot, or no file can be made. `output` stays the caller's, and must outlive the place. */
bool merge_place_open(struct merge_place *place, const char *output, char **error);

/* Gives the file its name, on the disk too. False and *error when something has that name by now, which
 * stays as it is, or when it can't be. The file is not open elsewhere any more. */
bool merge_place_finish(struct merge_place *place, char **error);

/* What was not finished is gone; nothing is left beside the output. */
void merge_place_close(struct merge_place *place);

/* True when `path` is where merge_place_open would write for `output`. */
bool merge_place_is(const char *output, const char *path);
