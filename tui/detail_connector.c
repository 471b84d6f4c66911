#include "tui/detail_connector.h"

#include "engine/base/buf.h"
#include "engine/model/forward.h"

#include <stdlib.h>
#include <string.h>

/* " (covered by *.contoso.com)". */
static void say_match(enum connector_match match, const char *pattern, struct buf *out)
{
    if (match == MATCH_NONE)
        return;
    if (match == MATCH_WILDCARD && pattern)
        buf_printf(out, " (covered by %s)", pattern);
    else if (match == MATCH_RULE && pattern)
        buf_printf(out, " (chosen by the transport rule %s)", pattern);
    else
        buf_printf(out, " (%s)", connector_match_title(match));
}

static void say_source(const char *source, struct buf *out)
{
    if (source && *source)
        buf_printf(out, "; at %s", source);
}

static void wrap_buf(struct page *page, int column, enum style style, struct buf *text)
{
    page_wrap(page, column, style, buf_string(text));
    buf_release(text);
}

static void add_name(struct page *page, const struct target_spec *spec)
{
    struct buf text;

    if (!spec->connector)
        return;
    buf_init(&text, 0);
    buf_add_string(&text, spec->connector);
    say_match(spec->match, spec->pattern, &text);
    page_field(page, "Connector", STYLE_TEXT, buf_string(&text));
    buf_release(&text);
}

void detail_connector(struct page *page, const struct target_spec *spec)
{
    add_name(page, spec);
    page_field(page, "Source", STYLE_DIM, spec->source);
    page_fieldf(page, "Requirement", STYLE_TEXT, "%s (%s%s)", requirement_title(spec->requirement),
                target_class_name(spec->class), spec->by_hand & BY_HAND(HAND_CLASS) ? ", set by hand" : "");
    if (spec->never_tls)
        page_field(page, "", STYLE_CAUTION, "the sender uses no TLS here, whatever is offered");
    if (spec->floor > TLS_SSL_3_0)
        page_fieldf(page, "Own floor", STYLE_TEXT, "%s%s", tls_version_title(spec->floor),
                    spec->floor < TLS_VERSIONS - 1 ? " or newer" : "");
    page_field(page, "TLS name", STYLE_TEXT, spec->tls_domain);
}

void detail_message(struct page *page, const struct model *model, const struct target *target)
{
    bool partner = target->spec.class == CLASS_PARTNER || target->spec.class == CLASS_OPPORTUNISTIC;
    char *message = model_forward(model, target);

    if (!message)
        return;
    page_heading(page, partner ? "To tell the partner" : "To tell the operator");
    page_wrap(page, 0, STYLE_TEXT, message);
    free(message);
}

void detail_other_connectors(struct page *page, const struct target_spec *spec)
{
    if (!spec->other_count)
        return;
    page_heading(page, "Other connectors that could carry it");
    for (size_t i = 0; i < spec->other_count; i++) {
        const struct connector_ref *other = &spec->others[i];
        struct buf text;

        buf_init(&text, 0);
        buf_add_string(&text, other->name ? other->name : "a connector without a name");
        say_match(other->match, other->pattern, &text);
        say_source(other->source, &text);
        wrap_buf(page, 0, STYLE_TEXT, &text);
    }
}

static void say_certificate(const struct expectation *expectation, struct buf *out)
{
    const char *name = expectation->certificate_name;

    if (name)
        buf_printf(out, ", certificate for %s%s", name,
                   expectation->by_certificate ? " (mail with another is rejected)" : "");
    else if (expectation->by_certificate)
        buf_add_string(out, ", only with its certificate");
}

/* "From Fabrikam (mail from *.fabrikam.example): TLS required, certificate for *.fabrikam.example; at …". */
static void say_expectation(const struct target_spec *spec, const struct expectation *expectation,
                            struct buf *out)
{
    const char *domain = expectation->sender_domain;

    buf_add_string(out, expectation->connector ? expectation->connector : "A connector without a name");
    if (domain && strcmp(domain, spec->domain) != 0)
        buf_printf(out, " (mail from %s)", domain);
    buf_printf(out, ": %sTLS %srequired", expectation->enabled ? "" : "disabled; ",
               expectation->require_tls ? "" : "not ");
    say_certificate(expectation, out);
    if (expectation->by_address)
        buf_add_string(out, ", from listed addresses only");
    if (expectation->mutual)
        buf_add_string(out, ", certificates on both sides (Domain Security)");
    say_source(expectation->source, out);
}

void detail_inbound(struct page *page, const struct target_spec *spec)
{
    if (!spec->inbound_count)
        return;
    page_heading(page, "Mail from this partner (inbound, not probed from here)");
    for (size_t i = 0; i < spec->inbound_count; i++) {
        struct buf text;

        buf_init(&text, 0);
        say_expectation(spec, &spec->inbound[i], &text);
        wrap_buf(page, 0, spec->inbound[i].enabled ? STYLE_TEXT : STYLE_DIM, &text);
    }
}
