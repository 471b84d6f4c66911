/* The user's configuration: plain lines, read and never written. One setting a line, `#` begins a comment
 * line: theme NAME          as --theme ascii yes|no mouse yes|no detail none|normal|large key KEYNAME REQUEST
 * as help names both (C-n, PgDn; down); REQUEST none takes the key away A later line wins over one before it.
 */
#pragma once

#include "tui/keymap.h"
#include "tui/layout.h"
#include "tui/theme.h"

#include <stdbool.h>
#include <stddef.h>

enum config_answer { CONFIG_UNSAID, CONFIG_NO, CONFIG_YES };

struct config {
    const struct theme *theme; /* NULL: not said */
    enum config_answer ascii, mouse;
    enum pane_size detail; /* PANE_NORMAL unless said */
    bool detail_said;
    struct keymap keymap; /* the built-in keys, then those of the file */
};

/* What holds without a file: the keys of the table. Nothing to release. */
void config_init(struct config *config, const struct request *requests, size_t count);

/* Takes the lines of `text`, whoever wrote them. False and *error (one sentence with `source`, line and what
 * was expected, the caller frees) at the first that is none; the lines before it hold. */
bool config_parse(struct config *config, const char *source, const char *text, char **error);

/* The same from a file of at most 1 MiB. One that is not there is no error unless it `must_exist`. */
bool config_load(struct config *config, const char *path, bool must_exist, char **error);

/* Where the file is looked for: mxscope/config in `config_home` ($XDG_CONFIG_HOME), else in .config of `home`
 * ($HOME); relative paths count as none. NULL without either. The caller frees. */
char *config_path(const char *config_home, const char *home);
