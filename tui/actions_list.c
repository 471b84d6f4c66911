#include "tui/actions_list.h"

#include "tui/actions.h"
#include "tui/actions_paste.h"
#include "tui/actions_work.h"
#include "tui/clock.h"

#include <poll.h>
#include <stdlib.h>

#define PIECE 64 /* targets between two looks at the clock */

bool list_under_way(const struct screen *screen)
{
    return listing_coming(&screen->listing) || screen->pasted.state == PASTED_TAKEN;
}

/* Not over a prompt, a form or another question. */
static bool may_ask(const struct screen *screen)
{
    return listing_ready(&screen->listing) && screen->pasted.state != PASTED_TAKEN &&
           (screen->mode == MODE_TREE || screen->mode == MODE_PASTED);
}

bool list_busy(const struct screen *screen)
{
    return listing_busy(&screen->listing) || screen->pasted.state == PASTED_TAKEN || may_ask(screen);
}

/* A target that sleeps goes on sleeping. */
static void tell_engine(void *context, struct target *target)
{
    struct screen *screen = context;

    if (screen->audit)
        online_add(&screen->online, screen->audit, target);
}

static void end_adding(struct screen *screen)
{
    screen->model_dirty = true;
    state_sync(screen);
    paste_say(screen);
}

static void add_some(struct screen *screen)
{
    struct pasted *pasted = &screen->pasted;

    pasted_add(pasted, screen->model, &screen->undo, PIECE, tell_engine, screen);
    screen->model_dirty = true;
    if (pasted->state == PASTED_ADDED)
        end_adding(screen);
}

static void read_some(struct screen *screen)
{
    char *error;

    if (!listing_go_on(&screen->listing, screen->model, PIECE, &error) && error)
        state_say(screen, STYLE_ERROR,
                  screen->pasted.state == PASTED_ASKED ? "%s; {pasted} asks about the list before it" : "%s",
                  error);
    free(error);
    if (!may_ask(screen))
        return;
    listing_take(&screen->listing, &screen->pasted);
    paste_ask(screen);
}

void list_go_on(struct screen *screen)
{
    int64_t until = clock_milliseconds() + screen->slice;

    do {
        if (screen->pasted.state == PASTED_TAKEN)
            add_some(screen);
        else
            read_some(screen);
        screen->dirty = true;
    } while (list_busy(screen) && clock_milliseconds() < until);
}

void list_finish(struct screen *screen)
{
    while (list_under_way(screen)) {
        struct pollfd wait = {listing_descriptor(&screen->listing), POLLIN, 0};

        if (!list_busy(screen))
            poll(&wait, 1, -1);
        list_go_on(screen);
    }
}

bool list_read_file(struct screen *screen, const char *path, char **error)
{
    return listing_begin(&screen->listing, path, screen->besides ? &screen->pasted.files : NULL, error);
}

bool list_read_text(struct screen *screen, const uint8_t *bytes, size_t length, char **error)
{
    if (!listing_begin_text(&screen->listing, bytes, length, error))
        return false;
    screen->mode = MODE_TREE;
    list_go_on(screen);
    return true;
}

/* What comes later moves nothing. */
void list_add(struct screen *screen)
{
    const struct target *first;

    pasted_accept(&screen->pasted);
    list_go_on(screen);
    first = model_target(screen->model, screen->pasted.first);
    if (!first)
        return;
    screen->model_dirty = true;
    state_sync(screen);
    work_select(screen, first);
}

void list_cancel(struct screen *screen)
{
    if (screen->pasted.state == PASTED_TAKEN) {
        pasted_stop(&screen->pasted, screen->model, &screen->undo);
        end_adding(screen);
        return;
    }
    listing_cancel(&screen->listing);
    if (screen->pasted.state == PASTED_ASKED) /* a file was to come besides */
        screen->mode = MODE_PASTED;
    state_say(screen, STYLE_MESSAGE, "the list is not added");
}
