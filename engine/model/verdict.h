/* Verdicts: pure functions of facts, requirement and baseline (CONTRACT, "Endpoint verdict" and after). */
#pragma once

#include "engine/base/words.h"
#include "engine/model/baseline.h"
#include "engine/model/facts.h"

#include <stdint.h>

struct judgement {
    enum verdict verdict;
    enum reason reason;
    enum probe_error error; /* with REASON_PROBE_ERROR: its name is the reason */
};

/* What one target demands of an endpoint. */
struct demand {
    enum requirement requirement;
    const char *tls_domain; /* may begin "*." (then as Exchange matches: the apex, or one label below it);
                               NULL: the certificate must stand for `host` or `domain` */
    const char *host;       /* the exchange or smart host name */
    const char *domain;
};

/* `facts` NULL: pending. */
struct judgement judge_endpoint(const struct facts *facts, const struct demand *demand,
                                const struct baseline *baseline, int64_t now);

/* Over endpoints (for a host) or all endpoints of all hosts (for a domain), by CONTRACT's rule. PENDING while
 * any of them is pending and none judged yet; `count` 0 gives PENDING. */
struct judgement judge_group(const struct judgement *members, size_t count);

/* What DNS alone decides for a host or a domain; VERDICT_PENDING when it decides nothing. */
struct judgement judge_dns(enum route route, enum dns_status status, bool any_address, bool all_resolved);

enum consequence consequence_of(enum requirement requirement, enum verdict verdict);

/* The JSON name of the reason: REASON_PROBE_ERROR gives the error's name; NULL for REASON_NONE and for ready.
 */
const char *judgement_reason(const struct judgement *judgement);

/* True when the certificate meets the demand's name rule. */
bool demand_name_matches(const struct demand *demand, const struct certificate *certificate);
