#include "tui/actions_paste.h"

#include "engine/base/mem.h"
#include "tui/actions.h"
#include "tui/actions_find.h"
#include "tui/actions_list.h"

#include <stdlib.h>
#include <string.h>

void paste_say(struct screen *screen)
{
    const struct pasted *pasted = &screen->pasted;
    bool troubled = pasted->input.problem_count || pasted->input.notes.count;
    char *sentence = pasted_sentence(pasted);

    state_say(screen, pasted->input.problem_count ? STYLE_CAUTION : STYLE_MESSAGE,
              troubled ? "%s; {pasted} shows the page again" : "%s", sentence);
    free(sentence);
}

void paste_ask(struct screen *screen)
{
    screen->pasted_scroll = 0;
    screen->pasted_again = false;
    screen->mode = pasted_worth(&screen->pasted) ? MODE_PASTED : MODE_TREE;
    if (screen->mode == MODE_TREE)
        paste_say(screen);
}

const char *blocked_list(const struct screen *screen)
{
    return list_under_way(screen) ? "another list is on its way; {back} stops it"
                                  : blocked_being_read(screen);
}

/* What is added must not be in the part that was not read yet. */
const char *blocked_being_read(const struct screen *screen)
{
    return screen->kept && keeping_loading(screen->kept)
               ? "the session is still being read; try again in a moment"
               : NULL;
}

static void take_list(struct screen *screen, const uint8_t *bytes, size_t length)
{
    const char *reason = blocked_list(screen);
    char *error = reason ? keymap_expand(&screen->keymap, reason, false) : NULL;

    if (error || !list_read_text(screen, bytes, length, &error))
        paste_refuse(screen, error);
    free(error);
}

static bool is_end(uint8_t byte)
{
    return byte == '\n' || byte == '\r';
}

static bool several_lines(const uint8_t *bytes, size_t length)
{
    const uint8_t *end = bytes + length;

    while (bytes < end && is_end(*bytes))
        bytes++;
    while (bytes < end && is_end(end[-1]))
        end--;
    while (bytes < end && !is_end(*bytes))
        bytes++;
    return bytes < end;
}

static void take_text(struct screen *screen, const uint8_t *bytes, size_t length)
{
    bool whole = prompt_paste(&screen->prompt, bytes, length);

    find_changed(screen);
    if (!whole)
        paste_refuse(screen, "only the beginning of what was pasted fits");
}

static void take_into_form(struct screen *screen, const uint8_t *bytes, size_t length)
{
    if (!form_paste(&screen->form, bytes, length))
        state_say(screen, STYLE_ERROR, "what was pasted does not fit whole");
}

void paste_take(struct screen *screen, const uint8_t *bytes, size_t length)
{
    bool list = screen->asking == ASK_ADD && several_lines(bytes, length);

    if (screen->mode == MODE_CONFIRM)
        return;
    if (screen->mode == MODE_PASTED && screen->pasted.state == PASTED_ASKED)
        screen->pasted_again = true;
    else if (screen->mode == MODE_MENU && screen->menu.typing)
        menu_paste(&screen->menu, bytes, length);
    else if (screen->mode == MODE_FORM)
        take_into_form(screen, bytes, length);
    else if (screen->mode == MODE_PROMPT && !list)
        take_text(screen, bytes, length);
    else
        take_list(screen, bytes, length);
}

void paste_refuse(struct screen *screen, const char *reason)
{
    if (screen->mode == MODE_PROMPT) {
        free(screen->prompt_error);
        screen->prompt_error = mem_string(reason);
    } else if (screen->mode == MODE_PASTED && screen->pasted.state == PASTED_ASKED) {
        screen->pasted_again = true;
    } else if (screen->mode != MODE_CONFIRM && screen->mode != MODE_FORM) {
        screen->mode = MODE_TREE;
        state_say(screen, STYLE_ERROR, "%s", reason);
    }
}

void paste_confirmed(struct screen *screen)
{
    screen->mode = MODE_TREE;
    list_add(screen);
}

void paste_left(struct screen *screen)
{
    pasted_leave(&screen->pasted);
    screen->mode = MODE_TREE;
    paste_say(screen);
}

void action_paste(struct screen *screen)
{
    state_say(screen, STYLE_MESSAGE, "paste as into any window of your terminal; it asks before it adds");
}

void action_pasted(struct screen *screen)
{
    screen->pasted_scroll = 0;
    screen->mode = MODE_PASTED;
}

const char *blocked_not_pasted(const struct screen *screen)
{
    const struct pasted *pasted = &screen->pasted;

    if (pasted->state == PASTED_NOTHING)
        return "no list was pasted or imported yet";
    if (pasted->state == PASTED_TAKEN)
        return "the list is being added";
    return pasted_worth(pasted) ? NULL : "the last list was understood whole";
}
