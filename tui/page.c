#include "tui/page.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "tui/painter.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void page_init(struct page *page, int width, bool ascii)
{
    memset(page, 0, sizeof *page);
    page->width = width > 0 ? width : 1;
    page->ascii = ascii;
}

void page_release(struct page *page)
{
    size_t i, j;

    for (i = 0; i < page->count; i++) {
        for (j = 0; j < page->lines[i].count; j++)
            free(page->lines[i].spans[j].text);
        free(page->lines[i].spans);
    }
    free(page->lines);
    memset(page, 0, sizeof *page);
}

static struct page_line *current(struct page *page)
{
    if (!page->open) {
        if (!(page->count & (page->count - 1)))
            page->lines = mem_resize(page->lines, page->count ? page->count * 2 : 1, sizeof *page->lines);
        memset(&page->lines[page->count++], 0, sizeof *page->lines);
        page->open = true;
    }
    return &page->lines[page->count - 1];
}

static void add(struct page *page, int column, enum style style, char *owned)
{
    struct page_line *line = current(page);

    line->spans = mem_resize(line->spans, line->count + 1, sizeof *line->spans);
    line->spans[line->count++] = (struct page_span){column, style, owned};
}

void page_put(struct page *page, int column, enum style style, const char *text)
{
    add(page, column, style, mem_string(text ? text : ""));
}

void page_putf(struct page *page, int column, enum style style, const char *format, ...)
{
    va_list args;
    char *text = NULL;

    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        text = mem_string("");
    va_end(args);
    add(page, column, style, text);
}

/* How many bytes of `text` go on a line of `room` columns, and where the next line begins. */
static size_t break_at(const struct page *page, const char *text, int room, size_t *next)
{
    const char *at = text, *space = NULL, *before = text;
    struct shown shown;
    int used = 0;

    while (*at != '\n' && painter_next(&at, page->ascii, &shown)) {
        used += shown.columns;
        if (used > room && before > text) {
            size_t end = space ? (size_t)(space - text) : (size_t)(before - text);

            *next = space ? end + 1 : end;
            return end;
        }
        if (*before == ' ')
            space = before;
        before = at;
    }
    *next = (size_t)(at - text) + (*at == '\n');
    return (size_t)(at - text);
}

void page_wrap(struct page *page, int column, enum style style, const char *text)
{
    int room;

    if (column > page->width / 2)
        column = page->width / 2;
    room = page->width - column;
    do {
        size_t next, length = break_at(page, text, room > 0 ? room : 1, &next);

        add(page, column, style, mem_string_n(text, length));
        page_end(page);
        text += next;
    } while (*text);
}

void page_end(struct page *page)
{
    current(page);
    page->open = false;
}

void page_heading(struct page *page, const char *text)
{
    if (page->count)
        page_end(page);
    page_put(page, 0, STYLE_TITLE, text);
    page_end(page);
}

void page_field(struct page *page, const char *label, enum style style, const char *text)
{
    if (!text || !*text)
        return;
    page_put(page, 0, STYLE_DIM, label);
    page_wrap(page, PAGE_LABEL, style, text);
}

void page_fieldf(struct page *page, const char *label, enum style style, const char *format, ...)
{
    va_list args;
    char *text = NULL;

    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        text = mem_string("");
    va_end(args);
    page_field(page, label, style, text);
    free(text);
}

/* In UTF-8 (RFC 3629). */
static void add_character(struct buf *out, uint32_t c)
{
    if (c >= 0x10000)
        buf_u8(out, (uint8_t)(0xf0 | c >> 18));
    if (c >= 0x800)
        buf_u8(out, (uint8_t)(c >= 0x10000 ? 0x80 | (c >> 12 & 0x3f) : 0xe0 | c >> 12));
    if (c >= 0x80)
        buf_u8(out, (uint8_t)(c >= 0x800 ? 0x80 | (c >> 6 & 0x3f) : 0xc0 | c >> 6));
    buf_u8(out, (uint8_t)(c >= 0x80 ? 0x80 | (c & 0x3f) : c));
}

/* As the painter would show it; returns the columns. */
static int add_shown(const struct page *page, const char *text, struct buf *out)
{
    struct shown shown;
    int columns = 0, i;

    while (painter_next(&text, page->ascii, &shown)) {
        for (i = 0; i < shown.length; i++)
            add_character(out, (uint32_t)shown.text[i]);
        columns += shown.columns;
    }
    return columns;
}

char *page_text(const struct page *page)
{
    struct buf out;
    size_t i, j;

    buf_init(&out, 0);
    for (i = 0; i < page->count; i++) {
        int column = 0;

        for (j = 0; j < page->lines[i].count; j++) {
            const struct page_span *span = &page->lines[i].spans[j];

            for (; column < span->column; column++)
                buf_add_string(&out, " ");
            column += add_shown(page, span->text, &out);
        }
        buf_add_string(&out, "\n");
    }
    return buf_take_string(&out);
}
