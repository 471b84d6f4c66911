/* A certificate's facts as bytes and back. */
#pragma once

#include "engine/store/pack.h"
#include "engine/tls/certificate.h"

void pack_certificate(struct buf *out, const struct certificate *certificate); /* NULL is allowed */

/* NULL where NULL was written, and after a failure. The caller frees. */
struct certificate *unpack_certificate(struct reader *in);
