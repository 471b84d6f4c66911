/* Keys: a Unicode code point (control keys are their C0 code), or one of enum press beyond Unicode. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum press {
    PRESS_NONE = 0,
    PRESS_TAB = 9,
    PRESS_ENTER = 13,
    PRESS_ESC = 27,
    PRESS_SPACE = 32,
    PRESS_BACKSPACE = 127,
    PRESS_UP = 0x110000,
    PRESS_DOWN,
    PRESS_LEFT,
    PRESS_RIGHT,
    PRESS_HOME,
    PRESS_END,
    PRESS_PAGE_UP,
    PRESS_PAGE_DOWN,
    PRESS_DELETE,
    PRESS_BACK_TAB,
    PRESS_PASTE, /* no key: stands for the terminal's paste where requests are listed */
    PRESS_OTHER, /* a key that has no name here */
};

/* The code of C-d is CONTROL('d'). */
#define CONTROL(letter) ((letter)&0x1f)

#define PRESS_NAME_SIZE 12

/* "j", "C-d", "PgUp", "Space", "Esc" …: as help shows it and scripts name it. */
void press_name(uint32_t key, char out[PRESS_NAME_SIZE]);

/* The reverse; false for a name that is none. */
bool press_parse(const char *name, uint32_t *key);

/* What get_wch() gave: `function_key` says that it returned KEY_CODE_YES. */
uint32_t press_from_curses(bool function_key, uint32_t code);
