/* Whom to write to is asked of DNS by the engine, about those who fall short by the baseline that it began
 * with (audit_contacts). Who falls short only by one that was chosen on the screen is asked about from here,
 * each once. Pure. */
#pragma once

#include "engine/model/model.h"

#include <stdbool.h>
#include <stddef.h>

/* A zeroed one asks about nobody. */
struct inquiry {
    bool on;     /* a baseline was chosen */
    bool *asked; /* by target id; owned */
    size_t count;
    unsigned taken; /* how many were asked about; the caller may set it back */
};

/* True when the target is to be asked about now, and then not again: it falls short, and nothing is known of
 * whom to write to. */
bool inquiry_takes(struct inquiry *inquiry, const struct target *target);
void inquiry_release(struct inquiry *inquiry);
