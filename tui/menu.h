/* A list of requests to look through and run: help and palette. */
#pragma once

#include "tui/keymap.h"
#include "tui/prompt.h"
#include "tui/request.h"

#include <stdbool.h>
#include <stddef.h>

#define MENU_MOST 128

struct menu {
    const struct keymap *keymap; /* its requests are listed */
    struct prompt filter;
    bool typing; /* keys go to the filter */
    size_t selected;
    size_t count;
    const struct request *items[MENU_MOST]; /* those that match, in the table's order */
};

enum menu_outcome { MENU_STAYS, MENU_CLOSED, MENU_CHOSEN };

/* Opens over the requests of a keymap, which stays; `typing` starts in the filter (palette). */
void menu_open(struct menu *menu, const struct keymap *keymap, bool typing);

/* Handles a key; MENU_CHOSEN: items[selected] is to run. */
enum menu_outcome menu_key(struct menu *menu, uint32_t key, size_t page);

/* What is pasted into the filter; nothing unless keys go there. */
void menu_paste(struct menu *menu, const uint8_t *bytes, size_t length);
