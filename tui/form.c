#include "tui/form.h"

#include "engine/base/day.h"
#include "tui/press.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

const char *form_label(enum form_field field)
{
    static const char *const labels[form_field_count] = {[FORM_NOTE] = "Note",
                                                         [FORM_OWNER] = "Owner",
                                                         [FORM_CONTACT] = "Contact",
                                                         [FORM_DUE] = "Due",
                                                         [FORM_STATE] = "State"};

    return labels[field];
}

const char *form_state_title(enum contact_state state)
{
    return state == CONTACT_NONE ? "-" : contact_state_title(state);
}

void form_open(struct form *form, const struct target_notes *notes)
{
    char due[DAY_TEXT_SIZE] = "";
    const char *const texts[FORM_STATE] = {[FORM_NOTE] = notes->note,
                                           [FORM_OWNER] = notes->owner,
                                           [FORM_CONTACT] = notes->contact,
                                           [FORM_DUE] = due};
    int i;

    if (notes->due)
        day_text(due, notes->due);
    memset(form, 0, sizeof *form);
    for (i = 0; i < FORM_STATE; i++) {
        prompt_set(&form->texts[i], texts[i] ? texts[i] : "");
        form->too_long[i] = texts[i] && strlen(texts[i]) >= PROMPT_SIZE;
    }
    form->state = notes->state;
}

void form_suggest(struct form *form, const struct target *target)
{
    struct contacts list = {0};

    form->suggested_count = 0;
    if (target)
        model_contacts(target, &list);
    for (size_t i = 0; i < list.count && form->suggested_count < FORM_SUGGESTED; i++)
        if (list.items[i].source != SOURCE_NOTED && strlen(list.items[i].address) < FORM_SUGGESTION_SIZE)
            strcpy(form->suggested[form->suggested_count++], list.items[i].address);
    contacts_release(&list);
}

/* The first in an empty field, then each that follows the one that stands there. */
const char *form_suggestion(const struct form *form)
{
    const char *text = form->texts[FORM_CONTACT].text;

    if (!form->suggested_count)
        return NULL;
    if (!*text)
        return form->suggested[0];
    for (unsigned i = 0; i < form->suggested_count; i++)
        if (strcmp(form->suggested[i], text) == 0)
            return form->suggested_count > 1 ? form->suggested[(i + 1) % form->suggested_count] : NULL;
    return NULL;
}

bool form_due(struct form *form, int32_t today, int32_t *day)
{
    const char *text = form->texts[FORM_DUE].text;

    *day = 0;
    if (!text[strspn(text, " ")] || day_read(text, today, day))
        return true;
    form->at = FORM_DUE;
    return false;
}

static void go(struct form *form, int step)
{
    form->at = (enum form_field)(((int)form->at + step + form_field_count) % form_field_count);
}

static void set_state(struct form *form, int state)
{
    form->state = (enum contact_state)((state + contact_state_count) % contact_state_count);
    form->changed[FORM_STATE] = true;
}

/* The next state from the present one whose name begins so. */
static void find_state(struct form *form, uint32_t key)
{
    int i;

    for (i = 1; i <= contact_state_count && key < 0x80; i++) {
        int state = ((int)form->state + i) % contact_state_count;

        if (form_state_title((enum contact_state)state)[0] == tolower((int)key)) {
            set_state(form, state);
            return;
        }
    }
}

static bool begins(const char *text, const char *name)
{
    return strncasecmp(text, name, strlen(name)) == 0;
}

bool form_take_state(struct form *form, const char *name)
{
    int state = *name ? CONTACT_NONE + 1 : CONTACT_NONE;

    for (; state < contact_state_count; state++) {
        if (!begins(contact_state_name((enum contact_state)state), name) &&
            !begins(contact_state_title((enum contact_state)state), name))
            continue;
        set_state(form, state);
        return true;
    }
    return false;
}

static enum form_outcome press_state(struct form *form, uint32_t key)
{
    if (key == PRESS_ESC || key == CONTROL('c') || key == CONTROL('g'))
        return FORM_LEFT;
    if (key == PRESS_RIGHT || key == PRESS_SPACE)
        set_state(form, (int)form->state + 1);
    else if (key == PRESS_LEFT)
        set_state(form, (int)form->state - 1);
    else if (key == PRESS_BACKSPACE || key == PRESS_DELETE)
        set_state(form, CONTACT_NONE);
    else
        find_state(form, key);
    return FORM_STAYS;
}

/* True when Right, at the end of the text, took a suggestion over. */
static bool take_suggestion(struct form *form, uint32_t key)
{
    struct prompt *prompt = &form->texts[FORM_CONTACT];
    const char *suggestion = form->at == FORM_CONTACT ? form_suggestion(form) : NULL;

    if (key != PRESS_RIGHT || !suggestion || prompt->cursor != prompt->length)
        return false;
    prompt_set(prompt, suggestion);
    form->changed[FORM_CONTACT] = true;
    return true;
}

static enum form_outcome press_text(struct form *form, uint32_t key)
{
    struct prompt *prompt = &form->texts[form->at];

    if (form->too_long[form->at])
        return key == PRESS_ESC || key == CONTROL('c') ? FORM_LEFT : FORM_STAYS;
    if ((key == PRESS_BACKSPACE || key == CONTROL('h')) && !prompt->length)
        return FORM_STAYS;
    if (take_suggestion(form, key))
        return FORM_STAYS;
    switch (prompt_key(prompt, key)) {
    case PROMPT_CHANGED:
        form->changed[form->at] = true;
        break;
    case PROMPT_CANCEL:
        return FORM_LEFT;
    case PROMPT_IGNORED:
    case PROMPT_MOVED:
    case PROMPT_DONE:
        break;
    }
    return FORM_STAYS;
}

enum form_outcome form_key(struct form *form, uint32_t key)
{
    if (key == PRESS_ENTER)
        return FORM_KEPT;
    if (key == PRESS_TAB || key == PRESS_DOWN)
        go(form, 1);
    else if (key == PRESS_BACK_TAB || key == PRESS_UP)
        go(form, -1);
    else
        return form->at == FORM_STATE ? press_state(form, key) : press_text(form, key);
    return FORM_STAYS;
}

bool form_paste(struct form *form, const uint8_t *bytes, size_t length)
{
    if (form->at == FORM_STATE || form->too_long[form->at])
        return false;
    form->changed[form->at] = true;
    return prompt_paste(&form->texts[form->at], bytes, length);
}
