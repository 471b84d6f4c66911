#include "tui/candidates.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

void candidates_release(struct candidates *list)
{
    size_t i;

    for (i = 0; i < list->count; i++) {
        free(list->items[i].text);
        free(list->items[i].label);
        free(list->items[i].help);
    }
    free(list->items);
    memset(list, 0, sizeof *list);
}

void candidates_add(struct candidates *list, const char *text, const char *label, const char *help)
{
    if (list->count == CANDIDATES_MOST) {
        list->more = true;
        return;
    }
    list->items = mem_resize(list->items, list->count + 1, sizeof *list->items);
    list->items[list->count++] = (struct candidate){mem_string(text), mem_string(label), mem_string(help)};
}

static bool is_inside(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* Bytes that all begin with; whole characters. */
static size_t common(const struct candidates *list)
{
    const char *first = list->items[0].text;
    size_t length = strlen(first), i, same;

    for (i = 1; i < list->count; i++) {
        for (same = 0; same < length && list->items[i].text[same] == first[same]; same++)
            ;
        length = same;
    }
    while (length && is_inside(first[length]))
        length--;
    return length;
}

static bool put(struct candidates *list, struct prompt *prompt, const char *text, size_t length)
{
    size_t old = list->to - list->from;

    if (length == old && strncmp(prompt->text + list->from, text, length) == 0)
        return false;
    if (!prompt_replace(prompt, list->from, list->to, text, length))
        return false;
    list->to = list->from + length;
    return true;
}

static bool put_next(struct candidates *list, struct prompt *prompt, bool forward)
{
    if (forward)
        list->chosen = list->chosen % list->count + 1;
    else
        list->chosen = list->chosen > 1 ? list->chosen - 1 : list->count;
    return put(list, prompt, list->items[list->chosen - 1].text, strlen(list->items[list->chosen - 1].text));
}

bool candidates_press(struct candidates *list, struct prompt *prompt, bool forward)
{
    bool was_shown = list->shown, changed = false;
    size_t length;

    list->shown = true;
    if (!list->count)
        return false;
    if (list->count == 1) {
        changed = put(list, prompt, list->items[0].text, strlen(list->items[0].text));
        candidates_release(list);
        return changed;
    }
    if (was_shown)
        return put_next(list, prompt, forward);
    length = common(list);
    return length > list->to - list->from && put(list, prompt, list->items[0].text, length);
}
