#include "tui/press.h"
#include "tui/view_parts.h"

#include "engine/base/mem.h"

#include <curses.h>
#include <stdlib.h>

#define NOTE_MOST 6

/* Text over a few lines whose last is `y`; for what is too long to stand beside other things. */
static void paint_note(const struct screen *screen, int y, enum style style, const char *text)
{
    struct page page;
    size_t i, count;

    page_init(&page, COLS - 2, screen->painter.ascii);
    page_wrap(&page, 0, style, text);
    count = page.count < NOTE_MOST ? page.count : NOTE_MOST;
    for (i = 0; i < count && page.lines[i].count; i++) {
        int line = y - (int)(count - 1 - i);

        if (line < 0)
            continue;
        paint_cell(&screen->painter, line, 0, COLS, style, "");
        paint(&screen->painter, line, 1, COLS - 2, style, page.lines[i].spans[0].text);
    }
    page_release(&page);
}

static const char *prompt_label(const struct screen *screen)
{
    static const char *const labels[] = {
        [ASK_SEARCH] = "/", [ASK_FILTER] = "filter: ", [ASK_ADD] = "add: ", [ASK_NOTE] = "note: "};

    return labels[screen->asking];
}

static const char *prompt_remark(const struct screen *screen)
{
    if (screen->prompt_error)
        return screen->prompt_error;
    if (screen->asking == ASK_SEARCH && screen->search.missed)
        return "no match";
    return NULL;
}

/* Shows the end of a long line, so that the cursor is always seen. */
static void paint_prompt(const struct screen *screen, int y, int *x)
{
    const struct painter *painter = &screen->painter;
    const char *remark = prompt_remark(screen), *text = screen->prompt.text;
    int label = paint(painter, y, 0, COLS, STYLE_KEY, prompt_label(screen));
    int room = COLS - label - 1, ahead, used;
    char *before = mem_string_n(text, screen->prompt.cursor);
    const char *visible = before;
    struct shown shown;

    while ((ahead = painter_width(visible, painter->ascii)) > room && ahead > 0)
        painter_next(&visible, painter->ascii, &shown);
    used = paint(painter, y, label, room, remark ? STYLE_ERROR : STYLE_STRONG, text + (visible - before));
    *x = label + ahead;
    free(before);
    if (remark && y > 1 && painter_width(remark, painter->ascii) > COLS - label - used - 2)
        paint_note(screen, y - 1, STYLE_ERROR, remark);
    else if (remark)
        paint(painter, y, label + used + 2, COLS - label - used - 2, STYLE_ERROR, remark);
}

static int paint_hint(const struct screen *screen, int y, int x, const struct request *request)
{
    const struct painter *painter = &screen->painter;
    char key[PRESS_NAME_SIZE];
    int width;

    press_name(keymap_key(&screen->keymap, request, 0), key);
    width = painter_width(key, painter->ascii) + 1 + painter_width(request->brief, painter->ascii);
    if (x + width >= COLS)
        return 0;
    paint(painter, y, x, COLS - x, STYLE_KEY, key);
    paint(painter, y, x + painter_width(key, painter->ascii) + 1, COLS - x, STYLE_DIM, request->brief);
    return width + 2;
}

/* The keys that work now, by rank. */
static void paint_hints(const struct screen *screen, int y, int x)
{
    const struct keymap *keymap = &screen->keymap;
    unsigned rank;
    size_t i;

    for (rank = 1; rank <= keymap->request_count; rank++) {
        for (i = 0; i < keymap->request_count; i++) {
            const struct request *request = &keymap->requests[i];

            if (request->rank != rank || !request->brief || (request->blocked && request->blocked(screen)))
                continue;
            if (keymap_key(keymap, request, 0))
                x += paint_hint(screen, y, x, request);
        }
    }
}

/* Over several lines where one is too short. */
static void paint_list_question(const struct screen *screen, int line, int *y, int *x)
{
    char *question = pasted_sentence(&screen->pasted);

    *y = line;
    *x = painter_width(question, screen->painter.ascii) + 2;
    if (*x >= COLS)
        paint_note(screen, line, STYLE_MESSAGE, question);
    else
        paint(&screen->painter, line, 1, COLS - 1, STYLE_MESSAGE, question);
    free(question);
}

bool view_footer(const struct screen *screen, int *y, int *x)
{
    int line = screen->layout.footer, place = 1;

    if (line < 0)
        return false;
    if (screen->mode == MODE_PROMPT) {
        paint_prompt(screen, line, x);
        *y = line;
        return true;
    }
    if (screen->mode == MODE_CONFIRM) {
        *x = paint(&screen->painter, line, 1, COLS - 1, STYLE_MESSAGE, screen->question) + 2;
        *y = line;
        return true;
    }
    if (screen->mode == MODE_MENU) {
        paint(&screen->painter, line, 1, COLS - 1, STYLE_DIM,
              screen->menu.typing ? "Enter runs it  Esc closes"
                                  : "/ narrows the list  Enter runs a line  Esc closes");
        return false;
    }
    if (screen->mode == MODE_PASTED && screen->pasted.state == PASTED_ASKED) {
        paint_list_question(screen, line, y, x);
        return true;
    }
    if (screen->mode == MODE_PREFLIGHT || screen->mode == MODE_NOTES || screen->mode == MODE_PASTED) {
        paint(&screen->painter, line, 1, COLS - 1, STYLE_DIM, "j k scroll  Esc closes");
        return false;
    }
    if (screen->message && painter_width(screen->message, screen->painter.ascii) > COLS - 2) {
        paint_note(screen, line, screen->message_style, screen->message);
        return false;
    }
    if (screen->message)
        place += 3 + paint(&screen->painter, line, 1, COLS - 2, screen->message_style, screen->message);
    if (!screen->message || screen->message_style != STYLE_ERROR)
        paint_hints(screen, line, place);
    return false;
}
