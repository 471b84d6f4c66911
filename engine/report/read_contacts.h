/* What DNS says of whom to write to, of an element of `domains[]`. The list of contacts follows from it. */
#pragma once

#include "engine/model/event.h"
#include "engine/report/take.h"

/* Fills an EVENT_CONTACTS, which the caller releases whatever comes; without a directory where nobody asked,
 * as in reports from before there was a `zone`. */
void read_contacts(const struct take *element, struct event *contacts);
