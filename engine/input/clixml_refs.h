/* What the objects of an Export-Clixml document were, for references to them. */
#pragma once

#include "engine/base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NO_REF SIZE_MAX

struct ref_value {
    bool is_list;      /* else one text */
    const char *items; /* each ends with a NUL, the next stands behind it */
    size_t count;
    size_t length; /* bytes of all items */
};

struct refs {
    struct ref_place *places; /* by number; owned */
    size_t count;
    size_t most; /* the highest number that is kept */
    size_t repeated;
    struct buf kept; /* items */
};

/* Numbers beyond `most` are not kept: PowerShell counts up from 0, so that no number is higher than the
 * document has objects. */
void refs_init(struct refs *refs, size_t most);
void refs_release(struct refs *refs);

/* Copies `value`; a number that was there before gets the new one. NO_REF keeps nothing. */
void refs_learn(struct refs *refs, size_t number, const struct ref_value *value);

/* `value` is valid until the next refs_learn. False when nothing is kept under that number, or when more than
 * 16 MiB were recalled in all: a small document could fill any memory so. */
bool refs_recall(struct refs *refs, size_t number, struct ref_value *value);
