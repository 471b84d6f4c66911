/* Input bytes → UTF-8 text: UTF-8 or UTF-16, with a byte order mark or without one. */
#pragma once

#include "engine/base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Turns the content of `bytes` into UTF-8 text without mark, in place where it is UTF-8 already. UTF-16
 * without mark is told by the zero byte beside its first character. False and *error (a sentence without the
 * source's name, the caller frees) when bytes are no valid text in their encoding; names the line. */
bool encoding_to_utf8(struct buf *bytes, char **error);
