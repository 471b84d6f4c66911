#include "tui/actions_against.h"

#include "engine/base/mem.h"
#include "tui/actions.h"
#include "tui/actions_line.h"
#include "tui/path_complete.h"

#include <stdlib.h>
#include <sys/stat.h>

void action_against(struct screen *screen)
{
    state_ask(screen, ASK_AGAINST, screen->against.path ? screen->against.path : "");
    line_edited(screen);
}

const char *blocked_reading(const struct screen *screen)
{
    return state_loading(screen) ? "the session is still being read; try again in a moment" : NULL;
}

/* By what it is. It must not be opened a second time: the locks on it would go with that. */
static bool is_kept(const struct screen *screen, const char *path)
{
    const char *here = screen->kept ? keeping_path(screen->kept) : NULL;
    struct stat left, right;

    return here && stat(here, &left) == 0 && stat(path, &right) == 0 && left.st_dev == right.st_dev &&
           left.st_ino == right.st_ino;
}

static bool read_it(struct screen *screen, const char *path, char **error)
{
    if (is_kept(screen, path)) {
        *error = mem_format("%s: this session itself is kept there; an earlier one is expected", path);
        return false;
    }
    if (!against_read(&screen->against, screen->model, path, error))
        return false;
    screen->page_scroll = 0;
    screen->mode = MODE_AGAINST;
    screen->model_dirty = true;
    return true;
}

void against_accepted(struct screen *screen)
{
    char *path = path_expand(screen->prompt.text, getenv("HOME")), *error = NULL;

    if (!*path)
        error = mem_string("the path of a snapshot is expected");
    else
        read_it(screen, path, &error);
    free(path);
    free(screen->prompt_error);
    screen->prompt_error = error;
}

void against_begin(struct screen *screen)
{
    const char *path = screen->against_asked;
    char *error = NULL;

    screen->against_asked = NULL;
    if (!read_it(screen, path, &error))
        state_say(screen, STYLE_ERROR, "%s", error);
    free(error);
}
