/* A line editor for search, filter and add: pure, no screen. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROMPT_SIZE 1024

struct prompt {
    char text[PROMPT_SIZE]; /* UTF-8, NUL-terminated; keys that would not fit do nothing */
    size_t length;          /* bytes */
    size_t cursor;          /* byte offset, always at a character's start */
};

enum prompt_outcome {
    PROMPT_IGNORED, /* the key means nothing here */
    PROMPT_MOVED,   /* only the cursor moved, or nothing was left to delete */
    PROMPT_CHANGED, /* the text changed */
    PROMPT_DONE,    /* Enter */
    PROMPT_CANCEL,  /* Esc, C-c, C-g, or Backspace in an empty line */
};

/* Starts with `text`, the cursor behind it. */
void prompt_set(struct prompt *prompt, const char *text);

/* Puts text in at the cursor: printable characters as they are, line ends and tabs as a space each, the ones
 * at beginning and end left out, and everything else too. False when it does not fit whole: then its
 * beginning. */
bool prompt_paste(struct prompt *prompt, const uint8_t *bytes, size_t length);

/* Puts `length` bytes of `text` in place of those from `from` up to `to`, the cursor behind them. False, and
 * nothing changes, when they do not fit. */
bool prompt_replace(struct prompt *prompt, size_t from, size_t to, const char *text, size_t length);

/* Printable characters, Backspace, Delete, Left, Right, Home, End, C-a C-e C-b C-f C-h C-d C-k C-u C-w. */
enum prompt_outcome prompt_key(struct prompt *prompt, uint32_t key);
