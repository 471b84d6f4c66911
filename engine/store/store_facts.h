/* Facts of an endpoint as bytes and back. */
#pragma once

#include "engine/model/facts.h"
#include "engine/store/pack.h"
#include "engine/store/vocabulary.h"

void pack_facts(struct buf *out, const struct vocabulary *words, const struct facts *facts);

/* The caller frees; NULL when the bytes are no facts (then `in` has failed). Lists are as bounded as they are
 * where facts are made; what is never NULL there is not NULL here. */
struct facts *unpack_facts(struct reader *in, const struct vocabulary *words);
