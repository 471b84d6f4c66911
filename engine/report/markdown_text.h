/* Text in Markdown, for markdown.c and its parts alone: nothing of what strangers wrote acts in it. */
#pragma once

#include "engine/model/model.h"
#include "engine/report/out.h"

/* NULL is nothing. `give` frees. */
void markdown_say(struct out *out, const char *text);
void markdown_give(struct out *out, char *text);

/* A cell of a table's row, which begins with "|"; its ends too. */
void markdown_cell(struct out *out, const char *text);
void markdown_give_cell(struct out *out, char *text);

/* The first two lines of a table, behind an empty one; NULL ends the names. */
void markdown_head(struct out *out, const char *const *names);

/* The part about the campaign; nothing where there is none. */
void markdown_write_campaign(const struct model *model, struct out *out);

/* The part about certificates that end soon; nothing where none does. */
void markdown_write_expiring(const struct model *model, struct out *out);

/* The part about what sessions that were joined do not say alike; nothing where they all do. */
void markdown_write_elsewhere(const struct model *model, struct out *out);

/* Who looks after these targets, how far that is, and their verdicts so far; nothing where nothing is noted.
 */
void markdown_write_people(const struct target *const *list, size_t count, struct out *out);
