#include "engine/audit/helo_check.h"
#include "engine/audit/preflight_parts.h"
#include "engine/base/mem.h"
#include "engine/net/leaving.h"

#include <stdlib.h>
#include <string.h>

#define EXCHANGES_MOST 16

static void question(struct preflight_run *run)
{
    run->questions++;
}

/* At the end of every answer. */
static void answered(struct preflight_run *run)
{
    run->questions--;
    engine_count_queries(run->audit);
    engine_rest(run->audit);
}

static void note_resolver(struct preflight_run *run, enum dns_status status)
{
    if (status == DNS_TIMEOUT)
        preflight_note(run, CHECK_RESOLVER, CHECK_TROUBLE,
                       mem_format("The resolver did not answer within %g seconds; expected one that does "
                                  "(--dns-server gives another).",
                                  run->audit->options.dns_timeout));
    else if (status == DNS_OK || status == DNS_NO_DATA || status == DNS_NXDOMAIN)
        preflight_note(run, CHECK_RESOLVER, CHECK_OK, NULL);
    else
        preflight_note(
            run, CHECK_RESOLVER, CHECK_UNKNOWN,
            mem_format("The resolver answers, but not about the root: %s.", dns_status_title(status)));
}

static void note_dnssec(struct preflight_run *run, const struct names_answer *answer)
{
    if (answer->status != DNS_OK)
        preflight_note(run, CHECK_DNSSEC, CHECK_UNKNOWN, NULL);
    else if (answer->authenticated)
        preflight_note(run, CHECK_DNSSEC, CHECK_OK, NULL);
    else
        preflight_note(
            run, CHECK_DNSSEC, CHECK_TROUBLE,
            mem_string("The resolver does not validate DNSSEC: it does not vouch for the root, which "
                       "is signed, so `authenticated` is never true (--dns-server gives another)."));
}

static void on_root(void *context, const struct names_answer *answer)
{
    struct preflight_run *run = context;

    run->silent = answer->status == DNS_TIMEOUT;
    note_resolver(run, answer->status);
    note_dnssec(run, answer);
    answered(run);
}

void preflight_ask_resolver(struct preflight_run *run)
{
    question(run);
    resolver_root(run->audit->resolver, on_root, run);
}

static bool is_global(const struct preflight_family *family)
{
    return family->routed && net_address_scope(&family->from) == NET_SCOPE_GLOBAL;
}

/* What is wrong with one family is wrong; what is right with one is enough. */
static void judge_helo(struct preflight_run *run)
{
    static const int weight[check_state_count] = {[CHECK_UNKNOWN] = 0, [CHECK_OK] = 1, [CHECK_TROUBLE] = 2};
    enum check_state state = CHECK_UNKNOWN;
    char *detail = NULL;

    for (int i = 0; i < 2; i++) {
        const struct preflight_family *family = &run->families[i];
        const struct helo_view view = {run->audit->helo_name, family->from, run->forward, family->reverse,
                                       family->back};
        enum check_state other;
        char *words;

        other = helo_judge(&view, &words);
        if (weight[other] > weight[state] || (!detail && other == state)) {
            free(detail);
            state = other;
            detail = words;
        } else {
            free(words);
        }
    }
    preflight_note(run, CHECK_HELO_NAME, state, detail);
}

static void ask_of_helo(struct preflight_run *run)
{
    run->helo_open++;
    question(run);
}

/* Judged when all is known: half of it would make trouble that is none. */
static void answered_of_helo(struct preflight_run *run)
{
    if (!--run->helo_open)
        judge_helo(run);
    answered(run);
}

static void on_back4(void *context, const struct address_answer *answer)
{
    struct preflight_run *run = context;

    run->families[0].back = answer;
    answered_of_helo(run);
}

static void on_back6(void *context, const struct address_answer *answer)
{
    struct preflight_run *run = context;

    run->families[1].back = answer;
    answered_of_helo(run);
}

/* That one of its names leads back is enough, and the first has to do. */
static void take_reverse(struct preflight_run *run, int index, const struct names_answer *answer)
{
    run->families[index].reverse = answer;
    if (answer->count && strcmp(answer->names[0], run->audit->helo_name) != 0) {
        ask_of_helo(run);
        resolver_address(run->audit->resolver, answer->names[0], true, true, index ? on_back6 : on_back4,
                         run);
    }
    answered_of_helo(run);
}

static void on_reverse4(void *context, const struct names_answer *answer)
{
    take_reverse(context, 0, answer);
}

static void on_reverse6(void *context, const struct names_answer *answer)
{
    take_reverse(context, 1, answer);
}

static void on_forward(void *context, const struct address_answer *answer)
{
    struct preflight_run *run = context;

    run->forward = answer;
    answered_of_helo(run);
}

void preflight_ask_helo(struct preflight_run *run)
{
    static resolver_names_cb *const on_reverse[] = {on_reverse4, on_reverse6};
    bool any = false;

    judge_helo(run);
    if (helo_is_literal(run->audit->helo_name))
        return;
    for (int i = 0; i < 2; i++) {
        if (!is_global(&run->families[i]))
            continue;
        any = true;
        ask_of_helo(run);
        resolver_pointer(run->audit->resolver, &run->families[i].from, on_reverse[i], run);
    }
    if (!any)
        return;
    ask_of_helo(run);
    resolver_address(run->audit->resolver, run->audit->helo_name, true, true, on_forward, run);
}

void preflight_warn_sender(struct preflight_run *run, const struct net_address *from, const char *why)
{
    char text[NET_ADDRESS_SIZE];

    if (run->state.checks[CHECK_MAIL_SENDER].state == CHECK_TROUBLE)
        return;
    net_address_print(from, text);
    preflight_note(
        run, CHECK_MAIL_SENDER, CHECK_TROUBLE,
        mem_format("Probes leave from %s, which %s: should they bring it onto a blocklist, real mail "
                   "suffers (--source-address chooses another address).",
                   text, why));
}

static void settle_sender(struct preflight_run *run)
{
    if (run->exchanges || run->state.checks[CHECK_MAIL_SENDER].state == CHECK_TROUBLE)
        return;
    if (run->sender_open)
        preflight_note(
            run, CHECK_MAIL_SENDER, CHECK_UNKNOWN,
            mem_format("Whether mail to %s comes to the address that probes leave from is not known: "
                       "DNS did not tell.",
                       run->sender_domain));
    else
        preflight_note(run, CHECK_MAIL_SENDER, CHECK_OK, NULL);
}

static bool is_known(enum dns_status status)
{
    return status == DNS_OK || status == DNS_NO_DATA || status == DNS_NXDOMAIN;
}

static void on_exchange(void *context, const struct address_answer *answer)
{
    struct preflight_run *run = context;
    char *why = mem_format("is a mail exchange of %s", run->sender_domain);

    run->exchanges--;
    run->sender_open |= !is_known(answer->status4) || !is_known(answer->status6);
    for (int i = 0; i < 2; i++)
        if (is_global(&run->families[i]) && helo_leads_to(answer, &run->families[i].from))
            preflight_warn_sender(run, &run->families[i].from, why);
    free(why);
    settle_sender(run);
    answered(run);
}

static void ask_exchange(struct preflight_run *run, const char *name)
{
    run->exchanges++;
    question(run);
    resolver_address(run->audit->resolver, name, true, true, on_exchange, run);
}

static void on_sender_mx(void *context, const struct mx_answer *answer)
{
    struct preflight_run *run = context;

    run->sender_open = !is_known(answer->status) || answer->count > EXCHANGES_MOST;
    for (size_t i = 0; i < answer->count && i < EXCHANGES_MOST; i++)
        if (*answer->records[i].exchange)
            ask_exchange(run, answer->records[i].exchange);
    if (answer->status == DNS_NO_DATA)
        ask_exchange(run, run->sender_domain);
    settle_sender(run);
    answered(run);
}

/* The domain that the machine called `name` belongs to. */
static const char *domain_of(const char *name)
{
    const char *dot = strchr(name, '.');

    return dot && strchr(dot + 1, '.') ? dot + 1 : name;
}

void preflight_ask_sender(struct preflight_run *run)
{
    const char *name = run->audit->helo_name;

    if (!is_global(&run->families[0]) && !is_global(&run->families[1])) {
        if (run->families[0].routed || run->families[1].routed)
            preflight_note(
                run, CHECK_MAIL_SENDER, CHECK_UNKNOWN,
                mem_string("Probes leave from an address that servers do not see; whether mail leaves "
                           "from the same public one can't be told from here."));
        return;
    }
    if (helo_is_literal(name)) {
        settle_sender(run);
        return;
    }
    run->sender_domain = mem_string(domain_of(name));
    question(run);
    resolver_mx(run->audit->resolver, run->sender_domain, on_sender_mx, run);
}
