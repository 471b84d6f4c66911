#include "engine/model/forward_fault.h"

#include "engine/model/explain.h"
#include "engine/model/model_private.h"
#include "engine/tls/suite.h"

#include <string.h>

#define MOST_NAMES 3

static const struct facts *facts_of(const struct finding *f)
{
    return f->endpoint->facts;
}

static enum tls_version floor_of(const struct model *model, const struct target *target)
{
    enum tls_version minimum = model->baseline->minimum;

    return target->spec.floor > minimum ? target->spec.floor : minimum;
}

void forward_floor(const struct model *model, const struct target *target, struct buf *out)
{
    enum tls_version floor = floor_of(model, target);

    buf_add_string(out, tls_version_title(floor));
    if (floor < TLS_VERSIONS - 1)
        buf_add_string(out, " or newer");
}

const char *forward_sender(const struct target_spec *spec)
{
    if (spec->connector && spec->name_rule != NAME_RULE_POSTFIX)
        return "our connector";
    return spec->class == CLASS_RELAY || spec->class == CLASS_SERVICE ? "our side" : "our mail server";
}

static void say_floor(const struct finding *f, struct buf *out)
{
    forward_floor(f->model, f->target, out);
}

static unsigned count_versions(const struct facts *facts, int below, enum version_state state)
{
    unsigned count = 0;

    for (int v = 0; v < below; v++)
        count += facts->versions[v].state == state;
    return count;
}

/* "SSL 3.0, TLS 1.0 and TLS 1.1". */
static void list_accepted(const struct facts *facts, int below, struct buf *out)
{
    unsigned left = count_versions(facts, below, VERSION_ACCEPTED);
    const char *comma = "";

    for (int v = 0; v < below; v++) {
        if (facts->versions[v].state != VERSION_ACCEPTED)
            continue;
        buf_printf(out, "%s%s", comma, tls_version_title((enum tls_version)v));
        comma = --left == 1 ? " and " : ", ";
    }
}

static void say_version(const struct finding *f, struct buf *out)
{
    const struct facts *facts = facts_of(f);
    int floor = (int)floor_of(f->model, f->target);
    unsigned accepted = count_versions(facts, floor, VERSION_ACCEPTED);
    unsigned refused = count_versions(facts, TLS_VERSIONS, VERSION_REFUSED);

    if (!accepted && refused == TLS_VERSIONS) {
        buf_add_string(out, "refuses every version of TLS");
        return;
    }
    if (!accepted) {
        buf_add_string(out, "does not offer ");
        say_floor(f, out);
        return;
    }
    buf_add_string(out, "offers ");
    list_accepted(facts, floor, out);
    if (accepted + refused == TLS_VERSIONS) {
        buf_add_string(out, " only");
        return;
    }
    buf_add_string(out, " but not ");
    say_floor(f, out);
}

static void say_no_starttls(const struct finding *f, struct buf *out)
{
    (void)f;
    buf_add_string(out, "offers no STARTTLS");
}

static void say_expired(const struct finding *f, struct buf *out)
{
    buf_add_string(out, "has a certificate that ");
    explain_dates(facts_of(f)->certificate, model_time(f->model), out);
}

static void say_untrusted(const struct finding *f, struct buf *out)
{
    const struct certificate *certificate = facts_of(f)->certificate;
    const char *why = certificate->trust_error;

    if (certificate->self_signed && !certificate->chain_trusted) {
        buf_add_string(out, "has a self-signed certificate");
        return;
    }
    buf_add_string(out, "has a certificate that does not lead to a publicly trusted authority");
    if (why)
        buf_printf(out, " (%s)", why);
}

/* One of the patterns of Postfix: a name, ".name" or "hostname". */
static void say_pattern(const struct finding *f, const char *pattern, size_t length, struct buf *out)
{
    if (length == strlen("hostname") && strncmp(pattern, "hostname", length) == 0)
        buf_add_string(out, f->host->key.name);
    else if (*pattern == '.')
        buf_printf(out, "a name below %.*s", (int)length - 1, pattern + 1);
    else
        buf_add(out, pattern, length);
}

static void say_patterns(const struct finding *f, struct buf *out)
{
    const char *at = f->target->spec.tls_domain;
    unsigned said = 0;

    while (*at && said < MOST_NAMES) {
        size_t length = strcspn(at, ":");

        if (length) {
            buf_add_string(out, said++ ? " or " : "");
            say_pattern(f, at, length, out);
        }
        at += length + (at[length] == ':');
    }
    if (*at)
        buf_add_string(out, " or another");
}

static void say_wanted(const struct finding *f, struct buf *out)
{
    const struct target_spec *spec = &f->target->spec;
    const char *host = f->host->key.name;

    if (spec->tls_domain && spec->name_rule == NAME_RULE_POSTFIX)
        say_patterns(f, out);
    else if (spec->tls_domain)
        buf_add_string(out, spec->tls_domain);
    else if (spec->is_endpoint || strcmp(host, spec->domain) == 0)
        buf_add_string(out, host);
    else if (spec->name_rule == NAME_RULE_EXCHANGE)
        buf_printf(out, "%s or a name right below it", spec->domain);
    else
        buf_printf(out, "%s or %s", host, spec->domain);
}

static void say_name(const struct finding *f, struct buf *out)
{
    const struct certificate *certificate = facts_of(f)->certificate;

    buf_add_string(out, "has a certificate for ");
    explain_names(certificate, out);
    buf_printf(out, ", but %s expects ", forward_sender(&f->target->spec));
    say_wanted(f, out);
}

static void say_suite(const struct finding *f, struct buf *out)
{
    buf_printf(out, "offers none of the cipher suites of %s", f->model->baseline->title);
}

static void say_mixed(const struct finding *f, struct buf *out)
{
    const struct facts *facts = facts_of(f);

    buf_add_string(out, "answers differently from one connection to the next (");
    if (facts_starttls_mixed(facts))
        explain_starttls_mixture(&facts->tally, out);
    else
        explain_version_mixture(facts, out);
    buf_add_string(out, ")");
}

static void say_handshake(const struct finding *f, struct buf *out)
{
    const struct facts *facts = facts_of(f);

    buf_printf(out, "chooses %s, but then the handshake fails", tls_version_title(facts->tls_version));
    if (facts->client_certificate_requested && facts->handshake_cause == PROBE_TLS_ALERT)
        buf_add_string(out, " (it asks for a client certificate, which our test does not have)");
    else if (facts->handshake_error)
        buf_printf(out, " (%s)", facts->handshake_error);
}

static void ask_version(const struct finding *f, struct buf *out)
{
    buf_add_string(out, "enable ");
    say_floor(f, out);
}

static void ask_starttls(const struct finding *f, struct buf *out)
{
    buf_add_string(out, "offer STARTTLS with ");
    say_floor(f, out);
}

static void ask_dates(const struct finding *f, struct buf *out)
{
    if (model_time(f->model) < facts_of(f)->certificate->not_before)
        buf_add_string(out, "install a certificate that is valid today");
    else
        buf_add_string(out, "renew the certificate");
}

static void ask_trust(const struct finding *f, struct buf *out)
{
    (void)f;
    buf_add_string(out, "install a certificate of a publicly trusted authority, with its whole chain");
}

static void ask_name(const struct finding *f, struct buf *out)
{
    buf_add_string(out, "install a certificate for ");
    say_wanted(f, out);
}

/* A suite of the baseline that goes with a version that the server has already; 0 when there is none. */
static uint16_t fitting_suite(const struct finding *f)
{
    const struct baseline *baseline = f->model->baseline;
    int highest = facts_highest(facts_of(f));

    for (size_t i = 0; i < baseline->suite_count; i++) {
        const struct tls_suite *suite = tls_suite_find(baseline->suites[i]);

        if (suite && highest >= (int)suite->first && highest <= (int)suite->last)
            return suite->id;
    }
    return 0;
}

static void ask_suite(const struct finding *f, struct buf *out)
{
    uint16_t suite = fitting_suite(f);
    char scratch[TLS_SUITE_NAME_SIZE];

    buf_add_string(out, "enable one of those cipher suites");
    if (suite)
        buf_printf(out, ", such as %s", tls_suite_name(suite, scratch));
}

static void ask_alike(const struct finding *f, struct buf *out)
{
    bool direct = protocol_is_direct_tls(f->endpoint->key.protocol);

    buf_printf(out, "let every machine behind that address offer %s", direct ? "" : "STARTTLS with ");
    say_floor(f, out);
}

static void ask_handshake(const struct finding *f, struct buf *out)
{
    (void)f;
    buf_add_string(out, "find out why the handshake fails");
}

static const struct {
    void (*say)(const struct finding *f, struct buf *out);
    void (*ask)(const struct finding *f, struct buf *out);
} words[reason_count] = {
    [REASON_NO_STARTTLS] = {say_no_starttls, ask_starttls},
    [REASON_VERSION_BELOW_FLOOR] = {say_version, ask_version},
    [REASON_CERTIFICATE_EXPIRED] = {say_expired, ask_dates},
    [REASON_CERTIFICATE_UNTRUSTED] = {say_untrusted, ask_trust},
    [REASON_CERTIFICATE_NAME_MISMATCH] = {say_name, ask_name},
    [REASON_NO_SHARED_SUITE] = {say_suite, ask_suite},
    [REASON_MIXED] = {say_mixed, ask_alike},
    [REASON_HANDSHAKE_FAILED] = {say_handshake, ask_handshake},
};

/* A reason without words of its own still gets true ones. */
void forward_fault(const struct finding *f, struct buf *out)
{
    enum reason reason = f->judgement.reason;

    if (words[reason].say)
        words[reason].say(f, out);
    else
        buf_printf(out, "fails our test: %s", reason_title(reason));
}

void forward_remedy(const struct finding *f, struct buf *out)
{
    enum reason reason = f->judgement.reason;

    if (words[reason].ask)
        words[reason].ask(f, out);
    else
        buf_add_string(out, "set that right");
}

/* The lowest version that was chosen out of an offer of all; -1 when one was refused outright. */
static int lowest_choice(const struct tally *tally)
{
    if (tally->chose_none)
        return -1;
    for (int v = 0; v < TLS_VERSIONS; v++)
        if (tally->chose[v])
            return v;
    return -1;
}

bool forward_from_cut_off(const struct finding *f)
{
    const struct facts *facts = facts_of(f);
    enum reason reason = f->judgement.reason;
    int enough = (int)f->target->spec.floor;

    if (reason == REASON_MIXED && !facts_starttls_mixed(facts))
        return lowest_choice(&facts->tally) >= enough;
    return reason == REASON_NO_SHARED_SUITE ||
           (reason == REASON_VERSION_BELOW_FLOOR && facts_highest(facts) >= enough);
}
