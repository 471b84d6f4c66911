#include "engine/input/gathered.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/input/name.h"
#include "engine/input/records.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define OTHERS_MOST  8   /* connectors that a target names beside its own */
#define COVERS_MOST  5   /* domains that a note on a wildcard names */
#define INBOUND_MOST 16  /* expectations that a target shows */
#define CHAIN_MOST   256 /* carriers of one pattern that are looked at */

/* Chains of indices by a name: heads hold index + 1, `next` leads on, 0 ends. */
struct chains {
    struct map heads;
    size_t *next;
};

struct selection {
    struct input *input;
    struct gathered *gathered;
    struct chains domains;  /* of specs */
    struct chains patterns; /* of wildcard carriers, by what stands behind "*." ("" for "*") */
    bool *gone;             /* specs that another one speaks for */
};

static size_t chain_head(const struct chains *chains, const char *key)
{
    return (size_t)(uintptr_t)map_get(&chains->heads, key);
}

/* Puts `index` at the end its caller wants: chains are built from the last index down, so they run upwards.
 */
static void chain_push(struct chains *chains, const char *key, size_t index)
{
    chains->next[index] = (size_t)(uintptr_t)map_put(&chains->heads, key, (void *)(uintptr_t)(index + 1));
}

static const char *below(const char *pattern)
{
    return pattern[1] == '.' ? pattern + 2 : "";
}

static struct target_spec *spec_at(const struct selection *s, size_t index)
{
    return &s->input->specs[index];
}

static void index_domains(struct selection *s)
{
    size_t i = s->input->count;

    map_init(&s->domains.heads);
    s->domains.next = mem_array(i + 1, sizeof *s->domains.next);
    while (i--)
        if (!spec_at(s, i)->is_endpoint)
            chain_push(&s->domains, spec_at(s, i)->domain, i);
}

static void index_patterns(struct selection *s)
{
    size_t i = s->gathered->carrier_count;

    map_init(&s->patterns.heads);
    s->patterns.next = mem_array(i + 1, sizeof *s->patterns.next);
    while (i--)
        if (s->gathered->carriers[i].model.match == MATCH_WILDCARD)
            chain_push(&s->patterns, below(s->gathered->carriers[i].model.pattern), i);
}

static void release_chains(struct chains *chains)
{
    map_release(&chains->heads, NULL);
    free(chains->next);
}

static bool is_own(const struct target_spec *spec, const struct target_spec *other)
{
    return strcmp(spec->connector, other->connector) == 0 && strstr(spec->source, other->source) != NULL;
}

static void add_other(struct target_spec *spec, const struct target_spec *other)
{
    struct connector_ref ref = {other->connector, other->source, other->match, other->pattern};

    if (spec->connector && is_own(spec, other))
        return;
    if (spec->other_count < OTHERS_MOST)
        target_spec_add_other(spec, &ref);
    else if (spec->other_count == OTHERS_MOST)
        strings_add_once(&spec->remarks, "there are more connectors that could carry it than are shown");
}

/* What one domain's specs are. */
struct members {
    bool named;    /* by an exact connector */
    bool carried;  /* by an exact connector or as accepted domain */
    bool ruled;    /* by a rule that takes all its mail */
    unsigned cost; /* lowest of the exact ones */
};

static void look_at(const struct selection *s, size_t head, struct members *m)
{
    size_t at;

    for (at = head; at; at = s->domains.next[at - 1]) {
        const struct target_spec *spec = spec_at(s, at - 1);
        bool exact = spec->match == MATCH_EXACT;

        m->named |= exact;
        m->carried |= exact || spec->match == MATCH_ACCEPTED;
        m->ruled |= spec->match == MATCH_RULE && !carriers_takes_part(spec);
        if (exact && spec->cost && (!m->cost || spec->cost < m->cost))
            m->cost = spec->cost;
    }
}

/* Exchange takes the exact connector before one for all accepted domains, and of equal address spaces the
 * cheapest. */
static bool is_outranked(const struct target_spec *spec, const struct members *m)
{
    if (spec->match == MATCH_ACCEPTED)
        return m->named;
    return spec->match == MATCH_EXACT && spec->cost > m->cost;
}

static char *take(char **from)
{
    char *text = *from;

    *from = NULL;
    return text;
}

/* The domain was given by itself too: what was said of it goes to the connector's target. */
static void merge_plain(struct selection *s, struct target_spec *spec, size_t plain)
{
    struct target_spec *given = spec_at(s, plain - 1);

    if (!spec->owner)
        spec->owner = take(&given->owner);
    if (!spec->note)
        spec->note = take(&given->note);
    if (strcmp(given->source, spec->source) != 0)
        strings_addf(&s->input->notes, "%s: %s is carried by connector \"%s\" (%s) and judged there",
                     given->source, spec->unicode, spec->connector, spec->source);
    s->gone[plain - 1] = true;
}

/* Every connector of the domain learns of the others. */
static void tell_others(struct selection *s, size_t head)
{
    size_t at, other;

    for (at = head; at; at = s->domains.next[at - 1]) {
        struct target_spec *spec = spec_at(s, at - 1);
        unsigned told = 0;

        if (s->gone[at - 1] || !spec->connector)
            continue;
        for (other = head; other && told <= OTHERS_MOST; other = s->domains.next[other - 1]) {
            const struct target_spec *o = spec_at(s, other - 1);

            if (other == at || !o->connector)
                continue;
            told++;
            add_other(spec, o);
            if (spec->match == MATCH_EXACT && o->match == MATCH_EXACT && !s->gone[other - 1])
                strings_add_once(&spec->remarks,
                                 "more than one connector names this domain; which of them mail "
                                 "takes is not documented, so each is judged");
        }
    }
}

static void count_cover(struct carrier *carrier, const struct target_spec *spec)
{
    if (carrier->covered++ < COVERS_MOST)
        strings_add(&carrier->covers, spec->unicode);
}

/* A given domain goes the way of the wildcard's connector. One for all domains makes nobody a partner. */
static void cover(struct target_spec *spec, struct carrier *carrier)
{
    const struct target_spec *model = &carrier->model;
    char *source = mem_format("%s; connector at %s", spec->source, model->source);
    size_t i;

    if (strcmp(model->pattern, "*") != 0)
        spec->class = CLASS_PARTNER;
    free(spec->source);
    free(spec->tls_domain);
    spec->source = source;
    spec->requirement = model->requirement;
    spec->tls_domain = mem_string(model->tls_domain);
    spec->name_rule = model->name_rule;
    spec->never_tls = model->never_tls;
    spec->domain_secure = model->domain_secure;
    spec->connector = mem_string(model->connector);
    spec->match = MATCH_WILDCARD;
    spec->pattern = mem_string(model->pattern);
    spec->cost = model->cost;
    for (i = 0; i < model->host_count; i++)
        target_spec_add_host(spec, model->hosts[i].host, model->hosts[i].port, model->hosts[i].literal);
    strings_copy(&spec->remarks, &model->remarks);
}

/* Of the carriers of one pattern the cheapest one is taken first. */
static struct carrier *cheapest(struct selection *s, size_t head)
{
    struct carrier *best = NULL;
    unsigned looked = 0;
    size_t at;

    for (at = head; at && looked++ < CHAIN_MOST; at = s->patterns.next[at - 1]) {
        struct carrier *carrier = &s->gathered->carriers[at - 1];

        if (!best || carrier->model.cost < best->model.cost)
            best = carrier;
    }
    return best;
}

/* What carriers of one pattern are to a spec: its way when it has none yet, others when it has. */
static void meet_pattern(struct selection *s, const char *suffix, struct target_spec *spec)
{
    size_t head = chain_head(&s->patterns, suffix), at;
    struct carrier *best = cheapest(s, head);
    unsigned told = 0;

    if (!best)
        return;
    if (!spec->connector && !spec->host_count && !spec->tls_domain) {
        cover(spec, best);
        count_cover(best, spec);
    } else {
        add_other(spec, &best->model);
    }
    for (at = head; at && told <= OTHERS_MOST; at = s->patterns.next[at - 1]) {
        struct carrier *carrier = &s->gathered->carriers[at - 1];

        if (carrier == best)
            continue;
        told++;
        add_other(spec, &carrier->model);
    }
}

/* "*.contoso.com" and contoso.com itself: Microsoft's pages say both. */
static void meet_apex(struct selection *s, struct target_spec *spec)
{
    size_t at = chain_head(&s->patterns, spec->domain);

    if (!at || (spec->connector && is_own(spec, &s->gathered->carriers[at - 1].model)))
        return;
    add_other(spec, &s->gathered->carriers[at - 1].model);
    strings_addf(
        &spec->remarks,
        "whether *.%s of connector \"%s\" carries %s itself is documented both ways; it is judged without",
        spec->unicode, s->gathered->carriers[at - 1].model.connector, spec->unicode);
}

/* From the longest pattern to "*", as Exchange selects. */
static void meet_wildcards(struct selection *s, struct target_spec *spec)
{
    const char *at = strchr(spec->domain, '.');

    if (!s->patterns.heads.count)
        return;
    for (; at; at = strchr(at + 1, '.'))
        meet_pattern(s, at + 1, spec);
    meet_pattern(s, "", spec);
    meet_apex(s, spec);
}

/* The spec that speaks for the domain given by itself; NULL when that stands on its own. */
static struct target_spec *speaker(const struct selection *s, size_t head, const struct members *m)
{
    size_t at;

    if (!m->carried && !m->ruled)
        return NULL;
    for (at = head; at; at = s->domains.next[at - 1])
        if (spec_at(s, at - 1)->connector && !s->gone[at - 1] &&
            (m->carried ? spec_at(s, at - 1)->match != MATCH_RULE : true))
            return spec_at(s, at - 1);
    return NULL;
}

static void select_domain(struct selection *s, size_t head)
{
    struct members m = {0};
    struct target_spec *speaks;
    size_t at;

    look_at(s, head, &m);
    for (at = head; at; at = s->domains.next[at - 1])
        s->gone[at - 1] = is_outranked(spec_at(s, at - 1), &m);
    speaks = speaker(s, head, &m);
    for (at = head; at && speaks; at = s->domains.next[at - 1])
        if (!spec_at(s, at - 1)->connector)
            merge_plain(s, speaks, at);
    tell_others(s, head);
    for (at = head; at; at = s->domains.next[at - 1])
        if (!s->gone[at - 1])
            meet_wildcards(s, spec_at(s, at - 1));
}

static void select_all(struct selection *s)
{
    bool *seen = mem_array(s->input->count + 1, sizeof *seen);
    size_t i, at;

    for (i = 0; i < s->input->count; i++) {
        if (seen[i] || spec_at(s, i)->is_endpoint)
            continue;
        for (at = i + 1; at; at = s->domains.next[at - 1])
            seen[at - 1] = true;
        select_domain(s, i + 1);
    }
    free(seen);
}

/* Domain Security: the certificate must be the recipient domain's (Set-TransportConfig). */
static void secure_spec(struct target_spec *spec)
{
    if (spec->connector && !spec->domain_secure) {
        strings_add(&spec->remarks,
                    "TLSSendDomainSecureList names it, but its connector does no Domain Security, so "
                    "the list demands nothing");
        return;
    }
    spec->requirement = REQUIREMENT_NAME;
    spec->class = CLASS_PARTNER;
    free(spec->tls_domain);
    spec->tls_domain = NULL;
    strings_add(&spec->remarks,
                spec->connector
                    ? "TLSSendDomainSecureList demands mutual TLS: this side shows a certificate too"
                    : "TLSSendDomainSecureList names it; no connector here carries it");
}

static void secure_all(struct selection *s)
{
    size_t i, at;

    for (i = 0; i < s->gathered->secure_count; i++)
        for (at = chain_head(&s->domains, s->gathered->secure[i].ascii); at; at = s->domains.next[at - 1])
            if (!s->gone[at - 1])
                secure_spec(spec_at(s, at - 1));
}

/* An inbound connector for all senders is the one's whose certificate it wants. */
static const char *partner_of(const struct inbound *inbound)
{
    const char *name = inbound->expectation.certificate_name;

    if (!inbound->wildcard || *inbound->ascii || !name)
        return inbound->ascii;
    return strncmp(name, "*.", 2) == 0 ? name + 2 : name;
}

static void index_inbound(struct selection *s, struct chains *partners)
{
    size_t i = s->gathered->inbound_count;

    map_init(&partners->heads);
    partners->next = mem_array(i + 1, sizeof *partners->next);
    while (i--)
        if (*partner_of(&s->gathered->inbound[i]))
            chain_push(partners, partner_of(&s->gathered->inbound[i]), i);
}

/* What is expected of `partner`, which is the spec's domain or above it. */
static void expect_of(struct selection *s, const struct chains *partners, const char *partner,
                      struct target_spec *spec)
{
    bool above = partner != spec->domain;
    size_t at;

    for (at = chain_head(partners, partner); at; at = partners->next[at - 1]) {
        struct inbound *inbound = &s->gathered->inbound[at - 1];

        if (above && !inbound->wildcard)
            continue;
        inbound->seen = true;
        if (spec->inbound_count < INBOUND_MOST)
            target_spec_add_inbound(spec, &inbound->expectation);
    }
}

static void expect_all(struct selection *s)
{
    struct chains partners;
    size_t i;

    index_inbound(s, &partners);
    for (i = 0; i < s->input->count; i++) {
        struct target_spec *spec = spec_at(s, i);
        const char *at;

        if (s->gone[i] || spec->is_endpoint)
            continue;
        expect_of(s, &partners, spec->domain, spec);
        for (at = strchr(spec->domain, '.'); at; at = strchr(at + 1, '.'))
            expect_of(s, &partners, at + 1, spec);
    }
    release_chains(&partners);
    for (i = 0; i < s->gathered->inbound_count; i++)
        if (!s->gathered->inbound[i].seen)
            strings_addf(
                &s->input->notes,
                "%s: sender domain %s is no target's here, so it is shown beside none; what a partner sends "
                "can't be probed",
                s->gathered->inbound[i].place, s->gathered->inbound[i].expectation.sender_domain);
}

static void sweep(struct selection *s)
{
    size_t i, kept = 0;

    for (i = 0; i < s->input->count; i++) {
        if (s->gone[i])
            target_spec_release(&s->input->specs[i]);
        else
            s->input->specs[kept++] = s->input->specs[i];
    }
    input_cut(s->input, kept);
}

void select_connectors(struct input *input)
{
    struct selection s = {.input = input, .gathered = input->gathered};

    if (!input->gathered)
        return;
    carriers_apply(input, s.gathered);
    s.gone = mem_array(input->count + 1, sizeof *s.gone);
    index_domains(&s);
    index_patterns(&s);
    select_all(&s);
    secure_all(&s);
    expect_all(&s);
    carriers_note(input, s.gathered);
    sweep(&s);
    release_chains(&s.domains);
    release_chains(&s.patterns);
    free(s.gone);
}
