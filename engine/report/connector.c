#include "engine/report/connector.h"

#include "engine/base/mem.h"
#include "engine/report/fields.h"

#include <stdlib.h>
#include <string.h>

static void set_match(json_t *object, enum connector_match match, const char *pattern)
{
    set_text(object, "match", match == MATCH_NONE ? NULL : connector_match_name(match));
    set_text(object, "pattern", pattern);
}

static json_t *other_json(const struct connector_ref *other)
{
    json_t *object = json_object();

    set_text(object, "connector", other->name);
    set_text(object, "source", other->source);
    set_match(object, other->match, other->pattern);
    return object;
}

/* `probed` is always false: only the partner's own servers can show what they send with. */
static json_t *expectation_json(const struct expectation *expectation)
{
    json_t *object = json_object();

    set_text(object, "connector", expectation->connector);
    set_text(object, "source", expectation->source);
    set_text(object, "sender_domain", expectation->sender_domain);
    set_bool(object, "enabled", expectation->enabled);
    set_bool(object, "require_tls", expectation->require_tls);
    set_text(object, "certificate_name", expectation->certificate_name);
    set_bool(object, "restricted_to_certificate", expectation->by_certificate);
    set_bool(object, "restricted_to_addresses", expectation->by_address);
    set_bool(object, "mutual_tls", expectation->mutual);
    set_bool(object, "probed", false);
    return object;
}

static json_t *smart_hosts_json(const struct target_spec *spec)
{
    json_t *hosts = json_array();

    for (size_t i = 0; i < spec->host_count; i++) {
        const struct host_port *host = &spec->hosts[i];
        bool v6 = strchr(host->host, ':');
        char *text = host->port ? mem_format(v6 ? "[%s]:%u" : "%s:%u", host->host, host->port)
                                : mem_format(v6 ? "[%s]" : "%s", host->host);

        json_array_append_new(hosts, field_text(text));
        free(text);
    }
    return hosts;
}

void set_connector(json_t *object, const struct target_spec *spec)
{
    json_t *others = json_array(), *inbound = json_array();
    size_t i;

    set_text(object, "name_rule", spec->tls_domain ? name_rule_name(spec->name_rule) : NULL);
    set_text(object, "sent_by", name_rule_name(spec->name_rule));
    set_count(object, "cost", spec->cost ? (int)spec->cost : -1);
    set_bool(object, "domain_secure", spec->domain_secure);
    json_object_set_new(object, "smart_hosts", smart_hosts_json(spec));
    set_match(object, spec->match, spec->pattern);
    set_text(object, "floor", spec->floor == TLS_SSL_3_0 ? NULL : tls_version_name(spec->floor));
    set_bool(object, "never_tls", spec->never_tls);
    for (i = 0; i < spec->other_count; i++)
        json_array_append_new(others, other_json(&spec->others[i]));
    json_object_set_new(object, "other_connectors", others);
    for (i = 0; i < spec->inbound_count; i++)
        json_array_append_new(inbound, expectation_json(&spec->inbound[i]));
    json_object_set_new(object, "inbound", inbound);
    set_strings(object, "remarks", &spec->remarks);
}
