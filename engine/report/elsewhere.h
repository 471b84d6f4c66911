/* What of a session that sessions were joined into others of them saw otherwise, or what people wrote there
 * (engine/model/merge.h). */
#pragma once

#include "engine/model/model.h"

#include <stdbool.h>

/* Of the target itself, its route and what people wrote bare, of hosts and addresses behind their names:
 * "from a.example at 2026-11-23T10:00:00Z: owner: Ann", "mx.b.example (192.0.2.1): from a.example at …". Each
 * once.
 */
void elsewhere_of_target(const struct target *target, struct strings *out);

/* True where that is something. */
bool elsewhere_any(const struct target *target);

/* Of one address of a host, bare. */
void elsewhere_of_endpoint(const struct host *host, const struct endpoint *endpoint, struct strings *out);

/* "3 targets were seen otherwise …, or people wrote otherwise of them; …"; the caller frees. */
char *elsewhere_words(unsigned targets);

/* "one; two", or NULL where there is none; the caller frees. */
char *elsewhere_joined(const struct strings *lines);
