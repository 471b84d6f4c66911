#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/report/compare_private.h"
#include "engine/tls/suite.h"

#include <string.h>

#define DAY 86400

/* True when all versions from `from` up to `to` were refused: the ones beyond an extreme, so that it is one.
 */
static bool all_refused(const struct facts *facts, int from, int to)
{
    for (int version = from; version <= to; version++)
        if (facts->versions[version].state != VERSION_REFUSED)
            return false;
    return true;
}

static int best_of(const struct facts *facts)
{
    int best = facts_highest(facts);

    return best >= 0 && all_refused(facts, best + 1, TLS_VERSIONS - 1) ? best : -1;
}

static int worst_of(const struct facts *facts)
{
    int worst = 0;

    while (worst < TLS_VERSIONS && facts->versions[worst].state != VERSION_ACCEPTED)
        worst++;
    return worst < TLS_VERSIONS && all_refused(facts, 0, worst - 1) ? worst : -1;
}

static void note_version(struct difference *out, enum changed_fact fact, const char *what, int before,
                         int after)
{
    if (before < 0 || after < 0 || before == after)
        return;
    difference_note(out, fact, mem_string(tls_version_name((enum tls_version)before)),
                    mem_string(tls_version_name((enum tls_version)after)), "the %s version was %s and is %s",
                    what, tls_version_title((enum tls_version)before),
                    tls_version_title((enum tls_version)after));
}

static void compare_suites(struct difference *out, const struct facts *before, const struct facts *after)
{
    char one[TLS_SUITE_NAME_SIZE], two[TLS_SUITE_NAME_SIZE];
    const char *then, *now;

    if (!before->tls || !after->tls || before->tls_version != after->tls_version ||
        before->tls_suite == after->tls_suite)
        return;
    then = tls_suite_name(before->tls_suite, one);
    now = tls_suite_name(after->tls_suite, two);
    difference_note(out, CHANGED_SUITE, mem_string(then), mem_string(now), "the suite was %s and is %s", then,
                    now);
}

static void compare_starttls(struct difference *out, const struct facts *before, const struct facts *after)
{
    bool went = before->starttls == STARTTLS_OFFERED && after->starttls == STARTTLS_NOT_OFFERED;
    bool came = before->starttls == STARTTLS_NOT_OFFERED && after->starttls == STARTTLS_OFFERED;

    if (went || came)
        difference_note(out, CHANGED_STARTTLS, mem_string(starttls_state_name(before->starttls)),
                        mem_string(starttls_state_name(after->starttls)), "STARTTLS is %s",
                        went ? "not offered any more" : "offered now");
}

static bool is_one_of(const struct certificate *certificate, const struct facts *facts)
{
    return strcmp(certificate->sha256, facts->certificate->sha256) == 0 ||
           (facts->other_certificate && strcmp(certificate->sha256, facts->other_certificate->sha256) == 0);
}

static void note_time(struct difference *out, enum changed_fact fact, int64_t before, int64_t after,
                      const char *what)
{
    char one[TEXT_TIME_SIZE], two[TEXT_TIME_SIZE];

    text_time(one, before);
    text_time(two, after);
    difference_note(out, fact, mem_string(one), mem_string(two), "%s %.10s", what, two);
}

static const char *trust(const struct certificate *certificate)
{
    return certificate->chain_trusted ? "trusted" : "untrusted";
}

static void compare_trust(struct difference *out, const struct certificate *then,
                          const struct certificate *now)
{
    if (then->chain_trusted == now->chain_trusted)
        return;
    difference_note(out, CHANGED_TRUST, mem_string(trust(then)), mem_string(trust(now)),
                    "the certificate's chain is %s now", trust(now));
}

/* A server with two certificates shows now the one, now the other. */
static void compare_identity(struct difference *out, const struct facts *before, const struct facts *after)
{
    const struct certificate *then = before->certificate, *now = after->certificate;

    if (is_one_of(now, before) || is_one_of(then, after))
        return;
    note_time(out, CHANGED_RENEWED, then->not_after, now->not_after,
              now->not_after > then->not_after ? "the certificate was renewed, it ends on"
                                               : "there is another certificate, it ends on");
    if (then->issuer && now->issuer && strcmp(then->issuer, now->issuer) != 0)
        difference_note(out, CHANGED_ISSUER, mem_string(then->issuer), mem_string(now->issuer),
                        "the certificate's issuer was %s and is %s", then->issuer, now->issuer);
}

enum age { AGE_FINE, AGE_EXPIRING, AGE_EXPIRED };

static enum age age_of(const struct certificate *certificate, int64_t now)
{
    if (certificate->not_after < now)
        return AGE_EXPIRED;
    return certificate->not_after - now < (int64_t)COMPARE_EXPIRING_DAYS * DAY ? AGE_EXPIRING : AGE_FINE;
}

static void compare_ages(struct difference *out, const struct side *before, const struct side *after)
{
    const struct certificate *then = before->endpoint->facts->certificate;
    const struct certificate *now = after->endpoint->facts->certificate;
    enum age was = age_of(then, model_time(before->model)), is = age_of(now, model_time(after->model));

    if (is <= was)
        return;
    note_time(out, is == AGE_EXPIRED ? CHANGED_EXPIRED : CHANGED_EXPIRING, then->not_after, now->not_after,
              is == AGE_EXPIRED ? "the certificate expired on" : "the certificate is about to expire, on");
}

void compare_facts(struct difference *difference, const struct side *before, const struct side *after)
{
    const struct facts *then = before->endpoint->facts, *now = after->endpoint->facts;

    if (!then || !now)
        return;
    compare_starttls(difference, then, now);
    note_version(difference, CHANGED_BEST, "best", best_of(then), best_of(now));
    note_version(difference, CHANGED_WORST, "worst", worst_of(then), worst_of(now));
    compare_suites(difference, then, now);
    if (!then->certificate || !now->certificate)
        return;
    compare_identity(difference, then, now);
    compare_trust(difference, then->certificate, now->certificate);
    compare_ages(difference, before, after);
}
