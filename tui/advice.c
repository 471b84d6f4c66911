#include "tui/advice.h"

#include "engine/base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAYS_AHEAD 30 /* a certificate that ends sooner is spoken of */
#define CURES      3

/* What a reason asks for besides its own steps. */
enum usual {
    SEND = 1,      /* tell those who run the server */
    MEANWHILE = 2, /* what the sender can do until they act */
    AFTERWARDS = 4 /* probe again once they have */
};

struct cure {
    struct {
        const char *request, *text;
    } steps[CURES];
    unsigned usual;
};

#define FAULT (SEND | MEANWHILE | AFTERWARDS)

/* clang-format off */
static const struct cure reasons[reason_count] = {
    [REASON_NO_STARTTLS] = {{{NULL, NULL}}, FAULT},
    [REASON_VERSION_BELOW_FLOOR] = {{{NULL, NULL}}, FAULT},
    [REASON_CERTIFICATE_EXPIRED] = {{{NULL, NULL}}, FAULT},
    [REASON_CERTIFICATE_UNTRUSTED] = {{{NULL, NULL}}, FAULT},
    [REASON_CERTIFICATE_NAME_MISMATCH] = {{{NULL, NULL}}, FAULT},
    [REASON_NO_SHARED_SUITE] = {{{NULL, NULL}}, FAULT},
    [REASON_MIXED] = {
        {{"reprobe", "Probe it again, to see whether only one of several machines behind the address differs."}}, FAULT},
    [REASON_HANDSHAKE_FAILED] = {
        {{"reprobe", "Probe it again, to see whether it fails every time."}}, FAULT},
    [REASON_SOME_ENDPOINTS_BELOW_FLOOR] = {{{NULL, NULL}}, FAULT},
    [REASON_UNCONFIRMED] = {
        {{"reprobe", "Probe it again: what speaks against it counts once it was seen twice."}}, 0},
    [REASON_TLS_INCONCLUSIVE] = {
        {{"reprobe", "Probe it again, at another time of day if need be."}}, SEND},
    [REASON_NULL_MX] = {{{NULL, NULL}}, 0},
    [REASON_NXDOMAIN] = {
        {{"remove", "Check how the name is written. If the domain is gone, take it off your connectors, and off this list."}}, 0},
    [REASON_NO_ADDRESS] = {
        {{NULL, "Check how the name is written. If it is right, nobody can send mail there: take it off your lists and connectors."}}, 0},
    [REASON_MX_NO_ADDRESS] = {
        {{NULL, "Tell those who run the domain that its MX records name hosts without an address."},
         {"reprobe", "Probe it again once that is set right."}}, 0},
    [REASON_DNS_SERVFAIL] = {
        {{"reprobe", "Probe it again in a while: its name servers failed."},
         {"preflight", "If many domains fail so, look at the resolver here; --dns-server names another."}}, 0},
    [REASON_DNS_TIMEOUT] = {
        {{"reprobe", "Probe it again in a while: its name servers did not answer in time."},
         {"preflight", "If many domains fail so, look at the resolver here; --dns-server names another."}}, 0},
    [REASON_DNS_REFUSED] = {
        {{"preflight", "The resolver turned the query away: see what preflight says of it."},
         {NULL, "Name a resolver that answers for all the world with --dns-server."}}, 0},
    [REASON_DNS_MALFORMED] = {
        {{"reprobe", "Probe it again in a while."},
         {NULL, "If it stays so, ask another resolver with --dns-server."}}, 0},
    [REASON_DNS_UNTRUSTED] = {
        {{"preflight", "The resolver here knows only its own names: see what preflight says of it."},
         {NULL, "Name a resolver that answers for all the world with --dns-server."}}, 0},
};

static const struct cure errors[probe_error_count] = {
    [PROBE_OK] = {{{"reprobe", "Probe it again."}}, 0},
    [PROBE_CONNECT_REFUSED] = {
        {{NULL, "Check that host and port are right: nothing listens there."},
         {"reprobe", "Probe it again in a while; it may have been down."}}, SEND},
    [PROBE_CONNECT_TIMEOUT] = {
        {{"preflight", "See whether the mail port is open from here."},
         {"reprobe", "Probe it again in a while; it may have been down, or keep out addresses that it does not know."}}, SEND},
    [PROBE_CONNECT_UNREACHABLE] = {
        {{"preflight", "See whether this machine's own routes are in order."},
         {"reprobe", "Probe it again in a while; the way there may have been broken."}}, SEND},
    [PROBE_NO_ROUTE] = {
        {{"preflight", "This machine has no way there: see what preflight says of its routes."},
         {"reprobe", "Probe it again once there is one; -4 and -6 leave the other family out."}}, 0},
    [PROBE_NO_SOURCE] = {
        {{NULL, "Give a --source-address that this machine has, or none."}}, 0},
    [PROBE_LOCAL_LIMIT] = {
        {{"preflight", "See in preflight what this machine had too few of: open files (ulimit -n), local ports."},
         {"reprobe", "Probe it again after that, or with fewer probes at once (--concurrency)."}}, 0},
    [PROBE_PORT_BLOCKED] = {
        {{"preflight", "The network here blocks the mail port: see what preflight says."},
         {NULL, "Run the same from a machine that may send mail, such as the mail server itself."}}, 0},
    [PROBE_LEFT_OUT] = {
        {{NULL, "Run it without -4 or -6: all of its addresses are of the family that was left out."}}, 0},
    [PROBE_CLOSED] = {
        {{"reprobe", "Probe it again in a while."},
         {"preflight", "See whether the EHLO name and the address here lead to each other; some servers hang up on others."}}, SEND},
    [PROBE_RESET] = {
        {{"reprobe", "Probe it again in a while."},
         {"preflight", "See whether the EHLO name and the address here lead to each other; some servers hang up on others."}}, SEND},
    [PROBE_BANNER_TIMEOUT] = {
        {{"reprobe", "Probe it again in a while. Some servers let strangers wait: --banner-timeout gives them longer."}}, SEND},
    [PROBE_IO_TIMEOUT] = {
        {{"reprobe", "Probe it again in a while. --io-timeout gives it longer."}}, SEND},
    [PROBE_SMTP_REJECTED] = {
        {{NULL, "Read the server's own words in the dialogue below: they say whom it turns away."},
         {NULL, "Probe from an address and with a name that it knows: --source-address, --helo-name."}}, SEND},
    [PROBE_GREYLISTED] = {
        {{"reprobe", "Probe it again in some minutes: it puts strangers off at first."}}, 0},
    [PROBE_THROTTLED] = {
        {{"reprobe", "Probe it again later; a longer --per-host-gap keeps below its limit."}}, 0},
    [PROBE_STARTTLS_REJECTED] = {
        {{"reprobe", "Probe it again, to see whether it rejects STARTTLS every time."}}, SEND},
    [PROBE_NOT_SMTP] = {
        {{NULL, "Check that host and port are right: what answers there is no mail server."}}, SEND},
    [PROBE_REPLY_TOO_LONG] = {
        {{NULL, "Check that host and port are right: what answers there is hardly a mail server."}}, SEND},
    [PROBE_NOT_TLS] = {
        {{"reprobe", "Probe it again, to see whether it answers so every time."}}, SEND},
    [PROBE_TLS_ALERT] = {
        {{"reprobe", "Probe it again, to see whether it answers so every time."}}, SEND},
    [PROBE_TLS_CLOSED] = {
        {{"reprobe", "Probe it again, to see whether it hangs up every time."}}, SEND},
};
/* clang-format on */

static void add(struct advice *advice, const char *request, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void add(struct advice *advice, const char *request, const char *format, ...)
{
    va_list args;
    char *text = NULL;

    if (advice->count >= STEPS_MOST)
        return;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        text = mem_string("");
    va_end(args);
    advice->steps[advice->count++] = (struct step){request, text};
}

static bool is_mail(const struct situation *s)
{
    return s->class == CLASS_PARTNER || s->class == CLASS_OPPORTUNISTIC;
}

static const char *receiver(const struct situation *s)
{
    if (s->contact)
        return s->contact;
    return is_mail(s) ? "the postmaster there" : "who runs the server";
}

static void add_first_letter(struct advice *advice, const struct situation *s)
{
    if (s->owner)
        add(advice, "copy-message", "Send %s the words below; here %s looks after it.", receiver(s),
            s->owner);
    else
        add(advice, "copy-message", "Send %s the words below.", receiver(s));
    add(advice, "note", "Note that they were told.");
}

/* What is said of the fault depends on how far people are with it. */
static void add_sending(struct advice *advice, const struct situation *s)
{
    switch (s->contact_state) {
    case CONTACT_CONTACTED:
        add(advice, "note", "They were told: ask %s how far they are, and note the answer.", receiver(s));
        break;
    case CONTACT_PROMISED:
        add(advice, "note", "They promised to act: remind %s in time, and note what comes of it.",
            receiver(s));
        break;
    case CONTACT_FIXED:
        add(advice, "reprobe", "They say that it is set right: probe it again.");
        break;
    case CONTACT_WAIVED:
    case contact_state_count:
        break;
    case CONTACT_NONE:
    case CONTACT_TO_CONTACT:
        if (s->message)
            add_first_letter(advice, s);
        break;
    }
}

/* Who demands TLS, or could; the caller frees. */
static char *demander(const struct situation *s)
{
    return s->connector ? mem_format("the connector %s", s->connector) : mem_string("your mail server");
}

static bool is_about_certificate(enum reason reason)
{
    return reason == REASON_CERTIFICATE_NAME_MISMATCH || reason == REASON_CERTIFICATE_EXPIRED ||
           reason == REASON_CERTIFICATE_UNTRUSTED;
}

/* Mail waits and comes back: it can flow again when less is demanded. */
static void add_relaxing(struct advice *advice, const struct situation *s)
{
    enum reason reason = s->judgement.reason;
    char *who = demander(s);

    if (reason == REASON_CERTIFICATE_NAME_MISMATCH)
        add(advice, NULL, "If the name in the certificate is theirs, let %s expect that name.", who);
    add(advice, NULL, "Until they act, %s. If it must flow before%s, let %s %s.",
        s->judgement.verdict == VERDICT_AT_RISK ? "some mail waits and may come back"
                                                : "mail waits and then comes back",
        is_about_certificate(reason) ? "" : ", in clear if need be", who,
        is_about_certificate(reason) ? "demand encryption alone, whatever the certificate says"
                                     : "use TLS only where it is offered");
    free(who);
}

static void add_demanding(struct advice *advice, const struct situation *s)
{
    char *who = demander(s);

    if (s->class == CLASS_OPPORTUNISTIC)
        add(advice, "partner",
            "If mail must not go there in clear, make it a partner: mail then waits instead.");
    else
        add(advice, NULL, "If mail must not go there in clear, let %s demand TLS: mail then waits instead.",
            who);
    free(who);
}

static void add_meanwhile(struct advice *advice, const struct situation *s)
{
    if (s->class == CLASS_SERVICE)
        add(advice, NULL, "Until then, point its users to a server that meets the floor.");
    else if (s->class == CLASS_RELAY && !s->connector)
        add(advice, NULL, "Until then, let what sends through it use a server that meets the floor.");
    else if (s->requirement != REQUIREMENT_NONE)
        add_relaxing(advice, s);
    else
        add_demanding(advice, s);
}

/* No floor changes anything for a sender that uses no TLS. */
static void add_using(struct advice *advice, const struct situation *s)
{
    char *who = demander(s);

    add(advice, NULL,
        "Mail goes in clear by your own choice. To change that, let %s use TLS where it is offered.", who);
    free(who);
}

static void add_cure(struct advice *advice, const struct situation *s, const struct cure *cure)
{
    for (size_t i = 0; i < CURES && cure->steps[i].text; i++)
        add(advice, cure->steps[i].request, "%s", cure->steps[i].text);
    if (cure->usual & SEND)
        add_sending(advice, s);
    if (cure->usual & MEANWHILE)
        add_meanwhile(advice, s);
    if (cure->usual & AFTERWARDS && s->contact_state != CONTACT_FIXED)
        add(advice, "reprobe", "Probe it again when they have acted.");
}

static void add_unmasking(struct advice *advice, const struct situation *s)
{
    add(advice, "preflight", "See whether the way out of here rewrites STARTTLS for others too.");
    add(advice, NULL,
        "If not, a firewall in front of their server does: ask them to switch its inspection of SMTP off.");
    add_sending(advice, s);
}

static void add_null_mx(struct advice *advice, const struct situation *s)
{
    if (s->requirement != REQUIREMENT_NONE)
        add(advice, NULL, "The domain says that it takes no mail: ask whether %s is still needed for it.",
            s->connector ? "its connector" : "the demand for TLS");
}

static bool is_expired(const struct situation *s)
{
    return s->judgement.reason == REASON_CERTIFICATE_EXPIRED;
}

static void add_dates(struct advice *advice, const struct situation *s)
{
    bool counts = s->requirement >= REQUIREMENT_CHAIN;
    const char *plural = s->days_left == 1 || s->days_left == -1 ? "" : "s";

    if (!s->dated || s->days_left > DAYS_AHEAD || is_expired(s))
        return;
    if (s->days_left < 0)
        add(advice, NULL, "Tell them that a certificate ended %d day%s ago%s.", -s->days_left, plural,
            counts ? "" : "; mail from here does not depend on it");
    else if (counts)
        add(advice, "note", "See to it that the certificate is renewed: in %d day%s it ends, and mail stops.",
            s->days_left, plural);
    else
        add(advice, NULL,
            "Tell them that a certificate ends in %d day%s; mail from here does not depend on it.",
            s->days_left, plural);
}

static void add_besides(struct advice *advice, const struct situation *s)
{
    add_dates(advice, s);
    if (s->injectable)
        add(advice, NULL, "Tell them to update the server: it runs commands that came in clear inside TLS.");
    if (s->unjudged)
        add(advice, "reprobe", "Probe it again: %u of its addresses could not be judged.", s->unjudged);
}

void advice_make(struct advice *advice, const struct situation *s)
{
    enum verdict verdict = s->judgement.verdict;
    enum reason reason = s->judgement.reason;
    const struct cure *cure = reason == REASON_PROBE_ERROR ? &errors[s->judgement.error] : &reasons[reason];

    if (s->beside || verdict == VERDICT_PENDING)
        return;
    if (verdict == VERDICT_NO_MAIL && reason == REASON_NULL_MX)
        add_null_mx(advice, s);
    else if (s->never_tls && (verdict == VERDICT_READY || cure->usual & MEANWHILE))
        add_using(advice, s);
    else if (s->masked && (verdict == VERDICT_UNKNOWN || verdict == VERDICT_UNREACHABLE))
        add_unmasking(advice, s);
    else if (verdict != VERDICT_READY)
        add_cure(advice, s, cure);
    add_besides(advice, s);
    if (!advice->count && verdict > VERDICT_READY)
        add_cure(advice, s, &errors[PROBE_OK]);
}

void advice_release(struct advice *advice)
{
    for (size_t i = 0; i < advice->count; i++)
        free(advice->steps[i].text);
    memset(advice, 0, sizeof *advice);
}
