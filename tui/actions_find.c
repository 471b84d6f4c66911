#include "tui/actions_find.h"

#include "engine/base/mem.h"
#include "tui/actions.h"
#include "tui/actions_line.h"
#include "tui/finder.h"

#include <stdlib.h>
#include <string.h>

void action_search(struct screen *screen)
{
    screen->search.before = screen->cursor;
    screen->search.before.anchored = true;
    screen->search.opened = 0;
    screen->search.missed = false;
    free(screen->search.typed);
    screen->search.typed = NULL;
    state_ask(screen, ASK_SEARCH, "");
}

void action_filter(struct screen *screen)
{
    screen->search.before = screen->cursor;
    free(screen->filter_before);
    screen->filter_before = mem_string(screen->filter_text);
    state_ask(screen, ASK_FILTER, screen->filter_text ? screen->filter_text : "");
    line_edited(screen);
}

void action_add(struct screen *screen)
{
    state_ask(screen, ASK_ADD, "");
}

/* Folds again what was opened for a hit that is none any more. */
static void close_hit(struct screen *screen)
{
    rows_unreveal(screen->rows, &screen->search.opened_for, screen->search.opened);
    screen->search.opened = 0;
}

static void show_hit(struct screen *screen, const struct row *hit)
{
    screen->search.opened_for = *hit;
    screen->search.opened = rows_reveal(screen->rows, hit);
    cursor_select(&screen->cursor, screen->rows, hit, state_tree_height(screen));
}

/* What does not hold the beginning of a text does not hold the whole: a longer one is looked for from where
 * its beginning was found, and not at all where that was nowhere. */
static bool search_on(struct screen *screen, const char *text, struct row *hit)
{
    struct search *search = &screen->search;
    bool longer = search->typed && strncmp(text, search->typed, strlen(search->typed)) == 0;
    struct row from = longer ? search->opened_for : search->before.row;
    bool found =
        !(longer && search->missed) && finder_next(screen->model, screen->rows, &from, text, true, true, hit);

    free(search->typed);
    search->typed = mem_string(text);
    return found;
}

static void search_changed(struct screen *screen)
{
    struct search *search = &screen->search;
    const char *text = screen->prompt.text;
    struct row hit;
    bool found;

    close_hit(screen);
    screen->cursor = search->before;
    if (!screen->prompt.length) {
        free(search->typed);
        search->typed = NULL;
        search->missed = false;
        return;
    }
    found = search_on(screen, text, &hit);
    search->missed = !found;
    if (found)
        show_hit(screen, &hit);
}

static bool keep_target(void *context, const struct target *target)
{
    return filter_keeps(context, target);
}

bool find_filter(struct screen *screen, const char *text)
{
    char *error = NULL;
    struct filter *filter = NULL;

    if (text[strspn(text, " ")] && !(filter = filter_parse(text, &error))) {
        free(screen->prompt_error);
        screen->prompt_error = error;
        return false;
    }
    if (filter)
        filter_look_in(filter, screen->model, screen->rows);
    rows_set_filter(screen->rows, filter ? keep_target : NULL, filter);
    filter_free(screen->filter);
    free(screen->filter_text);
    screen->filter = filter;
    screen->filter_text = filter ? mem_string(text) : NULL;
    return true;
}

/* What half a term hides comes back selected when the whole term shows it. */
static void filter_changed(struct screen *screen, const char *text)
{
    if (find_filter(screen, text))
        screen->cursor = screen->search.before;
}

void find_tags_changed(struct screen *screen)
{
    if (screen->filter && filter_minds_tags(screen->filter))
        rows_set_filter(screen->rows, keep_target, screen->filter);
}

void find_typed(struct screen *screen)
{
    free(screen->prompt_error);
    screen->prompt_error = NULL;
    if (screen->asking == ASK_SEARCH)
        search_changed(screen);
    else if (screen->asking == ASK_FILTER)
        filter_changed(screen, screen->prompt.text);
}

void find_changed(struct screen *screen)
{
    line_edited(screen);
    find_typed(screen);
}

void find_accepted(struct screen *screen)
{
    if (screen->asking == ASK_FILTER) {
        if (screen->prompt_error)
            return;
        screen->mode = MODE_TREE;
        line_accepted(screen);
        return;
    }
    screen->mode = MODE_TREE;
    if (!screen->prompt.length)
        return;
    line_accepted(screen);
    free(screen->search.needle);
    screen->search.needle = mem_string(screen->prompt.text);
    if (screen->search.missed)
        state_say(screen, STYLE_ERROR, "nothing holds \"%s\"", screen->search.needle);
}

void find_cancelled(struct screen *screen)
{
    screen->mode = MODE_TREE;
    if (screen->asking == ASK_SEARCH) {
        close_hit(screen);
        screen->cursor = screen->search.before;
    } else if (screen->asking == ASK_FILTER) {
        filter_changed(screen, screen->filter_before ? screen->filter_before : "");
    }
}

const char *blocked_no_hit(const struct screen *screen)
{
    return screen->search.needle ? NULL : "nothing was searched for yet; / searches";
}

static void go_to_hit(struct screen *screen, bool forward)
{
    struct row hit;

    if (!finder_next(screen->model, screen->rows, &screen->cursor.row, screen->search.needle, forward, false,
                     &hit)) {
        state_say(screen, STYLE_ERROR, "nothing holds \"%s\"", screen->search.needle);
        return;
    }
    show_hit(screen, &hit);
}

void action_next_hit(struct screen *screen)
{
    go_to_hit(screen, true);
}

void action_previous_hit(struct screen *screen)
{
    go_to_hit(screen, false);
}
