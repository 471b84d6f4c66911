#include "engine/model/explain.h"
#include "engine/model/model_private.h"
#include "engine/model/name_match.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define RSA_LEAST   2048
#define PRIME_LEAST 1024
#define PRIME_USUAL 2048

/* Where one endpoint's warnings go, each behind its name. */
struct note {
    const struct model *model;
    const struct target *target;
    const struct host *host;
    const struct endpoint *endpoint;
    char *name;
    const char *subject; /* which certificate is spoken of */
    struct strings *out;
};

static void add(const struct note *n, const char *text)
{
    strings_addf(n->out, "%s: %s", n->name, text);
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
    buf_printf(&text, "%s ", n->subject);
    explain_dates(certificate, now, &text);
    add_buf(n, &text);
}

static void warn_trust(const struct note *n, const struct certificate *certificate)
{
    struct buf text;

    if (certificate->trusted || certificate->expired)
        return;
    buf_init(&text, 0);
    buf_printf(&text, "%s is not trusted", n->subject);
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
    buf_printf(&text, "%s is for ", n->subject);
    explain_names(certificate, &text);
    buf_printf(&text, ", not for %s", name);
    add_buf(n, &text);
}

/* Where Exchange's rule and RFC 6125 part, mail flows or stops by who looks. */
static void warn_two_answers(const struct note *n, const struct certificate *certificate)
{
    const char *wanted = n->target->spec.tls_domain;
    enum name_answer strict;
    bool exchange;

    if (!wanted || n->target->spec.name_rule == NAME_RULE_POSTFIX)
        return;
    strict = name_match_strict(certificate, wanted);
    exchange = name_match_exchange(certificate, wanted, false);
    if (strict != NAME_NOT_APPLICABLE && exchange != (strict == NAME_YES)) {
        struct buf text;

        buf_init(&text, 0);
        buf_printf(&text, "for %s Exchange %s %s and RFC 6125 does%s", wanted,
                   exchange ? "takes" : "does not take", n->subject, exchange ? " not" : "");
        add_buf(n, &text);
    }
}

/* The number behind `kind` in "RSA 1024"; 0 for a key of another kind. */
static unsigned long key_bits(const struct certificate *certificate, const char *kind)
{
    size_t length = strlen(kind);

    if (!certificate->key || strncmp(certificate->key, kind, length) != 0)
        return 0;
    return strtoul(certificate->key + length, NULL, 10);
}

/* "sha1WithRSAEncryption", "ecdsa-with-SHA1", "RSA-MD5" …: the digest by its usual name, or NULL. */
static const char *broken_digest(const char *signature)
{
    static const char *const digests[][2] = {
        {"sha1", "SHA-1"}, {"md5", "MD5"}, {"md4", "MD4"}, {"md2", "MD2"}};

    for (; signature && *signature; signature++)
        for (size_t i = 0; i < sizeof digests / sizeof *digests; i++)
            if (strncasecmp(signature, digests[i][0], strlen(digests[i][0])) == 0)
                return digests[i][1];
    return NULL;
}

static void warn_key(const struct note *n, const struct certificate *certificate)
{
    unsigned long bits = key_bits(certificate, "RSA ");
    const char *digest = broken_digest(certificate->signature);
    struct buf text;

    if (bits && bits < RSA_LEAST) {
        buf_init(&text, 0);
        buf_printf(&text, "%s's RSA key has only %lu bits", n->subject, bits);
        add_buf(n, &text);
    }
    if (!certificate->server_auth && !certificate->purpose_unread) {
        buf_init(&text, 0);
        buf_printf(&text, "%s is not meant for servers (extended key usage)", n->subject);
        add_buf(n, &text);
    }
    if (!digest && certificate->weak_digest) {
        buf_init(&text, 0);
        buf_printf(&text, "the chain sent with %s has a signature with SHA-1 or older, which is broken",
                   n->subject);
        add_buf(n, &text);
    }
    if (!digest)
        return;
    buf_init(&text, 0);
    buf_printf(&text, "%s is signed with %s, which is broken", n->subject, digest);
    add_buf(n, &text);
}

/* OpenSSL, GnuTLS, Schannel and Java take no less than 1,024 bits; Debian's and Ubuntu's OpenSSL no less than
 * 2,048. */
static void warn_prime(const struct note *n)
{
    unsigned bits = n->endpoint->facts->dh_bits;
    struct buf text;

    if (!bits || bits >= PRIME_USUAL)
        return;
    buf_init(&text, 0);
    buf_printf(&text, "it uses a Diffie-Hellman prime of %u bits, which %s refuse", bits,
               bits < PRIME_LEAST ? "current TLS clients" : "clients with a strict policy");
    add_buf(n, &text);
}

static void warn_sslv2(const struct note *n)
{
    if (n->endpoint->facts->sslv2)
        add(n, "it answered a TLS hello in SSLv2, which is broken; that says nothing of its TLS versions");
}

/* What the verdict itself says (`reason`) is not repeated. */
static void warn_certificate(const struct note *n, const struct certificate *certificate, enum reason reason)
{
    if (!certificate)
        return;
    warn_key(n, certificate);
    if (reason != REASON_CERTIFICATE_EXPIRED)
        warn_dates(n, certificate);
    if (reason != REASON_CERTIFICATE_UNTRUSTED)
        warn_trust(n, certificate);
    warn_host_name(n, certificate);
    if (reason == REASON_CERTIFICATE_NAME_MISMATCH)
        warn_two_answers(n, certificate);
}

/* The verdict speaks of the first one only; which one a sender meets is between the two machines. */
static void warn_certificates(struct note *n, enum reason reason)
{
    const struct facts *facts = n->endpoint->facts;

    n->subject = "the certificate";
    warn_certificate(n, facts->certificate, reason);
    n->subject = "the other certificate";
    warn_certificate(n, facts->other_certificate, REASON_NONE);
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

/* One address may be many machines. */
static void warn_mixed(const struct note *n)
{
    const struct facts *facts = n->endpoint->facts;
    struct buf text;

    if (facts_starttls_mixed(facts)) {
        buf_init(&text, 0);
        buf_add_string(&text, "mixed answers: ");
        explain_starttls_mixture(&facts->tally, &text);
        add_buf(n, &text);
    }
    if (facts_versions_mixed(facts, n->model->baseline->minimum)) {
        buf_init(&text, 0);
        buf_add_string(&text, "mixed answers: ");
        explain_version_mixture(facts, &text);
        add_buf(n, &text);
    }
}

static void warn_name(const struct note *n)
{
    if (n->endpoint->facts->name_refused)
        add(n, "it takes no TLS hello that names the host; it was probed without a server name");
}

/* It may not be the server's doing. */
static void warn_path(const struct note *n)
{
    enum starttls_state starttls = n->endpoint->facts->starttls;

    if (!model_path_rewrites(n->model, n->endpoint))
        return;
    if (starttls == STARTTLS_NOT_OFFERED || starttls == STARTTLS_MASKED)
        add(n, "STARTTLS does not show, but the way out of here rewrites it, so this may not be the server's "
               "doing");
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
    strings_add(n->out, buf_string(&text));
    buf_release(&text);
}

static void warn_endpoint(struct note *n)
{
    struct judgement judgement = model_judge_endpoint(n->model, n->target, n->host, n->endpoint);
    const struct facts *facts = n->endpoint->facts;
    size_t i;

    if (!is_judged(judgement.verdict))
        warn_unjudged(n, &judgement);
    if (!facts)
        return;
    warn_certificates(n, judgement.reason);
    if (judgement.verdict == VERDICT_READY)
        warn_suite(n);
    warn_injection(n);
    warn_mixed(n);
    warn_name(n);
    warn_path(n);
    warn_prime(n);
    warn_sslv2(n);
    for (i = 0; i < facts->warnings.count; i++)
        add(n, facts->warnings.items[i]);
}

static void warn_dns(const struct model *model, const struct target *target, const struct host *host,
                     struct strings *out)
{
    size_t i;

    if (!host->resolved && target->judgement.verdict != VERDICT_PENDING)
        strings_addf(out, "%s: its addresses are not known yet", host->key.name);
    if (host->resolved && !host->endpoint_count && model_lookup_lost(model, host->dns.status))
        strings_addf(out, "%s: its addresses are not known, since the resolver here is in trouble",
                     host->key.name);
    else if (host->resolved && !host->endpoint_count && !dns_left_out(host->dns.status))
        strings_addf(out, "%s: no address: %s", host->key.name, dns_status_title(host->dns.status));
    for (i = 0; i < host->warnings.count; i++)
        strings_addf(out, "%s: %s", host->key.name, host->warnings.items[i]);
}

static void warn_host(const struct model *model, const struct target *target, const struct host *host,
                      struct strings *out)
{
    size_t i;

    warn_dns(model, target, host, out);
    for (i = 0; i < host->endpoint_count; i++) {
        struct note note = {model, target, host, host->endpoints[i], NULL, NULL, out};
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

    strings_copy(out, &target->spec.remarks);
    strings_copy(out, &target->warnings);
    for (i = 0; i < target->host_count; i++)
        warn_host(model, target, target->hosts[i].host, out);
    strings_drop_repeated(out);
}
