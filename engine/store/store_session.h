/* What is said of a session, as bytes and back. */
#pragma once

#include "engine/store/pack.h"
#include "engine/store/store.h"

void pack_session(struct buf *out, const struct store_session *session);
/* Fills `session`, which the caller releases whatever comes. */
void unpack_session(struct reader *in, struct store_session *session);
