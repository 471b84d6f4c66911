#include "engine/input/gathered.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/input/name.h"
#include "engine/input/records.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A spec of the model for one more domain; the names are copied. */
static void add_carried(struct input *input, const struct carrier *carrier, const char *ascii,
                        const char *unicode)
{
    struct target_spec spec;

    target_spec_copy(&spec, &carrier->model);
    spec.domain = mem_string(ascii);
    spec.unicode = mem_string(unicode);
    input_add(input, &spec);
}

static bool is_named(const struct carrier *carrier, const char *name)
{
    return strcasecmp(carrier->model.connector, name) == 0 ||
           (carrier->guid && strcasecmp(carrier->guid, name) == 0);
}

static const char partly[] = "its transport rule has other conditions or exceptions too, so only some of its "
                             "mail takes this connector";

bool carriers_takes_part(const struct target_spec *spec)
{
    return spec->remarks.count && strcmp(spec->remarks.items[spec->remarks.count - 1], partly) == 0;
}

static void apply_rule(struct input *input, const struct rule *rule, struct carrier *carrier)
{
    size_t i;

    for (i = 0; i < rule->domains.count; i++) {
        char *ascii = NULL, *unicode = NULL;
        const char *wrong = name_domain(rule->domains.items[i], &ascii, &unicode);

        if (wrong) {
            strings_addf(&input->notes, "%s: a domain of it is left out: %s", rule->place, wrong);
            continue;
        }
        add_carried(input, carrier, ascii, unicode);
        input->specs[input->count - 1].pattern = mem_string(rule->name);
        if (rule->partial)
            strings_add(&input->specs[input->count - 1].remarks, partly);
        carrier->covered++;
        free(ascii);
        free(unicode);
    }
}

static void apply_rules(struct input *input, struct gathered *g)
{
    size_t i, c;

    for (i = 0; i < g->rule_count; i++) {
        const struct rule *rule = &g->rules[i];
        bool found = false;

        for (c = 0; c < g->carrier_count; c++)
            if (g->carriers[c].model.match == MATCH_RULE && is_named(&g->carriers[c], rule->connector)) {
                apply_rule(input, rule, &g->carriers[c]);
                found = true;
            }
        if (!found)
            strings_addf(&input->notes,
                         "%s: it chooses a connector that none of the inputs has ready for rules, so "
                         "left out",
                         rule->place);
    }
    if (g->idle_rules)
        strings_addf(&input->notes, "transport rules that choose no connector, so left out: %zu",
                     g->idle_rules);
}

static void apply_accepted(struct input *input, struct gathered *g)
{
    bool carried = false;
    size_t i, c;

    for (c = 0; c < g->carrier_count; c++) {
        struct carrier *carrier = &g->carriers[c];

        for (i = 0; carrier->model.match == MATCH_ACCEPTED && i < g->accepted_count &&
                    input->count < INPUT_RECORDS_MOST;
             i++) {
            add_carried(input, carrier, g->accepted[i].ascii, g->accepted[i].unicode);
            carrier->covered++;
            carried = true;
        }
    }
    for (i = 0; i < g->accepted_count && !carried; i++)
        strings_addf(&input->notes,
                     "%s: accepted domain %s: no connector here carries the accepted domains, so left "
                     "out",
                     g->accepted[i].source, g->accepted[i].unicode);
}

/* A domain that only an inbound connector or a secure list names: mail to it is judged as other mail. */
static void add_unnamed(struct input *input, struct map *known, const char *ascii, const char *unicode,
                        const char *source, enum requirement requirement)
{
    struct target_spec spec;

    if (map_get(known, ascii))
        return;
    target_spec_init(&spec);
    spec.domain = mem_string(ascii);
    spec.unicode = mem_string(unicode);
    spec.source = mem_string(source);
    spec.protocol = PROTOCOL_SMTP;
    spec.class = requirement == REQUIREMENT_NONE ? CLASS_OPPORTUNISTIC : CLASS_PARTNER;
    spec.requirement = requirement;
    spec.name_rule = NAME_RULE_EXCHANGE;
    input_add(input, &spec);
    map_put(known, ascii, input);
}

static void add_all_unnamed(struct input *input, const struct gathered *g)
{
    struct map known;
    size_t i;

    map_init(&known);
    for (i = 0; i < input->count; i++)
        map_put(&known, input->specs[i].domain, input);
    for (i = 0; i < g->secure_count; i++)
        add_unnamed(input, &known, g->secure[i].ascii, g->secure[i].unicode, g->secure[i].source,
                    REQUIREMENT_NAME);
    for (i = 0; i < g->inbound_count; i++)
        if (!g->inbound[i].wildcard)
            add_unnamed(input, &known, g->inbound[i].ascii, g->inbound[i].unicode,
                        g->inbound[i].expectation.source, REQUIREMENT_NONE);
    map_release(&known, NULL);
}

void carriers_apply(struct input *input, struct gathered *g)
{
    apply_rules(input, g);
    apply_accepted(input, g);
    add_all_unnamed(input, g);
}

static void note_wildcard(struct input *input, const struct carrier *carrier)
{
    struct buf names;
    size_t i;

    if (!carrier->covered) {
        strings_addf(&input->notes,
                     "%s: %s is a wildcard that names no domain to probe, and it carries none of the "
                     "given ones",
                     carrier->place, carrier->model.pattern);
        return;
    }
    buf_init(&names, 0);
    for (i = 0; i < carrier->covers.count; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", carrier->covers.items[i]);
    if (carrier->covered > carrier->covers.count)
        buf_printf(&names, " and %zu more", carrier->covered - carrier->covers.count);
    strings_addf(&input->notes, "%s: %s is a wildcard; of the given domains it carries %s", carrier->place,
                 carrier->model.pattern, buf_string(&names));
    buf_release(&names);
}

void carriers_note(struct input *input, const struct gathered *g)
{
    size_t i;

    for (i = 0; i < g->carrier_count; i++) {
        const struct carrier *carrier = &g->carriers[i];

        if (carrier->model.match == MATCH_WILDCARD)
            note_wildcard(input, carrier);
        else if (!carrier->covered && carrier->model.match == MATCH_RULE)
            strings_addf(&input->notes,
                         "%s: a transport rule chooses it, and no rule among the inputs says for which "
                         "domains; give the output of Get-TransportRule too, or name them as partners",
                         carrier->place);
        else if (!carrier->covered)
            strings_addf(&input->notes,
                         "%s: it carries all accepted domains, which no input names; give the output of "
                         "Get-AcceptedDomain too, or name them as partners",
                         carrier->place);
    }
}
