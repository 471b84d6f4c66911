#include "tui/against.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/report/compare.h"
#include "tui/snapshot_file.h"

#include <stdlib.h>
#include <string.h>

#define ITEMS_MOST 2000 /* of targets, and of endpoints, that the page shows */

/* Takes `text` over. */
static void add(struct against *against, int column, enum style style, bool heading, char *text)
{
    if (!(against->count & (against->count - 1)))
        against->lines =
            mem_resize(against->lines, against->count ? against->count * 2 : 1, sizeof *against->lines);
    against->lines[against->count++] = (struct against_line){column, style, text, heading};
}

static enum style style_of(enum change change)
{
    static const enum style styles[change_count] = {
        [CHANGE_REGRESSED] = STYLE_BAD,       [CHANGE_NEWLY_UNKNOWN] = STYLE_CAUTION,
        [CHANGE_NEWLY_KNOWN] = STYLE_MESSAGE, [CHANGE_IMPROVED] = STYLE_GOOD,
        [CHANGE_APPEARED] = STYLE_MESSAGE,    [CHANGE_GONE] = STYLE_CAUTION,
        [CHANGE_FACTS] = STYLE_TEXT,
    };

    return styles[change];
}

static char *name_of(const struct difference *difference)
{
    const struct target *target = difference->target ? difference->target : difference->target_before;
    const struct endpoint *endpoint =
        difference->endpoint ? difference->endpoint : difference->endpoint_before;

    if (!target)
        return mem_format("%s (%s, %s port %u)",
                          *endpoint->key.server_name ? endpoint->key.server_name : endpoint->key.address,
                          endpoint->key.address, protocol_name(endpoint->key.protocol), endpoint->key.port);
    return mem_format("%s (%s%s%s)", target->spec.unicode, target_class_name(target->spec.class),
                      target->spec.connector ? ", " : "",
                      target->spec.connector ? target->spec.connector : "");
}

static void add_item(struct against *against, const struct difference *difference)
{
    add(against, 2, style_of(difference->change), false, name_of(difference));
    add(against, 4, STYLE_TEXT, false, mem_string(difference->sentence));
    for (size_t i = 0; i < difference->fact_count; i++)
        add(against, 6, STYLE_DIM, false, mem_string(difference->facts[i].sentence));
}

static void add_part(struct against *against, const char *what, const struct difference *list, size_t count,
                     const unsigned *changes)
{
    for (size_t i = 0; i < count && i < ITEMS_MOST; i++) {
        enum change change = list[i].change;

        if (!i || change != list[i - 1].change)
            add(against, 0, STYLE_HEADING, true,
                mem_format("%s: %s (%u)", what, change_title(change), changes[change]));
        add_item(against, &list[i]);
    }
    if (count > ITEMS_MOST)
        add(against, 2, STYLE_DIM, false,
            mem_format("and %zu more; mxscope diff lists all", count - ITEMS_MOST));
}

static char *make_title(const struct comparison *comparison, const char *path, int64_t when)
{
    char time[TEXT_TIME_SIZE];
    struct buf title;

    text_time(time, when);
    buf_init(&title, 0);
    buf_printf(&title, "Compared with %s of %.10s: ", snapshot_name(path), time);
    for (unsigned i = 0; i < change_count; i++)
        if (comparison->target_changes[i])
            buf_printf(&title, "%u %s, ", comparison->target_changes[i], change_name((enum change)i));
    buf_printf(&title, "%u unchanged", comparison->targets_unchanged);
    return buf_take_string(&title);
}

/* An arrow points to what is better or worse, so only there. */
static void mark_targets(struct model *model, const struct model *before)
{
    for (size_t i = 0; i < model_target_count(model); i++) {
        struct target *target = model_target_at(model, i);
        char *key = model_key(&target->spec);
        const struct target *then = model_find(before, key);
        enum verdict former = then ? then->judgement.verdict : VERDICT_PENDING;
        enum change change = compare_verdicts(former, target->judgement.verdict);

        if (change != CHANGE_REGRESSED && change != CHANGE_IMPROVED)
            former = VERDICT_PENDING;
        model_set_former(model, target, former);
        free(key);
    }
}

static void compare(struct against *against, struct model *model, struct model *before, const char *path,
                    int64_t when)
{
    struct comparison comparison;

    compare_align(before, when, model);
    compare_models(before, model, &comparison);
    mark_targets(model, before);
    against->path = mem_string(path);
    against->title = make_title(&comparison, path, when ? when : compare_time(before));
    add_part(against, "Targets", comparison.targets, comparison.target_count, comparison.target_changes);
    add_part(against, "Endpoints", comparison.endpoints, comparison.endpoint_count,
             comparison.endpoint_changes);
    if (!against->count)
        add(against, 0, STYLE_TEXT, false, mem_string("Nothing changed."));
    comparison_release(&comparison);
}

bool against_read(struct against *against, struct model *model, const char *path, char **error)
{
    struct store_session session;
    struct model *before = snapshot_load(path, &session, error);
    struct against next = {0};

    if (before)
        compare(&next, model, before, path, session.finished_at);
    store_session_release(&session);
    if (!before)
        return false;
    model_free(before);
    against_release(against);
    *against = next;
    return true;
}

void against_release(struct against *against)
{
    for (size_t i = 0; i < against->count; i++)
        free(against->lines[i].text);
    free(against->lines);
    free(against->path);
    free(against->title);
    if (against->page.width)
        page_release(&against->page);
    memset(against, 0, sizeof *against);
}

void against_page_build(struct page *page, const struct against *against)
{
    for (size_t i = 0; i < against->count; i++) {
        const struct against_line *line = &against->lines[i];

        if (line->heading)
            page_heading(page, line->text);
        else
            page_wrap(page, line->column, line->style, line->text);
    }
}

const struct page *against_page(struct against *against, int width, bool ascii)
{
    struct page *page = &against->page;

    if (page->width == width && page->ascii == ascii)
        return page;
    if (page->width)
        page_release(page);
    page_init(page, width, ascii);
    against_page_build(page, against);
    return page;
}
