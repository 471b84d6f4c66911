#include "tui/actions_keep.h"

#include "engine/base/mem.h"
#include "tui/actions.h"
#include "tui/actions_line.h"
#include "tui/path_complete.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

void action_save(struct screen *screen)
{
    const char *looked_at = screen->kept ? keeping_looked_at(screen->kept) : NULL;
    time_t now = time(NULL);
    struct tm day;
    char name[64];

    localtime_r(&now, &day);
    strftime(name, sizeof name, "mxscope-%Y-%m-%d.mxscope", &day);
    state_ask(screen, ASK_SAVE, looked_at ? looked_at : name);
}

const char *blocked_not_keeping(const struct screen *screen)
{
    return screen->kept ? NULL : "this session can't be kept";
}

void keep_save(struct screen *screen)
{
    char *path = path_expand(screen->prompt.text, getenv("HOME")), *error = NULL;

    if (!*path)
        error = mem_string("the path of a new file is expected, or of the one that was opened");
    else if (keeping_move(screen->kept, path, screen->model, &error))
        line_accepted(screen);
    free(path);
    free(screen->prompt_error);
    screen->prompt_error = error;
    if (error)
        return;
    screen->mode = MODE_TREE;
    state_say(screen, STYLE_MESSAGE, "this session is kept in %s", keeping_path(screen->kept));
}

/* Each change of it is a frame more. */
static void show_saved(struct screen *screen)
{
    char *saved = keeping_saved_text(screen->kept);

    keeping_saved_at(screen->kept, &screen->not_saved);
    if (!screen->saved || strcmp(saved, screen->saved) != 0)
        screen->dirty = true;
    free(screen->saved);
    screen->saved = saved;
}

bool keep_take(struct screen *screen)
{
    bool more;
    char *trouble;

    if (!screen->kept)
        return false;
    if (keeping_news(screen->kept, &trouble)) {
        if (trouble)
            state_say(screen, STYLE_ERROR, "not saved: %s; trying again", trouble);
        else
            state_say(screen, STYLE_MESSAGE, "saved again: %s", keeping_path(screen->kept));
        free(trouble);
    }
    more = keeping_take(screen->kept, screen->model);
    show_saved(screen);
    return more;
}
