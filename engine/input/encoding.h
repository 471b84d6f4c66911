/* Input bytes → UTF-8 text: UTF-8 or UTF-16 with a byte order mark, or plain UTF-8. */
#pragma once

#include "engine/base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Appends the text without its mark to `out`. False and *error (a sentence without the source's name, the
 * caller frees) when bytes are no valid text in the encoding that the mark announces; names the line. */
bool encoding_to_utf8(const void *bytes, size_t length, struct buf *out, char **error);
