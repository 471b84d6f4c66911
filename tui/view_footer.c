#include "tui/export_extent.h"
#include "tui/press.h"
#include "tui/view_parts.h"

#include "engine/base/mem.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

#define NOTE_MOST 6

enum { KEYS_ROOM = 17 /* "  ? help  q quit" */, GAP = 3 };

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

/* The caller frees. */
static char *prompt_label(const struct screen *screen)
{
    static const char *const labels[] = {[ASK_SEARCH] = "/",
                                         [ASK_FILTER] = "filter: ",
                                         [ASK_ADD] = "add: ",
                                         [ASK_BASELINE] = "baseline: ",
                                         [ASK_IMPORT] = "import: ",
                                         [ASK_SAVE] = "keep this session in: ",
                                         [ASK_AGAINST] = "compare with: ",
                                         [ASK_CHANGES] = "write what changed to: "};

    return screen->asking == ASK_EXPORT ? extent_label(screen) : mem_string(labels[screen->asking]);
}

/* What the keys that always work in a prompt do here. */
static const char *prompt_keys(const struct screen *screen)
{
    static const char *const keys[] = {[ASK_SEARCH] = "Enter stays there  Esc goes back",
                                       [ASK_FILTER] = "Tab lists terms  Enter keeps it  Esc goes back",
                                       [ASK_ADD] = "Enter adds  Esc leaves",
                                       [ASK_BASELINE] = "a name or a file  Esc leaves",
                                       [ASK_IMPORT] = "Tab completes  Enter reads it  Esc leaves",
                                       [ASK_EXPORT] = "Tab completes  Enter writes it  Esc leaves",
                                       [ASK_SAVE] = "Tab completes  Enter keeps it there  Esc leaves",
                                       [ASK_AGAINST] =
                                           "Tab completes  Enter compares, with nothing if empty  Esc leaves",
                                       [ASK_CHANGES] = "Tab completes  Enter writes it  Esc leaves"};

    if (screen->asking == ASK_EXPORT && extent_any(screen))
        return "C-o takes others  Tab completes  Enter writes it";
    return keys[screen->asking];
}

static const char *prompt_remark(const struct screen *screen)
{
    if (screen->prompt_error)
        return screen->prompt_error;
    if (screen->asking == ASK_SEARCH && screen->search.missed)
        return "no match";
    return NULL;
}

/* At the right end of the line, if it fits behind column `from`; true when it does. */
static bool paint_aside(const struct screen *screen, int y, int from, const char *text)
{
    int x = COLS - 1 - painter_width(text, screen->painter.ascii);

    if (x >= from)
        paint(&screen->painter, y, x, COLS - x, STYLE_DIM, text);
    return x >= from;
}

/* Shows the end of a long line, so that the cursor is always seen. */
static void paint_prompt(const struct screen *screen, int y, int *x)
{
    const struct painter *painter = &screen->painter;
    const char *remark = prompt_remark(screen), *text;
    bool back = screen->asking == ASK_SEARCH || screen->asking == ASK_FILTER;
    bool others = screen->asking == ASK_EXPORT && extent_any(screen);
    const char *leaving = others ? "C-o takes others" : back ? "Esc goes back" : "Esc leaves";
    char *before = prompt_label(screen);
    int label = paint(painter, y, 0, COLS, STYLE_KEY, before);
    int room = COLS - label - 1, ahead, used;

    free(before);
    text = painter_tail(screen->prompt.text, screen->prompt.cursor, painter->ascii, room, &ahead);
    used = paint(painter, y, label, room, remark ? STYLE_ERROR : STYLE_STRONG, text);
    *x = label + ahead;
    if (remark && y > 1 && painter_width(remark, painter->ascii) > COLS - label - used - 2)
        paint_note(screen, y - 1, STYLE_ERROR, remark);
    else if (remark)
        paint(painter, y, label + used + 2, COLS - label - used - 2, STYLE_ERROR, remark);
    else if (!paint_aside(screen, y, label + used + 4, prompt_keys(screen)))
        paint_aside(screen, y, label + used + 2, leaving);
}

/* Returns the columns that key and word take, with the gap behind them; 0 where they don't fit. */
static int paint_hint(const struct screen *screen, int y, int x, const char *key, const char *brief)
{
    const struct painter *painter = &screen->painter;
    int key_width = painter_width(key, painter->ascii);
    int width = key_width + 1 + painter_width(brief, painter->ascii);

    if (x + width >= COLS)
        return 0;
    paint(painter, y, x, COLS - x, STYLE_KEY, key);
    paint(painter, y, x + key_width + 1, COLS - x, STYLE_DIM, brief);
    return width + 2;
}

/* The first key of each of these requests, in a row before one word; `fixed` where none has a key. */
static int paint_keys(const struct screen *screen, int y, int x, const char *const *requests,
                      const char *fixed, const char *brief)
{
    char keys[4 * PRESS_NAME_SIZE] = "", name[PRESS_NAME_SIZE];

    for (; *requests; requests++) {
        const char *key = keymap_name(&screen->keymap, *requests, name);

        if (!key || strlen(keys) + strlen(key) + 2 > sizeof keys)
            continue;
        strcat(keys, *keys ? " " : "");
        strcat(keys, key);
    }
    return paint_hint(screen, y, x, *keys ? keys : fixed, brief);
}

static int paint_scroll_hints(const struct screen *screen, int y, int x)
{
    static const char *const step[] = {"down", "up", NULL}, *const ends[] = {"first", "last", NULL};

    x += paint_keys(screen, y, x, step, "Down Up", "scroll");
    return x + paint_keys(screen, y, x, ends, "Home End", "ends");
}

static void paint_menu_hints(const struct screen *screen, int y)
{
    static const char *const search[] = {"search", NULL};
    int x = 1;

    if (!screen->menu.typing && keymap_meaning(&screen->keymap, '/') == '/')
        x += paint_keys(screen, y, x, search, "/", "narrows");
    x += paint_hint(screen, y, x, "Down Up", "choose");
    if (screen->menu.count)
        x += paint_hint(screen, y, x, "Enter", "runs it");
    paint_hint(screen, y, x, "Esc", "closes");
}

/* In the pane q and Enter only go back to the tree, which is told already. */
static bool is_hint(const struct screen *screen, const struct request *request)
{
    bool goes_back = screen->detail.focused &&
                     (strcmp(request->name, "quit") == 0 || strcmp(request->name, "toggle") == 0);

    return request->brief && !goes_back && keymap_key(&screen->keymap, request, 0) &&
           !(request->blocked && request->blocked(screen));
}

/* The keys that work now, by rank. */
static void paint_hints(const struct screen *screen, int y, int x)
{
    const struct keymap *keymap = &screen->keymap;
    char key[PRESS_NAME_SIZE];
    unsigned rank;
    size_t i;

    for (rank = 1; rank <= keymap->request_count; rank++) {
        for (i = 0; i < keymap->request_count; i++) {
            const struct request *request = &keymap->requests[i];

            if (request->rank != rank || !is_hint(screen, request))
                continue;
            press_name(keymap_key(keymap, request, 0), key);
            x += paint_hint(screen, y, x, key, request->brief);
        }
    }
}

/* Over several lines where one is too short, for the answers stand at its end. */
static void paint_question(const struct screen *screen, const char *question, int line, int *y, int *x)
{
    *y = line;
    *x = painter_width(question, screen->painter.ascii) + 2;
    if (*x >= COLS)
        paint_note(screen, line, STYLE_MESSAGE, question);
    else
        paint(&screen->painter, line, 1, COLS - 1, STYLE_MESSAGE, question);
}

static void paint_list_question(const struct screen *screen, int line, int *y, int *x)
{
    char name[PRESS_NAME_SIZE], *question = pasted_sentence(&screen->pasted), *longer;
    const char *key =
        pasted_takes_more(&screen->pasted) ? keymap_name(&screen->keymap, "import", name) : NULL;

    longer = key ? mem_format("%s  %s reads another file with it", question, key) : mem_string(question);
    paint_question(screen, longer, line, y, x);
    free(longer);
    free(question);
}

static void paint_form_hints(const struct screen *screen, int y)
{
    int x = 1;

    x += paint_hint(screen, y, x, "Tab", "next field");
    x += paint_hint(screen, y, x, "Enter", "keeps");
    x += paint_hint(screen, y, x, "Esc", "leaves");
    if (screen->form.at == FORM_STATE)
        paint_hint(screen, y, x, "Space", "next state");
    if (screen->form.at < FORM_STATE && screen->form.too_long[screen->form.at])
        paint_aside(screen, y, x + 2, "too long to be changed here");
    else
        paint_aside(screen, y, x + 2, screen->form_title);
}

static void paint_page_hints(const struct screen *screen, int y)
{
    int x = paint_scroll_hints(screen, y, 1);

    paint_hint(screen, y, x, "Esc", "closes");
}

/* A message on one line, or over more lines where it says more than that. Returns the column behind it; COLS
 * where nothing fits behind. */
static int paint_message(const struct screen *screen, int y)
{
    const struct painter *painter = &screen->painter;
    int width = painter_width(screen->message, painter->ascii), room = COLS - 2;

    if (screen->message_brief && COLS >= 2 * KEYS_ROOM)
        room -= KEYS_ROOM;
    if (width > room && !screen->message_brief) {
        paint_note(screen, y, screen->message_style, screen->message);
        return COLS;
    }
    return 1 + GAP + paint(painter, y, 1, room, screen->message_style, screen->message);
}

/* How far a list or a comparison has come that is under way. Returns the column behind it. */
static int paint_progress(const struct screen *screen, int y, int x)
{
    char *text = pasted_progress(&screen->pasted);

    if (!text)
        text = listing_progress(&screen->listing);
    if (!text)
        text = against_progress(&screen->against);

    if (text)
        x += 2 + paint(&screen->painter, y, x, COLS - x, STYLE_MESSAGE, text);
    free(text);
    return x;
}

/* The keys of tree and pane, behind a message where it leaves room. */
static void paint_tree_footer(const struct screen *screen, int y)
{
    static const char *const back[] = {"back", NULL};
    int x = screen->message ? paint_message(screen, y) : paint_progress(screen, y, 1);

    if (x > 1 && !screen->message && !screen->detail.focused) {
        x += paint_keys(screen, y, x, back, "Esc", "stops it");
    } else if (screen->detail.focused) {
        x = paint_scroll_hints(screen, y, x);
        x += paint_keys(screen, y, x, back, "Esc", "back");
    } else if (screen->filter && !screen->message) {
        x += paint_keys(screen, y, x, back, "Esc", "shows all");
    }
    paint_hints(screen, y, x);
}

bool view_footer(const struct screen *screen, int *y, int *x)
{
    int line = screen->layout.footer;
    bool asked = screen->mode == MODE_PASTED && screen->pasted.state == PASTED_ASKED;

    if (line < 0)
        return false;
    if (screen->mode == MODE_PROMPT) {
        paint_prompt(screen, line, x);
        *y = line;
    } else if (screen->mode == MODE_CONFIRM) {
        paint_question(screen, screen->question, line, y, x);
    } else if (asked) {
        paint_list_question(screen, line, y, x);
    } else if (screen->mode == MODE_MENU) {
        paint_menu_hints(screen, line);
    } else if (screen->mode == MODE_FORM) {
        if (screen->message && screen->message_style == STYLE_ERROR)
            paint_note(screen, line, screen->message_style, screen->message);
        else
            paint_form_hints(screen, line);
        view_form(screen, y, x);
    } else if (screen->mode == MODE_TREE) {
        paint_tree_footer(screen, line);
    } else {
        paint_page_hints(screen, line);
    }
    return asked || screen->mode == MODE_PROMPT || screen->mode == MODE_FORM || screen->mode == MODE_CONFIRM;
}
