#include "engine/model/target.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

const char *hand_name(enum hand hand)
{
    static const char *const names[] = {
        [HAND_CLASS] = "class",     [HAND_NOTE] = "note",           [HAND_OWNER] = "owner",
        [HAND_CONTACT] = "contact", [HAND_STATE] = "contact_state", [HAND_DUE] = "due",
    };

    return names[hand];
}

void target_spec_init(struct target_spec *spec)
{
    memset(spec, 0, sizeof *spec);
    spec->class = CLASS_OPPORTUNISTIC;
}

static void release_other(struct connector_ref *other)
{
    free(other->name);
    free(other->source);
    free(other->pattern);
}

static void release_expectation(struct expectation *expectation)
{
    free(expectation->connector);
    free(expectation->source);
    free(expectation->sender_domain);
    free(expectation->certificate_name);
}

void target_spec_release(struct target_spec *spec)
{
    size_t i;

    for (i = 0; i < spec->host_count; i++)
        free(spec->hosts[i].host);
    for (i = 0; i < spec->other_count; i++)
        release_other(&spec->others[i]);
    for (i = 0; i < spec->inbound_count; i++)
        release_expectation(&spec->inbound[i]);
    free(spec->hosts);
    free(spec->others);
    free(spec->inbound);
    free(spec->pattern);
    strings_release(&spec->remarks);
    if (spec->unicode != spec->domain)
        free(spec->unicode);
    free(spec->domain);
    free(spec->tls_domain);
    free(spec->connector);
    free(spec->owner);
    free(spec->note);
    free(spec->contact);
    free(spec->source);
    target_spec_init(spec);
}

void target_spec_copy(struct target_spec *to, const struct target_spec *from)
{
    size_t i;

    *to = *from;
    to->domain = mem_string(from->domain);
    to->unicode = mem_string(from->unicode);
    to->tls_domain = mem_string(from->tls_domain);
    to->connector = mem_string(from->connector);
    to->owner = mem_string(from->owner);
    to->note = mem_string(from->note);
    to->contact = mem_string(from->contact);
    to->source = mem_string(from->source);
    to->pattern = mem_string(from->pattern);
    to->hosts = NULL;
    to->host_count = 0;
    to->others = NULL;
    to->other_count = 0;
    to->inbound = NULL;
    to->inbound_count = 0;
    to->remarks = (struct strings){0};
    strings_copy(&to->remarks, &from->remarks);
    for (i = 0; i < from->host_count; i++)
        target_spec_add_host(to, from->hosts[i].host, from->hosts[i].port, from->hosts[i].literal);
    for (i = 0; i < from->other_count; i++)
        target_spec_add_other(to, &from->others[i]);
    for (i = 0; i < from->inbound_count; i++)
        target_spec_add_inbound(to, &from->inbound[i]);
}

void target_spec_add_host(struct target_spec *spec, const char *host, unsigned port, bool literal)
{
    struct host_port *added;

    spec->hosts = mem_resize(spec->hosts, spec->host_count + 1, sizeof *spec->hosts);
    added = &spec->hosts[spec->host_count++];
    added->host = mem_string(host);
    added->port = port;
    added->literal = literal;
}

void target_spec_add_other(struct target_spec *spec, const struct connector_ref *other)
{
    spec->others = mem_resize(spec->others, spec->other_count + 1, sizeof *spec->others);
    spec->others[spec->other_count++] = (struct connector_ref){
        .name = mem_string(other->name),
        .source = mem_string(other->source),
        .match = other->match,
        .pattern = mem_string(other->pattern),
    };
}

void target_spec_add_inbound(struct target_spec *spec, const struct expectation *expectation)
{
    struct expectation *added;

    spec->inbound = mem_resize(spec->inbound, spec->inbound_count + 1, sizeof *spec->inbound);
    added = &spec->inbound[spec->inbound_count++];
    *added = *expectation;
    added->connector = mem_string(expectation->connector);
    added->source = mem_string(expectation->source);
    added->sender_domain = mem_string(expectation->sender_domain);
    added->certificate_name = mem_string(expectation->certificate_name);
}
