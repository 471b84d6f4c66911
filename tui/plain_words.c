#include "engine/base/mem.h"
#include "tui/actions.h"
#include "tui/actions_find.h"
#include "tui/detail.h"
#include "tui/detail_since.h"
#include "tui/detail_transcript.h"
#include "tui/plain_private.h"
#include "tui/preflight_page.h"
#include "tui/press.h"

#include <stdlib.h>
#include <string.h>

#define LIST_ROWS 20 /* that a list has at most, unless told */
#define LIST_MOST 1000

static size_t height(const struct plain *plain)
{
    return state_tree_height(&plain->screen);
}

void plain_say_here(struct plain *plain)
{
    const struct cursor *cursor = &plain->screen.cursor;

    if (cursor->row.kind == ROW_NONE)
        plain_say(plain, plain->screen.filter ? "nothing matches the filter"
                                              : "no targets yet; add DOMAIN adds one");
    else
        plain_say_row(plain, &cursor->row);
}

static unsigned long number(const char *text, unsigned long otherwise)
{
    unsigned long value = strtoul(text, NULL, 10);

    return value && value <= LIST_MOST ? value : otherwise;
}

static void move_by(struct plain *plain, long delta)
{
    struct cursor *cursor = &plain->screen.cursor;
    size_t before = cursor->index;

    cursor_move(cursor, plain->screen.rows, delta, height(plain));
    if (cursor->index == before && rows_count(plain->screen.rows))
        plain_say(plain, delta > 0 ? "this is the last row" : "this is the first row");
    plain_say_here(plain);
}

static void word_next(struct plain *plain, const char *argument)
{
    move_by(plain, (long)number(argument, 1));
}

static void word_previous(struct plain *plain, const char *argument)
{
    move_by(plain, -(long)number(argument, 1));
}

void plain_say_page(struct plain *plain, struct page *page)
{
    char *text = page_text(page);

    plain_say_text(plain, text);
    free(text);
    page_release(page);
}

static void word_detail(struct plain *plain, const char *argument)
{
    const struct screen *screen = &plain->screen;
    struct page page;

    (void)argument;
    if (screen->cursor.row.kind == ROW_NONE) {
        plain_say_here(plain);
        return;
    }
    page_init(&page, PLAIN_WIDTH, screen->painter.ascii);
    detail_since(&page, &screen->against, &screen->cursor.row);
    detail_build(&page, screen->model, screen->rows, &screen->cursor.row, model_time(screen->model));
    plain_say_page(plain, &page);
}

static void word_transcript(struct plain *plain, const char *argument)
{
    const struct screen *screen = &plain->screen;
    const char *reason = blocked_not_target(screen);
    char *text;

    (void)argument;
    if (reason) {
        plain_say_reason(plain, reason);
        return;
    }
    text = detail_transcript(screen->model, screen->rows, &screen->cursor.row, PLAIN_WIDTH,
                             screen->painter.ascii, model_time(screen->model));
    plain_say_text(plain, text);
    free(text);
}

static void word_open(struct plain *plain, const char *argument)
{
    struct screen *screen = &plain->screen;
    const struct row *row = &screen->cursor.row;

    if (!rows_has_children(screen->rows, row)) {
        word_detail(plain, argument);
        return;
    }
    rows_set_open(screen->rows, row, true);
    move_by(plain, 1);
}

static void word_up(struct plain *plain, const char *argument)
{
    struct screen *screen = &plain->screen;
    struct row parent = rows_parent(screen->rows, &screen->cursor.row);

    (void)argument;
    if (parent.kind == ROW_NONE)
        plain_say(plain, "nothing is above");
    else
        cursor_select(&screen->cursor, screen->rows, &parent, height(plain));
    plain_say_here(plain);
}

static void word_here(struct plain *plain, const char *argument)
{
    (void)argument;
    plain_say_here(plain);
}

static void word_list(struct plain *plain, const char *argument)
{
    const struct screen *screen = &plain->screen;
    size_t count = rows_count(screen->rows), i, end;

    end = screen->cursor.index + number(argument, LIST_ROWS);
    for (i = screen->cursor.index; i < count && i < end; i++) {
        struct row row = rows_at(screen->rows, i);

        plain_say_row(plain, &row);
    }
    if (i < count)
        plain_say(plain, "%zu more", count - i);
    if (!count)
        plain_say_here(plain);
}

static void word_problems(struct plain *plain, const char *argument)
{
    const struct screen *screen = &plain->screen;
    unsigned total = state_problems(screen);
    unsigned long most = number(argument, LIST_ROWS), i;
    struct row row = {0}, hit;

    for (i = 0; i < most && i < total && rows_next_problem(screen->rows, &row, true, &hit); i++) {
        plain_say_row(plain, &hit);
        row = hit;
    }
    if (!i)
        plain_say(plain, total ? "the filter hides all problems" : "no target has a problem");
    else if (i < total)
        plain_say(plain, "%lu of %u problems; next-problem goes to the worst", i, total);
}

static void say_filter(struct plain *plain)
{
    const struct screen *screen = &plain->screen;
    size_t gone = rows_ghosts_shown(screen->rows);
    char *besides = gone ? mem_format(", and %zu gone", gone) : mem_string("");

    plain_say(plain, "the filter \"%s\" shows %zu of %zu%s", screen->filter_text, rows_shown(screen->rows),
              rows_targets(screen->rows), besides);
    free(besides);
}

static void word_counts(struct plain *plain, const char *argument)
{
    struct screen *screen = &plain->screen;
    char *text;

    (void)argument;
    plain_say_counts(plain, "all", rows_all_verdicts(screen->rows));
    if (screen->filter)
        say_filter(plain);
    if (!state_busy(screen))
        return;
    text = progress_text(&screen->work, &screen->pace, PLAIN_WIDTH);
    plain_say(plain, "%s", text);
    free(text);
}

static void word_preflight(struct plain *plain, const char *argument)
{
    struct page page;

    (void)argument;
    page_init(&page, PLAIN_WIDTH, plain->screen.painter.ascii);
    preflight_page_build(&page, model_preflight(plain->screen.model));
    plain_say_page(plain, &page);
}

static void word_notes(struct plain *plain, const char *argument)
{
    const struct strings *notes = model_notes(plain->screen.model);
    size_t i;

    (void)argument;
    for (i = 0; i < notes->count && i < LIST_MOST; i++)
        plain_say(plain, "%s", notes->items[i]);
    if (notes->count > LIST_MOST)
        plain_say(plain, "and %zu more", notes->count - LIST_MOST);
    if (!notes->count)
        plain_say(plain, "the inputs were taken whole, nothing was left to say");
}

static void word_wait(struct plain *plain, const char *argument)
{
    (void)argument;
    plain->waiting = true;
}

static void word_quiet(struct plain *plain, const char *argument)
{
    (void)argument;
    plain->quiet = !plain->quiet;
    plain->held_back = 0;
    plain_say(plain,
              plain->quiet ? "verdicts are not told of any more" : "verdicts are told of as they come");
}

/* What is asked of the requests of the same name, and cannot be seen here. */
static void word_tag(struct plain *plain, const char *argument)
{
    struct screen *screen = &plain->screen;
    const char *reason = blocked_not_taggable(screen);
    struct row row = screen->cursor.row;
    size_t before = rows_tagged(screen->rows), now;

    (void)argument;
    if (reason) {
        plain_say_reason(plain, reason);
        return;
    }
    action_tag(screen);
    now = rows_tagged(screen->rows);
    plain_say(plain, "%s %zu target%s, %zu tagged now", now < before ? "untagged" : "tagged",
              now < before ? before - now : now - before,
              (now < before ? before - now : now - before) == 1 ? "" : "s", now);
    if (!row_equal(&row, &screen->cursor.row))
        plain_say_here(plain);
}

static void word_back(struct plain *plain, const char *argument)
{
    struct screen *screen = &plain->screen;
    bool filtered = screen->filter;

    (void)argument;
    action_back(screen);
    while (find_busy(screen))
        find_go_on(screen);
    state_sync(screen);
    cursor_place(&screen->cursor, screen->rows, height(plain));
    plain_say(plain, filtered ? "everything is shown" : "nothing is filtered");
    plain_say_here(plain);
}

static void word_quit(struct plain *plain, const char *argument)
{
    (void)argument;
    plain->screen.quit = true;
}

static void word_help(struct plain *plain, const char *argument);

static const struct plain_word words[] = {
    {"next", "[N]", "the next row, or the Nth", word_next},
    {"previous", "[N]", "the row before", word_previous},
    {"open", NULL, "unfold and go to the first row below; on the last level: detail", word_open},
    {"up", NULL, "go to the row above in the tree", word_up},
    {"here", NULL, "say the selected row again", word_here},
    {"list", "[N]", "say N rows from the selected one on, or 20", word_list},
    {"problems", "[N]", "say N targets with a problem, the worst first", word_problems},
    {"detail", NULL, "all that is known of the selected row", word_detail},
    {"transcript", NULL, "dialogue, attempts and details of the selected row", word_transcript},
    {"counts", NULL, "targets by verdict, and how far probing is", word_counts},
    {"preflight", NULL, "resolver, routes, mail port, EHLO name of this place", word_preflight},
    {"notes", NULL, "what the inputs left out, and why", word_notes},
    {"wait", NULL, "read no further command before probing is done", word_wait},
    {"quiet", NULL, "tell of no verdicts, or tell of them again", word_quiet},
    {"tag", NULL, "tag or untag the target, or all of a group", word_tag},
    {"back", NULL, "show everything again: clear the filter", word_back},
    {"help", "[WORD]", "this list, or what holds WORD", word_help},
    {"quit", NULL, "leave", word_quit},
};
#define WORDS (sizeof words / sizeof words[0])

const struct plain_word *plain_word(const char *name)
{
    size_t i;

    for (i = 0; i < WORDS; i++)
        if (strcmp(words[i].name, name) == 0)
            return &words[i];
    return NULL;
}

/* What only a screen has: colours, panes, painting, the terminal's own paste. */
bool plain_is_for_screens(const struct request *request)
{
    return strcmp(request->group, "Screen") == 0 || request->keys[0] == PRESS_PASTE ||
           strncmp(request->name, "page-", 5) == 0 || strncmp(request->name, "half-", 5) == 0;
}

static bool is_helped(const char *name, const char *help, const char *argument)
{
    return !*argument || strcasestr(name, argument) || strcasestr(help, argument);
}

/* Where the screen's words speak of the screen. */
static const char *help_of(const struct request *request)
{
    static const char *const others[][2] = {
        {"filter", "show only what matches TEXT, such as contoso verdict:plaintext tls<1.2; back ends it"},
        {"note",
         "say what people noted; note TEXT keeps one, as owner, contact, due and state do; - empties it"},
        {"undo", "undo what was done last: an addition, a removal, a change or a note"},
    };
    size_t i;

    for (i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(others[i][0], request->name) == 0)
            return others[i][1];
    return request->help;
}

static void word_help(struct plain *plain, const char *argument)
{
    const struct keymap *keymap = &plain->screen.keymap;
    size_t i;

    for (i = 0; i < WORDS; i++)
        if (is_helped(words[i].name, words[i].help, argument))
            plain_say(plain, "%s%s%s: %s", words[i].name, words[i].argument ? " " : "",
                      words[i].argument ? words[i].argument : "", words[i].help);
    for (i = 0; i < keymap->request_count; i++) {
        const struct request *request = &keymap->requests[i];

        if (!plain_is_for_screens(request) && !plain_word(request->name) &&
            is_helped(request->name, help_of(request), argument))
            plain_say(plain, "%s: %s", request->name, help_of(request));
    }
}

const struct plain_word *plain_word_at(size_t index)
{
    return index < WORDS ? &words[index] : NULL;
}
