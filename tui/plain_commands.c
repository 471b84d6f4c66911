#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "tui/actions_find.h"
#include "tui/detail.h"
#include "tui/keys.h"
#include "tui/plain_private.h"
#include "tui/preflight_page.h"
#include "tui/press.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_ROWS 20 /* that a list has at most, unless told */
#define LIST_MOST 1000
#define WIDTH     78

struct word {
    const char *name, *argument; /* NULL: takes none */
    const char *help;
    void (*run)(struct plain *plain, const char *argument);
};

static size_t height(const struct plain *plain)
{
    return state_tree_height(&plain->screen);
}

static void say_here(struct plain *plain)
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
    say_here(plain);
}

static void word_next(struct plain *plain, const char *argument)
{
    move_by(plain, (long)number(argument, 1));
}

static void word_previous(struct plain *plain, const char *argument)
{
    move_by(plain, -(long)number(argument, 1));
}

static void say_page(struct plain *plain, struct page *page)
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
        say_here(plain);
        return;
    }
    page_init(&page, WIDTH, screen->painter.ascii);
    detail_build(&page, screen->model, screen->rows, &screen->cursor.row, model_time(screen->model));
    say_page(plain, &page);
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
    say_here(plain);
}

static void word_here(struct plain *plain, const char *argument)
{
    (void)argument;
    say_here(plain);
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
        say_here(plain);
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

static void word_counts(struct plain *plain, const char *argument)
{
    struct screen *screen = &plain->screen;
    char *text;

    (void)argument;
    plain_say_counts(plain, "all", rows_all_verdicts(screen->rows));
    if (screen->filter)
        plain_say(plain, "the filter \"%s\" shows %zu of %zu", screen->filter_text, rows_shown(screen->rows),
                  rows_targets(screen->rows));
    if (!state_busy(screen))
        return;
    text = progress_text(&screen->work, &screen->pace, WIDTH);
    plain_say(plain, "%s", text);
    free(text);
}

static void word_preflight(struct plain *plain, const char *argument)
{
    struct page page;

    (void)argument;
    page_init(&page, WIDTH, plain->screen.painter.ascii);
    preflight_page_build(&page, model_preflight(plain->screen.model));
    say_page(plain, &page);
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

static void word_quit(struct plain *plain, const char *argument)
{
    (void)argument;
    plain->screen.quit = true;
}

static void word_help(struct plain *plain, const char *argument);

static const struct word words[] = {
    {"next", "[N]", "the next row, or the Nth", word_next},
    {"previous", "[N]", "the row before", word_previous},
    {"open", NULL, "unfold and go to the first row below; on the last level: detail", word_open},
    {"up", NULL, "go to the row above in the tree", word_up},
    {"here", NULL, "say the selected row again", word_here},
    {"list", "[N]", "say N rows from the selected one on, or 20", word_list},
    {"problems", "[N]", "say N targets with a problem, the worst first", word_problems},
    {"detail", NULL, "all that is known of the selected row", word_detail},
    {"counts", NULL, "targets by verdict, and how far probing is", word_counts},
    {"preflight", NULL, "resolver, routes, mail port, EHLO name of this place", word_preflight},
    {"notes", NULL, "what the inputs left out, and why", word_notes},
    {"wait", NULL, "read no further command before probing is done", word_wait},
    {"quiet", NULL, "tell of no verdicts, or tell of them again", word_quiet},
    {"help", "[WORD]", "this list, or what holds WORD", word_help},
    {"quit", NULL, "leave", word_quit},
};
#define WORDS (sizeof words / sizeof words[0])

static const struct word *own_word(const char *name)
{
    size_t i;

    for (i = 0; i < WORDS; i++)
        if (strcmp(words[i].name, name) == 0)
            return &words[i];
    return NULL;
}

/* What only a screen has: colours, panes, painting, the terminal's own paste. */
static bool is_for_screens(const struct request *request)
{
    return strcmp(request->group, "Screen") == 0 || request->keys[0] == PRESS_PASTE ||
           strncmp(request->name, "page-", 5) == 0 || strncmp(request->name, "half-", 5) == 0;
}

static const struct request *screens_word(const struct plain *plain, const char *name)
{
    const struct request *request = keymap_named(&plain->screen.keymap, name);

    return request && !is_for_screens(request) ? request : NULL;
}

static bool is_helped(const char *name, const char *help, const char *argument)
{
    return !*argument || strcasestr(name, argument) || strcasestr(help, argument);
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

        if (!is_for_screens(request) && !own_word(request->name) &&
            is_helped(request->name, request->help, argument))
            plain_say(plain, "%s: %s", request->name, request->help);
    }
}

/* A beginning that only one word has, or only one of those that a screen does not have. NULL and *several
 * when it is none's, or more than one's. */
static const char *whole_word(const struct plain *plain, const char *begun, unsigned *several)
{
    const struct keymap *keymap = &plain->screen.keymap;
    size_t length = strlen(begun), i;
    const char *found = NULL;
    bool own;

    *several = 0;
    for (i = 0; i < WORDS; i++) {
        if (strncmp(words[i].name, begun, length) != 0)
            continue;
        found = words[i].name;
        ++*several;
    }
    own = *several;
    for (i = 0; !own && i < keymap->request_count; i++) {
        const struct request *request = &keymap->requests[i];

        if (strncmp(request->name, begun, length) == 0 && !is_for_screens(request)) {
            ++*several;
            found = request->name;
        }
    }
    return *several == 1 ? found : NULL;
}

/* Messages, and what was to be copied, which is said instead. */
static void say_outcome(struct plain *plain)
{
    struct screen *screen = &plain->screen;

    if (screen->copy)
        plain_say_text(plain, screen->copy);
    else if (screen->message)
        plain_say(plain, "%s", screen->message);
    free(screen->copy);
    free(screen->message);
    screen->copy = screen->message = NULL;
}

static void settle(struct plain *plain)
{
    struct screen *screen = &plain->screen;

    while (find_busy(screen))
        find_go_on(screen);
    state_sync(screen);
    cursor_place(&screen->cursor, screen->rows, height(plain));
}

static void answer_prompt(struct plain *plain, const char *text)
{
    struct screen *screen = &plain->screen;

    prompt_set(&screen->prompt, "");
    if (!prompt_paste(&screen->prompt, (const uint8_t *)text, strlen(text)))
        plain_say(plain, "that is too long; its beginning is taken");
    find_changed(screen);
    settle(plain);
    keys_press(screen, PRESS_ENTER);
    if (screen->mode != MODE_PROMPT)
        return;
    plain_say(plain, "%s", screen->prompt_error ? screen->prompt_error : "that can't be used");
    keys_press(screen, PRESS_ESC);
}

static void ask_pasted(struct plain *plain)
{
    struct screen *screen = &plain->screen;
    char *sentence = pasted_sentence(&screen->pasted);
    struct page page;

    page_init(&page, WIDTH, screen->painter.ascii);
    pasted_page_build(&page, &screen->pasted);
    say_page(plain, &page);
    plain_say(plain, "%s", sentence);
    free(sentence);
    if (screen->pasted.state != PASTED_ASKED)
        keys_press(screen, PRESS_ESC);
}

/* What a command led into: its answer is in the line already, or is asked for. */
static void take_mode(struct plain *plain, const char *argument)
{
    struct screen *screen = &plain->screen;

    if (screen->mode == MODE_PROMPT && *argument)
        answer_prompt(plain, argument);
    settle(plain);
    if (screen->mode == MODE_PASTED)
        ask_pasted(plain);
    else if (screen->mode == MODE_CONFIRM)
        plain_say(plain, "%s", screen->question);
    else if (screen->mode != MODE_TREE && screen->mode != MODE_PROMPT)
        screen->mode = MODE_TREE;
}

static void run_request(struct plain *plain, const struct request *request, const char *argument)
{
    struct screen *screen = &plain->screen;
    const char *reason = request->blocked ? request->blocked(screen) : NULL;
    struct row before = screen->cursor.row;

    if (reason) {
        plain_say(plain, "%s", reason);
        return;
    }
    request->run(screen);
    take_mode(plain, argument);
    say_outcome(plain);
    if (screen->mode == MODE_TREE && !row_equal(&before, &screen->cursor.row))
        say_here(plain);
}

static void say_notes(struct plain *plain, const struct target *target)
{
    struct target_notes notes = model_notes_of(target);

    plain_say(plain, "note: %s", notes.note ? notes.note : "-");
    plain_say(plain, "owner: %s", notes.owner ? notes.owner : "-");
    plain_say(plain, "contact: %s", notes.contact ? notes.contact : "-");
    plain_say(plain, "state: %s", form_state_title(notes.state));
}

static void fill_field(struct screen *screen, enum form_field field, const char *text)
{
    unsigned i;

    for (i = 0; i < (unsigned)field; i++)
        keys_press(screen, PRESS_TAB);
    if (field == FORM_STATE) {
        keys_press(screen, PRESS_DELETE);
        keys_press(screen, (uint32_t)(unsigned char)*text);
    } else {
        keys_press(screen, CONTROL('e'));
        keys_press(screen, CONTROL('u'));
        form_paste(&screen->form, (const uint8_t *)text, strlen(text));
    }
    keys_press(screen, PRESS_ENTER);
}

/* "note", "owner", "contact", "state": says what is kept, or sets one; "-" empties it. */
static bool run_field(struct plain *plain, const char *name, const char *text)
{
    struct screen *screen = &plain->screen;
    const struct request *request = keymap_named(&screen->keymap, "note");
    unsigned field = 0;
    const char *reason;

    while (field < form_field_count && strcasecmp(form_label((enum form_field)field), name) != 0)
        field++;
    if (!request || field == form_field_count)
        return false;
    reason = request->blocked ? request->blocked(screen) : NULL;
    if (reason) {
        plain_say(plain, "%s", reason);
    } else if (!*text && state_target(screen)) {
        say_notes(plain, state_target(screen));
    } else {
        request->run(screen);
        fill_field(screen, (enum form_field)field, strcmp(text, "-") == 0 ? "" : text);
        settle(plain);
        say_outcome(plain);
    }
    return true;
}

static void run_word(struct plain *plain, const char *name, const char *argument)
{
    const struct word *word = own_word(name);

    if (word)
        word->run(plain, argument);
    else if (!run_field(plain, name, argument))
        run_request(plain, screens_word(plain, name), argument);
}

/* A key by itself is good for what it asks for, since messages name keys. */
static const char *word_of_key(const struct plain *plain, const char *name)
{
    const struct request *request = name[1] ? NULL : keymap_request(&plain->screen.keymap, (uint32_t)*name);

    return request && (own_word(request->name) || !is_for_screens(request)) ? request->name : NULL;
}

static void find_word(struct plain *plain, const char *name, const char *argument)
{
    const char *key = word_of_key(plain, name), *whole;
    unsigned several = 0;
    size_t field;

    for (field = 0; field < form_field_count; field++)
        if (strcasecmp(form_label((enum form_field)field), name) == 0)
            break;
    if (own_word(name) || field < form_field_count || screens_word(plain, name))
        run_word(plain, name, argument);
    else if (key)
        run_word(plain, key, argument);
    else if ((whole = whole_word(plain, name, &several)))
        run_word(plain, whole, argument);
    else if (several)
        plain_say(plain, "several words begin with \"%s\"; help %s lists them", name, name);
    else
        plain_say(plain, "\"%s\" is no command; help lists them", name);
}

static void answer(struct plain *plain, const char *line)
{
    struct screen *screen = &plain->screen;
    struct row before = screen->cursor.row;

    if (screen->mode == MODE_PROMPT)
        answer_prompt(plain, line);
    else
        keys_press(screen, *line == 'y' || *line == 'Y' ? 'y' : 'n');
    settle(plain);
    take_mode(plain, "");
    say_outcome(plain);
    if (screen->mode == MODE_TREE && !row_equal(&before, &screen->cursor.row))
        say_here(plain);
}

void plain_command(struct plain *plain, const char *line)
{
    size_t length;
    char *name;

    line += strspn(line, " \t");
    if (plain->screen.mode != MODE_TREE) {
        answer(plain, line);
        return;
    }
    length = strcspn(line, " \t");
    name = mem_string_n(line, length);
    line += length;
    line += strspn(line, " \t");
    if (*name)
        find_word(plain, name, line);
    else
        say_here(plain);
    free(name);
}

const char *plain_prompt(const struct plain *plain)
{
    static const char *const asked[] = {
        [ASK_SEARCH] = "search: ",     [ASK_FILTER] = "filter: ", [ASK_ADD] = "add: ",
        [ASK_BASELINE] = "baseline: ", [ASK_IMPORT] = "import: ", [ASK_EXPORT] = "export: ",
    };
    const struct screen *screen = &plain->screen;

    if (screen->mode == MODE_PROMPT)
        return asked[screen->asking];
    return screen->mode == MODE_TREE ? "> " : "y or n: ";
}
