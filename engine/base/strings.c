#include "engine/base/strings.h"

#include "engine/base/map.h"
#include "engine/base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FEW 32 /* so many are compared with each other sooner than a map is made */

/* Capacity is the next power of two, so the list grows when the count reaches one. */
static void append(struct strings *list, char *owned)
{
    if (!(list->count & (list->count - 1)))
        list->items = mem_resize(list->items, list->count ? list->count * 2 : 1, sizeof *list->items);
    list->items[list->count++] = owned;
}

void strings_add(struct strings *list, const char *text)
{
    append(list, mem_string(text));
}

void strings_give(struct strings *list, char *text)
{
    append(list, text);
}

static bool is_among(char *const *items, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(items[i], text) == 0)
            return true;
    return false;
}

bool strings_add_once(struct strings *list, const char *text)
{
    if (is_among(list->items, list->count, text))
        return false;
    strings_add(list, text);
    return true;
}

void strings_drop_repeated(struct strings *list)
{
    bool few = list->count <= FEW;
    size_t kept = 0;
    struct map seen;

    map_init(&seen);
    for (size_t i = 0; i < list->count; i++) {
        char *item = list->items[i];

        if (few ? is_among(list->items, kept, item) : map_put(&seen, item, list) != NULL)
            free(item);
        else
            list->items[kept++] = item;
    }
    list->count = kept;
    map_release(&seen, NULL);
}

void strings_addf(struct strings *list, const char *format, ...)
{
    va_list args;
    char *text = NULL;

    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        text = mem_string("");
    va_end(args);
    append(list, text);
}

void strings_copy(struct strings *to, const struct strings *from)
{
    size_t i;

    for (i = 0; i < from->count; i++)
        strings_add(to, from->items[i]);
}

void strings_release(struct strings *list)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    memset(list, 0, sizeof *list);
}
