#include "tui/actions_filter.h"

#include "engine/base/mem.h"
#include "tui/actions.h"
#include "tui/actions_find.h"
#include "tui/actions_line.h"

#include <stdlib.h>
#include <string.h>

void action_filter(struct screen *screen)
{
    const struct filter_change *change = &screen->filter_change;
    const char *text = change->under_way ? change->text : screen->filter_text;

    screen->search.before = screen->cursor;
    free(screen->filter_before);
    screen->filter_before = mem_string(text);
    state_ask(screen, ASK_FILTER, text ? text : "");
    line_edited(screen);
}

/* What half a term hides comes back selected when the whole term shows it. */
static void take_filter(struct screen *screen)
{
    struct filter_change *change = &screen->filter_change;
    bool returns = change->returns;

    filter_free(screen->filter);
    free(screen->filter_text);
    screen->filter = change->filter;
    screen->filter_text = change->text;
    *change = (struct filter_change){0};
    if (returns)
        screen->cursor = screen->search.before;
}

static void reveal_selected(struct screen *screen)
{
    struct row row = screen->cursor.row;

    screen->keeps_selected = false;
    screen->search.opened = 0;
    if (!row.target)
        return;
    rows_reveal(screen->rows, &row, NULL);
    screen->cursor.anchored = true;
}

static void arrive(struct screen *screen)
{
    if (screen->filter_change.under_way)
        take_filter(screen);
    if (screen->keeps_selected)
        reveal_selected(screen);
    screen->dirty = true;
}

void filter_rearranged(struct screen *screen)
{
    if (rows_busy(screen->rows))
        find_go_on(screen);
    else
        arrive(screen);
}

void filter_go_on(struct screen *screen, size_t most)
{
    if (rows_go_on(screen->rows, most))
        arrive(screen);
}

void filter_keep_selected(struct screen *screen)
{
    screen->keeps_selected = true;
    filter_rearranged(screen);
}

static bool keep(void *context, const struct target *target)
{
    return filter_keeps(context, target);
}

static void say_in_prompt(struct screen *screen, char *sentence)
{
    free(screen->prompt_error);
    screen->prompt_error = sentence;
}

bool filter_is_whole(struct screen *screen)
{
    char *error = NULL;
    struct filter *filter = filter_parse(screen->prompt.text, &error);

    filter_free(filter);
    say_in_prompt(screen, error);
    return filter;
}

/* Takes the filter; NULL shows everything. */
static void ask_for(struct screen *screen, struct filter *filter, const char *text)
{
    struct filter_change before = screen->filter_change;

    if (filter)
        filter_look_in(filter, screen->model, screen->rows);
    screen->filter_change =
        (struct filter_change){filter, filter ? mem_string(text) : NULL, true,
                               screen->mode == MODE_PROMPT && screen->asking == ASK_FILTER};
    rows_set_filter(screen->rows, filter ? keep : NULL, filter);
    filter_free(before.filter);
    free(before.text);
    filter_rearranged(screen);
}

/* The last term is on its way: those before it count. */
static void ask_for_begun(struct screen *screen, const char *text, size_t whole)
{
    char *before = mem_string_n(text, whole), *error = NULL;
    bool empty = !before[strspn(before, " ")];

    ask_for(screen, empty ? NULL : filter_parse(before, &error), before);
    free(error);
    free(before);
}

bool find_filter(struct screen *screen, const char *text)
{
    char *error = NULL;
    struct filter *filter;
    size_t whole;

    if (!text[strspn(text, " ")]) {
        ask_for(screen, NULL, NULL);
        return true;
    }
    filter = filter_parse(text, &error);
    if (filter)
        ask_for(screen, filter, text);
    else if (filter_is_begun(text, &whole))
        ask_for_begun(screen, text, whole);
    else
        say_in_prompt(screen, mem_string(error));
    free(error);
    return filter;
}

void find_tags_changed(struct screen *screen)
{
    struct filter_change *change = &screen->filter_change;
    struct filter *filter = change->under_way ? change->filter : screen->filter;

    if (!filter || !filter_minds_tags(filter))
        return;
    rows_set_filter(screen->rows, keep, filter);
    filter_rearranged(screen);
}
