#include "tui/actions.h"
#include "tui/actions_against.h"
#include "tui/actions_list.h"
#include "tui/actions_find.h"

#include <stdlib.h>

void action_pane_size(struct screen *screen)
{
    enum pane_size size = (enum pane_size)((screen->detail.size + 1) % pane_size_count);

    screen->detail.size = size;
    if (size == PANE_NONE)
        screen->detail.focused = false;
}

const char *blocked_no_pane(const struct screen *screen)
{
    return screen->layout.detail.height > 0 ? NULL : "the detail pane is closed; {detail-size} opens it";
}

void action_focus(struct screen *screen)
{
    screen->detail.focused = !screen->detail.focused;
}

static void open_menu(struct screen *screen, bool typing)
{
    menu_open(&screen->menu, &screen->keymap, typing);
    screen->mode = MODE_MENU;
}

void action_preflight(struct screen *screen)
{
    screen->page_scroll = 0;
    screen->mode = MODE_PREFLIGHT;
}

void action_notes(struct screen *screen)
{
    screen->page_scroll = 0;
    screen->mode = MODE_NOTES;
}

const char *blocked_no_notes(const struct screen *screen)
{
    return model_notes(screen->model)->count ? NULL : "the inputs were taken whole, nothing was left to say";
}

const char *blocked_no_color(const struct screen *screen)
{
    return screen->painter.color
               ? NULL
               : "there are no colours here: NO_COLOR, --color never or the terminal's type";
}

void action_theme(struct screen *screen)
{
    const struct theme *theme = theme_next(screen->painter.theme);

    painter_init(&screen->painter, theme, screen->painter.color, screen->painter.ascii);
    state_say(screen, STYLE_MESSAGE, "theme %s: %s", theme->name, theme->title);
}

void action_mouse(struct screen *screen)
{
    screen->mouse = !screen->mouse;
    state_say(screen, STYLE_MESSAGE,
              screen->mouse ? "the mouse works here now; with Shift most terminals select text as before"
                            : "the mouse is the terminal's again");
}

void action_help(struct screen *screen)
{
    open_menu(screen, false);
}

void action_palette(struct screen *screen)
{
    open_menu(screen, true);
}

void action_redraw(struct screen *screen)
{
    screen->redraw = true;
}

void action_suspend(struct screen *screen)
{
    screen->suspend = true;
}

/* One level: the pane's focus, then what is under way, then the filter. */
void action_back(struct screen *screen)
{
    if (screen->detail.focused)
        screen->detail.focused = false;
    else if (list_under_way(screen))
        list_cancel(screen);
    else if (hold_under_way(screen))
        hold_cancel(screen);
    else if (screen->filter || screen->filter_change.filter)
        find_filter(screen, "");
}

static void leave(struct screen *screen)
{
    screen->quit = true;
}

/* It was to be kept, and can't be: who was told so at the beginning may have forgotten it. */
static bool is_kept_nowhere(const struct screen *screen)
{
    return screen->options->warning && screen->kept && !keeping_path(screen->kept) &&
           rows_targets(screen->rows);
}

/* What would be lost; NULL when nothing is. */
static const char *why_stay(const struct screen *screen)
{
    if (screen->not_saved)
        return "What came last is not saved ({save} keeps all in another file). Quit?";
    if (is_kept_nowhere(screen))
        return "This session is kept nowhere ({save} keeps it in a file). Quit?";
    if (screen->kept && keeping_changed(screen->kept, screen->model))
        return "What you changed is kept nowhere ({save} keeps it in a file). Quit?";
    if (screen->pasted.state == PASTED_TAKEN)
        return "The list is still being added. Quit?";
    return state_busy(screen) ? "Probing still runs. Quit?" : NULL;
}

void action_quit(struct screen *screen)
{
    const char *why = why_stay(screen);
    char *text;

    if (screen->detail.focused) {
        screen->detail.focused = false;
        return;
    }
    if (!why) {
        leave(screen);
        return;
    }
    text = keymap_expand(&screen->keymap, why, false);
    state_confirm(screen, leave, false, "%s", text);
    free(text);
}
