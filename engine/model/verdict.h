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
    const char *tls_domain; /* in the form of `name_rule`; one that begins "*." is Exchange's by any rule.
                               NULL: the certificate must stand for `host` or `domain`, by Exchange's rule for
                               `domain` or a name one label below it (Set-SendConnector, TlsAuthLevel) */
    const char *host;       /* the exchange or smart host name */
    const char *domain;
    enum name_rule name_rule;
    enum tls_version floor; /* the sender's own; the baseline's counts when it is higher */
};

/* `facts` NULL: pending; so are facts that are still being gathered (stage before STAGE_DONE, no error) while
 * a version at or above the floor is not tested and none is accepted. Where CONTRACT leaves a choice:
 * - STARTTLS masked by a middlebox is neither "not offered" nor an error: unknown, unless versions decide.
 * - STARTTLS rejected, 4xx, 5xx and 421 before TLS: unreachable, the error is the reason.
 * - A version at or above the floor that is unknown hides a no, never a yes: another one accepted decides.
 * - A requirement for the certificate with no certificate seen, and no fault or risk beside: unknown.
 * - What speaks against it was seen once, and a second look failed: unknown (`unconfirmed`); pending while
 * the second look is still to come.
 * - A handshake that fell silent behind its ServerHello failed for nobody knows what: unknown.
 * - Sometimes no STARTTLS, or sometimes only a version below the floor, with one above it at other times: at
 *   risk (`mixed`), since mail meets now the one, now the other.
 * - A hello for another baseline's suites says nothing about this one's. */
struct judgement judge_endpoint(const struct facts *facts, const struct demand *demand,
                                const struct baseline *baseline, int64_t now);

/* Does the endpoint take a suite of the baseline? Accepted when one was chosen at or above the floor, or when
 * the baseline has no list; refused by the hello that offers just its suites; else unknown. */
enum version_state judge_suite(const struct facts *facts, const struct baseline *baseline);

/* Over endpoints (for a host) or all endpoints of all hosts (for a domain), by CONTRACT's rule. PENDING while
 * any of them is pending and none judged yet; `count` 0 gives PENDING. */
struct judgement judge_group(const struct judgement *members, size_t count);

/* The same a member at a time; start with a zeroed group. */
struct judgement_group {
    unsigned members;
    unsigned count[verdict_count];
    struct judgement first[verdict_count]; /* the first member with that verdict: its reason speaks for all;
                                              one that only this machine stopped yields to the others */
};

void group_add(struct judgement_group *group, struct judgement member);
struct judgement group_judgement(const struct judgement_group *group);
/* Members that say something: ready, at-risk, plaintext, not-ready. */
unsigned group_judged(const struct judgement_group *group);

/* What DNS alone decides for a host or a domain; VERDICT_PENDING when it decides nothing. `status` is that of
 * the domain without a route, else of its hosts (a failure among them, if there is one, since it hides what
 * the others would say); `all_resolved` speaks of those hosts. An MX exchange or smart host without address
 * is unreachable, since the domain does take mail; the name of an endpoint URL, or of an implicit MX,
 * no-mail. A host whose addresses were all left out (dns_left_out) is unreachable: left-out. */
struct judgement judge_dns(enum route route, enum dns_status status, bool any_address, bool all_resolved);

/* True for an outcome that says nothing about the name: SERVFAIL, timeout, refused, malformed. */
bool dns_failed(enum dns_status status);

/* True when a host that was resolved to no address has some all the same, of a family that is not probed. */
bool dns_left_out(enum dns_status status);

enum consequence consequence_of(enum requirement requirement, enum verdict verdict);

/* The same where the sender never uses TLS: in clear, whatever the server offers, once it is known to take
 * mail. */
enum consequence consequence_without_tls(enum verdict verdict);

/* The lowest version that will do. */
enum tls_version demand_minimum(const struct demand *demand, const struct baseline *baseline);

/* The JSON name of the reason: REASON_PROBE_ERROR gives the error's name; NULL for REASON_NONE and for ready.
 */
const char *judgement_reason(const struct judgement *judgement);

/* True when the certificate meets the demand's name rule. */
bool demand_name_matches(const struct demand *demand, const struct certificate *certificate);
