/* One thing that a key can ask for. The one table of them (tui/requests.h) makes keymap, help, palette and
 * footer. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct screen;

#define REQUEST_KEYS 4

struct request {
    const char *name;            /* for the palette: "fold-all" */
    const char *group;           /* heading in help */
    uint32_t keys[REQUEST_KEYS]; /* up to the first 0 */
    const char *help;            /* one line */
    const char *brief;           /* a word for the footer; NULL: not shown there */
    unsigned rank;               /* order in the footer, 1 first */
    void (*run)(struct screen *screen);
    const char *(*blocked)(
        const struct screen *screen); /* why it can't work now; NULL function or result: it can */
};
