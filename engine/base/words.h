/* The words of the project (see CONTRACT's JSON): each list gives code, JSON name and, where people read
 * it, a sentence fragment. Enums, name functions, logs, screens and the JSON Schema test come from here. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* clang-format off */

/* What the target is to the one who asks. */
#define WORDS_CLASS(X) \
    X(CLASS_PARTNER,       "partner",       "Partners") \
    X(CLASS_OPPORTUNISTIC, "opportunistic", "Opportunistic") \
    X(CLASS_RELAY,         "relay",         "Relays") \
    X(CLASS_SERVICE,       "service",       "Services")

/* What the sender demands before mail leaves. */
#define WORDS_REQUIREMENT(X) \
    X(REQUIREMENT_NONE,       "none",       "TLS when offered") \
    X(REQUIREMENT_ENCRYPTION, "encryption", "TLS required") \
    X(REQUIREMENT_CHAIN,      "chain",      "TLS with a trusted certificate required") \
    X(REQUIREMENT_NAME,       "name",       "TLS with a trusted certificate and matching name required")

/* How a connector came to carry a domain; in the order in which Exchange selects among connectors. */
#define WORDS_MATCH(X) \
    X(MATCH_NONE,     "none",         "no connector") /* JSON: null */ \
    X(MATCH_RULE,     "rule",         "chosen by a transport rule") \
    X(MATCH_EXACT,    "exact",        "named by the connector") \
    X(MATCH_ACCEPTED, "all-accepted", "one of the accepted domains") \
    X(MATCH_WILDCARD, "wildcard",     "covered by a wildcard")

/* By whose rule the names of a certificate are held against `tls_domain`. */
#define WORDS_NAME_RULE(X) \
    X(NAME_RULE_STRICT,   "rfc6125",  "RFC 6125") \
    X(NAME_RULE_EXCHANGE, "exchange", "Exchange") \
    X(NAME_RULE_POSTFIX,  "postfix",  "Postfix")

#define WORDS_ROUTE(X) \
    X(ROUTE_UNRESOLVED, "unresolved",  "not resolved yet") /* JSON: null */ \
    X(ROUTE_MX,         "mx",          "MX") \
    X(ROUTE_IMPLICIT,   "implicit-mx", "implicit MX (the domain's own address)") \
    X(ROUTE_SMART_HOST, "smart-host",  "smart host") \
    X(ROUTE_DIRECT,     "direct",      "direct") \
    X(ROUTE_NULL_MX,    "null-mx",     "null MX: accepts no mail") \
    X(ROUTE_NONE,       "none",        "no route")

#define WORDS_DNS(X) \
    X(DNS_NOT_QUERIED, "not-queried", "not queried") \
    X(DNS_OK,          "ok",          "answered") \
    X(DNS_NXDOMAIN,    "nxdomain",    "no such name (NXDOMAIN)") \
    X(DNS_NO_DATA,     "no-data",     "no record of this type") \
    X(DNS_SERVFAIL,    "servfail",    "the name servers failed (SERVFAIL)") \
    X(DNS_TIMEOUT,     "timeout",     "no answer in time") \
    X(DNS_REFUSED,     "refused",     "the resolver refused the query") \
    X(DNS_MALFORMED,   "malformed",   "the answer could not be read")

#define WORDS_RECORD(X) \
    X(RECORD_CNAME, "cname", "CNAME") \
    X(RECORD_MX,    "mx",    "MX") \
    X(RECORD_A,     "a",     "A") \
    X(RECORD_AAAA,  "aaaa",  "AAAA")

#define WORDS_PROTOCOL(X) /* title: default port */ \
    X(PROTOCOL_SMTP,       "smtp",       "25") \
    X(PROTOCOL_SUBMISSION, "submission", "587") \
    X(PROTOCOL_SMTPS,      "smtps",      "465") \
    X(PROTOCOL_HTTPS,      "https",      "443") \
    X(PROTOCOL_IMAP,       "imap",       "143") \
    X(PROTOCOL_IMAPS,      "imaps",      "993") \
    X(PROTOCOL_POP3,       "pop3",       "110") \
    X(PROTOCOL_POP3S,      "pop3s",      "995")

/* How far the best attempt came; ordered. */
#define WORDS_STAGE(X) \
    X(STAGE_QUEUED,      "queued",      "waiting") \
    X(STAGE_DNS,         "dns",         "resolving") \
    X(STAGE_CONNECT,     "connect",     "connecting") \
    X(STAGE_BANNER,      "banner",      "waiting for the banner") \
    X(STAGE_EHLO,        "ehlo",        "EHLO") \
    X(STAGE_STARTTLS,    "starttls",    "STARTTLS") \
    X(STAGE_HELLO,       "hello",       "TLS hello") \
    X(STAGE_CERTIFICATE, "certificate", "certificate") \
    X(STAGE_DONE,        "done",        "done")

/* Why an attempt ended early. An outcome of probing, not a program error. */
#define WORDS_PROBE_ERROR(X) \
    X(PROBE_OK,                  "ok",                  "no error") /* JSON: null */ \
    X(PROBE_CONNECT_REFUSED,     "connect-refused",     "the connection was refused") \
    X(PROBE_CONNECT_TIMEOUT,     "connect-timeout",     "the connection was not answered in time") \
    X(PROBE_CONNECT_UNREACHABLE, "connect-unreachable", "the network says that the address can't be reached") \
    X(PROBE_NO_ROUTE,            "no-route",            "this machine has no route to the address") \
    X(PROBE_NO_SOURCE,           "no-source",           "this machine no longer has the source address") \
    X(PROBE_LOCAL_LIMIT,         "local-limit",         "this machine could not open the connection") \
    X(PROBE_PORT_BLOCKED,        "port-blocked",        "the mail port is blocked here") \
    X(PROBE_LEFT_OUT,            "left-out",            "its addresses are of a family that is left out of this run") \
    X(PROBE_CLOSED,              "closed",              "the server closed the connection") \
    X(PROBE_RESET,               "reset",               "the server reset the connection") \
    X(PROBE_BANNER_TIMEOUT,      "banner-timeout",      "no banner came in time") \
    X(PROBE_IO_TIMEOUT,          "io-timeout",          "no whole answer came in time") \
    X(PROBE_SMTP_REJECTED,       "smtp-rejected",       "the server turned us away") \
    X(PROBE_GREYLISTED,          "greylisted",          "the server put us off for now") \
    X(PROBE_THROTTLED,           "throttled",           "the server limits connections") \
    X(PROBE_STARTTLS_REJECTED,   "starttls-rejected",   "STARTTLS was offered and then rejected") \
    X(PROBE_NOT_SMTP,            "not-smtp",            "the server does not speak the mail protocol") \
    X(PROBE_REPLY_TOO_LONG,      "reply-too-long",      "the reply was longer than any mail server's") \
    X(PROBE_NOT_TLS,             "not-tls",             "the answer to the TLS hello was not TLS") \
    X(PROBE_TLS_ALERT,           "tls-alert",           "the server ended TLS with an alert") \
    X(PROBE_TLS_CLOSED,          "tls-closed",          "the server closed the connection during the TLS hello")

#define WORDS_STARTTLS(X) \
    X(STARTTLS_UNKNOWN,        "unknown",        "not known") \
    X(STARTTLS_OFFERED,        "offered",        "offered") \
    X(STARTTLS_NOT_OFFERED,    "not-offered",    "not offered") \
    X(STARTTLS_REJECTED,       "rejected",       "offered, then rejected") \
    X(STARTTLS_MASKED,         "masked",         "masked by a middlebox") \
    X(STARTTLS_NOT_APPLICABLE, "not-applicable", "not applicable (TLS from the first byte)")

#define WORDS_INJECTION(X) \
    X(INJECTION_NOT_TESTED, "not-tested", "not tested") \
    X(INJECTION_NO,         "no",         "no") \
    X(INJECTION_YES,        "yes",        "yes")

#define WORDS_VERSION_STATE(X) \
    X(VERSION_NOT_TESTED, "not-tested", "not tested") \
    X(VERSION_ACCEPTED,   "accepted",   "accepted") \
    X(VERSION_REFUSED,    "refused",    "refused") \
    X(VERSION_UNKNOWN,    "unknown",    "unknown")

/* Ordered from the one that needs no look to the one that needs it most. */
#define WORDS_VERDICT(X) \
    X(VERDICT_PENDING,     "pending",     "pending") \
    X(VERDICT_NO_MAIL,     "no-mail",     "no mail") \
    X(VERDICT_READY,       "ready",       "ready") \
    X(VERDICT_UNKNOWN,     "unknown",     "unknown") \
    X(VERDICT_UNREACHABLE, "unreachable", "unreachable") \
    X(VERDICT_AT_RISK,     "at-risk",     "at risk") \
    X(VERDICT_PLAINTEXT,   "plaintext",   "plaintext") \
    X(VERDICT_NOT_READY,   "not-ready",   "not ready")

/* Verdict reasons beyond the probe errors, which serve as reasons of `unreachable` by their own names. */
#define WORDS_REASON(X) \
    X(REASON_NONE,                       "none",                       "") /* JSON: null */ \
    X(REASON_PENDING,                    "pending",                    "not probed yet") \
    X(REASON_ALL_READY,                  "floor-met",                  "a version at or above the floor is accepted") \
    X(REASON_NO_STARTTLS,                "no-starttls",                "STARTTLS is not offered") \
    X(REASON_VERSION_BELOW_FLOOR,        "version-below-floor",        "every version at or above the floor is refused") \
    X(REASON_CERTIFICATE_EXPIRED,        "certificate-expired",        "the certificate is out of date") \
    X(REASON_CERTIFICATE_UNTRUSTED,      "certificate-untrusted",      "the certificate is not trusted") \
    X(REASON_CERTIFICATE_NAME_MISMATCH,  "certificate-name-mismatch",  "the certificate has another name") \
    X(REASON_NO_SHARED_SUITE,            "no-shared-suite",            "no cipher suite in common with the baseline") \
    X(REASON_MIXED,                      "mixed",                      "the server answers differently from one connection to the next") \
    X(REASON_HANDSHAKE_FAILED,           "handshake-failed",           "the handshake fails after the server chose a suite") \
    X(REASON_SOME_ENDPOINTS_BELOW_FLOOR, "some-endpoints-below-floor", "some servers are below the floor") \
    X(REASON_UNCONFIRMED,                "unconfirmed",                "what speaks against it was seen once, and a second look failed") \
    X(REASON_TLS_INCONCLUSIVE,           "tls-inconclusive",           "TLS was reached but gave no conclusion") \
    X(REASON_NULL_MX,                    "null-mx",                    "the domain accepts no mail (null MX)") \
    X(REASON_NXDOMAIN,                   "nxdomain",                   "the domain does not exist") \
    X(REASON_NO_ADDRESS,                 "no-address",                 "the domain has neither MX nor address") \
    X(REASON_MX_NO_ADDRESS,              "mx-no-address",              "no MX exchange has an address") \
    X(REASON_DNS_SERVFAIL,               "dns-servfail",               "the name servers failed") \
    X(REASON_DNS_TIMEOUT,                "dns-timeout",                "the name servers did not answer in time") \
    X(REASON_DNS_REFUSED,                "dns-refused",                "the resolver refused the query") \
    X(REASON_DNS_MALFORMED,              "dns-malformed",              "the DNS answer could not be read") \
    X(REASON_DNS_UNTRUSTED,              "dns-untrusted",              "the resolver here knows only its own names") \
    X(REASON_PROBE_ERROR,                "probe-error",                "") /* JSON: the probe error's own name */

#define WORDS_CONSEQUENCE(X) \
    X(CONSEQUENCE_UNKNOWN,             "unknown",             "not known") \
    X(CONSEQUENCE_NONE,                "none",                "no mail flows") \
    X(CONSEQUENCE_ENCRYPTED,           "encrypted",           "mail goes encrypted") \
    X(CONSEQUENCE_INTERMITTENT,        "intermittent",        "mail is delayed or stops at times") \
    X(CONSEQUENCE_SOMETIMES_PLAINTEXT, "sometimes-plaintext", "mail may go in clear") \
    X(CONSEQUENCE_PLAINTEXT,           "plaintext",           "mail goes in clear") \
    X(CONSEQUENCE_STOPS,               "stops",               "mail stops")

/* How far people are with a partner who must change something. */
#define WORDS_CONTACT(X) \
    X(CONTACT_NONE,       "none",       "") /* JSON: null */ \
    X(CONTACT_TO_CONTACT, "to-contact", "to contact") \
    X(CONTACT_CONTACTED,  "contacted",  "contacted") \
    X(CONTACT_PROMISED,   "promised",   "promised") \
    X(CONTACT_FIXED,      "fixed",      "fixed") \
    X(CONTACT_WAIVED,     "waived",     "waived")

/* Where an address to write to comes from. */
#define WORDS_CONTACT_SOURCE(X) \
    X(SOURCE_NOTED,      "noted",      "noted here") \
    X(SOURCE_POSTMASTER, "postmaster", "every mail domain's postmaster") \
    X(SOURCE_SOA,        "soa",        "who runs its DNS zone") \
    X(SOURCE_TLS_RPT,    "tls-rpt",    "where it wants TLS reports")

/* What is looked at before and beside the probing of others: this machine, its network, its resolver. */
#define WORDS_CHECK(X) \
    X(CHECK_RESOLVER,      "resolver",      "the resolver answers") \
    X(CHECK_DNSSEC,        "dnssec",        "the resolver validates DNSSEC") \
    X(CHECK_IPV4,          "ipv4",          "there is a route for IPv4") \
    X(CHECK_IPV6,          "ipv6",          "there is a route for IPv6") \
    X(CHECK_PORT_25,       "port-25",       "the mail port is open from here") \
    X(CHECK_STARTTLS_PATH, "starttls-path", "nothing on the way out rewrites STARTTLS") \
    X(CHECK_HELO_NAME,     "helo-name",     "the EHLO name and the address lead to each other") \
    X(CHECK_MAIL_SENDER,   "mail-sender",   "probes leave from an address that sends no mail") \
    X(CHECK_OPEN_FILES,    "open-files",    "the program may have enough files open") \
    X(CHECK_LOCAL_PORTS,   "local-ports",   "there are local ports for all connections") \
    X(CHECK_RESOLVER_PACE, "resolver-pace", "the resolver keeps up with the lookups")

/* What of this machine sets the pace at the moment. */
#define WORDS_LIMIT(X) \
    X(LIMIT_NONE,        "none",        "") \
    X(LIMIT_OPEN_FILES,  "open-files",  "open files") \
    X(LIMIT_LOCAL_PORTS, "local-ports", "local ports") \
    X(LIMIT_RESOLVER,    "resolver",    "the resolver")

#define WORDS_CHECK_STATE(X) \
    X(CHECK_UNKNOWN, "unknown", "not known") \
    X(CHECK_OK,      "ok",      "yes") \
    X(CHECK_TROUBLE, "trouble", "no")

/* clang-format on */

#define WORDS_ENUM(code, name, title) code,
#define WORDS_DECLARE(type, LIST)                                                                            \
    enum type { LIST(WORDS_ENUM) type##_count };                                                             \
    const char *type##_name(enum type code);  /* the JSON name */                                            \
    const char *type##_title(enum type code); /* for people */                                               \
    bool type##_parse(const char *name, enum type *code);

WORDS_DECLARE(target_class, WORDS_CLASS)
WORDS_DECLARE(requirement, WORDS_REQUIREMENT)
WORDS_DECLARE(connector_match, WORDS_MATCH)
WORDS_DECLARE(name_rule, WORDS_NAME_RULE)
WORDS_DECLARE(route, WORDS_ROUTE)
WORDS_DECLARE(dns_status, WORDS_DNS)
WORDS_DECLARE(record_type, WORDS_RECORD)
WORDS_DECLARE(protocol, WORDS_PROTOCOL)
WORDS_DECLARE(stage, WORDS_STAGE)
WORDS_DECLARE(probe_error, WORDS_PROBE_ERROR)
WORDS_DECLARE(starttls_state, WORDS_STARTTLS)
WORDS_DECLARE(injection_state, WORDS_INJECTION)
WORDS_DECLARE(version_state, WORDS_VERSION_STATE)
WORDS_DECLARE(verdict, WORDS_VERDICT)
WORDS_DECLARE(reason, WORDS_REASON)
WORDS_DECLARE(consequence, WORDS_CONSEQUENCE)
WORDS_DECLARE(contact_state, WORDS_CONTACT)
WORDS_DECLARE(contact_source, WORDS_CONTACT_SOURCE)
WORDS_DECLARE(check, WORDS_CHECK)
WORDS_DECLARE(check_state, WORDS_CHECK_STATE)
WORDS_DECLARE(limit, WORDS_LIMIT)

/* True where the error tells of this machine or its network, never of the server. */
bool probe_error_is_local(enum probe_error error);

/* True where something was found that speaks against the server: at risk, in clear, not ready. */
bool verdict_falls_short(enum verdict verdict);

/* 25 for smtp, 587 for submission and so on. */
unsigned protocol_port(enum protocol protocol);

/* True where TLS starts with the first byte (smtps, https, imaps, pop3s). */
bool protocol_is_direct_tls(enum protocol protocol);
