/* What was observed at one endpoint. No judgement is in here. */
#pragma once

#include "engine/base/strings.h"
#include "engine/base/words.h"
#include "engine/smtp/transcript.h"
#include "engine/tls/certificate.h"
#include "engine/tls/hello.h"
#include "engine/tls/version.h"

#include <stdbool.h>
#include <stdint.h>

/* What is known of one TLS version there. */
struct version_facts {
    enum version_state state;
    uint16_t suite;         /* the suite chosen when accepted; 0 when none is known */
    enum probe_error error; /* why it is unknown */
    int alert;              /* the alert that refused it, or -1 */
};

/* One connection, for the record of attempts. */
struct attempt {
    int64_t at;    /* seconds since 1970 */
    char *purpose; /* "handshake", "hello up to TLS 1.1", … */
    enum stage stage;
    enum probe_error error;
    char *detail; /* escaped; NULL */
    unsigned milliseconds;
};

/* How often the endpoint answered what, over all connections: one address may be many machines. */
struct tally {
    unsigned offered, not_offered; /* connections on which EHLO was answered with and without STARTTLS */
    unsigned chose[TLS_VERSIONS];  /* of the hellos that offered all versions: those answered with this one */
    unsigned chose_none;           /* … and those refused */
};

struct facts {
    enum stage stage;       /* how far the best attempt came; STAGE_DONE when nothing is left to learn */
    enum probe_error error; /* why it came no further, or PROBE_OK */
    char *error_detail;     /* the server's own words or the alert's name, escaped; NULL */
    unsigned attempts;      /* tries of the first step (1 when nothing had to be repeated) */
    unsigned connections;   /* all connections made */
    bool full;              /* the whole ladder was done; false after readiness only */
    bool ended; /* nothing more is asked at the depth that was wanted; false while it is, and where it was cut
                   short */

    char *banner;                  /* escaped; NULL before it came */
    struct strings ehlo, ehlo_tls; /* capability lines in clear and inside TLS */
    enum starttls_state starttls;
    int code; /* reply code that ended the dialogue early, else 0 */
    bool helo;
    enum injection_state injection; /* does a command sent in clear behind STARTTLS take effect inside TLS
                                       (CVE-2011-0411)? not tested unless asked for, or unclear */
    size_t injected;                /* plaintext bytes of the server behind STARTTLS's 220 */

    struct version_facts versions[TLS_VERSIONS];
    bool retry_request;           /* a HelloRetryRequest was seen */
    enum hello_sentinel sentinel; /* strongest downgrade sentinel seen */
    bool name_refused;            /* it answers only without, or with another, server name */
    bool sslv2;                   /* a hello was answered in SSLv2 */
    unsigned dh_bits; /* size of the smallest Diffie-Hellman prime it used; 0 when none was seen */
    struct tally tally;
    bool unconfirmed; /* what counts against it (no STARTTLS, no version at the floor) was seen once only */

    bool tls; /* the five fields below are set: a real handshake reached a ServerHello */
    bool handshake_completed;
    enum tls_version tls_version;
    uint16_t tls_suite;
    uint16_t tls_group; /* 0 when none */
    bool client_certificate_requested;
    char *handshake_error; /* why it failed, escaped; NULL */
    /* tls-alert: the server said so; io-timeout, tls-closed, reset: it fell silent; PROBE_OK: BoringSSL could
     * not go on, or it completed */
    enum probe_error handshake_cause;

    /* The hello that offers just one baseline's suites (and versions at or above its floor). */
    char *offer_baseline;     /* its name; NULL when not made */
    enum version_state offer; /* VERSION_NOT_TESTED, …_ACCEPTED, …_REFUSED, …_UNKNOWN */
    uint16_t offer_suite;     /* the suite chosen when accepted */

    struct certificate *certificate; /* NULL when none was seen */
    struct certificate
        *other_certificate;   /* with a key of the other kind (RSA, ECDSA), where there are two */
    enum version_state other; /* such a one: accepted when it was seen, refused when there is none, unknown
                                 when that was asked and not answered */
    int connect_ms, banner_ms, starttls_ms,
        handshake_ms;             /* -1 when not reached; of the handshake's connection */
    int64_t probed_at;            /* seconds since 1970; 0 before */
    struct transcript transcript; /* of the handshake's connection, or of the attempt that came furthest */
    struct attempt *log;          /* every connection, at most 64 */
    size_t log_count;
    struct strings warnings;
};

struct facts *facts_new(void);
struct facts *facts_copy(const struct facts *facts);
void facts_free(struct facts *facts);                                       /* NULL is allowed */
void facts_add_attempt(struct facts *facts, const struct attempt *attempt); /* copies */

/* True when STARTTLS was offered to some connections and not to others. */
bool facts_starttls_mixed(const struct facts *facts);
/* True when the same offer of all versions led to one at or above `minimum` on some connections and to one
 * below it on others. */
bool facts_versions_mixed(const struct facts *facts, enum tls_version minimum);
/* How many offers of all versions were answered. */
unsigned facts_full_offers(const struct facts *facts);

/* True when the ladder was broken off, since this machine had no room for another connection. */
bool facts_starved(const struct facts *facts);

/* Highest accepted version, or -1. */
int facts_highest(const struct facts *facts);
