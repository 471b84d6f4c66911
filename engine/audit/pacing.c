#include "engine/audit/pacing.h"

#include "engine/audit/control_names.h"
#include "engine/model/directory.h"
#include "engine/net/operator.h"
#include "engine/base/map.h"
#include "engine/base/mem.h"
#include "engine/base/strings.h"

#include <stdlib.h>
#include <string.h>

/* Usual connections to one endpoint; probe/plan.c decides in each case. */
#define READINESS_LEAST 1
#define READINESS_MOST  3
#define FULL_LEAST      3
#define FULL_MOST       7

struct place {
    unsigned long connections;
};

/* While the plan is made. */
struct making {
    const struct audit_options *options;
    struct pacing *pacing;
    struct map operators, addresses, networks;
    struct map partners, others; /* domains by name */
};

static struct place *place_of(struct map *map, const char *key)
{
    struct place *place = map_get(map, key);

    if (!place) {
        place = mem_alloc(sizeof *place);
        map_put(map, key, place);
    }
    return place;
}

static struct pacing_operator *operator_named(struct making *m, const char *name)
{
    struct pacing_operator *operator= map_get(&m->operators, name);

    if (operator)
        return operator;
    operator= mem_alloc(sizeof *operator);
    operator->name = mem_string(name);
    map_put(&m->operators, name, operator);
    return operator;
}

static double pauses(unsigned long connections, double gap)
{
    return connections > 1 ? (double)(connections - 1) * gap : 0;
}

static void raise_to(double *value, double other)
{
    if (other > *value)
        *value = other;
}

/* The connections so far at that place, with one endpoint more. */
static double pauses_with(struct place *place, unsigned least, double gap)
{
    place->connections += least;
    return pauses(place->connections, gap);
}

static void add_to_operator(struct making *m, struct pacing_operator *operator, const char * address,
                            const char *network, unsigned extra)
{
    const struct audit_options *options = m->options;
    double gap = options->per_operator ? options->per_operator_gap : 0;
    struct place *place = place_of(&m->addresses, address);
    unsigned least = m->pacing->each_least + extra;
    double here;

    operator->addresses += !place->connections;
    operator->endpoints++;
    operator->least += least;
    operator->most += m->pacing->each_most + extra;
    here = pauses_with(place, least, options->per_host_gap);
    raise_to(&m->pacing->by_address, here);
    raise_to(&operator->seconds, here);
    raise_to(&operator->seconds, pauses(operator->least, gap));
    raise_to(&m->pacing->by_operator, pauses(operator->least, gap));
    raise_to(&m->pacing->by_operator, pauses_with(place_of(&m->networks, network), least, gap));
}

/* As work.c has it. */
static bool is_injected(const struct audit_options *options, enum protocol protocol)
{
    return options->check_injection && options->depth == DEPTH_FULL &&
           (protocol == PROTOCOL_SMTP || protocol == PROTOCOL_SUBMISSION);
}

static void add_endpoint(struct making *m, const struct endpoint *endpoint)
{
    struct net_address address;
    bool injected = is_injected(m->options, endpoint->key.protocol);
    char *domain, *network;

    if (!endpoint->shared_by || !net_address_parse(endpoint->key.address, &address))
        return;
    domain = operator_domain(endpoint->key.server_name);
    network = operator_network(&address);
    m->pacing->endpoints++;
    m->pacing->shared += endpoint->shared_by > 1;
    m->pacing->injected += injected;
    add_to_operator(m, operator_named(m, domain ? domain : network), endpoint->key.address, network,
                    injected);
    free(domain);
    free(network);
}

/* One that is not there has no records below it, either; each name is asked about once. */
static void count_questions(struct map *names, const struct target *target, enum dns_status status,
                            unsigned long *questions)
{
    struct place *place = place_of(names, target->spec.domain);

    if (!place->connections++)
        *questions += status == DNS_NXDOMAIN ? 1 : 2;
}

/* As contacts.c has it. */
static void add_questions(struct making *m, const struct target *target)
{
    enum dns_status status = target->spec.host_count ? target->beside.dns.status : target->dns.status;

    if (target->spec.is_endpoint || strchr(target->spec.domain, '*') || !directory_told(status))
        return;
    if (target->spec.class == CLASS_PARTNER)
        count_questions(&m->partners, target, status, &m->pacing->partner_questions);
    else if (target->host_count)
        count_questions(&m->others, target, status, &m->pacing->other_questions);
}

static int slowest_first(const void *a, const void *b)
{
    const struct pacing_operator *one = a, *other = b;

    if (one->seconds != other->seconds)
        return one->seconds < other->seconds ? 1 : -1;
    if (one->least != other->least)
        return one->least < other->least ? 1 : -1;
    return strcmp(one->name, other->name);
}

static void take_operators(struct making *m)
{
    struct pacing *pacing = m->pacing;
    struct pacing_operator *operator;
    size_t at = 0;

    pacing->operators = mem_array(m->operators.count, sizeof *pacing->operators);
    while ((operator= map_next(&m->operators, &at)) != NULL) {
        pacing->operators[pacing->operator_count++] = *operator;
        pacing->least += operator->least;
        pacing->most += operator->most;
    }
    qsort(pacing->operators, pacing->operator_count, sizeof *pacing->operators, slowest_first);
}

static void begin(struct making *m, const struct audit_options *options, struct pacing *pacing)
{
    bool full = options->depth == DEPTH_FULL;

    memset(pacing, 0, sizeof *pacing);
    pacing->each_least = full ? FULL_LEAST : READINESS_LEAST;
    pacing->each_most = full ? FULL_MOST : READINESS_MOST;
    m->options = options;
    m->pacing = pacing;
    map_init(&m->operators);
    map_init(&m->addresses);
    map_init(&m->networks);
    map_init(&m->partners);
    map_init(&m->others);
}

void pacing_plan(const struct model *model, const struct audit_options *options, struct pacing *pacing)
{
    unsigned concurrency = options->concurrency ? options->concurrency : 1;
    struct model_counts counts;
    struct making m;

    begin(&m, options, pacing);
    model_counts(model, &counts);
    pacing->targets = counts.targets;
    for (size_t i = 0; i < model_endpoint_count(model); i++)
        add_endpoint(&m, model_endpoint_at(model, i));
    for (size_t i = 0; i < model_target_count(model); i++)
        add_questions(&m, model_target_at(model, i));
    pacing->addresses = m.addresses.count;
    take_operators(&m);
    pacing->by_concurrency = (double)pacing->least * PACING_CONNECTION_SECONDS / concurrency;
    raise_to(&pacing->seconds, pacing->by_address);
    raise_to(&pacing->seconds, pacing->by_operator);
    raise_to(&pacing->seconds, pacing->by_concurrency);
    map_release(&m.operators, free);
    map_release(&m.addresses, free);
    map_release(&m.networks, free);
    map_release(&m.partners, free);
    map_release(&m.others, free);
}

void pacing_release(struct pacing *pacing)
{
    for (size_t i = 0; i < pacing->operator_count; i++)
        free(pacing->operators[i].name);
    free(pacing->operators);
    memset(pacing, 0, sizeof *pacing);
}

void pacing_controls(const struct audit_options *options, struct strings *names)
{
    for (size_t i = 0; i < options->control_count; i++)
        strings_add(names, options->controls[i]);
    if (!options->control_count)
        control_names(names);
}

char *pacing_time(double seconds)
{
    unsigned long s = (unsigned long)(seconds + 0.5), minutes = (s + 30) / 60, hours = minutes / 60;

    if (s < 1)
        return mem_string("less than a second");
    if (s < 120)
        return mem_format("%lu s", s);
    if (minutes < 120)
        return mem_format("%lu min", minutes);
    if (hours < 48)
        return mem_format("%lu h %lu min", hours, minutes % 60);
    return mem_format("%lu days %lu h", hours / 24, hours % 24);
}
