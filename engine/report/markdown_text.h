/* Text in Markdown: nothing of what strangers wrote acts in it, nor becomes a link. */
#pragma once

#include "engine/report/out.h"

/* NULL is nothing. `give` frees. */
void markdown_say(struct out *out, const char *text);
void markdown_give(struct out *out, char *text);

/* A cell of a table's row, which begins with "|"; its ends too. */
void markdown_cell(struct out *out, const char *text);
void markdown_give_cell(struct out *out, char *text);

/* The first two lines of a table, behind an empty one; NULL ends the names. */
void markdown_head(struct out *out, const char *const *names);
