#include "engine/audit/contacts.h"

#include "engine/base/mem.h"
#include "engine/net/operator.h"
#include "engine/policy/mailbox.h"
#include "engine/policy/tls_rpt.h"

#include <stdlib.h>
#include <string.h>

#define LOOKUPS_MOST 16  /* domains asked about at once */
#define LOOK_MS      250 /* between two walks over targets that are not decided */

/* It belongs to no target, which may go meanwhile. */
struct contacts_lookup {
    struct audit *audit;
    uint32_t id;
    char *domain;
    struct directory *directory;
    unsigned questions; /* that are not answered */
    bool wanted;        /* the answer counts, and the engine is at work for it */
    LIST_ENTRY(contacts_lookup) link;
};

enum decision { DECIDE_LATER, DECIDE_YES, DECIDE_NO };

static void put(struct engine_target *target, enum contacts_place place)
{
    struct audit *audit = target->audit;

    if (place == CONTACTS_NOWHERE)
        target->contacts_asked = false;
    if (target->contacts == place)
        return;
    if (target->contacts == CONTACTS_UNDECIDED)
        TAILQ_REMOVE(&audit->undecided, target, contacts_link);
    if (target->contacts == CONTACTS_IN_LINE)
        TAILQ_REMOVE(&audit->contacts_line, target, contacts_link);
    if (place == CONTACTS_UNDECIDED)
        TAILQ_INSERT_TAIL(&audit->undecided, target, contacts_link);
    if (place == CONTACTS_IN_LINE)
        TAILQ_INSERT_TAIL(&audit->contacts_line, target, contacts_link);
    target->contacts = place;
}

static bool is_domain(const struct engine_target *target)
{
    return !target->spec.is_endpoint && !strchr(target->spec.domain, '*');
}

void contacts_consider(struct engine_target *target)
{
    if (is_domain(target) && !target->audit->options.resolve_only && target->contacts != CONTACTS_IN_LINE)
        put(target, CONTACTS_UNDECIDED);
}

void contacts_leave(struct engine_target *target)
{
    put(target, CONTACTS_NOWHERE);
}

void contacts_forget(const struct engine_target *target)
{
    char *name = tls_rpt_name(target->spec.domain);

    resolver_forget(target->audit->resolver, name);
    free(name);
}

/* Whether something on its route falls short; later where that is not known yet. */
static enum decision decide_by_route(const struct engine_target *target)
{
    bool short_of = false;

    for (size_t h = 0; h < target->way.count; h++) {
        const struct engine_host *host = target->way.hosts[h];

        if (!host->resolved)
            return DECIDE_LATER;
        for (size_t i = 0; i < host->endpoint_count; i++) {
            if (!host->endpoints[i]->ready_done)
                return DECIDE_LATER;
            short_of |= host->endpoints[i]->falls_short;
        }
    }
    return short_of ? DECIDE_YES : DECIDE_NO;
}

static enum decision decide(const struct engine_target *target)
{
    if (!target->resolved || target->wanted)
        return DECIDE_LATER;
    if (!directory_told(target->told))
        return DECIDE_NO;
    if (target->spec.class == CLASS_PARTNER || target->contacts_asked)
        return DECIDE_YES;
    return decide_by_route(target);
}

static void end_lookup(struct contacts_lookup *lookup)
{
    LIST_REMOVE(lookup, link);
    lookup->audit->lookups_open--;
    directory_free(lookup->directory);
    free(lookup->domain);
    free(lookup);
}

static void start_more(struct audit *audit);

static void answered(struct contacts_lookup *lookup)
{
    struct event event = {.type = EVENT_CONTACTS, .target = lookup->id};
    struct audit *audit = lookup->audit;
    bool wanted = lookup->wanted;

    engine_count_queries(audit);
    if (--lookup->questions)
        return;
    if (wanted) {
        event.directory = lookup->directory;
        lookup->directory = NULL;
        engine_put(audit, &event);
    }
    end_lookup(lookup);
    start_more(audit);
    if (wanted)
        engine_end(audit);
}

/* A zone speaks for its domain within what was registered, not from above: com does not for contoso.com. */
static bool speaks_for(const char *zone, const char *domain)
{
    char *of_zone = operator_domain(zone), *of_domain = operator_domain(domain);
    bool same = of_zone && of_domain && strcmp(of_zone, of_domain) == 0;

    free(of_zone);
    free(of_domain);
    return same;
}

static void on_zone(void *context, const struct zone_answer *answer)
{
    struct contacts_lookup *lookup = context;
    struct directory *directory = lookup->directory;

    directory->zone_status = answer->status == DNS_OK ? DNS_NO_DATA : answer->status;
    if (directory_told(answer->status) && answer->zone && speaks_for(answer->zone, lookup->domain)) {
        directory->zone_status = DNS_OK;
        directory->zone = mem_string(answer->zone);
        directory->mailbox = mailbox_of_name(answer->mailbox);
    }
    answered(lookup);
}

static void on_text(void *context, const struct names_answer *answer)
{
    struct contacts_lookup *lookup = context;
    struct directory *directory = lookup->directory;
    const char *record = tls_rpt_choose(answer->names, answer->count);

    directory->report_status = answer->status;
    if (record && tls_rpt_read(record, &directory->uris))
        directory->record = mem_string(record);
    answered(lookup);
}

/* Below a name that is not there is none (RFC 8020). */
static void start(struct engine_target *target)
{
    struct contacts_lookup *lookup = mem_alloc(sizeof *lookup);
    struct resolver *resolver = target->audit->resolver;
    bool there = target->told != DNS_NXDOMAIN;
    char *name = tls_rpt_name(target->spec.domain);

    lookup->audit = target->audit;
    lookup->id = target->id;
    lookup->domain = mem_string(target->spec.domain);
    lookup->directory = directory_new();
    lookup->directory->report_status = there ? DNS_NOT_QUERIED : DNS_NXDOMAIN;
    lookup->questions = there ? 2 : 1;
    lookup->wanted = true;
    LIST_INSERT_HEAD(&lookup->audit->lookups, lookup, link);
    lookup->audit->lookups_open++;
    engine_begin(lookup->audit);
    resolver_zone(resolver, lookup->domain, on_zone, lookup);
    if (there)
        resolver_text(resolver, name, on_text, lookup);
    free(name);
}

static void start_more(struct audit *audit)
{
    struct engine_target *target;

    while (audit->lookups_open < LOOKUPS_MOST && (target = TAILQ_FIRST(&audit->contacts_line)) != NULL) {
        put(target, CONTACTS_NOWHERE);
        start(target);
    }
}

static void look(struct audit *audit, bool all_done)
{
    struct engine_target *target, *next;

    for (target = TAILQ_FIRST(&audit->undecided); target; target = next) {
        enum decision decision = decide(target);

        next = TAILQ_NEXT(target, contacts_link);
        if (decision == DECIDE_YES)
            put(target, CONTACTS_IN_LINE);
        else if (decision == DECIDE_NO || all_done)
            put(target, CONTACTS_NOWHERE);
    }
    start_more(audit);
}

static bool readiness_is_over(const struct audit *audit)
{
    const struct engine_counts *counts = &audit->counts;

    return !audit->hosts_asked && atomic_load(&counts->targets_resolved) == atomic_load(&counts->targets) &&
           atomic_load(&counts->ready_done) + audit->put_off >= atomic_load(&counts->endpoints);
}

void contacts_on_readiness(struct audit *audit)
{
    uint64_t now = net_loop_now_ms(audit->loop);

    if (TAILQ_EMPTY(&audit->undecided) || now < audit->looked_ms + LOOK_MS || !readiness_is_over(audit))
        return;
    audit->looked_ms = now;
    look(audit, false);
}

static bool leads_to_renewed(const struct engine_target *target)
{
    unsigned round = target->audit->round;

    for (size_t h = 0; h < target->way.count; h++) {
        const struct engine_host *host = target->way.hosts[h];

        if (host->round == round)
            return true;
        for (size_t i = 0; i < host->endpoint_count; i++)
            if (host->endpoints[i]->round == round)
                return true;
    }
    return false;
}

void contacts_on_renewal(struct audit *audit)
{
    struct engine_target *target;

    LIST_FOREACH(target, &audit->all_targets, all)
    if (leads_to_renewed(target))
        contacts_consider(target);
}

void contacts_on_rest(struct audit *audit)
{
    look(audit, true);
}

void contacts_ask(struct engine_target *target)
{
    target->contacts_asked = true;
    contacts_consider(target);
    if (target->contacts != CONTACTS_UNDECIDED)
        return;
    if (decide(target) == DECIDE_YES)
        put(target, CONTACTS_IN_LINE);
    else if (!target->audit->open)
        put(target, CONTACTS_NOWHERE);
    start_more(target->audit);
}

static void leave_all(struct engine_targets *list)
{
    while (!TAILQ_EMPTY(list))
        put(TAILQ_FIRST(list), CONTACTS_NOWHERE);
}

void contacts_cancel(struct audit *audit)
{
    struct contacts_lookup *lookup;

    leave_all(&audit->undecided);
    leave_all(&audit->contacts_line);
    LIST_FOREACH(lookup, &audit->lookups, link)
    {
        if (!lookup->wanted)
            continue;
        lookup->wanted = false;
        engine_end(audit);
    }
}

void contacts_stop(struct audit *audit)
{
    while (!LIST_EMPTY(&audit->lookups))
        end_lookup(LIST_FIRST(&audit->lookups));
}
