#include "engine/audit/preflight_run.h"

#include "engine/audit/control_names.h"
#include "engine/audit/preflight_parts.h"
#include "engine/base/mem.h"
#include "engine/net/leaving.h"

#include <stdlib.h>
#include <string.h>

#define TELL_MS        10
#define SETTLE_MOST_MS 1000 /* others may still be about to answer: so long a suspicion waits */
#define MAIL_PORT      25
#define HOLD_MOST_MS   2000                  /* so long probes wait for what DNS says of the own address */
#define WORLD4         "198.41.0.4"          /* a.root-servers.net */
#define WORLD6         "2001:503:ba3e::2:30" /* … */

static const char *family_name(int index)
{
    return index ? "IPv6" : "IPv4";
}

void preflight_note(struct preflight_run *run, enum check check, enum check_state state, char *detail)
{
    if (preflight_set(&run->state, check, state, detail) && !run->untold) {
        run->untold = true;
        net_timer_start(run->tell, TELL_MS);
    }
    free(detail);
}

void preflight_run_tell(struct audit *audit)
{
    struct preflight_run *run = audit->preflight;
    struct event event = {.type = EVENT_PREFLIGHT};

    if (!run || !run->untold)
        return;
    run->untold = false;
    preflight_copy(&event.preflight, &run->state);
    engine_put(audit, &event);
}

static void on_tell(void *context)
{
    preflight_run_tell(context);
}

bool preflight_run_busy(const struct audit *audit)
{
    const struct preflight_run *run = audit->preflight;

    return run && ((run->questions && !run->silent && !run->forsaken) || run->settling || run->controls_open);
}

bool preflight_run_holds(const struct audit *audit)
{
    return audit->preflight && audit->preflight->holding;
}

static void on_hold(void *context)
{
    preflight_release_hold(context);
}

/* Ordinary resolvers answer long before that. */
static void begin_hold(struct preflight_run *run)
{
    double most = run->audit->options.dns_timeout * 1000;

    if (!run->own_open)
        return;
    run->holding = true;
    net_timer_start(run->hold, most < HOLD_MOST_MS ? (uint64_t)most + 1 : HOLD_MOST_MS);
}

static char *no_way_text(const struct preflight_run *run, const char *family, enum net_way way)
{
    if (way == NET_WAY_UNTOLD)
        return mem_format("No descriptor or local port was left to find the route for %s.", family);
    if (run->audit->setup.source)
        return mem_format("No route for %s into the internet leaves from the source address.", family);
    return mem_format("This machine has no route for %s; nothing needed one so far.", family);
}

static void look_at_route(struct preflight_run *run, int index, const char *world)
{
    static const enum check checks[] = {CHECK_IPV4, CHECK_IPV6};
    struct preflight_family *family = &run->families[index];
    enum net_way way = NET_WAY_NONE;
    struct net_address to;
    char text[NET_ADDRESS_SIZE];

    family->left_out = index ? run->audit->options.no_ipv6 : run->audit->options.no_ipv4;
    if (family->left_out) {
        preflight_note(run, checks[index], CHECK_UNKNOWN,
                       mem_format("%s is left out of this run.", family_name(index)));
        return;
    }
    if (net_address_parse(world, &to))
        way = net_leaving_address(&to, run->audit->setup.source, &family->from);
    family->routed = way == NET_WAY_LEADS;
    if (!family->routed) {
        preflight_note(run, checks[index], CHECK_UNKNOWN, no_way_text(run, family_name(index), way));
        return;
    }
    net_address_print(&family->from, text);
    preflight_note(run, checks[index], CHECK_OK, mem_format("Probes leave from %s.", text));
}

static void look_at_listeners(struct preflight_run *run)
{
    for (int i = 0; i < 2; i++) {
        const struct net_address *from = &run->families[i].from;

        if (run->families[i].routed && net_address_scope(from) != NET_SCOPE_LOOPBACK &&
            net_listens(from, MAIL_PORT))
            preflight_warn_sender(run, from,
                                  "is a mail server's, since a program of this machine listens there on "
                                  "port 25");
    }
}

/* Only now it matters: an address is to be probed that no route leads to. */
static void note_missing_route(struct preflight_run *run, struct engine_address *address)
{
    static const char *const options[] = {"-6", "-4"};
    int index = address->address.family == 6;
    enum check check = index ? CHECK_IPV6 : CHECK_IPV4;
    struct net_address from;
    enum net_way way;

    if (run->families[index].routed || run->families[index].left_out || address->routed ||
        run->state.checks[check].state == CHECK_TROUBLE)
        return;
    way = net_leaving_address(&address->address, run->audit->setup.source, &from);
    address->routed = way == NET_WAY_LEADS;
    if (way != NET_WAY_NONE)
        return;
    preflight_note(run, check, CHECK_TROUBLE,
                   mem_format("This machine has no route for %s, so addresses of that family can't be probed "
                              "from here (%s leaves them out).",
                              family_name(index), options[index]));
}

static void note_own_address(struct preflight_run *run, const struct engine_endpoint *endpoint)
{
    const struct net_address *address = &endpoint->address->address;
    const struct preflight_family *family = &run->families[address->family == 6];

    if (endpoint->key.protocol == PROTOCOL_SMTP && family->routed &&
        net_address_equal(address, &family->from) && net_address_scope(address) != NET_SCOPE_LOOPBACK)
        preflight_warn_sender(run, address, "is one of the mail servers to be probed");
}

/* Connections to addresses nearer than that which those to the world leave from, such as a mail server of
 * this machine itself, tell nothing of the way out. */
static bool is_out_there(const struct preflight_run *run, const struct net_address *address)
{
    const struct preflight_family *family = &run->families[address->family == 6];
    const struct net_address *from = family->routed ? &family->from : run->audit->setup.source;
    bool known = from && from->family == address->family;

    return net_address_scope(address) >= (known ? net_address_scope(from) : NET_SCOPE_GLOBAL);
}

static bool is_at_mail_port(const struct engine_endpoint *endpoint)
{
    return endpoint->key.protocol == PROTOCOL_SMTP &&
           endpoint->key.port == endpoint->audit->options.smtp_port &&
           is_out_there(endpoint->audit->preflight, &endpoint->address->address);
}

bool preflight_run_stops(struct engine_endpoint *endpoint)
{
    struct preflight_run *run = endpoint->audit->preflight;

    note_missing_route(run, endpoint->address);
    note_own_address(run, endpoint);
    return run->blocked && !endpoint->insists && is_at_mail_port(endpoint);
}

static bool may_prove_blocked(const struct engine_endpoint *endpoint)
{
    return is_at_mail_port(endpoint) && port_sign_fails(endpoint->sign);
}

void preflight_run_keep(struct engine_endpoint *endpoint)
{
    const struct preflight_run *run = endpoint->audit->preflight;

    endpoint->insists = false;
    facts_free(endpoint->kept);
    endpoint->kept = NULL;
    if (!endpoint->blocked && may_prove_blocked(endpoint) &&
        run->state.checks[CHECK_PORT_25].state == CHECK_UNKNOWN)
        endpoint->kept = facts_copy(endpoint->facts);
}

static void block_all(struct preflight_run *run)
{
    struct engine_endpoint *endpoint;
    size_t at = 0;

    while ((endpoint = map_next(&run->audit->endpoints, &at)) != NULL) {
        bool waits = endpoint->work == WORK_WAITING || endpoint->work == WORK_PAUSING;
        bool failed = endpoint->work == WORK_REST && !endpoint->facts && may_prove_blocked(endpoint);

        if (endpoint->users && is_at_mail_port(endpoint) && !endpoint->blocked && (waits || failed))
            endpoint_block(endpoint);
    }
}

static void unblock(struct engine_endpoint *endpoint)
{
    endpoint->blocked = false;
    if (endpoint->users)
        endpoint_reprobe(endpoint);
    else
        endpoint->ready_done = endpoint->full_done = false; /* probed when it is taken again */
}

/* One got through: those that were given up are asked again, and no others will be. */
static void unblock_all(struct preflight_run *run)
{
    struct engine_endpoint *endpoint;
    size_t at = 0;

    while ((endpoint = map_next(&run->audit->endpoints, &at)) != NULL) {
        facts_free(endpoint->kept);
        endpoint->kept = NULL;
        if (endpoint->blocked)
            unblock(endpoint);
    }
}

/* The end, if it comes by that, is told behind all of them: whoever evaluates lets the engine rest. */
static void apply_to_all(struct preflight_run *run)
{
    struct audit *audit = run->audit;
    bool due = audit->idle_due || audit->open;

    audit->open++;
    if (run->blocked)
        block_all(run);
    else
        unblock_all(run);
    audit->idle_due = !--audit->open && due;
}

/* Only a mail server that speaks lifts a block: further failures, of whatever kind, don't. */
static void apply_port(struct preflight_run *run, enum check_state state)
{
    enum check_state before = run->state.checks[CHECK_PORT_25].state;

    if (before == CHECK_TROUBLE && state != CHECK_OK)
        return;
    preflight_note(run, CHECK_PORT_25, state, preflight_port_text(run, state));
    if (state == before)
        return;
    run->blocked = state == CHECK_TROUBLE;
    apply_to_all(run);
}

static void suspect(struct preflight_run *run)
{
    double tenth = run->audit->options.connect_timeout * 1000 / 10;

    if (run->settling)
        return;
    run->settling = true;
    net_timer_start(run->settle, tenth < SETTLE_MOST_MS ? (uint64_t)tenth + 1 : SETTLE_MOST_MS);
}

/* Trouble is said only when the suspicion has lasted a while and the controls, if any, were heard. */
static void evaluate(struct preflight_run *run, bool settled)
{
    struct control_word *words = mem_array(run->control_count, sizeof *words);
    enum check_state port, path, port_now = run->state.checks[CHECK_PORT_25].state;
    enum check_state path_now = run->state.checks[CHECK_STARTTLS_PATH].state;

    for (size_t i = 0; i < run->control_count; i++)
        words[i] = control_word(run->controls[i]);
    port = evidence_judge_port(&run->evidence, words, run->control_count);
    path = evidence_judge_path(&run->evidence, words, run->control_count);
    free(words);
    if (port != CHECK_TROUBLE || settled)
        apply_port(run, port);
    if (path != CHECK_TROUBLE || path_now == CHECK_TROUBLE || settled)
        preflight_note(run, CHECK_STARTTLS_PATH, path, preflight_path_text(run, path));
    if (!settled && ((evidence_port_suspect(&run->evidence) && port_now == CHECK_UNKNOWN) ||
                     (evidence_path_suspect(&run->evidence) && path_now == CHECK_UNKNOWN)))
        suspect(run);
}

static void on_control(void *context)
{
    struct preflight_run *run = context;

    run->controls_open--;
    if (!run->controls_open && !run->settling && !run->forsaken)
        evaluate(run, true);
    engine_rest(run->audit);
}

static void ask_control(struct preflight_run *run, const char *name)
{
    struct control *control;

    run->controls_open++;
    control = control_new(run->audit, name, on_control, run);
    run->controls = mem_resize(run->controls, run->control_count + 1, sizeof(*run->controls));
    run->controls[run->control_count++] = control;
}

static void ask_built_in(struct preflight_run *run)
{
    struct strings names = {0};

    control_names(&names);
    for (size_t i = 0; i < names.count; i++)
        ask_control(run, names.items[i]);
    strings_release(&names);
}

static void ask_controls(struct preflight_run *run)
{
    const struct audit_options *options = &run->audit->options;

    run->controls_asked = true;
    if (options->resolve_only)
        return;
    for (size_t i = 0; i < run->audit->controls.count; i++)
        ask_control(run, run->audit->controls.items[i]);
    if (!run->audit->controls.count)
        ask_built_in(run);
}

static bool is_suspect(const struct preflight_run *run)
{
    return evidence_port_suspect(&run->evidence) || evidence_path_suspect(&run->evidence);
}

static void on_settle(void *context)
{
    struct preflight_run *run = context;

    run->settling = false;
    if (!run->controls_asked && is_suspect(run))
        ask_controls(run);
    if (!run->controls_open)
        evaluate(run, true);
    engine_rest(run->audit);
}

/* Each endpoint counts once; that it opens counts at any time. */
static void take_sign(struct preflight_run *run, struct engine_endpoint *endpoint, enum port_sign sign)
{
    const struct net_address *address = &endpoint->address->address;
    bool routed = run->families[address->family == 6].routed ||
                  net_address_scope(address) == NET_SCOPE_LOOPBACK || sign == SIGN_OPEN;

    if (sign == SIGN_NONE || !routed || endpoint->sign == sign ||
        (endpoint->sign != SIGN_NONE && sign != SIGN_OPEN))
        return;
    endpoint->sign = sign;
    if (!run->evidence.signs[SIGN_OPEN].endpoints)
        evidence_add_sign(&run->evidence, address, sign);
}

static void take_starttls(struct preflight_run *run, const struct engine_endpoint *endpoint,
                          const struct dialogue_result *said)
{
    enum starttls_state starttls = said->starttls;

    if (starttls == STARTTLS_NOT_OFFERED && banner_is_starred(said->banner))
        starttls = STARTTLS_MASKED;
    evidence_add_starttls(&run->evidence, &endpoint->address->address, starttls);
}

bool preflight_run_took(struct engine_endpoint *endpoint, const struct probe_result *result)
{
    struct preflight_run *run = endpoint->audit->preflight;
    enum port_sign sign;

    if (endpoint->step.kind != STEP_HANDSHAKE || !is_at_mail_port(endpoint))
        return false;
    if (run->state.checks[CHECK_PORT_25].state == CHECK_OK &&
        run->state.checks[CHECK_STARTTLS_PATH].state == CHECK_OK &&
        result->dialogue->starttls == STARTTLS_OFFERED)
        return false;
    sign = port_sign_of(result->error, result->dialogue->banner);
    take_sign(run, endpoint, sign);
    take_starttls(run, endpoint, result->dialogue);
    evaluate(run, false);
    return run->blocked && port_sign_fails(sign);
}

void preflight_run_start(struct audit *audit)
{
    struct preflight_run *run = audit->preflight = mem_alloc(sizeof *run);
    const struct audit_options *options = &audit->options;

    run->audit = audit;
    run->tell = net_timer_new(audit->loop, on_tell, audit);
    run->settle = net_timer_new(audit->loop, on_settle, run);
    run->hold = net_timer_new(audit->loop, on_hold, run);
    map_init(&run->failed);
    evidence_init(&run->evidence);
    look_at_route(run, 0, options->world4 ? options->world4 : WORLD4);
    look_at_route(run, 1, options->world6 ? options->world6 : WORLD6);
    look_at_listeners(run);
    preflight_look_at_limits(run);
    preflight_ask_resolver(run);
    preflight_ask_helo(run);
    preflight_ask_sender(run);
    begin_hold(run);
    preflight_run_tell(audit);
    if (audit->controls.count && !audit->options.resolve_only)
        ask_controls(run);
}

void preflight_run_again(struct audit *audit)
{
    struct preflight_run *run = audit->preflight;

    if (run->state.checks[CHECK_RESOLVER].state != CHECK_TROUBLE)
        return;
    preflight_ask_resolver_anew(run);
}

void preflight_run_cancel(struct audit *audit)
{
    struct preflight_run *run = audit->preflight;

    run->forsaken = true;
    if (run->settling)
        net_timer_stop(run->settle);
    run->settling = false;
    run->controls_open = 0;
    for (size_t i = 0; i < run->control_count; i++)
        run->controls_open += control_cancel(run->controls[i]);
}

void preflight_run_resume(struct audit *audit)
{
    struct preflight_run *run = audit->preflight;

    if (!run->forsaken)
        return;
    run->forsaken = false;
    run->controls_open = 0;
    for (size_t i = 0; i < run->control_count; i++)
        run->controls_open += control_again(run->controls[i]);
    evaluate(run, false);
}

void preflight_run_stop(struct audit *audit)
{
    struct preflight_run *run = audit->preflight;

    if (!run)
        return;
    net_timer_free(run->tell);
    net_timer_free(run->settle);
    net_timer_free(run->hold);
    run->tell = run->settle = run->hold = NULL;
    run->holding = false;
    for (size_t i = 0; i < run->control_count; i++)
        control_stop(run->controls[i]);
}

void preflight_run_free(struct audit *audit)
{
    struct preflight_run *run = audit->preflight;

    if (!run)
        return;
    for (size_t i = 0; i < run->control_count; i++)
        control_free(run->controls[i]);
    free(run->controls);
    free(run->sender_domain);
    map_release(&run->failed, NULL);
    evidence_release(&run->evidence);
    preflight_release(&run->state);
    free(run);
    audit->preflight = NULL;
}
