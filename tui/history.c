#include "tui/history.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "tui/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static bool is_directory(const char *path)
{
    struct stat about;

    return path && *path == '/' && stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

char *history_path(const char *state_home, const char *home)
{
    if (is_directory(state_home))
        return mem_format("%s/mxscope/history", state_home);
    return is_directory(home) ? mem_format("%s/.local/state/mxscope/history", home) : NULL;
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

/* No line with a NUL is ours: such a byte becomes another control. */
static char *read_file(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char *text = mem_alloc(FILE_MOST + 1);
    size_t length = 0;
    struct stat about;
    ssize_t got = 1;
    char *nul;

    if (descriptor >= 0 && fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode))
        while (length < FILE_MOST && (got = read(descriptor, text + length, FILE_MOST - length)) > 0)
            length += (size_t)got;
    if (descriptor >= 0)
        close(descriptor);
    while ((nul = memchr(text, '\0', length)))
        *nul = '\1';
    text[length] = '\0';
    return text;
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
    char *text = read_file(path);
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

/* Those above the last part, the user's alone. */
static bool make_directories(const char *path)
{
    char *copy = mem_string(path), *slash;
    bool ok = true;

    for (slash = strchr(copy + 1, '/'); ok && slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        ok = mkdir(copy, 0700) == 0 || errno == EEXIST || is_directory(copy);
        *slash = '/';
    }
    free(copy);
    return ok;
}

static void write_lists(struct buf *out, const struct history *history)
{
    unsigned kind;
    size_t i;

    for (kind = 0; kind < history_kind_count; kind++)
        for (i = 0; i < history->lists[kind].count; i++)
            buf_printf(out, "%s\t%s\n", names[kind], history->lists[kind].items[i]);
}

static bool write_all(int descriptor, const uint8_t *bytes, size_t length)
{
    ssize_t written;

    for (; length; bytes += written, length -= (size_t)written) {
        written = write(descriptor, bytes, length);
        if (written < 0 && errno != EINTR)
            return false;
        if (written < 0)
            written = 0;
    }
    return true;
}

/* mkstemp makes it with mode 0600. */
static bool replace_file(const char *path, const uint8_t *bytes, size_t length)
{
    char *beside = mem_format("%s.XXXXXX", path);
    int descriptor = mkstemp(beside), why;
    bool ok = descriptor >= 0 && write_all(descriptor, bytes, length);

    why = errno;
    if (descriptor >= 0 && close(descriptor) < 0 && ok) {
        ok = false;
        why = errno;
    }
    if (ok && rename(beside, path) < 0) {
        ok = false;
        why = errno;
    }
    if (!ok && descriptor >= 0)
        unlink(beside);
    free(beside);
    errno = why;
    return ok;
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
    ok = make_directories(path) && replace_file(path, out.bytes, out.length);
    if (!ok)
        *error = mem_format("what was typed is not kept in %s: %s", path, strerror(errno));
    buf_release(&out);
    history_release(&now);
    return ok;
}
