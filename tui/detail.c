#include "tui/detail.h"

#include "engine/base/mem.h"
#include "tui/detail_advice.h"
#include "tui/detail_bundle.h"
#include "tui/detail_connector.h"
#include "tui/detail_endpoint.h"
#include "tui/detail_path.h"
#include "tui/detail_people.h"
#include "tui/detail_tls.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *target_label(const struct target *target, bool ascii)
{
    return ascii || !target->spec.unicode ? target->spec.domain : target->spec.unicode;
}

/* The port is named where it is not the usual one. */
static char *endpoint_label(const struct endpoint *endpoint)
{
    const struct endpoint_key *key = &endpoint->key;
    bool v6 = strchr(key->address, ':');

    if (key->port == protocol_port(key->protocol))
        return mem_string(key->address);
    return mem_format(v6 ? "[%s]:%u" : "%s:%u", key->address, key->port);
}

char *detail_title(const struct model *model, const struct rows *rows, const struct row *row, bool ascii)
{
    const struct target *target = rows_target(rows, row->target);
    const struct host *host = model_host(model, row->host);
    const struct endpoint *endpoint = model_endpoint(model, row->endpoint);

    if (row->kind == ROW_GROUP || row->kind == ROW_CONNECTOR)
        return mem_string(rows_name(rows, row->group + row->connector));
    if (row->kind == ROW_TARGET && target)
        return mem_string(target_label(target, ascii));
    if (row->kind == ROW_HOST && host)
        return mem_string(host->key.name);
    if (row->kind == ROW_ENDPOINT && endpoint)
        return endpoint_label(endpoint);
    if (row->kind == ROW_VERSION)
        return mem_string(tls_version_title(row->version));
    return mem_string("");
}

static void add_warnings(struct page *page, const struct strings *warnings)
{
    if (!warnings->count)
        return;
    page_heading(page, "Warnings");
    detail_list_warnings(page, warnings);
}

/* The target's only endpoint, or NULL. */
static const struct endpoint *only_endpoint(const struct target *target, const struct host **host)
{
    const struct endpoint *only = NULL;
    size_t i;

    for (i = 0; i < target->host_count; i++) {
        const struct host *each = target->hosts[i].host;

        if (each->endpoint_count > 1 || (each->endpoint_count && only))
            return NULL;
        if (each->endpoint_count) {
            only = each->endpoints[0];
            *host = each;
        }
    }
    return only;
}

/* A capital letter begins a sentence, unless the name of a host or an address does. */
static void add_sentence(struct page *page, const char *text)
{
    size_t first = strcspn(text, " ");
    char *sentence = mem_string(text);

    if (strcspn(text, ".:") >= first)
        sentence[0] = (char)toupper((unsigned char)sentence[0]);
    page_wrap(page, 0, STYLE_TEXT, sentence);
    free(sentence);
}

/* Takes the sentence over. */
static void add_explanation(struct page *page, struct judgement judgement, char *sentence)
{
    detail_verdict(page, 0, judgement.verdict);
    page_end(page);
    if (sentence && *sentence)
        add_sentence(page, sentence);
    free(sentence);
}

static void add_spec(struct page *page, const struct target_spec *spec)
{
    page_heading(page, "Asked for");
    if (spec->unicode && strcmp(spec->unicode, spec->domain) != 0)
        page_field(page, "In DNS", STYLE_TEXT, spec->domain);
    detail_connector(page, spec);
}

static void build_target(struct page *page, const struct model *model, const struct target *target,
                         int64_t now)
{
    const struct host *host = NULL;
    const struct endpoint *only = only_endpoint(target, &host);
    struct strings warnings = {0};

    add_explanation(page, target->judgement, model_explain(model, target));
    detail_mail(page, target, NULL, target->judgement);
    if (model_change(target) != CHANGE_NONE)
        page_fieldf(page, "Before", STYLE_TEXT, "%s, until it was looked at again",
                    verdict_title(target->former));
    detail_people(page, target, now);
    detail_advice(page, model, target, NULL, NULL, target->judgement, now);
    add_spec(page, &target->spec);
    model_warnings(model, target, &warnings);
    add_warnings(page, &warnings);
    strings_release(&warnings);
    if (only)
        detail_endpoint(page, target, host, only, now, false);
    detail_history(page, target);
    detail_path(page, model, target);
    detail_beside(page, model, target);
    detail_records(page, target);
    detail_other_connectors(page, &target->spec);
    detail_inbound(page, &target->spec);
    if (only)
        detail_endpoint_record(page, only);
}

/* The sentence of the host's only address, or its reason in a few words. */
static char *explain_host(const struct model *model, const struct target *target, const struct host *host,
                          struct judgement judgement)
{
    if (host->endpoint_count == 1)
        return model_explain_endpoint(model, target, host, host->endpoints[0]);
    if (judgement.reason == REASON_PROBE_ERROR)
        return mem_string(probe_error_title(judgement.error));
    return judgement_reason(&judgement) ? mem_string(reason_title(judgement.reason)) : NULL;
}

static void build_host(struct page *page, const struct model *model, const struct target *target,
                       const struct host *host, int64_t now)
{
    struct judgement judgement = model_judge_host(model, target, host);

    add_explanation(page, judgement, explain_host(model, target, host, judgement));
    detail_mail(page, target, host, judgement);
    detail_advice(page, model, target, host, NULL, judgement, now);
    page_heading(page, "Host");
    page_fieldf(page, "Asked for", STYLE_TEXT, "%s, port %u", protocol_name(host->key.protocol),
                host->key.port);
    if (host->resolved)
        detail_dns(page, &host->dns);
    if (host->target_count > 1)
        page_fieldf(page, "Shared by", STYLE_TEXT, "%zu targets", host->target_count);
    add_warnings(page, &host->warnings);
    page_heading(page, "Addresses");
    if (!host->endpoint_count)
        page_wrap(page, 0, STYLE_DIM, host->resolved ? "none" : "not resolved yet");
    detail_addresses(page, model, target, host);
    detail_host_records(page, host);
}

/* What the row is about, before what its address is about. */
static void build_version(struct page *page, enum tls_version version, const struct facts *facts)
{
    detail_version(page, version, facts);
    page_end(page);
}

static void build_endpoint(struct page *page, const struct model *model, const struct target *target,
                           const struct host *host, const struct endpoint *endpoint, int64_t now)
{
    struct judgement judgement = model_judge_endpoint(model, target, host, endpoint);

    add_explanation(page, judgement, model_explain_endpoint(model, target, host, endpoint));
    detail_mail(page, target, host, judgement);
    detail_advice(page, model, target, host, endpoint, judgement, now);
    detail_endpoint(page, target, host, endpoint, now, true);
    detail_host_records(page, host);
    detail_endpoint_record(page, endpoint);
}

static const char *class_meaning(enum target_class class)
{
    static const char *const meanings[target_class_count] = {
        [CLASS_PARTNER] =
            "Connectors force TLS here: below the floor, mail waits in the queue and then bounces.",
        [CLASS_OPPORTUNISTIC] = "TLS is used when offered: below the floor, mail may go out in clear.",
        [CLASS_RELAY] = "Submission and smart hosts that applications and devices send through.",
        [CLASS_SERVICE] = "Web, IMAP and POP services beside the mail.",
    };

    return meanings[class];
}

static void build_group(struct page *page, const struct rows *rows, uint32_t group)
{
    const struct target *first = rows_next_target(rows, group, NULL);

    if (rows_grouping(rows) == GROUP_BY_CLASS && first) {
        page_wrap(page, 0, STYLE_TEXT, class_meaning(first->spec.class));
        page_end(page);
    }
    detail_counts(page, rows_verdicts(rows, group));
    detail_campaign(page, rows_campaign(rows, group));
    detail_advice_counts(page, rows_verdicts(rows, group));
}

void detail_build(struct page *page, const struct model *model, const struct rows *rows,
                  const struct row *row, int64_t now)
{
    const struct target *target = model_target(model, row->target);
    const struct host *host = model_host(model, row->host);
    const struct endpoint *endpoint = model_endpoint(model, row->endpoint);

    if (row->kind == ROW_GROUP) {
        build_group(page, rows, row->group);
    } else if (row->kind == ROW_CONNECTOR) {
        detail_bundle(page, rows, row->connector);
    } else if (row->kind == ROW_TARGET && target) {
        build_target(page, model, target, now);
    } else if (row->kind == ROW_HOST && target && host) {
        build_host(page, model, target, host, now);
    } else if (row->kind >= ROW_ENDPOINT && target && host && endpoint) {
        if (row->kind == ROW_VERSION && endpoint->facts)
            build_version(page, row->version, endpoint->facts);
        build_endpoint(page, model, target, host, endpoint, now);
    }
}
