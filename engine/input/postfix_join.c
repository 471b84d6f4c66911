#include "engine/input/postfix.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/input/gathered.h"
#include "engine/input/host.h"
#include "engine/input/name.h"
#include "engine/input/postfix_private.h"
#include "engine/input/postfix_way.h"
#include "engine/input/records.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct join {
    struct input *out;
    struct postfix *p;
};

static struct postfix_policy *find_policy(struct join *j, const char *key)
{
    uintptr_t at = (uintptr_t)map_get(&j->p->policy_keys, key);

    return at ? &j->p->policies[at - 1] : NULL;
}

static struct postfix_transport *find_transport(struct join *j, const char *key)
{
    uintptr_t at = (uintptr_t)map_get(&j->p->transport_keys, key);

    return at ? &j->p->transports[at - 1] : NULL;
}

/* The next-hop itself, then, for a bare domain, its parents (TLS_README, "smtp_tls_policy_maps"). */
static struct postfix_policy *policy_for(struct join *j, const char *nexthop)
{
    struct postfix_policy *policy = find_policy(j, nexthop);
    const char *dot;

    if (*nexthop == '[')
        dot = NULL;
    else
        dot = strchr(nexthop, '.');
    for (; !policy && dot; dot = strchr(dot + 1, '.'))
        policy = find_policy(j, dot);
    return policy;
}

/* NULL when neither policy nor main.cf says one. */
static const char *level_of(const struct join *j, const struct postfix_policy *policy)
{
    if (policy)
        return policy->level;
    return j->p->fallback.level ? j->p->fallback.level : j->p->obsolete;
}

static enum requirement requirement_of(const char *level)
{
    if (strcmp(level, "verify") == 0 || strcmp(level, "secure") == 0)
        return REQUIREMENT_NAME;
    return strcmp(level, "encrypt") == 0 || strcmp(level, "dane-only") == 0 ||
                   strcmp(level, "fingerprint") == 0
               ? REQUIREMENT_ENCRYPTION
               : REQUIREMENT_NONE;
}

static void remark_level(struct target_spec *spec, const char *level)
{
    if (strcmp(level, "dane") == 0)
        strings_add(&spec->remarks,
                    "level dane demands more where the domain publishes TLSA records, which is not "
                    "judged here");
    else if (strcmp(level, "dane-only") == 0)
        strings_add(&spec->remarks, "level dane-only demands TLSA records too, which is not judged here");
    else if (strcmp(level, "fingerprint") == 0)
        strings_add(&spec->remarks, "level fingerprint compares fingerprints, which is not done here");
}

static void apply_protocols(const struct join *j, struct target_spec *spec,
                            const struct postfix_policy *policy, bool mandatory)
{
    const struct postfix_policy *from = policy && policy->protocols ? policy : &j->p->fallback;

    if (from == policy || mandatory)
        spec->floor = from->floor;
    else if (j->p->may_protocols)
        spec->floor = j->p->may_floor;
    if ((from == policy || mandatory) && from->capped)
        strings_add(&spec->remarks,
                    "its protocols leave out newer versions of TLS; a server that has only those is not "
                    "reached, which is not judged here");
}

static void apply_match(const struct join *j, struct target_spec *spec, const struct postfix_policy *policy,
                        const char *level, const char *nexthop)
{
    bool secure = strcmp(level, "secure") == 0;
    const char *match = policy ? policy->match : NULL;

    if (!match && secure)
        match = j->p->secure_match ? j->p->secure_match : "nexthop:dot-nexthop";
    if (!match)
        match = j->p->verify_match ? j->p->verify_match : "hostname";
    free(spec->tls_domain);
    spec->tls_domain = way_patterns(match, nexthop);
}

/* What Postfix demands of the next-hop, by policy, else by main.cf. */
static struct postfix_policy *demand(struct join *j, struct target_spec *spec, const char *nexthop)
{
    struct postfix_policy *policy = policy_for(j, nexthop);
    const char *level = level_of(j, policy);

    spec->name_rule = NAME_RULE_POSTFIX;
    if (policy)
        policy->used = true;
    if (!level && !j->p->main_seen) {
        strings_add(&spec->remarks,
                    "no input says smtp_tls_security_level (postconf -n does); it is taken as no more "
                    "than was said otherwise");
        return NULL;
    }
    if (!level)
        level = "none"; /* postconf(5): empty is no TLS */
    spec->requirement = requirement_of(level);
    spec->never_tls = strcmp(level, "none") == 0;
    remark_level(spec, level);
    if (spec->requirement == REQUIREMENT_NAME)
        apply_match(j, spec, policy, level, nexthop);
    if (!spec->never_tls)
        apply_protocols(j, spec, policy, spec->requirement != REQUIREMENT_NONE);
    return policy;
}

static void set_text(char **to, const char *text)
{
    char *copy = mem_string(text);

    free(*to);
    *to = copy;
}

/* Postfix looks up the policy of each next-hop of a list, and holds names against each by itself. */
static bool asks_the_same(struct join *j, const char *first, const char *hop)
{
    const struct postfix_policy *policy = policy_for(j, first);
    const char *level = level_of(j, policy);

    if (strcmp(first, hop) == 0)
        return true;
    return policy_for(j, hop) == policy && !(level && requirement_of(level) == REQUIREMENT_NAME);
}

/* Gives a spec its way and demand. `connector` is how people know the way. */
static void direct(struct join *j, struct target_spec *spec, const struct way *way, const char *connector,
                   enum connector_match match, const char *pattern)
{
    bool all = !way->skipped && !(way->mx_of && way->hosts.host_count);
    size_t i;

    for (i = 0; i < way->hosts.host_count; i++) {
        const struct host_port *host = &way->hosts.hosts[i];

        if (asks_the_same(j, way->hops.items[0], way->hops.items[i]))
            target_spec_add_host(spec, host->host, host->port, host->literal);
        else
            all = false;
    }
    if (!all)
        strings_add(&spec->remarks,
                    "further next-hops of the list, which have demands of their own, are not judged");
    if (way->mx_port && !way->hosts.host_count)
        strings_addf(&spec->remarks,
                     "its mail goes to port %u of the MX, and what is judged is the port of other mail",
                     way->mx_port);
    set_text(&spec->connector, connector);
    set_text(&spec->pattern, pattern);
    spec->match = match;
    demand(j, spec, way->first);
}

/* A way by the MX of another domain: that one is the target. True when it is. */
static bool is_elsewhere(const struct way *way, const char *domain)
{
    return way->mx_of && !way->hosts.host_count && strcmp(way->mx_of, domain) != 0;
}

static void set_domain(struct target_spec *spec, const char *ascii)
{
    char *again = NULL, *unicode = NULL;

    if (name_domain(ascii, &again, &unicode)) {
        again = mem_string(ascii);
        unicode = mem_string(ascii);
    }
    free(spec->domain);
    free(spec->unicode);
    spec->domain = again;
    spec->unicode = unicode;
}

static void move_elsewhere(struct target_spec *spec, const struct way *way)
{
    strings_addf(&spec->remarks, "mail for %s takes the MX of %s, so that is judged", spec->unicode,
                 way->mx_of);
    set_domain(spec, way->mx_of);
}

static void leave_out(struct join *j, const struct postfix_transport *t, const char *why)
{
    char *key = text_escaped(t->key, strnlen(t->key, 256));

    strings_addf(&j->out->notes, "%s: %s: %s", t->source, key, why);
    free(key);
}

static void begin(struct target_spec *spec, const char *source)
{
    target_spec_init(spec);
    spec->protocol = PROTOCOL_SMTP;
    spec->class = CLASS_PARTNER;
    spec->source = mem_string(source);
}

/* An entry of nothing but ":" changes neither transport nor next-hop. */
static const char *nexthops_of(const struct join *j, const struct postfix_transport *t)
{
    return strcmp(t->value, ":") == 0 && j->p->relayhost ? j->p->relayhost : t->nexthops;
}

static void add_transport(struct join *j, struct postfix_transport *t)
{
    struct target_spec spec;
    struct way way;
    const char *wrong;

    if (t->why_not) {
        leave_out(j, t, t->why_not);
        return;
    }
    if (*t->key == '.' || strcmp(t->key, "*") == 0)
        return;
    begin(&spec, t->source);
    wrong = name_domain(t->key, &spec.domain, &spec.unicode);
    if (!wrong) {
        wrong = way_read(nexthops_of(j, t), spec.domain, &way);
        if (!wrong) {
            direct(j, &spec, &way, t->value, MATCH_EXACT, NULL);
            if (is_elsewhere(&way, spec.domain)) {
                leave_out(j, t,
                          "its mail takes the MX of another domain, so that one is judged in its place");
                move_elsewhere(&spec, &way);
            }
            input_add(j->out, &spec);
        }
        way_release(&way);
    }
    if (wrong) {
        char *message =
            mem_format("%s; expected a domain and a next-hop such as smtp:[mail.example.com]:25", wrong);
        char *shown = text_escaped(t->key, strnlen(t->key, 80));

        input_problem(j->out, 0, mem_format("%s: '%s': %s", t->source, shown, message));
        free(message);
        free(shown);
        target_spec_release(&spec);
    }
}

/* ".example.com" above the domain, the longest first, then "*" (transport(5)). */
static struct postfix_transport *transport_above(struct join *j, const char *domain)
{
    struct postfix_transport *t = NULL;
    const char *dot;

    for (dot = strchr(domain, '.'); dot && !t; dot = strchr(dot + 1, '.'))
        t = find_transport(j, dot);
    return t ? t : find_transport(j, "*");
}

/* A given domain that no table names: transports above it, relayhost, or its own MX. */
static void direct_given(struct join *j, struct target_spec *spec)
{
    struct postfix_transport *t = transport_above(j, spec->domain);
    const char *nexthops = t ? nexthops_of(j, t) : j->p->relayhost ? j->p->relayhost : "";
    struct postfix_policy *policy;
    struct way way;

    if (t && t->why_not) {
        leave_out(j, t,
                  "it covers given domains and sends none to another mail server; they are judged without");
        return;
    }
    if (way_read(nexthops, spec->domain, &way)) {
        way_release(&way);
        strings_add(&spec->remarks, "the next-hop that covers it can't be read; it is judged by its own MX");
        return;
    }
    if (*nexthops) {
        char *connector = t ? mem_string(t->value) : mem_format("relayhost %s", j->p->relayhost);

        direct(j, spec, &way, connector, MATCH_WILDCARD, t ? t->key : "*");
        free(connector);
        if (t) {
            t->covered++;
            if (strcmp(t->key, "*") != 0)
                spec->class = CLASS_PARTNER;
        }
        if (is_elsewhere(&way, spec->domain))
            strings_addf(&spec->remarks, "its mail takes the MX of %s, which is not judged here", way.mx_of);
    } else if ((policy = demand(j, spec, spec->domain)) != NULL) {
        policy->covered++;
        spec->class = CLASS_PARTNER;
        set_text(&spec->connector, "smtp_tls_policy_maps");
        set_text(&spec->pattern, policy->key);
        spec->match = strcmp(policy->key, spec->domain) == 0 ? MATCH_EXACT : MATCH_WILDCARD;
    }
    way_release(&way);
}

/* A next-hop by itself, as a relay. */
static void add_relay(struct join *j, const char *nexthop, const char *source, const char *connector)
{
    struct target_spec spec;
    struct way way;
    size_t i;

    if (!way_read(nexthop, nexthop, &way))
        for (i = 0; i < way.hosts.host_count; i++) {
            struct host_port *host = &way.hosts.hosts[i];

            begin(&spec, source);
            spec.class = CLASS_RELAY;
            spec.is_endpoint = true;
            target_spec_add_host(&spec, host->host, host->port, host->literal);
            spec.domain = host_url(PROTOCOL_SMTP, host);
            spec.unicode = mem_string(spec.domain);
            set_text(&spec.connector, connector);
            spec.match = MATCH_EXACT;
            demand(j, &spec, way.first);
            input_add(j->out, &spec);
        }
    way_release(&way);
}

static void add_relayhost(struct join *j)
{
    struct target_spec spec;
    struct way way;

    if (!j->p->relayhost)
        return;
    if (way_read(j->p->relayhost, j->p->relayhost, &way)) {
        input_problem(
            j->out, 0,
            mem_format("%s: relayhost can't be read; expected a host such as [mail.example.com]:587",
                       j->p->relayhost_source));
    } else if (way.mx_of && !way.hosts.host_count) {
        begin(&spec, j->p->relayhost_source);
        spec.class = CLASS_RELAY;
        set_domain(&spec, way.mx_of);
        direct(j, &spec, &way, "relayhost", MATCH_EXACT, NULL);
        input_add(j->out, &spec);
    } else {
        add_relay(j, j->p->relayhost, j->p->relayhost_source, "relayhost");
    }
    way_release(&way);
}

/* A policy that no next-hop has come to yet. */
static void add_policy(struct join *j, size_t index, const struct map *given)
{
    const struct postfix_policy *policy = &j->p->policies[index];
    char *key = mem_string(policy->key), *shown = text_escaped(policy->key, strnlen(policy->key, 256));
    struct target_spec spec;
    const char *wrong = NULL;

    if (policy->used || map_get(given, key)) {
        /* a target has it, or will */
    } else if (*key == '[' || strchr(key, ':')) {
        add_relay(j, key, policy->source, "smtp_tls_policy_maps");
    } else if (*key != '.' && !j->p->relayhost && !find_transport(j, key) && !transport_above(j, key)) {
        begin(&spec, policy->source);
        wrong = name_domain(key, &spec.domain, &spec.unicode);
        if (wrong) {
            input_problem(j->out, 0,
                          mem_format("%s: '%s': %s; expected a domain, .domain or [host]:port",
                                     policy->source, shown, wrong));
            target_spec_release(&spec);
        } else {
            set_text(&spec.connector, "smtp_tls_policy_maps");
            spec.match = MATCH_EXACT;
            demand(j, &spec, key);
            input_add(j->out, &spec);
        }
    }
    free(key);
    free(shown);
}

static void note_unused(struct join *j)
{
    size_t i;

    for (i = 0; i < j->p->policy_count; i++) {
        const struct postfix_policy *policy = &j->p->policies[i];
        char *shown = text_escaped(policy->key, strnlen(policy->key, 256));

        if (*policy->key == '.')
            strings_addf(&j->out->notes,
                         "%s: %s names no domain to probe; given domains and next-hops that it covers: %zu",
                         policy->source, shown, policy->covered);
        else if (!policy->used)
            strings_addf(&j->out->notes, "%s: %s: no mail takes it as next-hop, so its level has no effect",
                         policy->source, shown);
        free(shown);
    }
    for (i = 0; i < j->p->transport_count; i++) {
        const struct postfix_transport *t = &j->p->transports[i];

        if (!t->why_not && (*t->key == '.' || strcmp(t->key, "*") == 0))
            strings_addf(&j->out->notes, "%s: %s names no domain to probe; given domains that it covers: %zu",
                         t->source, t->key, t->covered);
    }
    if (j->p->transport_maps && !j->p->transport_count)
        strings_addf(&j->out->notes,
                     "%s: transport_maps names %s, which is not among the inputs; give it with -i too",
                     j->p->main_source, j->p->transport_maps);
    if (j->p->policy_maps && !j->p->policy_count)
        strings_addf(&j->out->notes,
                     "%s: smtp_tls_policy_maps names %s, which is not among the inputs; give it with "
                     "-i too",
                     j->p->main_source, j->p->policy_maps);
}

/* A list said how mail gets there, or what is demanded: that stands. */
static bool says_its_way(const struct target_spec *spec)
{
    return spec->host_count || spec->tls_domain || spec->requirement >= REQUIREMENT_CHAIN;
}

/* Domains given by themselves, that Exchange's connectors left alone; those that a transport names go there.
 */
static void direct_all_given(struct join *j, size_t given)
{
    size_t i, kept = 0;

    for (i = 0; i < j->out->count; i++) {
        struct target_spec *spec = &j->out->specs[i];
        struct postfix_transport *t;

        if (i < given && !spec->connector && !spec->is_endpoint) {
            t = find_transport(j, spec->domain);
            if (t && !t->why_not) {
                strings_addf(&j->out->notes, "%s: %s is judged by its transport (%s)", spec->source,
                             spec->unicode, t->source);
                target_spec_release(spec);
                continue;
            }
            if (t)
                strings_addf(&spec->remarks, "%s (%s); its MX are judged all the same", t->why_not,
                             t->source);
            else if (!says_its_way(spec))
                direct_given(j, spec);
        }
        if (kept != i)
            j->out->specs[kept] = *spec;
        kept++;
    }
    input_cut(j->out, kept);
}

void postfix_finish(struct input *out)
{
    struct join j = {.out = out, .p = out->gathered ? out->gathered->postfix : NULL};
    size_t given = out->count, i;
    struct map domains;

    if (!j.p)
        return;
    map_init(&domains);
    for (i = 0; i < given; i++)
        if (!out->specs[i].connector && !out->specs[i].is_endpoint)
            map_put(&domains, out->specs[i].domain, out);
    for (i = 0; i < j.p->transport_count; i++)
        add_transport(&j, &j.p->transports[i]);
    add_relayhost(&j);
    for (i = 0; i < j.p->policy_count; i++)
        add_policy(&j, i, &domains);
    direct_all_given(&j, given);
    note_unused(&j);
    map_release(&domains, NULL);
}
