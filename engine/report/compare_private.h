/* What the units of the comparison share. */
#pragma once

#include "engine/report/compare.h"

/* What one side may say of an endpoint. */
struct side {
    const struct model *model;
    const struct endpoint *endpoint;
};

/* Takes `before` and `after` over (NULL is allowed); the sentence is made by printf. */
void difference_note(struct difference *difference, enum changed_fact fact, char *before, char *after,
                     const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Nothing was concluded, or not yet. */
bool compare_is_unknown(enum verdict verdict);

/* Notes what changed of the facts; either side may know nothing. */
void compare_facts(struct difference *difference, const struct side *before, const struct side *after);

/* Notes what is asked of a target otherwise: it is held to another measure then. */
void compare_demands(struct difference *difference);

/* Says of what is gone and of what is new that the domain is the same one, under another class or connector.
 */
void compare_moved(struct comparison *comparison);

/* Notes what people wrote otherwise. */
void compare_words(struct difference *difference);
/* True when that is all that was noted. */
bool compare_only_words(const struct difference *difference);
