#include "tui/actions_against.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "tui/actions.h"
#include "tui/actions_filter.h"
#include "tui/actions_find.h"
#include "tui/actions_line.h"
#include "tui/clock.h"
#include "tui/path_complete.h"
#include "tui/snapshot_file.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PIECE 16 /* targets between two looks at the clock */

void action_against(struct screen *screen)
{
    state_ask(screen, ASK_AGAINST, screen->against.path ? screen->against.path : "");
    line_edited(screen);
}

const char *blocked_reading(const struct screen *screen)
{
    return state_loading(screen) ? "the session is still being read; try again in a moment" : NULL;
}

static char *hindrance(const struct screen *screen, const char *path)
{
    struct stat about;

    if (screen->kept && keeping_is_here(screen->kept, path))
        return mem_format("%s: this session itself is kept there; an earlier one is expected", path);
    if (stat(path, &about) == 0)
        return NULL;
    return mem_format("%s: %s", path, errno == ENOENT ? "there is no such file" : strerror(errno));
}

static void group_otherwise(struct screen *screen)
{
    enum grouping grouping = rows_grouping(screen->rows);

    rows_set_grouping(screen->rows, grouping == GROUP_BY_CHANGE ? GROUP_BY_CLASS : grouping);
    filter_keep_selected(screen);
    screen->detail.stale = screen->dirty = true;
}

/* A first round that is given up leaves nothing to be grouped by. */
static void follow_end(struct screen *screen, bool compared)
{
    if (compared && !screen->against.path)
        group_otherwise(screen);
}

static bool begin(struct screen *screen, const char *path, char **error)
{
    bool compared = screen->against.path, begun;

    *error = hindrance(screen, path);
    begun = !*error && against_begin(&screen->against, screen->model, screen->rows, path, error);
    follow_end(screen, compared);
    return begun;
}

static void end(struct screen *screen)
{
    against_end(&screen->against);
    group_otherwise(screen);
    state_say(screen, STYLE_MESSAGE, "compared with nothing any more");
}

void hold_accepted(struct screen *screen)
{
    char *path = path_expand(screen->prompt.text, getenv("HOME")), *error = NULL;

    if (!*path && screen->against.path) {
        screen->mode = MODE_TREE;
        end(screen);
    } else if (!*path) {
        error = mem_string("the path of a snapshot is expected");
    } else if (begin(screen, path, &error)) {
        screen->mode = MODE_TREE;
        line_accepted(screen);
    }
    free(path);
    free(screen->prompt_error);
    screen->prompt_error = error;
}

void hold_asked(struct screen *screen)
{
    const char *path = screen->against_asked;
    char *error = NULL;

    screen->against_asked = NULL;
    if (!begin(screen, path, &error))
        state_say(screen, STYLE_ERROR, "%s", error);
    free(error);
}

bool hold_busy(const struct screen *screen)
{
    return !state_loading(screen) && against_busy(&screen->against);
}

bool hold_under_way(const struct screen *screen)
{
    unsigned share;

    return against_busy(&screen->against) || against_coming(&screen->against, &share);
}

/* The header tells how many are what. */
static void tell_done(struct screen *screen)
{
    char when[TEXT_TIME_SIZE], *text;

    text_time(when, screen->against.when);
    rows_set_grouping(screen->rows, GROUP_BY_CHANGE);
    filter_keep_selected(screen);
    text = mem_format("compared with %s of %.10s", snapshot_name(screen->against.path), when);
    state_mention(screen, STYLE_MESSAGE, text);
    free(text);
}

static void take_news(struct screen *screen, enum against_news news, const char *error)
{
    screen->dirty |= news != AGAINST_QUIET;
    screen->detail.stale |= news == AGAINST_MOVED || news == AGAINST_DONE;
    if (news == AGAINST_DONE)
        tell_done(screen);
    else if (news == AGAINST_FAILED)
        state_say(screen, STYLE_ERROR, "%s", error);
}

void hold_go_on(struct screen *screen)
{
    int64_t until = clock_milliseconds() + screen->slice;
    char *error;

    if (screen->model_dirty)
        state_sync(screen);
    do {
        enum against_news news = against_go_on(&screen->against, PIECE, &error);

        take_news(screen, news, error);
        free(error);
    } while (hold_busy(screen) && clock_milliseconds() < until);
}

void hold_finish(struct screen *screen)
{
    while (hold_under_way(screen)) {
        struct pollfd wait = {against_descriptor(&screen->against), POLLIN, 0};

        if (!hold_busy(screen))
            poll(&wait, 1, -1);
        hold_go_on(screen);
        while (find_busy(screen))
            find_go_on(screen);
    }
}

void hold_cancel(struct screen *screen)
{
    bool compared = screen->against.path;

    against_cancel(&screen->against);
    follow_end(screen, compared);
    state_say(screen, STYLE_MESSAGE, "not compared");
}
