/* How a target stands against an earlier session: the words of engine/report/compare.h, and those for what
 * did not change. */
#pragma once

#include "engine/report/compare.h"

/* SINCE_CHANGED + an enum change is that change. */
enum since { SINCE_NOT_COMPARED, SINCE_CHANGED, SINCE_SAME = SINCE_CHANGED + change_count, since_count };

/* change_count is the same as before. */
enum since since_of(enum change change);

/* One word for machines: "regressed", "same"; for people: "Regressed", "The same". */
const char *since_name(enum since since);
const char *since_title(enum since since);
