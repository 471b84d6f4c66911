#include "tui/history.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "tui/prompt.h"
#include "tui/state_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MOST (256 * 1024)

static const char *const names[history_kind_count] = {[HISTORY_SEARCH] = "search",
                                                      [HISTORY_FILTER] = "filter",
                                                      [HISTORY_ADD] = "add",
                                                      [HISTORY_IMPORT] = "import",
                                                      [HISTORY_EXPORT] = "export"};

void history_release(struct history *history)
{
    unsigned kind;

    for (kind = 0; kind < history_kind_count; kind++) {
        strings_release(&history->lists[kind]);
        strings_release(&history->fresh[kind]);
    }
}

static bool is_worth(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    size_t left = strnlen(text, PROMPT_SIZE), size;
    bool blank = true;
    uint32_t c;

    if (left == PROMPT_SIZE)
        return false;
    for (; left; at += size, left -= size) {
        size = text_decode(at, left, &c);
        if (!size || c < 0x20 || (c >= 0x7f && c < 0xa0))
            return false;
        blank &= c == ' ';
    }
    return !blank;
}

static void drop(struct strings *list, size_t place)
{
    free(list->items[place]);
    memmove(list->items + place, list->items + place + 1, (--list->count - place) * sizeof *list->items);
}

static void put_last(struct strings *list, const char *text)
{
    size_t i;

    for (i = 0; i < list->count; i++)
        if (strcmp(list->items[i], text) == 0)
            break;
    if (i < list->count)
        drop(list, i);
    else if (list->count == HISTORY_MOST)
        drop(list, 0);
    strings_add(list, text);
}

void history_add(struct history *history, enum history_kind kind, const char *text)
{
    char *own;

    if (!is_worth(text))
        return;
    own = mem_string(text); /* it may be an item that goes */
    put_last(&history->lists[kind], own);
    put_last(&history->fresh[kind], own);
    free(own);
}

const char *history_back(const struct history *history, enum history_kind kind, size_t back)
{
    const struct strings *list = &history->lists[kind];

    return back && back <= list->count ? list->items[list->count - back] : NULL;
}

char *history_path(const char *state_home, const char *home)
{
    return state_file_path(state_home, home, "history");
}

static void read_line(struct history *history, const char *line)
{
    const char *tab = strchr(line, '\t');
    unsigned kind;

    for (kind = 0; tab && kind < history_kind_count; kind++)
        if (strlen(names[kind]) == (size_t)(tab - line) &&
            memcmp(line, names[kind], (size_t)(tab - line)) == 0 && is_worth(tab + 1))
            put_last(&history->lists[kind], tab + 1);
}

/* A line that was cut short is left out. */
static void read_lines(struct history *history, char *text)
{
    char *line = text, *end;

    for (; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        read_line(history, line);
    }
}

void history_load(struct history *history, const char *path)
{
    struct history whole = {.lists = {{NULL, 0}}};
    char *text = state_file_read(path, FILE_MOST);
    unsigned kind;
    size_t i;

    read_lines(&whole, text);
    for (kind = 0; kind < history_kind_count; kind++) {
        for (i = 0; i < history->fresh[kind].count; i++)
            put_last(&whole.lists[kind], history->fresh[kind].items[i]);
        strings_release(&history->lists[kind]);
        history->lists[kind] = whole.lists[kind];
    }
    free(text);
}

static void write_lists(struct buf *out, const struct history *history)
{
    unsigned kind;
    size_t i;

    for (kind = 0; kind < history_kind_count; kind++)
        for (i = 0; i < history->lists[kind].count; i++)
            buf_printf(out, "%s\t%s\n", names[kind], history->lists[kind].items[i]);
}

static bool nothing_new(const struct history *history)
{
    size_t count = 0;
    unsigned kind;

    for (kind = 0; kind < history_kind_count; kind++)
        count += history->fresh[kind].count;
    return !count;
}

bool history_save(const struct history *history, const char *path, char **error)
{
    struct history now = {.lists = {{NULL, 0}}};
    struct buf out;
    unsigned kind;
    bool ok;

    *error = NULL;
    if (nothing_new(history))
        return true;
    for (kind = 0; kind < history_kind_count; kind++)
        strings_copy(&now.fresh[kind], &history->fresh[kind]);
    history_load(&now, path);
    buf_init(&out, 0);
    write_lists(&out, &now);
    ok = state_file_replace(path, out.bytes, out.length);
    if (!ok)
        *error = mem_format("what was typed is not kept in %s: %s", path, strerror(errno));
    buf_release(&out);
    history_release(&now);
    return ok;
}
