#include "tui/view_parts.h"

#include <curses.h>

#define FORM_COLUMN 10 /* where the fields' text begins */

/* The end of a text that is too long is what is seen, so that the cursor is. */
static int paint_text(const struct screen *screen, int y, const struct prompt *prompt, bool active)
{
    const struct painter *painter = &screen->painter;
    int room = COLS - FORM_COLUMN - 1;
    int ahead;
    const char *visible = painter_tail(prompt->text, prompt->cursor, painter->ascii, room, &ahead);

    paint(painter, y, FORM_COLUMN, room, active ? STYLE_STRONG : STYLE_TEXT, visible);
    return FORM_COLUMN + ahead;
}

/* Dim behind the cursor: what a key would write there. */
static void paint_suggestion(const struct screen *screen, int y, int end)
{
    const char *suggestion = form_suggestion(&screen->form);
    const char *right = screen->painter.ascii ? "Right" : "→";

    if (suggestion && end + 1 < COLS)
        paintf(&screen->painter, y, end + 1, COLS - end - 1, STYLE_DIM, "%s takes %s", right, suggestion);
}

/* Columns that all states take in a row. */
static int states_width(const struct screen *screen)
{
    int width = 0, i;

    for (i = 0; i < contact_state_count; i++)
        width += 2 + painter_width(form_state_title((enum contact_state)i), screen->painter.ascii);
    return width;
}

/* The chosen one alone, between signs that there are others. */
static void paint_one_state(const struct screen *screen, int y, const struct form *form, bool active)
{
    bool ascii = screen->painter.ascii;

    paintf(&screen->painter, y, FORM_COLUMN, COLS - FORM_COLUMN, active ? STYLE_SELECTED : STYLE_STRONG,
           "%s %s %s", ascii ? "<" : "◂", form_state_title(form->state), ascii ? ">" : "▸");
}

static void paint_state(const struct screen *screen, int y, const struct form *form, bool active)
{
    const struct painter *painter = &screen->painter;
    int x = FORM_COLUMN, i;

    if (FORM_COLUMN + states_width(screen) > COLS) {
        paint_one_state(screen, y, form, active);
        return;
    }
    for (i = 0; i < contact_state_count; i++) {
        bool chosen = i == (int)form->state;
        const char *title = form_state_title((enum contact_state)i);

        x += paintf(painter, y, x, COLS - x, chosen ? active ? STYLE_SELECTED : STYLE_STRONG : STYLE_DIM,
                    chosen ? "[%s]" : " %s ", title);
    }
}

void view_form(const struct screen *screen, int *y, int *x)
{
    const struct painter *painter = &screen->painter;
    const struct form *form = &screen->form;
    int top = screen->layout.footer - form_field_count, i;

    for (i = 0; i < form_field_count; i++) {
        bool active = i == (int)form->at;
        int line = top + i, end = FORM_COLUMN;

        paint_cell(painter, line, 0, COLS, STYLE_TEXT, "");
        paint(painter, line, 1, FORM_COLUMN - 1, active ? STYLE_KEY : STYLE_DIM,
              form_label((enum form_field)i));
        if (i == FORM_STATE)
            paint_state(screen, line, form, active);
        else
            end = paint_text(screen, line, &form->texts[i], active);
        if (active && i == FORM_CONTACT)
            paint_suggestion(screen, line, end);
        if (!active)
            continue;
        *y = line;
        *x = end;
    }
}
