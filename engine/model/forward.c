#include "engine/model/forward.h"

#include "engine/base/text.h"
#include "engine/model/forward_fault.h"
#include "engine/model/model_private.h"

#include <stdlib.h>
#include <string.h>

/* What falls short, of all that could be judged. */
struct survey {
    const struct model *model;
    const struct target *target;
    struct finding *findings; /* owned; in the order of hosts and addresses */
    struct strings faults;    /* of each finding, in words */
    size_t count;
    size_t first;              /* the finding that speaks for all */
    unsigned judged;           /* endpoints that could be judged */
    unsigned hosts, bad_hosts; /* hosts with such, hosts with findings */
    bool from_cut_off; /* mail stops, or goes in clear, no sooner than the baseline's floor is in force */
};

static void add_finding(struct survey *s, const struct finding *finding)
{
    struct buf words;

    buf_init(&words, 0);
    forward_fault(finding, &words);
    strings_add(&s->faults, buf_string(&words));
    buf_release(&words);
    s->findings = array_room(s->findings, s->count, sizeof *s->findings);
    s->findings[s->count++] = *finding;
}

static void look_at_host(struct survey *s, const struct host *host)
{
    unsigned judged = 0, bad = 0;

    for (size_t i = 0; i < host->endpoint_count; i++) {
        struct finding f = {s->model, s->target, host, host->endpoints[i], {0}};

        f.judgement = model_judge_endpoint(s->model, s->target, host, f.endpoint);
        judged += verdict_falls_short(f.judgement.verdict) || f.judgement.verdict == VERDICT_READY;
        bad += verdict_falls_short(f.judgement.verdict);
        if (verdict_falls_short(f.judgement.verdict))
            add_finding(s, &f);
    }
    s->judged += judged;
    s->hosts += judged > 0;
    s->bad_hosts += bad > 0;
}

static size_t find_speaker(const struct survey *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->findings[i].judgement.reason == s->target->judgement.reason)
            return i;
    return 0;
}

/* Mail that stops altogether does so when the last way is closed; all else begins with the first. */
static bool waits_for_cut_off(const struct survey *s)
{
    bool stops = s->target->consequence == CONSEQUENCE_STOPS;
    size_t later = 0;

    for (size_t i = 0; i < s->count; i++)
        later += forward_from_cut_off(&s->findings[i]);
    return stops ? later > 0 : later == s->count;
}

static void survey_init(struct survey *s, const struct model *model, const struct target *target)
{
    *s = (struct survey){.model = model, .target = target};
    for (size_t h = 0; h < target->host_count; h++)
        look_at_host(s, target->hosts[h].host);
    s->first = find_speaker(s);
    s->from_cut_off = waits_for_cut_off(s);
}

static void survey_release(struct survey *s)
{
    strings_release(&s->faults);
    free(s->findings);
}

static const char *const nouns[route_count] = {
    [ROUTE_MX] = "mail server",
    [ROUTE_IMPLICIT] = "mail server",
    [ROUTE_SMART_HOST] = "gateway",
};

static const char *noun_of(const struct target *target)
{
    return nouns[target->route] ? nouns[target->route] : "server";
}

/* A port that all are asked at (--smtp-port) is no news to anyone; one that the sender gave for a host is. */
static bool port_is_news(const struct finding *f)
{
    const struct endpoint_key *key = &f->endpoint->key;
    const struct target_spec *spec = &f->target->spec;

    for (size_t i = 0; i < spec->host_count && key->port != protocol_port(key->protocol); i++)
        if (spec->hosts[i].port == key->port && strcmp(spec->hosts[i].host, f->host->key.name) == 0)
            return true;
    return false;
}

/* "gw.fabrikam.example", "gw.fabrikam.example (192.0.2.14, port 2525)". */
static void say_server(const struct finding *f, bool address, struct buf *out)
{
    const struct endpoint_key *key = &f->endpoint->key;
    bool literal = !*key->server_name, port = port_is_news(f);

    buf_add_string(out, literal ? key->address : f->host->key.name);
    address &= !literal;
    if (!address && !port)
        return;
    buf_printf(out, " (%s%s", address ? key->address : "", address && port ? ", " : "");
    if (port)
        buf_printf(out, "port %u", key->port);
    buf_add_string(out, ")");
}

/* All addresses of the finding's host do the same. */
static bool speaks_for_host(const struct survey *s, size_t index)
{
    const struct host *host = s->findings[index].host;
    size_t alike = 0;

    for (size_t i = 0; i < s->count; i++)
        alike += s->findings[i].host == host && strcmp(s->faults.items[i], s->faults.items[index]) == 0;
    return alike == host->endpoint_count;
}

static void say_single(const struct survey *s, struct buf *out)
{
    const struct finding *f = &s->findings[s->first];

    buf_printf(out, "Your %s ", noun_of(s->target));
    say_server(f, !speaks_for_host(s, s->first), out);
    buf_printf(out, " %s", s->faults.items[s->first]);
}

/* "1 of your 3 mail servers fails our TLS check", "None of the 3 addresses of …". */
static void say_share(const struct survey *s, bool by_host, struct buf *out)
{
    unsigned all = by_host ? s->hosts : s->judged, bad = by_host ? s->bad_hosts : (unsigned)s->count;
    const struct host *host = s->findings[s->first].host;

    if (bad < all)
        buf_printf(out, "%u of ", bad);
    else
        buf_printf(out, "%s of ", all == 2 ? "Neither" : "None");
    if (by_host)
        buf_printf(out, "your %u %ss", all, noun_of(s->target));
    else
        buf_printf(out, "the %u addresses of your %s %s", all, noun_of(s->target), host->key.name);
    if (all < (by_host ? s->target->host_count : host->endpoint_count))
        buf_add_string(out, " that we could test");
    buf_add_string(out, bad == all ? " passes" : bad == 1 ? " fails" : " fail");
    buf_add_string(out, " our TLS check");
}

static void say_several(const struct survey *s, bool by_host, struct buf *out)
{
    const struct finding *f = &s->findings[s->first];
    bool only = (by_host ? s->bad_hosts : s->count) == 1;

    say_share(s, by_host, out);
    buf_add_string(out, only ? ": " : ", for example ");
    if (by_host)
        say_server(f, !speaks_for_host(s, s->first), out);
    else
        buf_add_string(out, f->endpoint->key.address);
    buf_printf(out, "%s %s", only ? "" : ", which", s->faults.items[s->first]);
}

static void say_what(const struct survey *s, struct buf *out)
{
    if (s->hosts > 1)
        say_several(s, true, out);
    else if (s->judged > 1 && !speaks_for_host(s, s->first))
        say_several(s, false, out);
    else
        say_single(s, out);
}

/* How long a sender's system keeps mail that it can't hand over. */
static const struct {
    const char *then;  /* "… queue mail {then} and then return it" */
    const char *after; /* "… may return it {after}" */
} patience[] = {
    [NAME_RULE_STRICT] = {"", ""},
    [NAME_RULE_EXCHANGE] = {" for 24 hours", " after 24 hours"},
    [NAME_RULE_POSTFIX] = {" for up to 5 days (its default)", " after 5 days (its default)"},
    [name_rule_count] = {" for up to 2 days (its default)", " after 2 days (its default)"},
};

/* Exchange Server, whose connectors have costs, waits longer than Exchange Online. */
static unsigned patience_of(const struct target_spec *spec)
{
    return spec->name_rule == NAME_RULE_EXCHANGE && spec->cost ? name_rule_count : spec->name_rule;
}

static void say_queue(const struct survey *s, struct buf *out)
{
    const struct target_spec *spec = &s->target->spec;
    bool later = s->from_cut_off;

    buf_printf(out, "%s ", forward_sender(spec));
    if (s->target->judgement.verdict == VERDICT_AT_RISK)
        buf_printf(out, "%s mail and may return it%s", later ? "will at times queue" : "at times queues",
                   patience[patience_of(spec)].after);
    else
        buf_printf(out, "%s mail%s and then %s it", later ? "will queue" : "queues",
                   patience[patience_of(spec)].then, later ? "return" : "returns");
}

/* Where nothing queues: by what flows, by whether TLS is required, and by verdict. */
enum flow { FLOW_MAIL, FLOW_RELAY, FLOW_SERVICE, flow_count };

static const char *const outcomes[flow_count][2][verdict_count] = {
    [FLOW_MAIL] = {{
        [VERDICT_AT_RISK] = "mail to you may at times go out in clear",
        [VERDICT_PLAINTEXT] = "mail to you goes out in clear",
        [VERDICT_NOT_READY] = "mail to you may go out in clear",
    }},
    [FLOW_RELAY] =
        {
            {
                [VERDICT_AT_RISK] = "what our applications send there may at times go in clear",
                [VERDICT_PLAINTEXT] = "what our applications send there goes in clear",
                [VERDICT_NOT_READY] = "what our applications send there may go in clear",
            },
            {
                [VERDICT_AT_RISK] = "our applications at times can't send mail there",
                [VERDICT_PLAINTEXT] = "our applications can't send mail there",
                [VERDICT_NOT_READY] = "our applications can't send mail there",
            },
        },
    [FLOW_SERVICE] =
        {
            {
                [VERDICT_AT_RISK] = "our clients' connections may at times be in clear",
                [VERDICT_PLAINTEXT] = "our clients' connections are in clear",
                [VERDICT_NOT_READY] = "our clients' connections may be in clear",
            },
            {
                [VERDICT_AT_RISK] = "our clients at times can't connect",
                [VERDICT_PLAINTEXT] = "our clients can't connect",
                [VERDICT_NOT_READY] = "our clients can't connect",
            },
        },
};

/* A relay that a connector hands mail to is fed by a queue. */
static enum flow flow_of(const struct target_spec *spec)
{
    if (spec->class == CLASS_SERVICE)
        return FLOW_SERVICE;
    return spec->class == CLASS_RELAY && !spec->connector ? FLOW_RELAY : FLOW_MAIL;
}

/* The floor has a day, and that is to come. */
static bool is_ahead(const struct survey *s)
{
    const char *since = s->model->baseline->since;
    char now[TEXT_TIME_SIZE];

    text_time(now, model_time(s->model));
    return since && strncmp(since, now, strlen(since)) > 0;
}

/* A floor that is in force may not be yet for this sender, who moves to it. */
static void say_from_when(const struct survey *s, struct buf *out)
{
    const struct baseline *baseline = s->model->baseline;

    buf_add_string(out, "; ");
    if (s->from_cut_off && baseline->since && !is_ahead(s))
        buf_printf(out, "once the rules of %s, in force since %s, hold for our mail, ", baseline->title,
                   baseline->since);
    else if (s->from_cut_off)
        buf_add_string(out, "from the cut-off ");
}

static void say_outcome(const struct survey *s, struct buf *out)
{
    bool required = s->target->spec.requirement != REQUIREMENT_NONE;
    const char *text = outcomes[flow_of(&s->target->spec)][required][s->target->judgement.verdict];

    say_from_when(s, out);
    if (text)
        buf_add_string(out, text);
    else
        say_queue(s, out);
    buf_add_string(out, ".");
}

/* Each reason is asked about once, the one that speaks for all first. */
static void list_remedies(const struct survey *s, struct strings *out)
{
    bool asked[reason_count] = {false};

    for (size_t i = 0; i <= s->count; i++) {
        const struct finding *f = &s->findings[i ? i - 1 : s->first];
        struct buf words;

        if (asked[f->judgement.reason])
            continue;
        asked[f->judgement.reason] = true;
        buf_init(&words, 0);
        forward_remedy(f, &words);
        strings_add_once(out, buf_string(&words));
        buf_release(&words);
    }
}

static void say_remedies(const struct survey *s, struct buf *out)
{
    struct strings remedies = {0};

    list_remedies(s, &remedies);
    buf_add_string(out, " Please ");
    for (size_t i = 0; i < remedies.count; i++)
        buf_printf(out, "%s%s", i == 0 ? "" : i + 1 == remedies.count ? " and " : ", ", remedies.items[i]);
    if (s->from_cut_off && is_ahead(s))
        buf_printf(out, "; the cut-off is on %s", s->model->baseline->since);
    buf_add_string(out, ".");
    strings_release(&remedies);
}

/* "your gateway gw.fabrikam.example", "any of your 3 mail servers", "the mail servers of fabrikam.example".
 */
static void say_servers(const struct target *target, bool any, struct buf *out)
{
    if (!target->host_count)
        buf_printf(out, "the mail servers of %s", target->spec.unicode);
    else if (target->host_count == 1)
        buf_printf(out, "your %s %s", noun_of(target), target->hosts[0].host->key.name);
    else
        buf_printf(out, "%syour %zu %ss", any ? "any of " : "", target->host_count, noun_of(target));
}

/* A resolver that fails here is no fault of their name servers. */
static const char *why_not(const struct model *model, const struct judgement *judgement)
{
    bool lost = model->preflight.checks[CHECK_RESOLVER].state == CHECK_TROUBLE;
    enum reason reason = judgement->reason;

    if (reason == REASON_PROBE_ERROR)
        return probe_error_title(judgement->error);
    if (reason == REASON_NXDOMAIN || reason == REASON_NO_ADDRESS)
        return "no address in DNS";
    if (lost && (reason == REASON_DNS_SERVFAIL || reason == REASON_DNS_TIMEOUT))
        return "the resolver here is in trouble";
    return reason_title(reason);
}

static void say_ignorance(const struct model *model, const struct target *target, struct buf *out)
{
    bool one = target->host_count == 1, reached = target->judgement.verdict == VERDICT_UNKNOWN;

    buf_add_string(out, reached ? "Our test of " : "We could not test ");
    say_servers(target, !reached, out);
    if (reached)
        buf_add_string(out, " came to no conclusion");
    else
        buf_printf(out, " from here (%s)", why_not(model, &target->judgement));
    buf_printf(out, ", so we do not know whether %s ", one ? "it accepts" : "they accept");
    forward_floor(model, target, out);
    buf_printf(out, ". Please tell us whether %s.", one ? "it does" : "they do");
}

static void say_shortfall(const struct model *model, const struct target *target, struct buf *out)
{
    struct survey s;

    survey_init(&s, model, target);
    if (s.count) {
        say_what(&s, out);
        say_outcome(&s, out);
        say_remedies(&s, out);
    }
    survey_release(&s);
}

char *model_forward(const struct model *model, const struct target *target)
{
    enum verdict verdict = target->judgement.verdict;
    struct buf out;

    if (target->spec.never_tls)
        return NULL;
    buf_init(&out, 0);
    if (verdict_falls_short(verdict))
        say_shortfall(model, target, &out);
    else if (verdict == VERDICT_UNKNOWN || verdict == VERDICT_UNREACHABLE)
        say_ignorance(model, target, &out);
    return out.length ? buf_take_string(&out) : NULL;
}

char *model_forward_fault(const struct model *model, const struct target *target, const struct host *host,
                          const struct endpoint *endpoint)
{
    struct finding finding = {model, target, host, endpoint, {0}};
    struct buf words;

    finding.judgement = model_judge_endpoint(model, target, host, endpoint);
    if (!verdict_falls_short(finding.judgement.verdict))
        return NULL;
    buf_init(&words, 0);
    forward_fault(&finding, &words);
    return buf_take_string(&words);
}

void model_forward_remedies(const struct model *model, const struct target *target, struct strings *out)
{
    struct survey s;

    survey_init(&s, model, target);
    if (s.count)
        list_remedies(&s, out);
    survey_release(&s);
}
