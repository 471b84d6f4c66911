/* Lines of plain text mail. */
#pragma once

#include "engine/base/buf.h"

#include <stdbool.h>

#define LETTER_WIDTH 72

/* Appends `line`, which has no line break, broken at spaces (else within a word) into lines of at most
 * LETTER_WIDTH characters, each ended. Further lines begin with the line's own spaces, and two more behind a
 * "- ". In a header no word is broken, and further lines begin with a space, so that they go on with the same
 * field (RFC 5322, section 2.2.3). */
void letter_wrap(struct buf *out, const char *line, bool header);

/* Appends text from outside as a part of one line: what could act or hide is escaped, line breaks too. */
void letter_inert(struct buf *out, const char *text);
