#include "tui/press.h"

#include "engine/base/text.h"

#include <curses.h>
#include <stdio.h>
#include <string.h>

struct named {
    uint32_t key;
    const char *name;
};

static const struct named names[] = {
    {PRESS_TAB, "Tab"},        {PRESS_ENTER, "Enter"},      {PRESS_ESC, "Esc"},
    {PRESS_SPACE, "Space"},    {PRESS_BACKSPACE, "BSpace"}, {PRESS_UP, "Up"},
    {PRESS_DOWN, "Down"},      {PRESS_LEFT, "Left"},        {PRESS_RIGHT, "Right"},
    {PRESS_HOME, "Home"},      {PRESS_END, "End"},          {PRESS_PAGE_UP, "PgUp"},
    {PRESS_PAGE_DOWN, "PgDn"}, {PRESS_DELETE, "Delete"},    {PRESS_BACK_TAB, "BackTab"},
    {PRESS_PASTE, "Paste"},
};

static const struct {
    int code;
    uint32_t key;
} from_curses[] = {
    {KEY_UP, PRESS_UP},         {KEY_DOWN, PRESS_DOWN},           {KEY_LEFT, PRESS_LEFT},
    {KEY_RIGHT, PRESS_RIGHT},   {KEY_HOME, PRESS_HOME},           {KEY_END, PRESS_END},
    {KEY_PPAGE, PRESS_PAGE_UP}, {KEY_NPAGE, PRESS_PAGE_DOWN},     {KEY_DC, PRESS_DELETE},
    {KEY_BTAB, PRESS_BACK_TAB}, {KEY_BACKSPACE, PRESS_BACKSPACE}, {KEY_ENTER, PRESS_ENTER},
    {KEY_RESIZE, PRESS_NONE},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void encode(uint32_t c, char out[PRESS_NAME_SIZE])
{
    char *at = out;

    if (c < 0x80) {
        *at++ = (char)c;
    } else if (c < 0x800) {
        *at++ = (char)(0xc0 | c >> 6);
        *at++ = (char)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *at++ = (char)(0xe0 | c >> 12);
        *at++ = (char)(0x80 | (c >> 6 & 0x3f));
        *at++ = (char)(0x80 | (c & 0x3f));
    } else {
        *at++ = (char)(0xf0 | c >> 18);
        *at++ = (char)(0x80 | (c >> 12 & 0x3f));
        *at++ = (char)(0x80 | (c >> 6 & 0x3f));
        *at++ = (char)(0x80 | (c & 0x3f));
    }
    *at = 0;
}

void press_name(uint32_t key, char out[PRESS_NAME_SIZE])
{
    size_t i;

    for (i = 0; i < COUNT(names); i++) {
        if (names[i].key == key) {
            snprintf(out, PRESS_NAME_SIZE, "%s", names[i].name);
            return;
        }
    }
    if (key < 0x20)
        snprintf(out, PRESS_NAME_SIZE, "C-%c", (char)(key + 0x60));
    else if (key >= 0x80 && (key < 0xa0 || key > 0x10ffff))
        snprintf(out, PRESS_NAME_SIZE, "that key");
    else
        encode(key, out);
}

bool press_parse(const char *name, uint32_t *key)
{
    size_t i;

    for (i = 0; i < COUNT(names); i++) {
        if (strcasecmp(names[i].name, name) == 0) {
            *key = names[i].key;
            return true;
        }
    }
    if ((name[0] == 'C' || name[0] == 'c') && name[1] == '-' && name[2] >= 'a' && name[2] <= 'z' &&
        !name[3]) {
        *key = (uint32_t)CONTROL(name[2]);
        return true;
    }
    return *name && text_decode((const uint8_t *)name, strlen(name), key) == strlen(name);
}

uint32_t press_from_curses(bool function_key, uint32_t code)
{
    size_t i;

    if (!function_key)
        return code == '\n' ? PRESS_ENTER : code == 8 ? PRESS_BACKSPACE : code;
    for (i = 0; i < COUNT(from_curses); i++)
        if ((uint32_t)from_curses[i].code == code)
            return from_curses[i].key;
    return PRESS_OTHER;
}
