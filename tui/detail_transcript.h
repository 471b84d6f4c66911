/* All that is known of a row as one text to read elsewhere. */
#pragma once

#include "engine/model/model.h"
#include "tui/rows.h"

#include <stdint.h>

/* The detail page of a target, host or endpoint, and of each address below it what the page leaves out: its
 * facts, its dialogue and its attempts, for at most 50 addresses. In lines of at most `width` columns,
 * harmless as on the screen; the caller frees. */
char *detail_transcript(const struct model *model, const struct rows *rows, const struct row *row, int width,
                        bool ascii, int64_t now);
