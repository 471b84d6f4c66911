/* Styled lines of text, wrapped to a width: what the detail pane scrolls over. */
#pragma once

#include "tui/keymap.h"
#include "tui/theme.h"

#include <stdbool.h>
#include <stddef.h>

struct page_span {
    int column; /* where it begins */
    enum style style;
    char *text; /* owned */
};

struct page_line {
    struct page_span *spans; /* owned */
    size_t count;
};

struct page {
    struct page_line *lines; /* owned */
    size_t count;
    int width;                   /* columns to wrap to, at least 1 */
    bool ascii;                  /* as for painter_width */
    bool open;                   /* the last line may still be added to */
    const struct keymap *keymap; /* whose keys the page may name, set by who builds it; NULL: none */
};

void page_init(struct page *page, int width, bool ascii);
void page_release(struct page *page);

/* Puts text at a column of the current line; no wrapping. */
void page_put(struct page *page, int column, enum style style, const char *text);
void page_putf(struct page *page, int column, enum style style, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Puts text at a column and goes on at that column of further lines, broken at spaces where there are some.
 */
void page_wrap(struct page *page, int column, enum style style, const char *text);

/* Ends the line; on a fresh line makes an empty one. */
void page_end(struct page *page);

/* A section's name with an empty line before it unless it is the first. */
void page_heading(struct page *page, const char *text);

/* "label        text" with the text wrapped; nothing at all when `text` is NULL or empty. */
#define PAGE_LABEL 14
void page_field(struct page *page, const char *label, enum style style, const char *text);
void page_fieldf(struct page *page, const char *label, enum style style, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* All lines as plain text, one a line, harmless as on the screen; the caller frees. */
char *page_text(const struct page *page);
