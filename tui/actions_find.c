#include "tui/actions_find.h"

#include "engine/base/mem.h"
#include "tui/actions.h"
#include "tui/actions_files.h"
#include "tui/actions_filter.h"
#include "tui/actions_line.h"
#include "tui/clock.h"
#include "tui/finder.h"

#include <stdlib.h>
#include <string.h>

#define PIECE 128 /* targets between two looks at the clock */

void action_search(struct screen *screen)
{
    screen->search.before = screen->cursor;
    screen->search.before.anchored = true;
    screen->search.opened = 0;
    screen->search.missed = false;
    find_stop(screen);
    free(screen->search.typed);
    screen->search.typed = NULL;
    state_ask(screen, ASK_SEARCH, "");
}

void action_add(struct screen *screen)
{
    state_ask(screen, ASK_ADD, "");
}

/* Folds again what was opened for a hit that is none any more. */
static void close_hit(struct screen *screen)
{
    rows_unreveal(screen->rows, screen->search.opened_rows, screen->search.opened);
    screen->search.opened = 0;
}

static void show_hit(struct screen *screen, const struct row *hit)
{
    screen->search.opened_for = *hit;
    screen->search.opened = rows_reveal(screen->rows, hit, screen->search.opened_rows);
    cursor_select(&screen->cursor, screen->rows, hit, state_tree_height(screen));
}

bool find_busy(const struct screen *screen)
{
    return screen->search.walk.running || rows_busy(screen->rows);
}

void find_stop(struct screen *screen)
{
    screen->search.walk.running = false;
    screen->filter_change.returns = false;
}

/* What a walk came to, for the prompt or for the step to the next hit. */
static void take_outcome(struct screen *screen, enum finder_outcome outcome, const struct row *hit)
{
    struct search *search = &screen->search;

    if (outcome == FINDER_MORE)
        return;
    screen->dirty = true;
    if (outcome == FINDER_FOUND) {
        close_hit(screen);
        show_hit(screen, hit);
        return;
    }
    if (search->stepping || screen->mode != MODE_PROMPT)
        state_say(screen, STYLE_ERROR, "nothing holds \"%s\"", search->needle);
    else
        search->missed = true;
}

static void search_go_on(struct screen *screen)
{
    struct search *search = &screen->search;
    struct row hit;

    if (search->walk.running)
        take_outcome(screen,
                     finder_go_on(&search->walk, screen->model, screen->rows,
                                  search->stepping ? search->needle : search->typed, PIECE, &hit),
                     &hit);
}

void find_go_on(struct screen *screen)
{
    int64_t until = clock_milliseconds() + screen->slice;

    if (screen->model_dirty)
        state_sync(screen);
    do {
        search_go_on(screen);
        filter_go_on(screen, PIECE);
    } while (find_busy(screen) && clock_milliseconds() < until);
}

static void search_from(struct screen *screen, const struct row *from, const char *needle, bool forward,
                        bool inclusive)
{
    struct row hit;

    take_outcome(screen,
                 finder_begin(&screen->search.walk, screen->model, screen->rows, from, needle, forward,
                              inclusive, &hit),
                 &hit);
    find_go_on(screen);
}

/* What does not hold the beginning of a text does not hold the whole: a longer one is looked for from where
 * its beginning was found, or not yet found, and not at all where that was nowhere. */
static void search_on(struct screen *screen, const char *text)
{
    struct search *search = &screen->search;
    bool longer = search->typed && strncmp(text, search->typed, strlen(search->typed)) == 0;
    bool under_way = longer && search->walk.running;
    struct row from = longer ? search->opened_for : search->before.row;

    free(search->typed);
    search->typed = mem_string(text);
    if (under_way)
        find_go_on(screen);
    else if (!longer || !search->missed)
        search_from(screen, &from, text, true, true);
}

static void search_changed(struct screen *screen)
{
    struct search *search = &screen->search;
    const char *text = screen->prompt.text;
    bool longer = search->typed && strncmp(text, search->typed, strlen(search->typed)) == 0;

    close_hit(screen);
    screen->cursor = search->before;
    search->missed &= longer;
    search->stepping = false;
    if (screen->prompt.length) {
        search_on(screen, text);
        return;
    }
    find_stop(screen);
    free(search->typed);
    search->typed = NULL;
}

void find_typed(struct screen *screen)
{
    free(screen->prompt_error);
    screen->prompt_error = NULL;
    if (screen->asking == ASK_SEARCH)
        search_changed(screen);
    else if (screen->asking == ASK_FILTER)
        find_filter(screen, screen->prompt.text);
}

void find_changed(struct screen *screen)
{
    line_edited(screen);
    find_typed(screen);
}

void find_accepted(struct screen *screen)
{
    if (screen->asking == ASK_FILTER) {
        if (!filter_is_whole(screen))
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
    if (screen->asking == ASK_FILTER)
        find_filter(screen, screen->filter_before ? screen->filter_before : "");
    screen->mode = MODE_TREE;
    if (screen->asking == ASK_SEARCH) {
        find_stop(screen);
        close_hit(screen);
        screen->cursor = screen->search.before;
    } else if (screen->asking == ASK_IMPORT) {
        files_import_left(screen);
    }
}

const char *blocked_no_hit(const struct screen *screen)
{
    return screen->search.needle ? NULL : "nothing was searched for yet; {search} searches";
}

static void go_to_hit(struct screen *screen, bool forward)
{
    screen->search.stepping = true;
    screen->search.opened = 0;
    search_from(screen, &screen->cursor.row, screen->search.needle, forward, false);
}

void action_next_hit(struct screen *screen)
{
    go_to_hit(screen, true);
}

void action_previous_hit(struct screen *screen)
{
    go_to_hit(screen, false);
}
