#include "tui/row_text.h"

#include "engine/base/text.h"
#include "engine/tls/suite.h"
#include "tui/detail.h"
#include "tui/summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The cells behind the name. */
struct cells {
    const char *verdict, *mail, *reason;
    char versions[SUMMARY_SIZE], route[64], counts[128];
};

static void judged(struct cells *cells, const struct judgement *judgement, struct summary_versions versions)
{
    const char *reason = judgement_reason(judgement);

    cells->verdict = verdict_name(judgement->verdict);
    cells->reason = reason ? reason : "";
    summary_text(&versions, true, cells->versions);
}

/* "2 not-ready, 1 ready", the worst first. */
static void counted(struct cells *cells, const unsigned *verdicts)
{
    size_t used = 0;
    int v;

    for (v = verdict_count - 1; v >= 0; v--) {
        if (!verdicts[v] || used >= sizeof cells->counts)
            continue;
        if (!used)
            cells->verdict = verdict_name((enum verdict)v);
        used += (size_t)snprintf(cells->counts + used, sizeof cells->counts - used, "%s%u %s",
                                 used ? ", " : "", verdicts[v], verdict_name((enum verdict)v));
    }
    cells->reason = cells->counts;
}

static void of_target(struct cells *cells, const struct target *target)
{
    judged(cells, &target->judgement, summary_of_target(target));
    cells->mail = consequence_name(target->consequence);
    if (target->route != ROUTE_UNRESOLVED)
        snprintf(cells->route, sizeof cells->route, "%s", route_name(target->route));
}

static void of_host(struct cells *cells, const struct model *model, const struct target *target,
                    const struct host *host)
{
    struct judgement judgement = model_judge_host(model, target, host);
    size_t i;

    judged(cells, &judgement, summary_of_host(host));
    for (i = 0; i < model_all_hosts(target); i++)
        if (model_any_host(target, i)->host == host && model_any_host(target, i)->preference >= 0)
            snprintf(cells->route, sizeof cells->route, "MX %d", model_any_host(target, i)->preference);
    if (model_is_beside(target, host))
        cells->mail = "not the route";
}

static void of_endpoint(struct cells *cells, const struct model *model, const struct target *target,
                        const struct host *host, const struct endpoint *endpoint)
{
    struct judgement judgement = model_judge_endpoint(model, target, host, endpoint);

    judged(cells, &judgement, summary_of_endpoint(endpoint));
    snprintf(cells->route, sizeof cells->route, "%s", protocol_name(endpoint->key.protocol));
}

static void of_version(struct cells *cells, const struct version_facts *facts)
{
    char scratch[TLS_SUITE_NAME_SIZE];

    cells->verdict = version_state_name(facts->state);
    if (facts->suite)
        snprintf(cells->counts, sizeof cells->counts, "%s", tls_suite_name(facts->suite, scratch));
    cells->reason = facts->state == VERSION_UNKNOWN ? probe_error_name(facts->error) : cells->counts;
}

static void fill(struct cells *cells, const struct model *model, const struct rows *rows,
                 const struct row *row)
{
    const struct target *target = model_target(model, row->target);
    const struct host *host = model_host(model, row->host);
    const struct endpoint *endpoint = model_endpoint(model, row->endpoint);

    if (row->kind == ROW_GROUP || row->kind == ROW_CONNECTOR)
        counted(cells, rows_verdicts(rows, row->group + row->connector));
    else if (rows_is_ghost(row->target))
        cells->verdict = "gone";
    else if (row->kind == ROW_TARGET && target)
        of_target(cells, target);
    else if (row->kind == ROW_HOST && target && host)
        of_host(cells, model, target, host);
    else if (row->kind == ROW_ENDPOINT && target && host && endpoint)
        of_endpoint(cells, model, target, host, endpoint);
    else if (row->kind == ROW_VERSION && endpoint && endpoint->facts)
        of_version(cells, &endpoint->facts->versions[row->version]);
}

void row_text(struct buf *out, const struct model *model, const struct rows *rows, const struct row *row)
{
    struct cells cells = {.verdict = "", .mail = "", .reason = ""};
    char *name = detail_title(model, rows, row, false);

    fill(&cells, model, rows, row);
    text_escape(out, name, strlen(name));
    buf_printf(out, "\t%s\t%s\t%s\t%s\t%s", cells.verdict, cells.versions, cells.mail, cells.route,
               cells.reason);
    free(name);
}

void row_text_tagged(struct buf *out, const struct model *model, const struct rows *rows)
{
    size_t i;

    for (i = 0; i < model_target_count(model) && !out->failed; i++) {
        const struct target *target = model_target_at(model, i);
        struct row row = {.kind = ROW_TARGET, .target = target->id};

        if (target->removed || !rows_is_tagged(rows, target->id))
            continue;
        row_text(out, model, rows, &row);
        buf_u8(out, '\n');
    }
}
