/* What tests of the screen do with a terminal, held by assertions of cmocka: a wait that is in vain, or an
 * exit that leaves something behind, fails the test. */
#pragma once

#include "tests/tui/harness.h"

/* Runs the made-up session of screen_fixture.c. `option`, `value` and `variable` ("HOME=/tmp/x") may be NULL,
 * from the last one on. Freed by drive_quit or harness_free. */
struct harness *drive_fixture(int lines, int columns, const char *option, const char *value,
                              const char *variable);

/* Runs a program that has this folder for a home; NULL: none. */
struct harness *drive_program(const char *const *argv, int lines, int columns, const char *home);

/* An empty folder of this test's own. The caller frees the path. */
char *drive_folder(void);

/* Presses keys by their names, with one space between two. */
void drive_keys(struct harness *harness, const char *names);

/* Leaves by q, looks whether the terminal is as it was, frees the harness. */
void drive_quit(struct harness *harness);

/* Waits until the row under the cursor shows `text`, reversed as selected rows are. */
void drive_until_selected(struct harness *harness, const char *text);

#define DRIVE_FOOTER 23 /* its line on a screen of 24 lines */

/* Waits until the footer shows `text`. */
void drive_until_footer(struct harness *harness, const char *text);

/* Waits until the program sends such an escape sequence. */
void drive_until_sent(struct harness *harness, const char *bytes);
