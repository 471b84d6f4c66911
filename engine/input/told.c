#include "engine/input/told.h"

#include "engine/base/buf.h"

static void tell_host(const struct host_port *host, struct buf *out)
{
    buf_printf(out, " %s%s", host->host, host->literal ? "(address)" : "");
    if (host->port)
        buf_printf(out, ":%u", host->port);
}

/* What a target has only sometimes, a line each. */
static void tell_rest(const struct target_spec *s, struct buf *out)
{
    size_t i;

    if (s->class != CLASS_PARTNER)
        buf_printf(out, "  class %s\n", target_class_name(s->class));
    if (s->name_rule != NAME_RULE_EXCHANGE)
        buf_printf(out, "  names by %s\n", name_rule_name(s->name_rule));
    if (s->floor)
        buf_printf(out, "  floor %s\n", tls_version_name(s->floor));
    if (s->match != MATCH_EXACT)
        buf_printf(out, "  %s %s\n", connector_match_name(s->match), s->pattern ? s->pattern : "-");
    for (i = 0; i < s->other_count; i++)
        buf_printf(out, "  or %s; %s; %s %s\n", s->others[i].name, s->others[i].source,
                   connector_match_name(s->others[i].match),
                   s->others[i].pattern ? s->others[i].pattern : "-");
    for (i = 0; i < s->inbound_count; i++)
        buf_printf(
            out, "  from %s: %s;%s%s%s%s %s; %s\n", s->inbound[i].connector, s->inbound[i].sender_domain,
            s->inbound[i].require_tls ? " tls" : "", s->inbound[i].by_certificate ? " certificate" : "",
            s->inbound[i].by_address ? " address" : "", s->inbound[i].mutual ? " mutual" : "",
            s->inbound[i].certificate_name ? s->inbound[i].certificate_name : "-", s->inbound[i].source);
    for (i = 0; i < s->remarks.count; i++)
        buf_printf(out, "  remark %s\n", s->remarks.items[i]);
    if (s->never_tls)
        buf_add_string(out, "  never tls\n");
}

char *told(const struct input *input)
{
    struct buf out;
    size_t i, h;

    buf_init(&out, 0);
    for (i = 0; i < input->count; i++) {
        const struct target_spec *s = &input->specs[i];

        buf_printf(&out, "%s %s %s via", s->domain, requirement_name(s->requirement),
                   s->tls_domain ? s->tls_domain : "-");
        for (h = 0; h < s->host_count; h++)
            tell_host(&s->hosts[h], &out);
        buf_printf(&out, "%s; %s; %s\n", s->host_count ? "" : " MX", s->connector ? s->connector : "-",
                   s->source);
        tell_rest(s, &out);
    }
    for (i = 0; i < input->notes.count; i++)
        buf_printf(&out, "note %s\n", input->notes.items[i]);
    for (i = 0; i < input->problem_count; i++)
        buf_printf(&out, "problem %s\n", input->problems[i].message);
    return buf_take_string(&out);
}
