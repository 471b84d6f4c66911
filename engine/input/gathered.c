#include "engine/input/gathered.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

struct gathered *gathered_of(struct input *input)
{
    if (!input->gathered) {
        input->gathered = mem_alloc(sizeof *input->gathered);
        map_init(&input->gathered->guids);
        map_init(&input->gathered->pairs);
    }
    return input->gathered;
}

/* The array with a zeroed item behind `*count`, which grows; capacity is the next power of two. */
static void *grown(void *items, size_t *count, size_t size)
{
    if (!(*count & (*count - 1)))
        items = mem_resize(items, *count ? *count * 2 : 1, size);
    memset((char *)items + *count * size, 0, size);
    ++*count;
    return items;
}

struct carrier *gathered_add_carrier(struct gathered *g)
{
    g->carriers = grown(g->carriers, &g->carrier_count, sizeof *g->carriers);
    return &g->carriers[g->carrier_count - 1];
}

struct accepted_domain *gathered_add_accepted(struct gathered *g)
{
    g->accepted = grown(g->accepted, &g->accepted_count, sizeof *g->accepted);
    return &g->accepted[g->accepted_count - 1];
}

struct rule *gathered_add_rule(struct gathered *g)
{
    g->rules = grown(g->rules, &g->rule_count, sizeof *g->rules);
    return &g->rules[g->rule_count - 1];
}

struct inbound *gathered_add_inbound(struct gathered *g)
{
    g->inbound = grown(g->inbound, &g->inbound_count, sizeof *g->inbound);
    return &g->inbound[g->inbound_count - 1];
}

struct secure_domain *gathered_add_secure(struct gathered *g)
{
    g->secure = grown(g->secure, &g->secure_count, sizeof *g->secure);
    return &g->secure[g->secure_count - 1];
}

static void free_carrier(struct carrier *carrier)
{
    target_spec_release(&carrier->model);
    strings_release(&carrier->covers);
    free(carrier->place);
    free(carrier->guid);
}

static void free_rule(struct rule *rule)
{
    strings_release(&rule->domains);
    free(rule->name);
    free(rule->place);
    free(rule->connector);
}

static void free_inbound(struct inbound *inbound)
{
    free(inbound->expectation.connector);
    free(inbound->expectation.source);
    free(inbound->expectation.sender_domain);
    free(inbound->expectation.certificate_name);
    free(inbound->ascii);
    free(inbound->unicode);
    free(inbound->place);
}

static void free_domains(struct gathered *g)
{
    size_t i;

    for (i = 0; i < g->accepted_count; i++) {
        free(g->accepted[i].ascii);
        free(g->accepted[i].unicode);
        free(g->accepted[i].source);
    }
    for (i = 0; i < g->secure_count; i++) {
        free(g->secure[i].ascii);
        free(g->secure[i].unicode);
        free(g->secure[i].source);
    }
    free(g->accepted);
    free(g->secure);
}

void gathered_free(struct gathered *g)
{
    size_t i;

    if (!g)
        return;
    for (i = 0; i < g->carrier_count; i++)
        free_carrier(&g->carriers[i]);
    for (i = 0; i < g->rule_count; i++)
        free_rule(&g->rules[i]);
    for (i = 0; i < g->inbound_count; i++)
        free_inbound(&g->inbound[i]);
    free_domains(g);
    postfix_free(g->postfix);
    free(g->carriers);
    free(g->rules);
    free(g->inbound);
    map_release(&g->guids, NULL);
    map_release(&g->pairs, NULL);
    free(g);
}
