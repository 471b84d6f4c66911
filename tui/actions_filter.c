#include "tui/actions_filter.h"

#include "engine/base/mem.h"
#include "tui/actions.h"
#include "tui/actions_find.h"
#include "tui/actions_line.h"

#include <stdlib.h>
#include <string.h>

void action_filter(struct screen *screen)
{
    screen->search.before = screen->cursor;
    free(screen->filter_before);
    screen->filter_before = mem_string(screen->filter_text);
    state_ask(screen, ASK_FILTER, screen->filter_text ? screen->filter_text : "");
    line_edited(screen);
}

/* Takes filter and text. */
static void apply(struct screen *screen, struct filter *filter, char *text, const struct sieve *tried)
{
    screen->keeping = (struct sieve_keeping){filter, tried};
    rows_set_filter(screen->rows, filter ? sieve_keep : NULL, &screen->keeping);
    screen->keeping.tried = NULL;
    filter_free(screen->filter);
    free(screen->filter_text);
    screen->filter = filter;
    screen->filter_text = text;
    screen->dirty = true;
}

/* What half a term hides comes back selected when the whole term shows it. */
static void select_again(struct screen *screen)
{
    if (screen->mode == MODE_PROMPT && screen->asking == ASK_FILTER)
        screen->cursor = screen->search.before;
}

void filter_go_on(struct screen *screen, size_t most)
{
    struct sieve *sieve = &screen->sieve;

    if (!sieve->filter || !sieve_go_on(sieve, screen->model, most))
        return;
    apply(screen, sieve->filter, sieve->text, sieve);
    sieve->filter = NULL;
    sieve->text = NULL;
    sieve_drop(sieve);
    select_again(screen);
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
    sieve_drop(&screen->sieve);
    if (filter) {
        filter_look_in(filter, screen->model, screen->rows);
        sieve_begin(&screen->sieve, filter, text);
        find_go_on(screen);
        return true;
    }
    apply(screen, NULL, NULL, NULL);
    select_again(screen);
    return true;
}

void find_tags_changed(struct screen *screen)
{
    if (screen->filter && filter_minds_tags(screen->filter))
        rows_set_filter(screen->rows, sieve_keep, &screen->keeping);
}
