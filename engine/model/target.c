#include "engine/model/target.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

void target_spec_init(struct target_spec *spec)
{
    memset(spec, 0, sizeof *spec);
    spec->class = CLASS_OPPORTUNISTIC;
}

void target_spec_release(struct target_spec *spec)
{
    size_t i;

    for (i = 0; i < spec->host_count; i++)
        free(spec->hosts[i].host);
    free(spec->hosts);
    free(spec->domain);
    free(spec->unicode);
    free(spec->tls_domain);
    free(spec->connector);
    free(spec->owner);
    free(spec->note);
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
    to->source = mem_string(from->source);
    to->hosts = NULL;
    to->host_count = 0;
    for (i = 0; i < from->host_count; i++)
        target_spec_add_host(to, from->hosts[i].host, from->hosts[i].port, from->hosts[i].literal);
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
