#include "tui/menu.h"

#include "tui/finder.h"
#include "tui/press.h"

#include <string.h>

static bool matches(const struct keymap *keymap, const struct request *request, const char *needle)
{
    char keys[64];

    keymap_text(keymap, request, keys, sizeof keys);
    return finder_holds(request->name, needle) || finder_holds(request->help, needle) ||
           finder_holds(request->group, needle) || strcmp(keys, needle) == 0;
}

static void narrow(struct menu *menu)
{
    const struct keymap *keymap = menu->keymap;
    size_t i;

    menu->count = 0;
    for (i = 0; i < keymap->request_count && menu->count < MENU_MOST; i++)
        if (matches(keymap, &keymap->requests[i], menu->filter.text))
            menu->items[menu->count++] = &keymap->requests[i];
    if (menu->selected >= menu->count)
        menu->selected = menu->count ? menu->count - 1 : 0;
}

void menu_open(struct menu *menu, const struct keymap *keymap, bool typing)
{
    memset(menu, 0, sizeof *menu);
    menu->keymap = keymap;
    prompt_set(&menu->filter, "");
    menu->typing = typing;
    narrow(menu);
}

static void move(struct menu *menu, long delta)
{
    long to = (long)menu->selected + delta;

    if (!menu->count || to < 0)
        to = 0;
    else if (to >= (long)menu->count)
        to = (long)menu->count - 1;
    menu->selected = (size_t)to;
}

/* Keys that move in either state; false for others. */
static bool moves(struct menu *menu, uint32_t key, size_t page)
{
    switch (key) {
    case PRESS_DOWN:
    case CONTROL('n'):
        move(menu, 1);
        return true;
    case PRESS_UP:
    case CONTROL('p'):
        move(menu, -1);
        return true;
    case PRESS_PAGE_DOWN:
        move(menu, (long)page);
        return true;
    case PRESS_PAGE_UP:
        move(menu, -(long)page);
        return true;
    default:
        return false;
    }
}

static enum menu_outcome browse(struct menu *menu, uint32_t key)
{
    switch (key) {
    case 'j':
        move(menu, 1);
        break;
    case 'k':
        move(menu, -1);
        break;
    case 'g':
    case PRESS_HOME:
        menu->selected = 0;
        break;
    case 'G':
    case PRESS_END:
        move(menu, MENU_MOST);
        break;
    case '/':
        menu->typing = true;
        break;
    case 'q':
    case '?':
    case ':':
    case PRESS_ESC:
    case CONTROL('c'):
        return MENU_CLOSED;
    default:
        break;
    }
    return MENU_STAYS;
}

enum menu_outcome menu_key(struct menu *menu, uint32_t key, size_t page)
{
    enum prompt_outcome outcome;

    if (moves(menu, key, page))
        return MENU_STAYS;
    if (key == PRESS_ENTER)
        return menu->count ? MENU_CHOSEN : MENU_STAYS;
    if (!menu->typing)
        return browse(menu, keymap_meaning(menu->keymap, key));
    outcome = prompt_key(&menu->filter, key);
    if (outcome == PROMPT_CANCEL)
        return MENU_CLOSED;
    if (outcome == PROMPT_CHANGED) {
        menu->selected = 0;
        narrow(menu);
    }
    return MENU_STAYS;
}

void menu_paste(struct menu *menu, const uint8_t *bytes, size_t length)
{
    if (!menu->typing)
        return;
    prompt_paste(&menu->filter, bytes, length);
    menu->selected = 0;
    narrow(menu);
}
