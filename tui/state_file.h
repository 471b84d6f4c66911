/* Small files of the user's state, for the user's eyes only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* mxscope/NAME in `state_home` ($XDG_STATE_HOME, made when it is written to), else in .local/state of `home`
 * ($HOME), where sessions are kept too (autosave.h). NULL when the first is no absolute path and the second
 * no directory that is there. The caller frees. */
char *state_file_path(const char *state_home, const char *home, const char *name);

/* At most `most` bytes of a regular file, "" when there is none that can be read; a NUL in it is another
 * control. The caller frees. */
char *state_file_read(const char *path, size_t most);

/* Makes the folder and puts the bytes in place of what is there: whole or not at all, with mode 0600. False
 * and errno when that fails. */
bool state_file_replace(const char *path, const uint8_t *bytes, size_t length);
