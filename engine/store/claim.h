/* The file of a snapshot before SQLite opens it: is it there, is it one, is it free? */
#pragma once

#include <stdbool.h>

/* Opens `path` to write, makes it when it is not there (*made), and locks it against other processes that
 * would keep a session there; -1 and *error, and then *made only where no other process has it. To be closed
 * behind SQLite: until then SQLite's own locks would go with it. `mode`: permissions of a new file. */
int claim_file(const char *path, unsigned mode, bool *made, char **error);

/* The same of a file that is there. */
int claim_again(const char *path, char **error);

/* Looks at the head of the file: false and *error when it is not empty and no snapshot that this program can
 * read. */
bool claim_check(int descriptor, const char *path, char **error);

/* Opens `path` to look at its head only; false and *error as above, and when it is empty. */
bool claim_look(const char *path, char **error);
