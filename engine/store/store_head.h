/* What a snapshot holds of a session as a whole beside store_session: its baseline and preflight, as bytes
 * and back. */
#pragma once

#include "engine/model/baseline.h"
#include "engine/model/event.h"
#include "engine/model/preflight.h"
#include "engine/store/pack.h"
#include "engine/store/vocabulary.h"

void pack_baseline(struct buf *out, const struct baseline *baseline);
struct baseline *unpack_baseline(struct reader *in); /* NULL when it failed */

void pack_preflight(struct buf *out, const struct vocabulary *words, const struct preflight *preflight);
/* Fills an EVENT_PREFLIGHT, which the caller releases whatever comes. */
void unpack_preflight(struct reader *in, const struct vocabulary *words, struct event *event);
