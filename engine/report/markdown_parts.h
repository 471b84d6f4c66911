/* The parts of the Markdown report, for markdown.c alone. */
#pragma once

#include "engine/model/model.h"
#include "engine/report/out.h"

/* The part about the campaign; nothing where there is none. */
void markdown_write_campaign(const struct model *model, struct out *out);

/* The part about certificates that end soon; nothing where none does. */
void markdown_write_expiring(const struct model *model, struct out *out);

/* The part about what sessions that were joined do not say alike; nothing where they all do. */
void markdown_write_elsewhere(const struct model *model, struct out *out);

/* Who looks after these targets, how far that is, and their verdicts so far; nothing where nothing is noted.
 */
void markdown_write_people(const struct target *const *list, size_t count, struct out *out);
