/* What the tree is grouped by and sorted by. Pure. */
#pragma once

#include "engine/model/model.h"

#include <stdbool.h>
#include <stdint.h>

/* The rows at the top of the tree. */
enum grouping {
    GROUP_BY_CLASS,
    GROUP_BY_VERDICT,
    GROUP_BY_CONSEQUENCE,
    GROUP_BY_OPERATOR,
    GROUP_BY_CHANGE,
    grouping_count
};

const char *grouping_name(enum grouping grouping);

/* Which of a grouping's groups a target belongs to, a number below GROUPS_MOST; not for GROUP_BY_OPERATOR,
 * whose groups are made as operators come up (engine/report/provider.h), nor for GROUP_BY_CHANGE, where it is
 * an enum since (tui/since.h) that no target knows of itself. Groups stand in the tree by
 * grouping_rank, lowest first. */
#define GROUPS_MOST 16
unsigned grouping_value(enum grouping grouping, const struct target *target);
int grouping_rank(enum grouping grouping, unsigned value);

/* What such a group is called on the screen: "Partners", "Mail stops", "Not ready". The caller frees. */
char *grouping_title(enum grouping grouping, unsigned value);

/* How bad what happens to mail is: 0 for mail that stops, the more the less bad. */
int consequence_rank(enum consequence consequence);

/* How targets stand within their group. */
enum sorting {
    SORT_ADDED,
    SORT_NAME,
    SORT_VERDICT,
    SORT_CONSEQUENCE,
    SORT_TLS,
    SORT_CERTIFICATE,
    SORT_DUE,
    sorting_count
};

const char *sorting_name(enum sorting sorting); /* one word for people */

/* The number that a target is sorted by, lowest first: what needs a look before what does not, what is not
 * known last. Targets of one number stand by name, but those of SORT_ADDED, whose number is their own. */
int64_t sorting_rank(enum sorting sorting, const struct target *target);
