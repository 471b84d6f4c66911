/* What the admin asked about, of an element of `domains[]`. */
#pragma once

#include "engine/model/target.h"
#include "engine/report/take.h"

/* Fills `spec`, which the caller releases whatever comes. */
void read_spec(const struct take *element, struct target_spec *spec);
