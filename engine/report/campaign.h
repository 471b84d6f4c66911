/* How far people are with those who are to change something: what a planning meeting goes through. Pure. */
#pragma once

#include "engine/model/model.h"

#include <stdbool.h>
#include <stddef.h>

#define CAMPAIGN_SOON_DAYS 7

/* What the numbers are of, in each report. */
#define CAMPAIGN_MEANING                                                                                     \
    "The campaign is the partners, and whoever else has a state or a due date. Open are those who are not "  \
    "known to be ready and were not waived."

/* Partners (class partner, or carried by a connector), and whoever else has a state or a due date. */
bool campaign_has(const struct target *target);

/* Somebody still has to do something: in the campaign, not known to be ready (nor without mail), not waived.
 */
bool campaign_is_open(const struct target *target);

/* What people say and what the probe found don't go together. NULL where they do; else one sentence without
 * its end: the state is fixed and the target falls short, or it is ready and the state is before fixed. */
const char *campaign_contradiction(const struct target *target);

/* Days until it is to be done, below 0 when that is over; only of a target with a due date. */
int campaign_days_left(const struct model *model, const struct target *target);

struct campaign_count {
    unsigned all;     /* in the campaign */
    unsigned open;    /* of these */
    unsigned stops;   /* … of the open ones, those whose mail stops */
    unsigned overdue; /* … those whose day is over */
    unsigned soon;    /* … those to be done within CAMPAIGN_SOON_DAYS, today included */
};

struct campaign_owner {
    const char *name; /* borrowed; NULL: nobody looks after them */
    struct campaign_count count;
};

struct campaign {
    struct campaign_count total, states[contact_state_count];
    struct campaign_owner *owners; /* owned; of the open ones, who has most of them first, nobody last */
    size_t owner_count;
    const struct target **due; /* owned; open ones that are overdue or due soon, the first to come first */
    size_t due_count;
    const struct target **contradictions; /* owned; by domain */
    size_t contradiction_count;
};

void campaign_look(const struct model *model, struct campaign *campaign);
void campaign_release(struct campaign *campaign);

/* "16 targets, 7 of them open: 2 overdue, 1 due within 7 days"; the caller frees. */
char *campaign_words(const struct campaign *campaign);

/* "2026-11-03 not ready, 2026-11-24 ready": settled verdicts and since when, the newest last, the older of
 * many left out; NULL without a history; the caller frees. */
char *campaign_history(const struct target *target);
