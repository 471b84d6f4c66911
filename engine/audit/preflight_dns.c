#include "engine/audit/helo_check.h"
#include "engine/net/operator.h"
#include "engine/audit/preflight_parts.h"
#include "engine/base/mem.h"
#include "engine/net/leaving.h"

#include <stdlib.h>
#include <string.h>

#define EXCHANGES_MOST 16
#define ALIKE_LEAST    2 /* operators whose lookups fail before the resolver is asked about itself */

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

static bool is_known(enum dns_status status)
{
    return status == DNS_OK || status == DNS_NO_DATA || status == DNS_NXDOMAIN;
}

static bool is_lost(enum dns_status status)
{
    return status == DNS_TIMEOUT || status == DNS_SERVFAIL || status == DNS_REFUSED;
}

/* The caller frees. NULL when it is in no trouble. */
static char *resolver_trouble(const struct preflight_run *run)
{
    double seconds = run->audit->options.dns_timeout;

    if (run->root == DNS_NXDOMAIN || run->root == DNS_NO_DATA)
        return mem_string(
            "The resolver denies that the root exists: it knows only its own names, and what it "
            "denies besides may well exist (--dns-server gives another).");
    if (run->answered || !is_lost(run->root))
        return NULL;
    if (run->root == DNS_TIMEOUT && run->stood)
        return mem_format("The resolver stopped answering: within %g seconds it said nothing of the root "
                          "either, so lookups that failed are trouble here (--dns-server gives another).",
                          seconds);
    if (run->root == DNS_TIMEOUT)
        return mem_format("The resolver did not answer within %g seconds; expected one that does "
                          "(--dns-server gives another).",
                          seconds);
    if (!run->failed.count || (run->ever && !run->stood)) /* some never tell of the root, and else do well */
        return NULL;
    return mem_format("The resolver fails for every name, the root included (%s), so lookups that failed are "
                      "trouble here (--dns-server gives another).",
                      run->root == DNS_REFUSED ? "REFUSED" : "SERVFAIL");
}

static void judge_resolver(struct preflight_run *run)
{
    char *trouble;

    if (run->lost || run->root == DNS_NOT_QUERIED)
        return;
    trouble = resolver_trouble(run);
    run->state.denies = run->root == DNS_NXDOMAIN || run->root == DNS_NO_DATA;
    run->lost = trouble && !run->state.denies && run->failed.count;
    if (trouble)
        preflight_note(run, CHECK_RESOLVER, CHECK_TROUBLE, trouble);
    else if (run->root == DNS_OK)
        preflight_note(run, CHECK_RESOLVER, CHECK_OK, NULL);
    else
        preflight_note(
            run, CHECK_RESOLVER, CHECK_UNKNOWN,
            mem_format("The resolver answers, but not about the root: %s.", dns_status_title(run->root)));
}

static void forget_failed(struct preflight_run *run)
{
    map_release(&run->failed, NULL);
    map_init(&run->failed);
}

static void note_failed(struct preflight_run *run, const char *name)
{
    char *operator= operator_domain(name);

    map_put(&run->failed, operator ? operator : name, run);
    free(operator);
}

/* Does a failure ask for a look at the resolver? Many domains have name servers that fail. */
static bool is_doubtful(const struct preflight_run *run, enum dns_status status)
{
    if (run->state.checks[CHECK_RESOLVER].state == CHECK_TROUBLE || run->root == DNS_NOT_QUERIED)
        return false;
    return status == DNS_TIMEOUT || run->failed.count >= ALIKE_LEAST;
}

void preflight_run_heard(struct audit *audit, const char *name, enum dns_status status)
{
    struct preflight_run *run = audit->preflight;

    if (is_known(status) && (!run->answered || run->failed.count)) {
        run->answered = run->ever = true;
        forget_failed(run);
        judge_resolver(run);
    } else if (is_lost(status)) {
        note_failed(run, name);
        judge_resolver(run);
        if (is_doubtful(run, status))
            preflight_ask_resolver(run);
    }
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
    run->root = answer->status;
    run->root_open = false;
    judge_resolver(run);
    run->stood |= answer->status == DNS_OK;
    if (answer->status == DNS_OK || run->state.checks[CHECK_DNSSEC].state == CHECK_UNKNOWN)
        note_dnssec(run, answer);
    answered(run);
}

void preflight_ask_resolver(struct preflight_run *run)
{
    if (run->root_open || run->forsaken)
        return;
    run->root_open = true;
    run->answered = false;
    question(run);
    resolver_forget(run->audit->resolver, "");
    resolver_root(run->audit->resolver, on_root, run);
}

void preflight_ask_resolver_anew(struct preflight_run *run)
{
    run->lost = false;
    forget_failed(run);
    preflight_ask_resolver(run);
}

void preflight_release_hold(struct preflight_run *run)
{
    if (!run->holding)
        return;
    run->holding = false;
    net_timer_stop(run->hold);
    preflight_run_tell(run->audit);
    engine_flush(run->audit);
    schedule_run(run->audit);
}

static void own_question(struct preflight_run *run)
{
    run->own_open++;
    question(run);
}

static void own_answered(struct preflight_run *run)
{
    if (!--run->own_open)
        preflight_release_hold(run);
    answered(run);
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
    own_question(run);
}

/* Judged when all is known: half of it would make trouble that is none. */
static void answered_of_helo(struct preflight_run *run)
{
    if (!--run->helo_open)
        judge_helo(run);
    own_answered(run);
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
        mem_format("Probes share %s with real mail, for it %s: should they bring it onto a blocklist, real "
                   "mail suffers (--source-address chooses another address).",
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
    own_answered(run);
}

static void ask_exchange(struct preflight_run *run, const char *name)
{
    run->exchanges++;
    own_question(run);
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
    own_answered(run);
}

void preflight_ask_sender(struct preflight_run *run)
{
    if (!is_global(&run->families[0]) && !is_global(&run->families[1])) {
        if (run->families[0].routed || run->families[1].routed)
            preflight_note(
                run, CHECK_MAIL_SENDER, CHECK_UNKNOWN,
                mem_string("Probes leave from an address that servers do not see; whether mail leaves "
                           "from the same public one can't be told from here."));
        return;
    }
    run->sender_domain = helo_domain(run->audit->helo_name);
    if (!run->sender_domain) {
        settle_sender(run);
        return;
    }
    own_question(run);
    resolver_mx(run->audit->resolver, run->sender_domain, on_sender_mx, run);
}
