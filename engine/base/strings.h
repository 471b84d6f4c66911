/* A list of owned strings. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct strings {
    char **items; /* owned, each item too; NULL while empty */
    size_t count;
};

/* Adds a copy of `text`. */
void strings_add(struct strings *list, const char *text);

/* Adds `text` itself, which the list owns from here on. */
void strings_give(struct strings *list, char *text);

/* Adds a copy of `text` unless an equal item is there already; true when it was added. */
bool strings_add_once(struct strings *list, const char *text);

/* Of equal items only the first stays; for lists that may be long. */
void strings_drop_repeated(struct strings *list);

/* printf into a new item. */
void strings_addf(struct strings *list, const char *format, ...) __attribute__((format(printf, 2, 3)));

void strings_copy(struct strings *to, const struct strings *from);

/* Frees the items; the list is empty and usable after. A zeroed struct is an empty list. */
void strings_release(struct strings *list);
