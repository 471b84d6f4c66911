#include "tui/plain_private.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "tui/detail.h"
#include "tui/detail_bundle.h"
#include "tui/summary.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static void add_shown(struct buf *out, const struct shown *shown)
{
    char bytes[MB_LEN_MAX];
    mbstate_t state = {0};
    int i;

    for (i = 0; i < shown->length; i++) {
        size_t length = wcrtomb(bytes, shown->text[i], &state);

        if (length != (size_t)-1)
            buf_add(out, bytes, length);
    }
}

static void say(struct plain *plain, const char *text)
{
    struct shown shown;
    struct buf out;

    buf_init(&out, 0);
    while (painter_next(&text, plain->screen.painter.ascii, &shown))
        add_shown(&out, &shown);
    buf_u8(&out, '\n');
    if (fwrite(out.bytes, 1, out.length, stdout) != out.length)
        plain->failed = true;
    buf_release(&out);
}

void plain_say(struct plain *plain, const char *format, ...)
{
    va_list args;
    char *text = NULL;

    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        text = mem_string("");
    va_end(args);
    say(plain, text);
    free(text);
}

void plain_say_reason(struct plain *plain, const char *reason)
{
    char *text = keymap_expand(&plain->screen.keymap, reason, false);

    say(plain, text);
    free(text);
}

void plain_say_text(struct plain *plain, const char *text)
{
    char *copy = mem_string(text), *rest = copy, *line;

    while ((line = strsep(&rest, "\n")))
        if (*line || rest)
            say(plain, line);
    free(copy);
}

static void add_counts(struct buf *out, const unsigned *counts)
{
    const char *before = ": ";
    unsigned total = 0;
    int v;

    for (v = 0; v < verdict_count; v++)
        total += counts[v];
    buf_printf(out, ": %u target%s", total, total == 1 ? "" : "s");
    for (v = verdict_count - 1; v >= 0; v--) {
        if (!counts[v])
            continue;
        buf_printf(out, "%s%u %s", before, counts[v], verdict_title((enum verdict)v));
        before = ", ";
    }
}

/* What is there no more has no verdict. */
static void add_group(struct buf *out, const struct rows *rows, uint32_t id)
{
    const unsigned *counts = rows_verdicts(rows, id);
    char *campaign = detail_campaign_words(rows_campaign(rows, id));
    unsigned gone = rows_ghosts_below(rows, id);
    bool any = !gone;

    for (int v = 0; v < verdict_count; v++)
        any |= counts[v] > 0;
    if (any)
        add_counts(out, counts);
    if (gone)
        buf_printf(out, "%s%u gone", any ? ", " : ": ", gone);
    if (*campaign)
        buf_printf(out, "; campaign: %s", campaign);
    free(campaign);
}

void plain_say_counts(struct plain *plain, const char *name, const unsigned *counts)
{
    struct buf out;

    buf_init(&out, 0);
    buf_add_string(&out, name);
    add_counts(&out, counts);
    say(plain, buf_string(&out));
    buf_release(&out);
}

static void add_versions(struct buf *out, const struct summary_versions versions)
{
    char text[SUMMARY_SIZE];

    summary_text(&versions, true, text);
    if (*text)
        buf_printf(out, ", TLS %s", text);
}

static void add_reason(struct buf *out, const struct judgement *judgement)
{
    const char *reason = judgement_reason(judgement);

    buf_printf(out, ": %s", verdict_title(judgement->verdict));
    if (judgement->verdict != VERDICT_READY && judgement->verdict != VERDICT_PENDING && reason)
        buf_printf(out, " (%s)", reason);
}

static void add_target(struct plain *plain, struct buf *out, const struct target *target)
{
    size_t hosts = model_all_hosts(target);

    buf_printf(out, ", %s", target_class_name(target->spec.class));
    add_reason(out, &target->judgement);
    if (target->judgement.verdict != VERDICT_PENDING)
        buf_printf(out, ", %s", theme_consequence(target->consequence));
    add_versions(out, summary_of_target(target));
    buf_printf(out, ", %zu host%s", hosts, hosts == 1 ? "" : "s");
    if (rows_is_tagged(plain->screen.rows, target->id))
        buf_add_string(out, ", tagged");
    if (target->spec.note)
        buf_printf(out, ", note: %s", target->spec.note);
}

static void add_host(struct plain *plain, struct buf *out, const struct target *target,
                     const struct host *host)
{
    struct judgement judgement = model_judge_host(plain->screen.model, target, host);

    add_reason(out, &judgement);
    add_versions(out, summary_of_host(host));
    buf_printf(out, ", %zu address%s", host->endpoint_count, host->endpoint_count == 1 ? "" : "es");
    if (model_is_beside(target, host))
        buf_add_string(out, ", not the route");
}

static void add_endpoint(struct plain *plain, struct buf *out, const struct target *target,
                         const struct host *host, const struct endpoint *endpoint)
{
    struct judgement judgement = model_judge_endpoint(plain->screen.model, target, host, endpoint);

    add_reason(out, &judgement);
    add_versions(out, summary_of_endpoint(endpoint));
    if (endpoint->activity != STAGE_DONE)
        buf_printf(out, ", %s", stage_title(endpoint->activity));
}

void plain_say_row(struct plain *plain, const struct row *row)
{
    const struct model *model = plain->screen.model;
    const struct rows *rows = plain->screen.rows;
    const struct target *target = model_target(model, row->target);
    const struct host *host = model_host(model, row->host);
    const struct endpoint *endpoint = model_endpoint(model, row->endpoint);
    char *name = detail_title(model, rows, row, plain->screen.painter.ascii);
    struct buf out;

    buf_init(&out, 0);
    buf_add_string(&out, name);
    if (row->kind == ROW_GROUP || row->kind == ROW_CONNECTOR)
        add_group(&out, rows, row->kind == ROW_GROUP ? row->group : row->connector);
    else if (rows_is_ghost(row->target))
        buf_add_string(&out, ", gone");
    else if (row->kind == ROW_TARGET && target)
        add_target(plain, &out, target);
    else if (row->kind == ROW_HOST && target && host)
        add_host(plain, &out, target, host);
    else if (row->kind == ROW_ENDPOINT && target && host && endpoint)
        add_endpoint(plain, &out, target, host, endpoint);
    else if (row->kind == ROW_VERSION && endpoint && endpoint->facts)
        buf_printf(&out, ": %s", version_state_title(endpoint->facts->versions[row->version].state));
    if (rows_has_children(rows, row) && !rows_is_open(rows, row))
        buf_add_string(&out, ", folded");
    say(plain, buf_string(&out));
    buf_release(&out);
    free(name);
}
