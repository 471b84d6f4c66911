#include "tui/changes_page.h"

#include "engine/base/mem.h"

#include <stdlib.h>

#define ITEMS_MOST 2000 /* of targets, and of endpoints, that the page shows */

enum style changes_style(enum change change)
{
    static const enum style styles[change_count + 1] = {
        [CHANGE_REGRESSED] = STYLE_BAD,       [CHANGE_NEWLY_UNKNOWN] = STYLE_CAUTION,
        [CHANGE_NEWLY_KNOWN] = STYLE_MESSAGE, [CHANGE_IMPROVED] = STYLE_GOOD,
        [CHANGE_APPEARED] = STYLE_MESSAGE,    [CHANGE_GONE] = STYLE_CAUTION,
        [CHANGE_FACTS] = STYLE_TEXT,          [CHANGE_NOTED] = STYLE_TEXT,
        [change_count] = STYLE_DIM,
    };

    return styles[change];
}

char *changes_name(const struct difference *difference)
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

static void add_item(struct page *page, const struct difference *difference)
{
    char *name = changes_name(difference);

    page_wrap(page, 2, changes_style(difference->change), name);
    free(name);
    page_wrap(page, 4, STYLE_TEXT, difference->sentence);
    for (size_t i = 0; i < difference->fact_count; i++)
        page_wrap(page, 6, STYLE_DIM, difference->facts[i].sentence);
}

static void add_heading(struct page *page, const char *what, enum change change, unsigned count)
{
    char *text = mem_format("%s: %s (%u)", what, change_title(change), count);

    page_heading(page, text);
    free(text);
}

static void add_part(struct page *page, const char *what, const struct difference *list, size_t count,
                     const unsigned *changes)
{
    for (size_t i = 0; i < count && i < ITEMS_MOST; i++) {
        enum change change = list[i].change;

        if (!i || change != list[i - 1].change)
            add_heading(page, what, change, changes[change]);
        add_item(page, &list[i]);
    }
    if (count <= ITEMS_MOST)
        return;
    page_putf(page, 2, STYLE_DIM, "and %zu more; mxscope diff lists all", count - ITEMS_MOST);
    page_end(page);
}

void changes_page_build(struct page *page, const struct comparison *comparison)
{
    add_part(page, "Targets", comparison->targets, comparison->target_count, comparison->target_changes);
    add_part(page, "Endpoints", comparison->endpoints, comparison->endpoint_count,
             comparison->endpoint_changes);
    if (!comparison->target_count && !comparison->endpoint_count)
        page_wrap(page, 0, STYLE_TEXT, "Nothing changed.");
}
