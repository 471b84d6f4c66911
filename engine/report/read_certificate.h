/* A certificate of a report. */
#pragma once

#include "engine/report/take.h"
#include "engine/tls/certificate.h"

/* NULL where it is null, and after a failure. The caller frees. What the report says of names that match, of
 * days left, and the like, is not looked at: it follows. */
struct certificate *read_certificate(const struct take *endpoint, const char *key);
