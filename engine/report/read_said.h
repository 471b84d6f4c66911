/* What a report says of verdicts, held against those that follow from what else it tells. */
#pragma once

#include "engine/base/strings.h"
#include "engine/model/model.h"

#include <stddef.h>
#include <stdint.h>

/* A zeroed one is empty. */
struct read_said {
    struct said_judgement *items; /* owned */
    size_t count;
};

void read_said_add(struct read_said *said, uint32_t target, const struct judgement *judgement);
void read_said_release(struct read_said *said);

/* Appends a sentence for each target that the report named `name` has another verdict of than follows now,
 * and than followed at `when` (seconds since 1970; 0: not known), the time that it speaks of: certificates
 * end with time. The first twenty are named, the others counted. The model's time is its own again at the
 * end. */
void read_said_compare(struct read_said *said, const char *name, struct model *model, int64_t when,
                       struct strings *notes);
