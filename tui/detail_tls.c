#include "tui/detail_tls.h"

#include "engine/base/buf.h"
#include "engine/base/text.h"
#include "engine/model/name_match.h"
#include "engine/tls/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATE_COLUMN = 9, WHY_COLUMN = 23, WHY_SIZE = 24 /* of a suite's or an alert's number */ };

/* What is known of the no, or why nothing is known; NULL where there is no more to say. `scratch` is for the
 * result. */
static const char *reason_of(const struct version_facts *facts, bool full, char scratch[WHY_SIZE])
{
    const char *alert = facts->alert >= 0 ? tls_alert_name((uint8_t)facts->alert) : NULL;

    if (facts->state == VERSION_REFUSED && facts->alert >= 0 && !alert)
        snprintf(scratch, WHY_SIZE, "alert %d", facts->alert);
    if (facts->state == VERSION_REFUSED && facts->alert >= 0)
        return alert ? alert : scratch;
    if (facts->state == VERSION_REFUSED)
        return "another version was chosen when this was offered";
    if (facts->state == VERSION_UNKNOWN && facts->error != PROBE_OK)
        return probe_error_title(facts->error);
    return facts->state == VERSION_NOT_TESTED && !full ? "not asked so far; the verdict does not hang on it"
                                                       : NULL;
}

/* Behind the state of a version, or below it where that is too narrow: its suite or the reason. */
static void say_why(struct page *page, const struct version_facts *facts, bool full)
{
    bool narrow = page->width < 2 * WHY_COLUMN;
    char scratch[WHY_SIZE];
    const char *text = facts->state == VERSION_ACCEPTED && facts->suite
                           ? tls_suite_name(facts->suite, scratch)
                           : reason_of(facts, full, scratch);

    if (narrow || !text)
        page_end(page);
    if (text)
        page_wrap(page, narrow ? 2 : WHY_COLUMN, facts->state == VERSION_ACCEPTED ? STYLE_TEXT : STYLE_DIM,
                  text);
}

void detail_version(struct page *page, enum tls_version version, const struct facts *all)
{
    const struct version_facts *facts = &all->versions[version];
    enum style style = theme_version_style(facts->state);

    if (facts->state == VERSION_ACCEPTED && version < TLS_1_2)
        style = STYLE_CAUTION;
    page_put(page, 0, STYLE_TEXT, tls_version_title(version));
    page_putf(page, STATE_COLUMN, style, "%s %s", theme_version_glyph(facts->state, page->ascii),
              version_state_title(facts->state));
    say_why(page, facts, all->full);
}

static void add_offer(struct page *page, const struct facts *facts)
{
    char scratch[TLS_SUITE_NAME_SIZE];

    if (!facts->offer_baseline || facts->offer == VERSION_NOT_TESTED)
        return;
    page_fieldf(page, "Baseline", theme_version_style(facts->offer),
                "a hello with just the suites of %s is %s%s%s", facts->offer_baseline,
                version_state_title(facts->offer), facts->offer_suite ? ": " : "",
                facts->offer_suite ? tls_suite_name(facts->offer_suite, scratch) : "");
}

/* How often what came, where that differed. */
static void add_tally(struct page *page, const struct facts *facts)
{
    for (int v = TLS_VERSIONS - 1; v >= 0; v--)
        if (facts->tally.chose[v])
            page_fieldf(page, "Chosen", STYLE_CAUTION, "%s in %u of %u offers of all versions",
                        tls_version_title((enum tls_version)v), facts->tally.chose[v],
                        facts_full_offers(facts));
}

static unsigned chosen(const struct tally *tally)
{
    unsigned count = 0;

    for (int v = 0; v < TLS_VERSIONS; v++)
        count += tally->chose[v] > 0;
    return count;
}

void detail_versions(struct page *page, const struct facts *facts)
{
    int version;

    page_heading(page, "TLS versions");
    for (version = TLS_VERSIONS - 1; version >= 0; version--)
        detail_version(page, (enum tls_version)version, facts);
    if (chosen(&facts->tally) > 1)
        add_tally(page, facts);
    add_offer(page, facts);
    if (facts->tls && facts->tls_group && tls_group_name(facts->tls_group))
        page_field(page, "Key exchange", STYLE_TEXT, tls_group_name(facts->tls_group));
    if (facts->client_certificate_requested)
        page_field(page, "Asks for", STYLE_TEXT, "a client certificate");
    if (facts->tls && !facts->handshake_completed)
        page_fieldf(page, "Handshake", STYLE_CAUTION, "did not complete%s%s",
                    facts->handshake_error ? ": " : "", facts->handshake_error ? facts->handshake_error : "");
    if (facts->sentinel != SENTINEL_NONE)
        page_field(page, "Sentinel", STYLE_DIM,
                   "the server marked its answer: it can do better than what it chose");
}

static enum style days_style(int left)
{
    return left < 0 ? STYLE_BAD : left < 30 ? STYLE_CAUTION : STYLE_TEXT;
}

static void add_dates(struct page *page, const struct certificate *certificate, int64_t now)
{
    int left = certificate_days_left(certificate, now);
    char from[TEXT_TIME_SIZE], until[TEXT_TIME_SIZE];

    text_time(from, certificate->not_before);
    text_time(until, certificate->not_after);
    from[10] = until[10] = 0;
    page_fieldf(page, "Valid", days_style(left),
                left < 0 ? "%s to %s, %d days over" : "%s to %s, %d days left", from, until, abs(left));
}

static void add_names(struct page *page, const struct certificate *certificate)
{
    struct buf names;
    size_t i;

    buf_init(&names, 0);
    for (i = 0; i < certificate->names.count && i < 20; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", certificate->names.items[i]);
    if (certificate->names.count > 20)
        buf_printf(&names, ", and %zu more", certificate->names.count - 20);
    page_field(page, "Names", STYLE_TEXT, buf_string(&names));
    buf_release(&names);
}

/* Whose certificate it is. */
struct bearer {
    const struct target *target;
    const struct host *host;
    const struct endpoint *endpoint;
    const struct certificate *certificate;
};

static const char *server_name(const struct bearer *b)
{
    const char *name = b->endpoint->key.server_name;

    return name && *name ? name : b->endpoint->key.address;
}

/* Whether a name stands for `wanted`, and whether that decides here. */
static void add_match(struct page *page, const struct bearer *b, enum name_rule rule, bool matches,
                      const char *wanted, bool below)
{
    const struct target_spec *spec = &b->target->spec;
    bool counts = spec->requirement == REQUIREMENT_NAME && spec->name_rule == rule;

    page_fieldf(page,
                rule == NAME_RULE_STRICT     ? "By RFC 6125"
                : rule == NAME_RULE_EXCHANGE ? "By Exchange"
                                             : "By Postfix",
                matches  ? STYLE_GOOD
                : counts ? STYLE_BAD
                         : STYLE_CAUTION,
                "%s%s%s%s", matches ? "yes: for " : "no: not for ", wanted,
                below ? " or a name right below it" : "", counts ? " (this decides)" : "");
}

static void add_strict(struct page *page, const struct bearer *b)
{
    const char *wanted = b->target->spec.tls_domain ? b->target->spec.tls_domain : server_name(b);
    enum name_answer answer = b->target->spec.tls_domain ? name_match_strict(b->certificate, wanted)
                              : certificate_matches(b->certificate, wanted) ? NAME_YES
                                                                            : NAME_NO;

    if (answer == NAME_NOT_APPLICABLE)
        page_fieldf(page, "By RFC 6125", STYLE_DIM, "no answer: %s is a pattern", wanted);
    else
        add_match(page, b, NAME_RULE_STRICT, answer == NAME_YES, wanted, false);
}

/* Postfix's patterns mean nothing to Exchange, so there it is asked for the host. */
static void add_exchange(struct page *page, const struct bearer *b)
{
    const struct target_spec *spec = &b->target->spec;
    bool own = spec->tls_domain && spec->name_rule != NAME_RULE_POSTFIX;
    bool below = !own && !spec->is_endpoint && spec->name_rule != NAME_RULE_POSTFIX;
    const char *wanted = own ? spec->tls_domain : below ? spec->domain : server_name(b);

    add_match(page, b, NAME_RULE_EXCHANGE, name_match_exchange(b->certificate, wanted, below), wanted, below);
}

static void add_matches(struct page *page, const struct bearer *b)
{
    const struct target_spec *spec = &b->target->spec;

    add_exchange(page, b);
    add_strict(page, b);
    if (spec->tls_domain && spec->name_rule == NAME_RULE_POSTFIX)
        add_match(page, b, NAME_RULE_POSTFIX,
                  name_match_postfix(b->certificate, spec->tls_domain, b->host->key.name), spec->tls_domain,
                  false);
}

static void add_member(struct page *page, size_t number, const struct chain_member *member, int64_t now)
{
    struct certificate dates = {.not_after = member->not_after};
    int left = certificate_days_left(&dates, now);

    page_putf(page, 0, STYLE_DIM, "%zu", number);
    page_putf(page, 3, days_style(left), left < 0 ? "%d days over" : "%d days left", abs(left));
    page_wrap(page, 19, STYLE_TEXT, member->subject ? member->subject : "without a subject");
}

static void add_chain(struct page *page, const struct certificate *certificate, int64_t now)
{
    const struct chain_member *last;
    size_t i;

    if (!certificate->chain_length)
        return;
    page_heading(page, "Certificate chain as sent");
    for (i = 0; i < certificate->chain_length; i++)
        add_member(page, i + 1, &certificate->chain[i], now);
    last = &certificate->chain[certificate->chain_length - 1];
    if (last->issuer && (!last->subject || strcmp(last->issuer, last->subject) != 0)) {
        page_put(page, 3, STYLE_DIM, "signed by");
        page_wrap(page, 19, STYLE_DIM, last->issuer);
    }
}

static void add_trust(struct page *page, const struct certificate *certificate)
{
    page_fieldf(page, "Trusted", certificate->trusted ? STYLE_GOOD : STYLE_CAUTION, "%s%s",
                certificate->trusted ? "yes" : "no: ",
                certificate->trusted       ? ""
                : certificate->trust_error ? certificate->trust_error
                                           : "not known why");
    page_fieldf(page, "Of which", STYLE_TEXT, "chain %s, %s, %s, %s",
                certificate->chain_trusted ? "trusted" : "not trusted",
                certificate->expired ? "out of date" : "in date",
                certificate->self_signed ? "self-signed" : "not self-signed",
                certificate->purpose_unread ? "purpose not readable"
                : certificate->server_auth  ? "for servers"
                                            : "not for servers");
}

void detail_certificate(struct page *page, const struct target *target, const struct host *host,
                        const struct endpoint *endpoint, const char *heading,
                        const struct certificate *certificate, int64_t now)
{
    const struct bearer bearer = {target, host, endpoint, certificate};

    if (!certificate)
        return;
    page_heading(page, heading);
    page_field(page, "Subject", STYLE_TEXT, certificate->subject);
    add_names(page, certificate);
    page_field(page, "Issuer", STYLE_TEXT, certificate->issuer);
    add_dates(page, certificate, now);
    add_matches(page, &bearer);
    add_trust(page, certificate);
    page_fieldf(page, "Key", STYLE_TEXT, "%s, %s%s", certificate->key ? certificate->key : "",
                certificate->signature ? certificate->signature : "",
                certificate->weak_digest ? "; SHA-1 or older in the chain" : "");
    page_field(page, "SHA-256", STYLE_DIM, certificate->sha256);
    add_chain(page, certificate, now);
}
