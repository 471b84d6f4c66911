#include "tui/command_pacing.h"

#include "engine/audit/limits.h"
#include "engine/audit/pacing.h"
#include "engine/base/mem.h"
#include "engine/base/strings.h"
#include "tui/session.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#define ROWS_MOST   60 /* operators … */
#define SHARED_MOST 20 /* … and shared endpoints that are listed */

enum { DONE = 0, UNFINISHED = 3 };

static void drain(struct session *session, bool *idle)
{
    struct event event;

    while (audit_next(session->audit, &event)) {
        if (event.type == EVENT_TROUBLE)
            fprintf(stderr, "mxscope: %s\n", event.text);
        else if (event.type == EVENT_IDLE)
            *idle = !audit_busy(session->audit);
        else
            model_apply(session->model, &event);
        event_release(&event);
    }
}

static void resolve(struct session *session)
{
    struct pollfd wait = {audit_descriptor(session->audit), POLLIN, 0};
    bool idle = model_target_count(session->model) == 0;

    while (!idle) {
        if (poll(&wait, 1, -1) < 0 && errno != EINTR)
            return;
        drain(session, &idle);
    }
}

/* Of the trouble that hid whom a run would contact; the rest of preflight is the run's matter. */
static void tell_resolver(const struct model *model)
{
    const struct preflight_check *check = &model_preflight(model)->checks[CHECK_RESOLVER];

    if (check->state == CHECK_TROUBLE && check->detail)
        fprintf(stderr, "mxscope: %s\n", check->detail);
}

static const char *plural(unsigned long count)
{
    return count == 1 ? "" : "s";
}

static void print_connection(const char *helo_name, const struct audit_options *options)
{
    printf(
        "Nothing was sent to any server; only DNS was asked.\n\n"
        "One connection: connect, read the banner, EHLO %s, STARTTLS, then a TLS hello or a whole\n"
        "handshake with EHLO once more inside TLS and QUIT. Where only a hello is sent, TLS's own goodbye\n"
        "(close_notify) ends the connection. No mail: no sender, no recipient, no password. Where TLS\n"
        "comes first (smtps, imaps, pop3s, https) it begins with the hello.\n",
        helo_name);
    if (options->check_injection && options->depth == DEPTH_FULL)
        printf("One connection of each SMTP server, and no other, sends a harmless command in clear behind\n"
               "STARTTLS (--check-injection).\n");
}

static void print_depth(const struct pacing *pacing, const struct audit_options *options)
{
    if (options->depth == DEPTH_FULL)
        printf(
            "\nAn endpoint usually gets 1 to 3 connections until its verdict is decided, for all endpoints\n"
            "first, and usually %u to %u in all (--depth full),",
            pacing->each_least, pacing->each_most);
    else
        printf("\nAn endpoint usually gets %u to %u connections, until its verdict is decided (--depth "
               "readiness),",
               pacing->each_least, pacing->each_most);
    printf(
        " up to about %u where answers\n"
        "are refused oddly or contradict each other. What would count against it (no STARTTLS, no version\n"
        "at the floor) is asked for twice before it is believed.\n",
        PACING_EACH_EVER);
    if (pacing->injected)
        printf("The check for injection is one more.\n");
}

static void print_controls(const struct audit_options *options)
{
    struct strings names = {0};

    pacing_controls(options, &names);
    printf("\nContacted besides, with one connection each%s:\n",
           options->control_count ? "" : " and only when all else fails alike");
    for (size_t i = 0; i < names.count; i++)
        printf("  %s\n", names.items[i]);
    strings_release(&names);
}

static void print_questions(const struct pacing *pacing)
{
    if (pacing->partner_questions || pacing->other_questions)
        printf("\nAsked of DNS besides, once verdicts are known, to find whom to write to (SOA, TLS-RPT):\n"
               "  %lu question%s about partners, and up to %lu about other domains, where they fall short\n",
               pacing->partner_questions, plural(pacing->partner_questions), pacing->other_questions);
}

static void print_limits(const struct audit_options *options)
{
    printf("\nManners, each with the option that changes it:\n"
           "  %u connection%s at once in all (--concurrency)\n"
           "  %u at a time to one address, %g s between two (--per-host, --per-host-gap)\n",
           options->concurrency, plural(options->concurrency), options->per_host, options->per_host_gap);
    if (options->per_operator)
        printf("  %u at a time to one operator, %g s between the starts of two (--per-operator, "
               "--per-operator-gap);\n"
               "  an operator is a registrable domain, and a network (IPv4 /24, IPv6 /48)\n",
               options->per_operator, options->per_operator_gap);
    printf("  pauses vary by a quarter, double after a 421 or a reset, and shrink again\n"
           "  %u further tr%s after an inconclusive result (--retries)",
           options->retries, options->retries == 1 ? "y" : "ies");
    if (options->retry_later > 0)
        printf(", and one more after %g s where\n  a server put us off (--retry-later)",
               options->retry_later);
    printf("\n");
}

static void print_shard(const struct options *options)
{
    if (options->shards > 1)
        printf("\nThis is one shard of %u, and keeps these manners by itself. All of them at once may do up "
               "to %u\n"
               "times as much to an operator that their domains share (data/recipes/shard.sh divides it).\n",
               options->shards, options->shards);
}

static void print_sentence(char *text)
{
    if (text)
        printf("  %s\n", text);
    free(text);
}

static void print_machine(const struct session *session, const struct limits *limits,
                          const struct limits_share *share)
{
    const struct preflight_check *pace = &model_preflight(session->model)->checks[CHECK_RESOLVER_PACE];
    bool binds;

    printf("\nWhat this machine has room for:\n");
    print_sentence(limits_files_text(limits, session->limits.concurrency, &binds));
    print_sentence(limits_ports_text(limits, session->limits.per_host, &binds));
    print_sentence(
        pace->state == CHECK_TROUBLE
            ? mem_string(pace->detail)
            : mem_format("At most %u lookups are out at once, fewer where the resolver loses some.",
                         share->queries));
}

static void print_operator(const struct pacing_operator *operator)
{
    char *count = mem_format("%lu-%lu", operator->least, operator->most);
    char *time = operator->seconds> 0 ? pacing_time(operator->seconds) : mem_string("no pause");

    printf("%-40s %9zu %12s  %s\n", operator->name, operator->addresses, count, time);
    free(time);
    free(count);
}

static void print_operators(const struct pacing *pacing)
{
    size_t shown = pacing->operator_count < ROWS_MOST ? pacing->operator_count : ROWS_MOST;

    if (!pacing->operator_count)
        return;
    printf("\n%-40s %9s %12s  %s\n", "OPERATOR", "ADDRESSES", "CONNECTIONS", "SHORTEST TIME");
    for (size_t i = 0; i < shown; i++)
        print_operator(&pacing->operators[i]);
    if (shown < pacing->operator_count)
        printf("and %zu more\n", pacing->operator_count - shown);
}

static void print_shared(const struct model *model, const struct pacing *pacing)
{
    size_t shown = 0;

    if (!pacing->shared)
        return;
    printf("\nShared, so contacted once for all of their targets:\n");
    for (size_t i = 0; i < model_endpoint_count(model) && shown < SHARED_MOST; i++) {
        const struct endpoint *endpoint = model_endpoint_at(model, i);
        const char *name = endpoint->key.server_name;

        if (endpoint->shared_by < 2)
            continue;
        shown++;
        printf("  %s%s%s port %u, for %u targets\n", name, *name ? " " : "", endpoint->key.address,
               endpoint->key.port, endpoint->shared_by);
    }
    if (shown < pacing->shared)
        printf("  and %zu more\n", pacing->shared - shown);
}

static void print_bound(const char *what, double seconds)
{
    char *time = pacing_time(seconds);

    printf("  %s: %s\n", what, time);
    free(time);
}

static void print_total(const struct pacing *pacing, const struct audit_options *options)
{
    char *time = pacing_time(pacing->seconds);
    char *all = mem_format("all connections, %u at once and %g s each", options->concurrency,
                           PACING_CONNECTION_SECONDS);

    printf("\n%zu target%s lead%s to %zu endpoint%s at %zu address%s: usually %lu to %lu connections.\n",
           pacing->targets, plural(pacing->targets), pacing->targets == 1 ? "s" : "", pacing->endpoints,
           plural(pacing->endpoints), pacing->addresses, pacing->addresses == 1 ? "" : "es", pacing->least,
           pacing->most);
    printf("At the shortest the run takes %s; slow servers make it longer:\n", time);
    print_bound("pauses at the address with most connections", pacing->by_address);
    print_bound("pauses at the operator with most connections", pacing->by_operator);
    print_bound(all, pacing->by_concurrency);
    free(all);
    free(time);
}

static int print(const struct session *session)
{
    struct audit_options kept = session->limits;
    const struct audit_options *options = &kept;
    struct limits_share share;
    const struct limits *limits = audit_limits(session->audit);
    struct pacing pacing;

    limits_share(limits, kept.concurrency, kept.per_host, &share);
    kept.concurrency = share.connections;
    kept.per_host = share.per_host;
    pacing_plan(session->model, options, &pacing);
    print_connection(audit_helo_name(session->audit), options);
    print_depth(&pacing, options);
    print_limits(options);
    print_shard(session->options);
    print_machine(session, limits, &share);
    print_operators(&pacing);
    print_shared(session->model, &pacing);
    print_controls(options);
    print_questions(&pacing);
    print_total(&pacing, options);
    pacing_release(&pacing);
    return fflush(stdout) || model_names_lost(session->model) ? UNFINISHED : DONE;
}

int command_pacing(const struct options *options)
{
    struct session session;
    int code = session_start(options, &session);

    if (!code) {
        resolve(&session);
        tell_resolver(session.model);
        code = print(&session);
    }
    session_release(&session);
    return code;
}
