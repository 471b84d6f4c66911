#include "engine/base/day.h"
#include "engine/base/mem.h"
#include "tui/actions.h"
#include "tui/actions_against.h"
#include "tui/actions_changes.h"
#include "tui/actions_files.h"
#include "tui/actions_find.h"
#include "tui/actions_list.h"
#include "tui/changes_page.h"
#include "tui/export_extent.h"
#include "tui/keys.h"
#include "tui/plain_private.h"
#include "tui/press.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

static const struct request *screens_word(const struct plain *plain, const char *name)
{
    const struct request *request = keymap_named(&plain->screen.keymap, name);

    return request && !plain_is_for_screens(request) ? request : NULL;
}

/* A beginning that only one word has, or only one of those that a screen does not have. NULL and *several
 * when it is none's, or more than one's. */
static const char *whole_word(const struct plain *plain, const char *begun, unsigned *several)
{
    const struct keymap *keymap = &plain->screen.keymap;
    size_t length = strlen(begun), i;
    const struct plain_word *word;
    const char *found = NULL;
    bool own;

    *several = 0;
    for (i = 0; (word = plain_word_at(i)); i++) {
        if (strncmp(word->name, begun, length) != 0)
            continue;
        found = word->name;
        ++*several;
    }
    own = *several;
    for (i = 0; !own && i < keymap->request_count; i++) {
        const struct request *request = &keymap->requests[i];

        if (strncmp(request->name, begun, length) == 0 && !plain_is_for_screens(request)) {
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
    cursor_place(&screen->cursor, screen->rows, state_tree_height(&plain->screen));
}

/* "shown FILE" is that of what the filter shows. NULL, and it is said why, where there is nothing of it. */
static const char *take_extent(struct plain *plain, const char *text)
{
    struct screen *screen = &plain->screen;

    if (screen->asking != ASK_EXPORT)
        return text;
    text = extent_word(text, &screen->extent);
    if (extent_offered(screen, screen->extent))
        return text;
    plain_say_reason(plain, extent_why_not(screen->extent));
    keys_press(screen, PRESS_ESC);
    return NULL;
}

static void answer_prompt(struct plain *plain, const char *text)
{
    struct screen *screen = &plain->screen;

    text = take_extent(plain, text);
    if (!text)
        return;
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

    page_init(&page, PLAIN_WIDTH, screen->painter.ascii);
    pasted_page_build(&page, &screen->pasted, screen->model);
    plain_say_page(plain, &page);
    plain_say(plain, "%s", sentence);
    free(sentence);
    if (screen->pasted.state != PASTED_ASKED)
        keys_press(screen, PRESS_ESC);
}

static void say_against(struct plain *plain)
{
    const struct against *against = &plain->screen.against;
    struct comparison comparison;
    struct page page;
    char *title;

    compare_models(against->earlier.model, against->model, &comparison);
    title = against_title(against, &comparison);
    plain_say(plain, "%s", title);
    page_init(&page, PLAIN_WIDTH, plain->screen.painter.ascii);
    changes_page_build(&page, &comparison);
    plain_say_page(plain, &page);
    comparison_release(&comparison);
    free(title);
}

/* A prompt, or the command line, asked for it. */
static void compare(struct plain *plain)
{
    if (!hold_under_way(&plain->screen))
        return;
    hold_finish(&plain->screen);
    if (plain->screen.against.path && !plain->screen.against.reading)
        say_against(plain);
}

void plain_begin_against(struct plain *plain)
{
    if (!plain->screen.against_asked)
        return;
    hold_asked(&plain->screen);
    compare(plain);
    say_outcome(plain);
}

/* What a command led into: its answer is in the line already, or is asked for. */
static void take_mode(struct plain *plain, const char *argument)
{
    struct screen *screen = &plain->screen;

    if (screen->mode == MODE_PROMPT && *argument)
        answer_prompt(plain, argument);
    settle(plain);
    list_finish(screen);
    compare(plain);
    if (screen->mode == MODE_PASTED)
        ask_pasted(plain);
    else if (screen->mode == MODE_CONFIRM)
        plain_say(plain, "%s", screen->question);
    else if (screen->mode != MODE_TREE && screen->mode != MODE_PROMPT)
        screen->mode = MODE_TREE;
}

/* Whoever writes lines does not look at how far an export is: the next one is that one's end. */
static void finish_export(struct plain *plain)
{
    struct screen *screen = &plain->screen;
    struct pollfd ready = {screen->exporting.descriptor, POLLIN, 0};

    if (!export_running(&screen->exporting))
        return;
    while (export_running(&screen->exporting)) {
        poll(&ready, 1, -1);
        files_export_ended(screen);
    }
    say_outcome(plain);
}

static void run_request(struct plain *plain, const struct request *request, const char *argument)
{
    struct screen *screen = &plain->screen;
    struct row before = screen->cursor.row;
    const char *reason;

    if (request->run == action_export || request->run == action_export_changes)
        finish_export(plain);
    reason = request->blocked ? request->blocked(screen) : NULL;
    if (reason) {
        plain_say_reason(plain, reason);
        return;
    }
    request->run(screen);
    take_mode(plain, argument);
    say_outcome(plain);
    if (screen->mode == MODE_TREE && !row_equal(&before, &screen->cursor.row))
        plain_say_here(plain);
}

static void say_notes(struct plain *plain, const struct target *target)
{
    struct target_notes notes = model_notes_of(target);
    char due[DAY_TEXT_SIZE];

    plain_say(plain, "note: %s", notes.note ? notes.note : "-");
    plain_say(plain, "owner: %s", notes.owner ? notes.owner : "-");
    plain_say(plain, "contact: %s", notes.contact ? notes.contact : "-");
    day_text(due, notes.due);
    plain_say(plain, "due: %s", notes.due ? due : "-");
    plain_say(plain, "state: %s", form_state_title(notes.state));
}

/* False where what stands there can't be changed, or is to stay. */
static bool fill_text(struct plain *plain, enum form_field field, const char *text)
{
    struct screen *screen = &plain->screen;
    unsigned i;

    if (screen->form.too_long[field]) {
        plain_say(plain, "what is kept there is too long to be changed here");
        return false;
    }
    for (i = 0; i < (unsigned)field; i++)
        keys_press(screen, PRESS_TAB);
    keys_press(screen, CONTROL('e'));
    keys_press(screen, CONTROL('u'));
    if (form_paste(&screen->form, (const uint8_t *)text, strlen(text)))
        return true;
    plain_say(plain, "that is too long; nothing is changed");
    return false;
}

static bool fill_state(struct plain *plain, const char *text)
{
    if (form_take_state(&plain->screen.form, text))
        return true;
    plain_say(plain, "no state is called so; expected to-contact, contacted, promised, fixed, waived or -");
    return false;
}

static void fill_field(struct plain *plain, enum form_field field, const char *text)
{
    if (field == FORM_STATE ? fill_state(plain, text) : fill_text(plain, field, text))
        keys_press(&plain->screen, PRESS_ENTER);
    plain->screen.mode = MODE_TREE; /* also when it was no day */
}

/* "note", "owner", "contact", "due", "state": says what is kept, or sets one; "-" empties it. */
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
        plain_say_reason(plain, reason);
    } else if (!*text && state_target(screen)) {
        say_notes(plain, state_target(screen));
    } else {
        request->run(screen);
        fill_field(plain, (enum form_field)field, strcmp(text, "-") == 0 ? "" : text);
        settle(plain);
        say_outcome(plain);
    }
    return true;
}

static void run_word(struct plain *plain, const char *name, const char *argument)
{
    const struct plain_word *word = plain_word(name);

    if (word)
        word->run(plain, argument);
    else if (!run_field(plain, name, argument))
        run_request(plain, screens_word(plain, name), argument);
}

/* A key by itself is good for what it asks for. */
static const char *word_of_key(const struct plain *plain, const char *name)
{
    const struct request *request = name[1] ? NULL : keymap_request(&plain->screen.keymap, (uint32_t)*name);

    return request && (plain_word(request->name) || !plain_is_for_screens(request)) ? request->name : NULL;
}

static void find_word(struct plain *plain, const char *name, const char *argument)
{
    const char *key = word_of_key(plain, name), *whole;
    unsigned several = 0;
    size_t field;

    for (field = 0; field < form_field_count; field++)
        if (strcasecmp(form_label((enum form_field)field), name) == 0)
            break;
    if (plain_word(name) || field < form_field_count || screens_word(plain, name))
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
        plain_say_here(plain);
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
        plain_say_here(plain);
    free(name);
}

const char *plain_prompt(const struct plain *plain)
{
    static const char *const asked[] = {
        [ASK_SEARCH] = "search: ",     [ASK_FILTER] = "filter: ",        [ASK_ADD] = "add: ",
        [ASK_BASELINE] = "baseline: ", [ASK_IMPORT] = "import: ",        [ASK_EXPORT] = "export: ",
        [ASK_SAVE] = "save: ",         [ASK_AGAINST] = "compare with: ", [ASK_CHANGES] = "export-changes: ",
    };
    const struct screen *screen = &plain->screen;

    if (screen->mode == MODE_PROMPT)
        return (size_t)screen->asking < sizeof asked / sizeof *asked ? asked[screen->asking] : "? ";
    return screen->mode == MODE_TREE ? "> " : "y or n: ";
}
