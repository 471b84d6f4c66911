#include "tui/keys.h"

#include "tui/actions_against.h"
#include "tui/actions_changes.h"
#include "tui/actions_edit.h"
#include "tui/actions_files.h"
#include "tui/actions_find.h"
#include "tui/actions_keep.h"
#include "tui/actions_line.h"
#include "tui/actions_paste.h"
#include "tui/actions_work.h"

#include <stdlib.h>

#define PAGE_END 10000 /* lines; painting stops at the last page */

static void run(struct screen *screen, const struct request *request)
{
    const char *reason = request->blocked ? request->blocked(screen) : NULL;
    char *text;

    if (!reason) {
        request->run(screen);
        return;
    }
    text = keymap_expand(&screen->keymap, reason, false);
    state_say(screen, STYLE_MESSAGE, "%s", text);
    free(text);
}

static void press_tree(struct screen *screen, uint32_t key)
{
    const struct request *request = keymap_request(&screen->keymap, key);
    char name[PRESS_NAME_SIZE];

    if (request) {
        run(screen, request);
        return;
    }
    press_name(key, name);
    state_say(screen, STYLE_MESSAGE, "%s does nothing here; {help} lists keys", name);
}

static void press_prompt(struct screen *screen, uint32_t key)
{
    if (line_key(screen, key))
        return;
    switch (prompt_key(&screen->prompt, key)) {
    case PROMPT_CHANGED:
        find_changed(screen);
        break;
    case PROMPT_CANCEL:
        find_cancelled(screen);
        break;
    case PROMPT_DONE:
        if (screen->asking == ASK_ADD)
            work_add(screen);
        else if (screen->asking == ASK_BASELINE)
            edit_baseline(screen);
        else if (screen->asking == ASK_IMPORT)
            files_import(screen);
        else if (screen->asking == ASK_EXPORT)
            files_export(screen);
        else if (screen->asking == ASK_SAVE)
            keep_save(screen);
        else if (screen->asking == ASK_CHANGES)
            changes_accepted(screen);
        else if (screen->asking == ASK_AGAINST)
            hold_accepted(screen);
        else
            find_accepted(screen);
        break;
    case PROMPT_MOVED:
        line_edited(screen);
        break;
    case PROMPT_IGNORED:
        break;
    }
}

static void press_menu(struct screen *screen, uint32_t key)
{
    size_t page = state_tree_height(screen) / 2 + 1;
    enum menu_outcome outcome = menu_key(&screen->menu, key, page);

    if (outcome == MENU_STAYS)
        return;
    screen->mode = MODE_TREE;
    if (outcome == MENU_CHOSEN)
        run(screen, screen->menu.items[screen->menu.selected]);
}

/* False for a key that does not scroll. */
static bool scroll(const struct screen *screen, uint32_t key, size_t *at)
{
    size_t page = state_tree_height(screen) / 2 + 1;

    key = keymap_meaning(&screen->keymap, key);
    if (key == 'j' || key == PRESS_DOWN)
        ++*at;
    else if (key == PRESS_PAGE_DOWN || key == PRESS_SPACE)
        *at += page;
    else if (key == 'k' || key == PRESS_UP)
        *at -= *at > 0;
    else if (key == PRESS_PAGE_UP)
        *at -= *at < page ? *at : page;
    else if (key == 'g' || key == PRESS_HOME)
        *at = 0;
    else if (key == 'G' || key == PRESS_END)
        *at = PAGE_END;
    else
        return false;
    return true;
}

static void press_page(struct screen *screen, uint32_t key)
{
    if (!scroll(screen, key, &screen->page_scroll))
        screen->mode = MODE_TREE;
}

/* Enter answers nothing: it may stand behind what was pasted. */
static void press_pasted(struct screen *screen, uint32_t key)
{
    if (scroll(screen, key, &screen->pasted_scroll))
        return;
    if (keymap_meaning(&screen->keymap, key) == 'I' && pasted_takes_more(&screen->pasted))
        files_ask_besides(screen);
    else if (screen->pasted.state != PASTED_ASKED)
        screen->mode = MODE_TREE;
    else if (key == 'y' || key == 'Y')
        paste_confirmed(screen);
    else if (key == 'n' || key == 'N' || key == 'q' || key == PRESS_ESC || key == CONTROL('c'))
        paste_left(screen);
}

static void press_form(struct screen *screen, uint32_t key)
{
    switch (form_key(&screen->form, key)) {
    case FORM_KEPT:
        edit_keep(screen);
        break;
    case FORM_LEFT:
        screen->mode = MODE_TREE;
        break;
    case FORM_STAYS:
        break;
    }
}

static void press_question(struct screen *screen, uint32_t key)
{
    bool lightly = key == 'q' || key == PRESS_ENTER || key == CONTROL('c');
    bool yes = key == 'y' || key == 'Y' || (lightly && !screen->only_yes);

    screen->mode = MODE_TREE;
    screen->only_yes = false;
    if (yes)
        screen->confirmed(screen);
}

static void forget_message(struct screen *screen)
{
    free(screen->message);
    screen->message = NULL;
}

void keys_press(struct screen *screen, uint32_t key)
{
    forget_message(screen);
    switch (screen->mode) {
    case MODE_TREE:
        find_stop(screen);
        press_tree(screen, key);
        break;
    case MODE_PROMPT:
        press_prompt(screen, key);
        break;
    case MODE_MENU:
        press_menu(screen, key);
        break;
    case MODE_PREFLIGHT:
    case MODE_NOTES:
        press_page(screen, key);
        break;
    case MODE_PASTED:
        press_pasted(screen, key);
        break;
    case MODE_FORM:
        press_form(screen, key);
        break;
    case MODE_CONFIRM:
        press_question(screen, key);
        break;
    }
    if (screen->mode == MODE_TREE)
        state_mention_next(screen);
}

void keys_paste(struct screen *screen, const uint8_t *bytes, size_t length)
{
    forget_message(screen);
    paste_take(screen, bytes, length);
}

void keys_refuse_paste(struct screen *screen, const char *reason)
{
    forget_message(screen);
    paste_refuse(screen, reason);
}
