#include "tui/view_parts.h"

#include "engine/base/mem.h"
#include "engine/report/compare.h"
#include "engine/tls/suite.h"
#include "tui/detail.h"
#include "tui/summary.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>

#define VERSION_WORDS  12  /* columns for "not tested" */
#define ADDRESSES_FROM 120 /* columns of the screen, for the word */
#define SHORT_NAME     8
#define DEMAND_WORDS   26 /* columns for "smart host, TLS with name" */

/* One row while it is painted. */
struct line {
    const struct screen *screen;
    struct row row;
    const struct target *target;
    const struct host *host;
    const struct endpoint *endpoint;
    struct columns columns;
    int y;
    bool selected;
    bool beside; /* mail does not take this way */
};

/* A selected row has one look from end to end, and so has one beside the route; its words still tell
 * everything. */
static enum style style_of(const struct line *line, enum style style)
{
    if (!line->selected)
        return line->beside ? STYLE_DIM : style;
    return line->screen->detail.focused ? STYLE_SELECTED_AWAY : STYLE_SELECTED;
}

static void cell(const struct line *line, struct area_span span, enum style style, const char *text)
{
    if (span.width > 1)
        paint(&line->screen->painter, line->y, span.x, span.width - 1, style_of(line, style), text);
}

static unsigned hidden_below(const struct line *line)
{
    const struct rows *rows = line->screen->rows;

    if (rows_is_open(rows, &line->row))
        return 0;
    if (line->row.kind == ROW_HOST)
        return (unsigned)line->host->endpoint_count;
    return line->row.kind == ROW_TARGET && line->target ? summary_work_of(line->target).endpoints : 0;
}

/* What stands behind a name: "2 of 25" of a group's targets while a filter hides others, else the addresses
 * that a fold hides. The caller frees. */
static char *aside_of(const struct line *line, int room)
{
    const struct screen *screen = line->screen;
    unsigned below = hidden_below(line), all = 0;
    uint32_t id = line->row.group + line->row.connector;
    size_t shown;
    bool words = COLS >= ADDRESSES_FROM && room >= (int)sizeof "99 addresses";

    if (screen->filter && line->row.kind <= ROW_CONNECTOR) {
        for (int v = 0; v < verdict_count; v++)
            all += rows_verdicts(screen->rows, id)[v];
        shown = rows_shown_below(screen->rows, id);
        return shown < all ? mem_format("%zu of %u", shown, all) : mem_string("");
    }
    if (below > 1)
        return mem_format(words ? "%u addresses" : "+%u", below);
    return mem_string("");
}

/* At the end of the names; returns the columns that are left for them. */
static int paint_due(const struct line *line, int x, int room)
{
    enum style style;
    char *text;
    int width;

    if (line->row.kind != ROW_TARGET || !line->target || !view_shows_due(line->screen))
        return room;
    text = view_due(line->screen, line->target, room, &style);
    width = painter_width(text, line->screen->painter.ascii);
    if (width && room - width - 1 - x >= SHORT_NAME) {
        room -= width;
        paint(&line->screen->painter, line->y, room, width, style_of(line, style), text);
        room--;
    }
    free(text);
    return room;
}

static void paint_name(const struct line *line)
{
    const struct painter *painter = &line->screen->painter;
    const struct rows *rows = line->screen->rows;
    int depth = (int)row_depth(&line->row), x = 1 + 2 * depth, room = line->columns.name.width - 1;
    char *name = detail_title(line->screen->model, line->screen->rows, &line->row, painter->ascii);
    enum style style = line->row.kind == ROW_GROUP       ? STYLE_GROUP
                       : rows_is_ghost(line->row.target) ? STYLE_DIM
                                                         : STYLE_TEXT;
    char *aside;
    int width;

    if (line->row.kind == ROW_TARGET && rows_is_tagged(rows, line->row.target))
        paint(painter, line->y, x - 1, 1, style_of(line, STYLE_KEY), theme_glyph(GLYPH_TAG, painter->ascii));
    if (rows_has_children(rows, &line->row))
        paint(painter, line->y, x, room - x, style_of(line, STYLE_DIM),
              theme_glyph(rows_is_open(rows, &line->row) ? GLYPH_OPEN : GLYPH_FOLDED, painter->ascii));
    x += 2;
    room = paint_due(line, x, room);
    aside = aside_of(line, room - x - painter_width(name, painter->ascii));
    width = line->row.kind <= ROW_CONNECTOR && *aside ? 1 + painter_width(aside, painter->ascii) : 0;
    width = room - x - width >= SHORT_NAME ? width : 0;
    x += paint(painter, line->y, x, room - x - width, style_of(line, style), name);
    if (painter_width(aside, painter->ascii) < room - x)
        paint(painter, line->y, x + 1, room - x - 1, style_of(line, STYLE_DIM), aside);
    free(aside);
    free(name);
}

static void paint_mark(const struct line *line, enum style style, enum glyph glyph)
{
    const struct painter *painter = &line->screen->painter;
    int x = line->columns.verdict.x - 1;

    if (x > 0)
        paint(painter, line->y, x, 1, style_of(line, style), theme_glyph(glyph, painter->ascii));
}

/* How it stands against the earlier session. */
static void paint_since(const struct line *line, enum since since)
{
    if (since != SINCE_NOT_COMPARED && since != SINCE_SAME)
        paint_mark(line, view_since_style(since), view_since_glyph(since));
}

/* Better, worse or less clear than before it was probed again, in the column before the verdict; where
 * sessions are compared, what came of that. */
static void paint_change(const struct line *line)
{
    static const struct {
        enum style style;
        enum glyph glyph;
    } marks[] = {[CHANGE_BETTER] = {STYLE_GOOD, GLYPH_BETTER},
                 [CHANGE_WORSE] = {STYLE_BAD, GLYPH_WORSE},
                 [CHANGE_UNCLEAR] = {STYLE_CAUTION, GLYPH_UNCLEAR}};
    enum verdict_change change = model_change(line->target);

    if (line->screen->against.path)
        paint_since(line, rows_since(line->screen->rows, line->target->id));
    else if (change != CHANGE_NONE)
        paint_mark(line, marks[change].style, marks[change].glyph);
}

static void paint_verdict(const struct line *line, enum verdict verdict)
{
    const struct painter *painter = &line->screen->painter;
    const struct area_span *span = &line->columns.verdict;
    enum style style = style_of(line, theme_verdict_style(verdict));

    if (span->width <= 0)
        return;
    paint(painter, line->y, span->x, 1, style, theme_verdict_glyph(verdict, painter->ascii));
    if (span->width > 3)
        paint(painter, line->y, span->x + 2, span->width - 3, style, verdict_title(verdict));
}

static void paint_versions(const struct line *line, struct summary_versions versions)
{
    char text[SUMMARY_SIZE];
    int floor = (int)model_baseline(line->screen->model)->minimum;
    enum style style = STYLE_TEXT;

    summary_text(&versions, line->screen->painter.ascii, text);
    if (versions.weakest >= 0 && versions.weakest < floor)
        style = STYLE_CAUTION;
    cell(line, line->columns.versions, style, text);
}

static void paint_reason(const struct line *line, const struct judgement *judgement)
{
    const char *text = judgement_reason(judgement);

    if (judgement->verdict != VERDICT_READY && judgement->verdict != VERDICT_PENDING && text)
        cell(line, line->columns.reason, STYLE_DIM, text);
}

/* Worst verdict, then how many of each, up to column `width`. Returns the column behind them. */
static int paint_counts(const struct line *line, const unsigned *counts, int width)
{
    const struct painter *painter = &line->screen->painter;
    int x = line->columns.verdict.x + line->columns.verdict.width, v;
    int worst = verdict_count - 1;

    while (worst > 0 && !counts[worst])
        worst--;
    paint_verdict(line, (enum verdict)worst);
    for (v = verdict_count - 1; v >= 0 && x < width; v--)
        if (counts[v])
            x += 2 + paintf(painter, line->y, x, width - x,
                            style_of(line, theme_verdict_style((enum verdict)v)), "%s%u",
                            theme_verdict_glyph((enum verdict)v, painter->ascii), counts[v]);
    return x;
}

/* "2 targets, 1 server of others", what there is none of left out. */
static void gone_text(const struct against *against, char *text, size_t size)
{
    unsigned targets = against->counts[SINCE_CHANGED + CHANGE_GONE], servers = against->servers_gone;
    char *first = targets ? mem_format("%u target%s", targets, targets == 1 ? "" : "s") : mem_string("");
    char *second =
        servers ? mem_format("%u server%s of others", servers, servers == 1 ? "" : "s") : mem_string("");

    snprintf(text, size, "%s%s%s", first, targets && servers ? ", " : "", second);
    free(first);
    free(second);
}

/* What is there no more has no verdict to be counted by. */
static void paint_group(const struct line *line)
{
    const struct rows *rows = line->screen->rows;
    const struct against *against = &line->screen->against;
    unsigned gone = rows_ghosts_below(rows, line->row.group);
    struct area_span rest = line->columns.verdict;
    int right = line->screen->layout.tree.width, x;
    char text[64];

    if (!gone || rows_grouping(rows) != GROUP_BY_CHANGE) {
        x = paint_counts(line, rows_verdicts(rows, line->row.group), right);
        view_campaign(line->screen, line->y, x, right, rows_campaign(rows, line->row.group),
                      style_of(line, STYLE_BAD), style_of(line, STYLE_DIM));
        return;
    }
    rest.x += 2;
    rest.width = line->screen->layout.tree.width - rest.x;
    gone_text(against, text, sizeof text);
    cell(line, rest, STYLE_DIM, text);
}

/* The way, then what is demanded: in one word where the title is too long to tell it from others. */
static void paint_demand(const struct line *line, const struct target_spec *spec)
{
    bool brief = spec->requirement == REQUIREMENT_CHAIN || spec->requirement == REQUIREMENT_NAME;
    bool words = brief && !spec->never_tls && line->columns.route.width >= DEMAND_WORDS;
    char text[64];

    snprintf(text, sizeof text, "%s, %s%s", spec->host_count ? "smart host" : "MX", words ? "TLS with " : "",
             spec->never_tls ? "never TLS"
             : brief         ? requirement_name(spec->requirement)
                             : requirement_title(spec->requirement));
    cell(line, line->columns.route, STYLE_DIM, text);
}

/* What it demands and where that is said, where there is room. */
static void paint_connector(const struct line *line)
{
    const struct rows *rows = line->screen->rows;
    const struct target *first = rows_next_target(rows, line->row.connector, NULL);
    const struct area_span *route = &line->columns.route;
    bool room = route->width > 0 && first;
    char *source;

    paint_counts(line, rows_verdicts(rows, line->row.connector),
                 room ? route->x : line->screen->layout.tree.width);
    if (!room)
        return;
    paint_demand(line, &first->spec);
    if (first->spec.source && *first->spec.source) {
        source = mem_format("from %s", first->spec.source);
        cell(line, line->columns.reason, STYLE_DIM, source);
        free(source);
    }
}

static void paint_route(const struct line *line)
{
    const struct target *target = line->target;
    char text[64] = "";

    if (target->spec.connector && !line->row.connector) {
        cell(line, line->columns.route, STYLE_TEXT, target->spec.connector);
        return;
    }
    if (target->route == ROUTE_MX || target->route == ROUTE_SMART_HOST)
        snprintf(text, sizeof text, "%zu %s%s", target->host_count,
                 target->route == ROUTE_MX ? "MX" : "smart host",
                 target->host_count == 1 || target->route == ROUTE_MX ? "" : "s");
    else if (target->route != ROUTE_UNRESOLVED)
        snprintf(text, sizeof text, "%s", route_title(target->route));
    cell(line, line->columns.route, STYLE_DIM, text);
}

/* To the engine, which there may be none. */
static bool is_known(const struct screen *screen, const struct target *target)
{
    return screen->audit && !online_is_asleep(&screen->online, target);
}

static void paint_target(const struct line *line)
{
    const struct target *target = line->target;
    struct summary_work work = summary_work_of(target);
    enum style style = target->consequence == CONSEQUENCE_STOPS       ? STYLE_BAD
                       : target->consequence == CONSEQUENCE_ENCRYPTED ? STYLE_TEXT
                       : target->consequence == CONSEQUENCE_UNKNOWN   ? STYLE_DIM
                                                                      : STYLE_CAUTION;

    paint_change(line);
    paint_verdict(line, target->judgement.verdict);
    paint_versions(line, summary_of_target(target));
    if (target->judgement.verdict == VERDICT_PENDING)
        cell(line, line->columns.mail, STYLE_DIM,
             !is_known(line->screen, target)     ? "not probed"
             : target->route == ROUTE_UNRESOLVED ? "resolving"
             : work.busy                         ? "probing"
                                                 : "waiting");
    else
        cell(line, line->columns.mail, target->consequence == CONSEQUENCE_NONE ? STYLE_DIM : style,
             theme_consequence(target->consequence));
    paint_route(line);
    paint_reason(line, &target->judgement);
}

static int preference_of(const struct line *line)
{
    size_t i;

    for (i = 0; i < model_all_hosts(line->target); i++)
        if (model_any_host(line->target, i)->host == line->host)
            return model_any_host(line->target, i)->preference;
    return -1;
}

/* Narrow screens have no column for the route: that mail does not go there stands where mail is spoken of. */
static void paint_host_route(const struct line *line)
{
    const char *besides = line->beside ? ", not the route" : "";
    int preference = preference_of(line);
    char text[64] = "";

    if (preference >= 0)
        snprintf(text, sizeof text, "MX %d%s", preference, besides);
    else if (line->beside)
        snprintf(text, sizeof text, "implicit MX%s", besides);
    else if (line->target->route == ROUTE_SMART_HOST)
        snprintf(text, sizeof text, "%s", route_title(ROUTE_SMART_HOST));
    cell(line, line->columns.route, STYLE_DIM, text);
    if (line->beside && !line->columns.route.width)
        cell(line, line->columns.mail, STYLE_DIM, "not the route");
}

static void paint_host(const struct line *line)
{
    struct judgement judgement = model_judge_host(line->screen->model, line->target, line->host);

    paint_verdict(line, judgement.verdict);
    paint_versions(line, summary_of_host(line->host));
    paint_host_route(line);
    paint_reason(line, &judgement);
}

static void paint_endpoint(const struct line *line)
{
    const struct endpoint *endpoint = line->endpoint;
    struct judgement judgement =
        model_judge_endpoint(line->screen->model, line->target, line->host, endpoint);
    char text[64];

    paint_since(line, against_endpoint(&line->screen->against, endpoint));
    paint_verdict(line, judgement.verdict);
    paint_versions(line, summary_of_endpoint(endpoint));
    if (endpoint->activity != STAGE_DONE)
        cell(line, line->columns.mail, STYLE_DIM, stage_title(endpoint->activity));
    snprintf(text, sizeof text, "%s", protocol_name(endpoint->key.protocol));
    if (endpoint->shared_by > 1)
        snprintf(text, sizeof text, "%s, shared by %u", protocol_name(endpoint->key.protocol),
                 endpoint->shared_by);
    cell(line, line->columns.route, STYLE_DIM, text);
    paint_reason(line, &judgement);
}

/* What the server said to one version, and the suite that it chose or why it is unknown. */
static void paint_version(const struct line *line)
{
    const struct version_facts *facts = &line->endpoint->facts->versions[line->row.version];
    struct area_span words = line->columns.verdict, rest;
    char scratch[TLS_SUITE_NAME_SIZE];
    int right = line->screen->layout.tree.width;

    words.x += 2; /* below the verdicts' words */
    words.width = VERSION_WORDS;
    rest = (struct area_span){words.x + words.width, right - words.x - words.width};
    cell(line, words, theme_version_style(facts->state), version_state_title(facts->state));
    if (facts->state == VERSION_UNKNOWN)
        cell(line, rest, STYLE_DIM, probe_error_title(facts->error));
    else if (facts->suite)
        cell(line, rest, STYLE_DIM, tls_suite_name(facts->suite, scratch));
}

/* What it was; nothing is known of it now. */
static void paint_ghost(const struct line *line)
{
    const struct against *against = &line->screen->against;
    const struct target *then = against_target_of(against, line->row.target);
    const struct endpoint *server = against_endpoint_of(against, line->row.target);
    struct difference difference = {.before = {.verdict = VERDICT_PENDING}};
    struct area_span words = line->columns.verdict;
    char text[64];

    paint_mark(line, STYLE_CAUTION, GLYPH_GONE);
    words.x += 2;
    words.width -= 2;
    cell(line, words, STYLE_DIM, server ? "server gone" : "gone");
    if (then)
        difference.before = then->judgement;
    else if (server && compare_gone_endpoint(against->earlier.model, against->model, server, &difference))
        difference_release(&difference);
    snprintf(text, sizeof text, "was %s", verdict_title(difference.before.verdict));
    cell(line, line->columns.mail, STYLE_DIM, text);
}

static void paint_row(struct line *line)
{
    const struct model *model = line->screen->model;

    line->target = model_target(model, line->row.target);
    line->host = model_host(model, line->row.host);
    line->endpoint = model_endpoint(model, line->row.endpoint);
    line->beside = line->target && line->host && model_is_beside(line->target, line->host);
    if (line->selected)
        paint_cell(&line->screen->painter, line->y, 0, line->screen->layout.tree.width,
                   style_of(line, STYLE_TEXT), "");
    if (line->row.kind == ROW_GROUP) {
        paint_name(line);
        paint_group(line);
    } else if (line->row.kind == ROW_CONNECTOR) {
        paint_name(line);
        paint_connector(line);
    } else if (rows_is_ghost(line->row.target)) {
        paint_name(line);
        paint_ghost(line);
    } else if (line->row.kind == ROW_TARGET && line->target) {
        paint_name(line);
        paint_target(line);
    } else if (line->row.kind == ROW_HOST && line->target && line->host) {
        paint_name(line);
        paint_host(line);
    } else if (line->row.kind == ROW_ENDPOINT && line->target && line->host && line->endpoint) {
        paint_name(line);
        paint_endpoint(line);
    } else if (line->row.kind == ROW_VERSION && line->endpoint && line->endpoint->facts) {
        paint_name(line);
        paint_version(line);
    }
}

void view_tree(const struct screen *screen)
{
    const struct area *area = &screen->layout.tree;
    size_t count = rows_count(screen->rows);
    struct line line = {.screen = screen};
    int i;

    if (!count) {
        view_nothing(screen);
        return;
    }
    layout_columns(&line.columns, area->width);
    for (i = 0; i < area->height && screen->cursor.top + (size_t)i < count; i++) {
        line.row = rows_at(screen->rows, screen->cursor.top + (size_t)i);
        line.y = area->y + i;
        line.selected = (size_t)i == screen->cursor.line;
        paint_row(&line);
    }
}
