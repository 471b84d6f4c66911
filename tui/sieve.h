/* A filter on its way: very many targets are tried piece by piece, so that no key waits for them, and then
 * what was found is applied to the rows at once. */
#pragma once

#include "engine/model/model.h"
#include "tui/filter.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed, nothing is on its way. */
struct sieve {
    struct filter *filter; /* owned; NULL: nothing is on its way */
    char *text;            /* owned; the filter's */
    uint8_t *keeps;        /* owned; a bit per target id below `limit` */
    uint32_t limit;
    size_t at; /* targets tried so far, in the model's order */
};

/* Starts anew; takes the filter. */
void sieve_begin(struct sieve *sieve, struct filter *filter, const char *text);
void sieve_drop(struct sieve *sieve);

/* Tries `most` more targets; true when all were tried. */
bool sieve_go_on(struct sieve *sieve, const struct model *model, size_t most);

/* Those changed since they were tried; ids. Does nothing when nothing is on its way. */
void sieve_again(struct sieve *sieve, const struct model *model, const uint32_t *changed, size_t count);

/* The outcome, once all were tried; targets that are newer are tried at once. */
bool sieve_keeps(const struct sieve *sieve, const struct target *target);

/* Who decides what rows show: for rows_set_filter, whose context it is. */
struct sieve_keeping {
    const struct filter *filter;
    const struct sieve *tried; /* while its outcome is applied, else NULL */
};
bool sieve_keep(void *context, const struct target *target);
