#include "engine/model/explain.h"
#include "engine/model/model_private.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Where one endpoint's warnings go, each behind its name. */
struct note {
    const struct model *model;
    const struct target *target;
    const struct host *host;
    const struct endpoint *endpoint;
    char *name;
    struct strings *out;
};

static void add(const struct note *n, const char *text)
{
    char *line = mem_format("%s: %s", n->name, text);

    strings_add_once(n->out, line);
    free(line);
}

static void add_buf(const struct note *n, struct buf *text)
{
    add(n, buf_string(text));
    buf_release(text);
}

static void warn_dates(const struct note *n, const struct certificate *certificate)
{
    int64_t now = model_time(n->model);
    struct buf text;

    if (!certificate->expired && now >= certificate->not_before && now <= certificate->not_after)
        return;
    buf_init(&text, 0);
    buf_add_string(&text, "the certificate ");
    explain_dates(certificate, now, &text);
    add_buf(n, &text);
}

static void warn_trust(const struct note *n, const struct certificate *certificate)
{
    struct buf text;

    if (certificate->trusted || certificate->expired)
        return;
    buf_init(&text, 0);
    buf_add_string(&text, "the certificate is not trusted");
    if (certificate->trust_error)
        buf_printf(&text, " (%s)", certificate->trust_error);
    add_buf(n, &text);
}

static void warn_host_name(const struct note *n, const struct certificate *certificate)
{
    const char *name = *n->endpoint->key.server_name ? n->host->key.name : n->endpoint->key.address;
    struct buf text;

    if (certificate_matches(certificate, name))
        return;
    buf_init(&text, 0);
    buf_add_string(&text, "the certificate is for ");
    explain_names(certificate, &text);
    buf_printf(&text, ", not for %s", name);
    add_buf(n, &text);
}

/* Exchange is said to take "*.contoso.com" for contoso.com, which RFC 6125 forbids. */
static void warn_apex(const struct note *n, const struct certificate *certificate)
{
    const char *wanted = n->target->spec.tls_domain;
    size_t i;

    if (!wanted || strncmp(wanted, "*.", 2) == 0 || certificate_matches(certificate, wanted))
        return;
    for (i = 0; i < certificate->names.count; i++) {
        const char *name = certificate->names.items[i];
        struct buf text;

        if (strncmp(name, "*.", 2) != 0 || strcasecmp(name + 2, wanted) != 0)
            continue;
        buf_init(&text, 0);
        buf_printf(&text, "the certificate holds %s, which Exchange may take for %s though RFC 6125 does not",
                   name, wanted);
        add_buf(n, &text);
    }
}

static void warn_certificate(const struct note *n, enum reason reason)
{
    const struct certificate *certificate = n->endpoint->facts->certificate;

    if (!certificate)
        return;
    if (reason != REASON_CERTIFICATE_EXPIRED)
        warn_dates(n, certificate);
    if (reason != REASON_CERTIFICATE_UNTRUSTED)
        warn_trust(n, certificate);
    warn_host_name(n, certificate);
    if (reason == REASON_CERTIFICATE_NAME_MISMATCH)
        warn_apex(n, certificate);
}

/* A suite off the list was chosen, and whether one of the list would do was not settled. */
static void warn_suite(const struct note *n)
{
    const struct baseline *baseline = n->model->baseline;
    const struct facts *facts = n->endpoint->facts;
    struct buf text;

    if (judge_suite(facts, baseline) != VERSION_UNKNOWN)
        return;
    buf_init(&text, 0);
    buf_printf(&text, "whether it takes one of the cipher suites of %s is not settled", baseline->title);
    add_buf(n, &text);
}

/* Of the server: words in clear that it keeps. Of the way to it: bytes in clear that a client might keep. */
static void warn_injection(const struct note *n)
{
    const struct facts *facts = n->endpoint->facts;
    struct buf text;

    if (facts->injection == INJECTION_YES)
        add(n, "it runs commands that came in clear behind STARTTLS as if they had come inside TLS "
               "(CVE-2011-0411): someone on the way can put words into an encrypted session");
    if (!facts->injected)
        return;
    buf_init(&text, 0);
    buf_printf(&text,
               "%zu bytes in clear came between the answer to STARTTLS and TLS: someone on the way may put "
               "words in",
               facts->injected);
    add_buf(n, &text);
}

static bool is_judged(enum verdict verdict)
{
    return verdict == VERDICT_READY || verdict == VERDICT_AT_RISK || verdict == VERDICT_PLAINTEXT ||
           verdict == VERDICT_NOT_READY;
}

/* The clause names the endpoint itself. What is to come is no news while the target itself is pending. */
static void warn_unjudged(const struct note *n, const struct judgement *judgement)
{
    struct buf text;

    if (judgement->verdict == VERDICT_PENDING && n->target->judgement.verdict == VERDICT_PENDING)
        return;
    buf_init(&text, 0);
    explain_clause(n->model, n->target, n->host, n->endpoint, judgement, &text);
    strings_add_once(n->out, buf_string(&text));
    buf_release(&text);
}

static void warn_endpoint(const struct note *n)
{
    struct judgement judgement = model_judge_endpoint(n->model, n->target, n->host, n->endpoint);
    const struct facts *facts = n->endpoint->facts;
    size_t i;

    if (!is_judged(judgement.verdict))
        warn_unjudged(n, &judgement);
    if (!facts)
        return;
    warn_certificate(n, judgement.reason);
    if (judgement.verdict == VERDICT_READY)
        warn_suite(n);
    warn_injection(n);
    for (i = 0; i < facts->warnings.count; i++)
        add(n, facts->warnings.items[i]);
}

static void warn_dns(const struct target *target, const struct host *host, struct strings *out)
{
    size_t i;

    if (!host->resolved && target->judgement.verdict != VERDICT_PENDING)
        strings_addf(out, "%s: its addresses are not known yet", host->key.name);
    if (host->resolved && !host->endpoint_count && !dns_left_out(host->dns.status))
        strings_addf(out, "%s: no address: %s", host->key.name, dns_status_title(host->dns.status));
    for (i = 0; i < host->warnings.count; i++)
        strings_addf(out, "%s: %s", host->key.name, host->warnings.items[i]);
}

static void warn_host(const struct model *model, const struct target *target, const struct host *host,
                      struct strings *out)
{
    size_t i;

    warn_dns(target, host, out);
    for (i = 0; i < host->endpoint_count; i++) {
        struct note note = {model, target, host, host->endpoints[i], NULL, out};
        struct buf name;

        buf_init(&name, 0);
        explain_name(host, note.endpoint, &name);
        note.name = buf_take_string(&name);
        warn_endpoint(&note);
        free(note.name);
    }
}

void model_warnings(const struct model *model, const struct target *target, struct strings *out)
{
    size_t i;

    strings_copy(out, &target->warnings);
    for (i = 0; i < target->host_count; i++)
        warn_host(model, target, target->hosts[i].host, out);
}
