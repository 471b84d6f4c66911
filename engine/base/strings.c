#include "engine/base/strings.h"

#include "engine/base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

bool strings_add_once(struct strings *list, const char *text)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        if (strcmp(list->items[i], text) == 0)
            return false;
    strings_add(list, text);
    return true;
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
