#include "engine/report/letter_hints.h"

#include <string.h>

#define LINES_MOST 4

/* clang-format off */
static const char *const hints[reason_count][LINES_MOST] = {
    [REASON_NO_STARTTLS] = {
        "Postfix: smtpd_tls_security_level = may, and smtpd_tls_chain_files (before 3.4: smtpd_tls_cert_file and "
        "smtpd_tls_key_file).",
        "Exim: tls_advertise_hosts = *, tls_certificate and tls_privatekey.",
        "Exchange Server: a certificate that is enabled for SMTP (Enable-ExchangeCertificate -Services SMTP), and "
        "Tls in the AuthMechanism of the receive connector.",
        "Firewalls that inspect SMTP: let STARTTLS through (Cisco ASA: allow-tls in the policy of inspect esmtp).",
    },
    [REASON_VERSION_BELOW_FLOOR] = {
        "Postfix: OpenSSL 1.0.1 or newer, and no smtpd_tls_protocols that leaves out TLSv1.2 (3.6 or newer: "
        "smtpd_tls_protocols = >=TLSv1.2).",
        "Exim: OpenSSL 1.0.1 or newer without +no_tlsv1_2 in openssl_options; or GnuTLS, without -VERS-TLS1.2 in "
        "tls_require_ciphers.",
        "Exchange Server: Enabled = 1 and DisabledByDefault = 0 in the registry below "
        "SCHANNEL\\Protocols\\TLS 1.2\\Server, and a restart.",
        "Appliances and filters: the TLS versions for inbound mail, and a firmware that has them.",
    },
    [REASON_CERTIFICATE_EXPIRED] = {
        "Postfix: postfix reload, once the new certificate is where smtpd_tls_chain_files or smtpd_tls_cert_file "
        "points.",
        "Exim: the new certificate where tls_certificate points.",
        "Exchange Server: Import-ExchangeCertificate, then Enable-ExchangeCertificate -Services SMTP.",
    },
    [REASON_CERTIFICATE_UNTRUSTED] = {
        "Postfix: smtpd_tls_chain_files or smtpd_tls_cert_file holds the server's certificate, and behind it all "
        "intermediate ones.",
        "Exim: so does the file of tls_certificate.",
        "Exchange Server: the intermediate certificates are in the computer's own store.",
    },
    [REASON_CERTIFICATE_NAME_MISMATCH] = {
        "Postfix: the certificate of smtpd_tls_chain_files or smtpd_tls_cert_file has the name among its "
        "subjectAltNames.",
        "Exim: so has the certificate of tls_certificate.",
        "Exchange Server: so has the certificate that is enabled for SMTP; TlsCertificateName of the receive "
        "connector chooses among several.",
    },
    [REASON_NO_SHARED_SUITE] = {
        "Postfix: smtpd_tls_ciphers = medium, and nothing in smtpd_tls_exclude_ciphers or tls_medium_cipherlist "
        "that leaves the suite out.",
        "Exim: tls_require_ciphers as it is by default, or with the suite in it.",
        "Exchange Server: Enable-TlsCipherSuite, or the order of cipher suites in the group policy, and a restart.",
    },
};

/* Below a floor of TLS 1.3. */
static const char *const newest[LINES_MOST] = {
    "Postfix: OpenSSL 1.1.1 or newer, and no smtpd_tls_protocols that leaves out TLSv1.3.",
    "Exim: OpenSSL 1.1.1 or newer without +no_tlsv1_3 in openssl_options; or GnuTLS 3.6.5 or newer.",
    "Appliances and filters: the TLS versions for inbound mail, and a firmware that has them.",
};
/* clang-format on */

static const char any[] = "The settings of TLS in your server's documentation.";

static enum tls_version minimum(const struct model *model, const struct target *target)
{
    enum tls_version floor = model_baseline(model)->minimum;

    return target->spec.floor > floor ? target->spec.floor : floor;
}

/* What a reason without lines of its own has to do with. */
static enum reason stands_for(enum reason reason)
{
    return hints[reason][0] ? reason : REASON_VERSION_BELOW_FLOOR;
}

static void gather(bool asked[reason_count], const struct model *model, const struct target *target)
{
    for (size_t h = 0; h < target->host_count; h++) {
        const struct host *host = target->hosts[h].host;

        for (size_t i = 0; i < host->endpoint_count; i++) {
            struct judgement judgement = model_judge_endpoint(model, target, host, host->endpoints[i]);

            if (verdict_falls_short(judgement.verdict) &&
                !protocol_is_direct_tls(host->endpoints[i]->key.protocol))
                asked[stands_for(judgement.reason)] = true;
        }
    }
}

void letter_hints(struct buf *out, const struct model *model, const struct target *target)
{
    bool asked[reason_count] = {false};
    size_t before = out->length;

    gather(asked, model, target);
    for (unsigned reason = 0; reason < reason_count; reason++) {
        bool highest = reason == REASON_VERSION_BELOW_FLOOR && minimum(model, target) == TLS_1_3;
        const char *const *lines = highest ? newest : hints[reason];

        for (unsigned i = 0; asked[reason] && i < LINES_MOST && lines[i]; i++)
            buf_printf(out, "- %s\n", lines[i]);
    }
    if (out->length == before)
        buf_printf(out, "- %s\n", any);
}

/* What OpenSSL calls the protocols that begin in clear. */
static const char *const starttls_names[protocol_count] = {[PROTOCOL_SMTP] = "smtp",
                                                           [PROTOCOL_SUBMISSION] = "smtp",
                                                           [PROTOCOL_IMAP] = "imap",
                                                           [PROTOCOL_POP3] = "pop3"};

static void command(struct buf *out, const struct endpoint *endpoint, enum reason reason,
                    enum tls_version floor)
{
    const struct endpoint_key *key = &endpoint->key;
    bool ipv6 = strchr(key->address, ':');

    buf_add_string(out, "openssl s_client");
    if (starttls_names[key->protocol])
        buf_printf(out, " -starttls %s", starttls_names[key->protocol]);
    buf_printf(out, " -connect %s%s%s:%u", ipv6 ? "[" : "", key->address, ipv6 ? "]" : "", key->port);
    if (reason == REASON_VERSION_BELOW_FLOOR)
        buf_add_string(out, floor == TLS_1_3 ? " -tls1_3" : " -tls1_2");
}

void letter_command(struct buf *out, const struct model *model, const struct target *target)
{
    for (size_t h = 0; h < target->host_count; h++) {
        const struct host *host = target->hosts[h].host;

        for (size_t i = 0; i < host->endpoint_count; i++) {
            struct judgement judgement = model_judge_endpoint(model, target, host, host->endpoints[i]);

            if (!verdict_falls_short(judgement.verdict))
                continue;
            command(out, host->endpoints[i], judgement.reason, minimum(model, target));
            return;
        }
    }
}
