#include "engine/model/explain.h"

#include "engine/base/text.h"
#include "engine/model/model_private.h"

#include <stdlib.h>
#include <string.h>

struct view {
    const struct model *model;
    const struct target *target;
    const struct host *host;
    const struct endpoint *endpoint;
    const struct facts *facts; /* of the endpoint; NULL */
    const struct judgement *judgement;
};

void explain_name(const struct host *host, const struct endpoint *endpoint, struct buf *out)
{
    bool port = endpoint->key.port != protocol_port(endpoint->key.protocol);
    bool literal = !*endpoint->key.server_name;

    buf_add_string(out, literal ? endpoint->key.address : host->key.name);
    if (literal && !port)
        return;
    buf_add_string(out, " (");
    if (!literal)
        buf_add_string(out, endpoint->key.address);
    if (port)
        buf_printf(out, "%sport %u", literal ? "" : ", ", endpoint->key.port);
    buf_add_string(out, ")");
}

void explain_dates(const struct certificate *certificate, int64_t now, struct buf *out)
{
    bool early = now < certificate->not_before;
    char when[TEXT_TIME_SIZE];

    text_time(when, early ? certificate->not_before : certificate->not_after);
    buf_printf(out, "%s %.10s", early ? "is valid only from" : "expired on", when);
}

void explain_names(const struct certificate *certificate, struct buf *out)
{
    size_t i, count = certificate->names.count;

    for (i = 0; i < count && i < 2; i++)
        buf_printf(out, "%s%s", i == 0 ? "" : count == 2 ? " and " : ", ", certificate->names.items[i]);
    if (count > 2)
        buf_printf(out, " and %zu more", count - 2);
    if (!count)
        buf_add_string(out, certificate->common_name ? certificate->common_name : "no name");
}

static void say_who(const struct view *v, struct buf *out)
{
    if (v->endpoint)
        explain_name(v->host, v->endpoint, out);
    else
        buf_add_string(out, v->host ? v->host->key.name : v->target->spec.unicode);
}

static void say_domain(const struct view *v, struct buf *out)
{
    buf_add_string(out, v->host ? v->host->key.name : v->target->spec.unicode);
}

/* A host is not asked for MX records, so nothing is said of them. */
static void say_lack(const struct view *v, struct buf *out)
{
    buf_add_string(out, v->host ? "no address" : "neither MX nor address");
}

static void say_floor(const struct view *v, struct buf *out)
{
    enum tls_version minimum = model_minimum(v->model, v->target);

    buf_add_string(out, tls_version_title(minimum));
    if (minimum < TLS_VERSIONS - 1)
        buf_add_string(out, " and newer");
}

/* "TLS 1.2 and TLS 1.3": the accepted versions from `first` to `last`; their number. */
static unsigned list_accepted(const struct facts *facts, int first, int last, struct buf *out)
{
    unsigned count = 0, said = 0;
    int v;

    for (v = first; v <= last; v++)
        count += facts->versions[v].state == VERSION_ACCEPTED;
    for (v = first; v <= last; v++) {
        if (facts->versions[v].state != VERSION_ACCEPTED)
            continue;
        said++;
        buf_printf(out, "%s%s",
                   said == 1       ? ""
                   : said == count ? " and "
                                   : ", ",
                   tls_version_title((enum tls_version)v));
    }
    return count;
}

static void say_accepted(const struct view *v, struct buf *out)
{
    enum tls_version minimum = model_minimum(v->model, v->target);

    if (!list_accepted(v->facts, (int)minimum, TLS_VERSIONS - 1, out))
        buf_add_string(out, tls_version_title(v->facts->tls ? v->facts->tls_version : minimum));
}

static bool all_others_refused(const struct facts *facts)
{
    int v;

    for (v = 0; v < TLS_VERSIONS; v++)
        if (facts->versions[v].state != VERSION_ACCEPTED && facts->versions[v].state != VERSION_REFUSED)
            return false;
    return true;
}

/* No version was taken, each with the same alert. */
static bool refuses_everything(const struct facts *facts)
{
    for (int v = 0; v < TLS_VERSIONS; v++)
        if (facts->versions[v].state != VERSION_REFUSED || facts->versions[v].alert < 0 ||
            facts->versions[v].alert != facts->versions[0].alert)
            return false;
    return true;
}

static void say_alert(const struct facts *facts, struct buf *out)
{
    const char *name = tls_alert_name((uint8_t)facts->versions[0].alert);

    buf_printf(out, "refuses every TLS hello (%s)", name ? name : "with an alert");
}

/* What the last connection met. */
static enum probe_error last_error(const struct facts *facts)
{
    return facts->log_count ? facts->log[facts->log_count - 1].error : PROBE_OK;
}

static void say_once(const struct view *v, struct buf *out)
{
    enum probe_error error = last_error(v->facts);

    if (v->facts->starttls == STARTTLS_NOT_OFFERED)
        buf_add_string(out, "did not offer STARTTLS");
    else
        buf_add_string(out, "took no version at the floor");
    buf_add_string(out, " on one connection, and a second look failed");
    if (error)
        buf_printf(out, " (%s)", probe_error_title(error));
}

static void say_below(const struct view *v, struct buf *out)
{
    enum tls_version minimum = model_minimum(v->model, v->target);

    if (refuses_everything(v->facts)) {
        say_alert(v->facts, out);
        return;
    }
    if (facts_highest(v->facts) >= 0) {
        buf_add_string(out, "accepts ");
        list_accepted(v->facts, 0, (int)minimum - 1, out);
        if (all_others_refused(v->facts)) {
            buf_add_string(out, " only");
            return;
        }
        buf_add_string(out, " but ");
    }
    buf_add_string(out, "refuses ");
    say_floor(v, out);
}

static void say_dates(const struct view *v, struct buf *out)
{
    explain_dates(v->facts->certificate, model_time(v->model), out);
}

static void say_trust(const struct view *v, struct buf *out)
{
    if (v->facts->certificate->trust_error)
        buf_printf(out, " (%s)", v->facts->certificate->trust_error);
}

static void say_names(const struct view *v, struct buf *out)
{
    explain_names(v->facts->certificate, out);
}

static void say_wanted(const struct view *v, struct buf *out)
{
    const struct target_spec *spec = &v->target->spec;

    if (spec->tls_domain)
        buf_add_string(out, spec->tls_domain);
    else if (v->host && (spec->is_endpoint || strcmp(v->host->key.name, spec->domain) == 0))
        buf_add_string(out, v->host->key.name);
    else if (spec->name_rule == NAME_RULE_EXCHANGE)
        buf_printf(out, "%s or a name right below it", spec->domain);
    else
        buf_printf(out, "%s or %s", v->host ? v->host->key.name : "its host", spec->domain);
}

static void say_baseline(const struct view *v, struct buf *out)
{
    buf_add_string(out, v->model->baseline->title);
}

static void say_chosen(const struct view *v, struct buf *out)
{
    buf_add_string(out, tls_version_title(v->facts->tls_version));
}

static void say_failure(const struct view *v, struct buf *out)
{
    if (v->facts->client_certificate_requested && v->facts->handshake_cause == PROBE_TLS_ALERT)
        buf_add_string(out, " (it asks for a client certificate, which probes do not have)");
    else if (v->facts->handshake_error)
        buf_printf(out, " (%s)", v->facts->handshake_error);
}

static void say_error_title(enum probe_error error, struct buf *out)
{
    buf_add_string(out, probe_error_title(error));
    if (probe_error_is_local(error) && error != PROBE_PORT_BLOCKED) /* which says where itself */
        buf_add_string(out, ", which is trouble here, not there");
}

static void say_error(const struct view *v, struct buf *out)
{
    say_error_title(v->judgement->error, out);
    if (!v->facts || v->facts->error != v->judgement->error || !v->facts->error_detail)
        return;
    if (v->facts->code)
        buf_printf(out, " (%d %s)", v->facts->code, v->facts->error_detail);
    else
        buf_printf(out, " (%s)", v->facts->error_detail);
}

void explain_starttls_mixture(const struct tally *tally, struct buf *out)
{
    buf_printf(out, "STARTTLS was offered on %u of %u connections", tally->offered,
               tally->offered + tally->not_offered);
}

void explain_version_mixture(const struct facts *facts, struct buf *out)
{
    const struct tally *tally = &facts->tally;
    const char *comma = "";

    buf_printf(out, "of %u offers of all versions ", facts_full_offers(facts));
    for (int v = TLS_VERSIONS - 1; v >= 0; v--) {
        if (!tally->chose[v])
            continue;
        buf_printf(out, "%s%u %s answered with %s", comma, tally->chose[v],
                   tally->chose[v] == 1 ? "was" : "were", tls_version_title((enum tls_version)v));
        comma = ", ";
    }
    if (tally->chose_none)
        buf_printf(out, "%s%u refused", comma, tally->chose_none);
}

static void say_mixture(const struct view *v, struct buf *out)
{
    if (facts_starttls_mixed(v->facts))
        explain_starttls_mixture(&v->facts->tally, out);
    else
        explain_version_mixture(v->facts, out);
}

static void say_doubt(const struct view *v, struct buf *out)
{
    if (v->facts->starttls == STARTTLS_NOT_OFFERED)
        buf_add_string(out, "STARTTLS does not show, but something on the way out of here rewrites it");
    else if (v->facts->starttls == STARTTLS_MASKED)
        buf_add_string(out, "something on the way masks STARTTLS");
    else if (v->facts->error != PROBE_OK)
        say_error_title(v->facts->error, out);
    else if (v->facts->tls && !v->facts->handshake_completed)
        buf_add_string(out, "the handshake came to no end in time");
    else if (v->target->spec.requirement >= REQUIREMENT_CHAIN && !v->facts->certificate)
        buf_add_string(out, "its certificate could not be seen");
    else
        buf_add_string(out, "its answers to TLS hellos settle nothing");
}

static const struct {
    const char *name;
    void (*say)(const struct view *v, struct buf *out);
} tokens[] = {
    {"who", say_who},       {"domain", say_domain}, {"floor", say_floor},       {"accepted", say_accepted},
    {"below", say_below},   {"dates", say_dates},   {"trust", say_trust},       {"names", say_names},
    {"wanted", say_wanted}, {"chosen", say_chosen}, {"baseline", say_baseline}, {"failure", say_failure},
    {"lack", say_lack},     {"error", say_error},   {"doubt", say_doubt},       {"mixture", say_mixture},
    {"once", say_once},
};

#define HERE ", which is trouble here, not there"

static const char *const clauses[reason_count] = {
    [REASON_NONE] = "{who} was not judged",
    [REASON_PENDING] = "{who} was not probed yet",
    [REASON_ALL_READY] = "{who} accepts {accepted}",
    [REASON_NO_STARTTLS] = "{who} does not offer STARTTLS",
    [REASON_VERSION_BELOW_FLOOR] = "{who} {below}",
    [REASON_CERTIFICATE_EXPIRED] = "{who} has a certificate that {dates}",
    [REASON_CERTIFICATE_UNTRUSTED] = "{who} has a certificate that is not trusted{trust}",
    [REASON_CERTIFICATE_NAME_MISMATCH] = "{who} has a certificate for {names}, not for {wanted}",
    [REASON_NO_SHARED_SUITE] = "{who} accepts {accepted}, but none of the cipher suites of {baseline}",
    [REASON_MIXED] = "{who} answers differently from one connection to the next ({mixture})",
    [REASON_HANDSHAKE_FAILED] = "{who} chooses {chosen}, but then the handshake fails{failure}",
    [REASON_SOME_ENDPOINTS_BELOW_FLOOR] = "{domain} has servers below the floor",
    [REASON_UNCONFIRMED] = "{who} {once}",
    [REASON_TLS_INCONCLUSIVE] = "{who} was reached, but whether it is ready cannot be said ({doubt})",
    [REASON_NULL_MX] = "{domain} accepts no mail (null MX)",
    [REASON_NXDOMAIN] = "{domain} does not exist in DNS",
    [REASON_NO_ADDRESS] = "{domain} has {lack} in DNS",
    [REASON_MX_NO_ADDRESS] = "{domain} has no address in DNS",
    [REASON_DNS_SERVFAIL] = "The name servers of {domain} failed (SERVFAIL)",
    [REASON_DNS_TIMEOUT] = "The name servers of {domain} did not answer in time",
    [REASON_DNS_REFUSED] = "The resolver refused to look up {domain}",
    [REASON_DNS_MALFORMED] = "The DNS answer for {domain} could not be read",
    [REASON_DNS_UNTRUSTED] =
        "{domain} could not be looked up: the resolver here knows only its own names" HERE,
    [REASON_PROBE_ERROR] = "{who} could not be asked about TLS: {error}",
};

static void say_token(const struct view *v, const char *token, size_t length, struct buf *out)
{
    size_t i;

    for (i = 0; i < sizeof tokens / sizeof *tokens; i++)
        if (strlen(tokens[i].name) == length && strncmp(tokens[i].name, token, length) == 0)
            tokens[i].say(v, out);
}

/* While the resolver here is in trouble. */
static const char *const lost_clauses[reason_count] = {
    [REASON_DNS_SERVFAIL] = "{domain} could not be looked up: the resolver here fails (SERVFAIL)" HERE,
    [REASON_DNS_TIMEOUT] = "{domain} could not be looked up: the resolver here does not answer" HERE,
    [REASON_DNS_REFUSED] = "{domain} could not be looked up: the resolver here refuses" HERE,
};

static const char *clause_of(const struct model *model, const struct judgement *judgement)
{
    bool lost = model->preflight.checks[CHECK_RESOLVER].state == CHECK_TROUBLE;

    if (judgement->reason == REASON_PROBE_ERROR &&
        (judgement->error == PROBE_PORT_BLOCKED || judgement->error == PROBE_LEFT_OUT))
        return "{who} was not asked about TLS: {error}";
    if (lost && lost_clauses[judgement->reason])
        return lost_clauses[judgement->reason];
    return clauses[judgement->reason];
}

void explain_clause(const struct model *model, const struct target *target, const struct host *host,
                    const struct endpoint *endpoint, const struct judgement *judgement, struct buf *out)
{
    struct view view = {model, target, host, endpoint, endpoint ? endpoint->facts : NULL, judgement};
    const char *at = clause_of(model, judgement);

    while (*at) {
        size_t plain = strcspn(at, "{");

        buf_add(out, at, plain);
        at += plain;
        if (*at) {
            size_t length = strcspn(++at, "}");

            say_token(&view, at, length, out);
            at += length + 1;
        }
    }
}
