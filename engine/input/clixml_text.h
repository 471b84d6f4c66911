/* Texts of Export-Clixml. */
#pragma once

#include "engine/base/buf.h"

#include <stddef.h>

/* Decodes the escapes of characters that XML can't hold, such as _x000A_ and _x005F_, in the UTF-8 of `out`
 * from byte `first` on; two that are a surrogate pair are one character. NUL and half a pair stay as they
 * are. */
void clixml_decode(struct buf *out, size_t first);
