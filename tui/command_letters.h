/* `mxscope export SNAPSHOT --format letters`. */
#pragma once

#include "engine/model/model.h"
#include "tui/options.h"

/* Writes a letter to each partner that falls short: a file for each in the folder --output (made when it is
 * not there; no file that is there is written over), or all of them to stdout, each behind a line that names
 * its file. 0; 2 for a template that can't be used; 3 when not all could be written. With both *error, which
 * the caller frees. */
int command_letters(const struct options *options, const struct model *model, const char *vantage,
                    char **error);
