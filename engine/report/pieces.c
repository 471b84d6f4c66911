#include "engine/report/pieces.h"

#include "engine/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK ((size_t)256 << 10)

/* `window` holds the bytes from `begin` of the file on; those before `at` are taken. */
struct pieces {
    int descriptor;
    char *window; /* owned */
    size_t capacity, at, end;
    uint64_t begin, line;
    uint64_t size; /* of the file when it was opened */
    char *wrong;   /* owned; NULL */
    bool over;     /* the file has no more bytes */
};

static void fail(struct pieces *pieces, const char *wrong)
{
    if (!pieces->wrong)
        pieces->wrong = mem_string(wrong);
}

static char *system_error(const char *path)
{
    if (errno == ENOENT)
        return mem_format("%s: there is no such file", path);
    if (errno == EACCES || errno == EPERM)
        return mem_format("%s: no permission to read it", path);
    return mem_format("%s: %s", path, strerror(errno));
}

static void skip_mark(struct pieces *pieces)
{
    char mark[3];

    if (pread(pieces->descriptor, mark, sizeof mark, 0) == (ssize_t)sizeof mark &&
        memcmp(mark, "\xef\xbb\xbf", sizeof mark) == 0)
        pieces_return(pieces, (struct pieces_place){sizeof mark, 1});
}

struct pieces *pieces_open(const char *path, char **error)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct pieces *pieces;
    struct stat status;

    if (descriptor < 0 || fstat(descriptor, &status) < 0) {
        *error = system_error(path);
    } else if (!S_ISREG(status.st_mode)) {
        *error = mem_format("%s: is no file; expected a report in JSON", path);
    } else {
        pieces = mem_alloc(sizeof *pieces);
        pieces->descriptor = descriptor;
        pieces->line = 1;
        pieces->size = (uint64_t)status.st_size;
        skip_mark(pieces);
        return pieces;
    }
    if (descriptor >= 0)
        close(descriptor);
    return NULL;
}

void pieces_close(struct pieces *pieces)
{
    if (!pieces)
        return;
    close(pieces->descriptor);
    free(pieces->window);
    free(pieces->wrong);
    free(pieces);
}

/* Makes room behind `end`: what was taken goes; else the window grows. */
static void make_room(struct pieces *pieces)
{
    size_t kept = pieces->end - pieces->at;

    if (pieces->at) {
        memmove(pieces->window, pieces->window + pieces->at, kept);
        pieces->begin += pieces->at;
        pieces->at = 0;
        pieces->end = kept;
    }
    if (pieces->capacity - kept >= CHUNK)
        return;
    pieces->capacity = pieces->capacity ? 2 * pieces->capacity : 2 * CHUNK;
    pieces->window = mem_resize(pieces->window, pieces->capacity, 1);
}

/* Reads on; false when there is no more. */
static bool read_on(struct pieces *pieces)
{
    ssize_t length = -1;

    if (pieces->over || pieces->wrong)
        return false;
    make_room(pieces);
    do
        length = pread(pieces->descriptor, pieces->window + pieces->end, CHUNK,
                       (off_t)(pieces->begin + pieces->end));
    while (length < 0 && errno == EINTR);
    if (length < 0)
        fail(pieces, strerror(errno));
    if (length <= 0) {
        pieces->over = true;
        return false;
    }
    pieces->end += (size_t)length;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

int pieces_peek(struct pieces *pieces)
{
    while (!pieces->wrong) {
        for (; pieces->at < pieces->end; pieces->at++) {
            char c = pieces->window[pieces->at];

            if (!is_blank(c))
                return (unsigned char)c;
            pieces->line += c == '\n';
        }
        if (!read_on(pieces))
            break;
    }
    return -1;
}

bool pieces_take(struct pieces *pieces, char wanted)
{
    if (pieces_peek(pieces) != (unsigned char)wanted)
        return false;
    pieces->at++;
    return true;
}

/* How far a value was looked at. */
struct scan {
    size_t length;
    size_t depth; /* of brackets */
    bool quoted, escaped;
};

static bool ends_scalar(char c)
{
    return is_blank(c) || c == ',' || c == ':' || c == ']' || c == '}';
}

/* Looks at one byte; true when the value ended. */
static bool look(struct scan *scan, char c)
{
    if (scan->quoted) {
        scan->quoted = scan->escaped || c != '"';
        scan->escaped = !scan->escaped && c == '\\';
        scan->length++;
        return !scan->quoted && !scan->depth;
    }
    if (!scan->depth && scan->length && (ends_scalar(c) || c == '"' || c == '{' || c == '['))
        return true; /* the byte belongs to what follows */
    scan->length++;
    scan->quoted = c == '"';
    if (c == '{' || c == '[')
        scan->depth++;
    else if (c == '}' || c == ']')
        return !--scan->depth;
    return false;
}

/* Goes on through what the window holds. */
static bool scan_window(const struct pieces *pieces, struct scan *scan)
{
    while (pieces->at + scan->length < pieces->end)
        if (look(scan, pieces->window[pieces->at + scan->length]))
            return true;
    return false;
}

/* True when the value ends at `scan->length`. */
static bool scan_value(struct pieces *pieces, struct scan *scan)
{
    while (!scan_window(pieces, scan)) {
        if (scan->length > PIECE_MOST) {
            fail(pieces, "one value has more than 64 MiB; expected no more of a report");
            return false;
        }
        if (read_on(pieces))
            continue;
        if (!pieces->wrong && !scan->depth && !scan->quoted)
            return true;
        fail(pieces, "is cut short: a value has no end");
        return false;
    }
    return true;
}

static uint64_t lines_in(const char *bytes, size_t length)
{
    const char *end = bytes + length;
    uint64_t lines = 0;

    while ((bytes = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL) {
        bytes++;
        lines++;
    }
    return lines;
}

bool pieces_value(struct pieces *pieces, struct piece *piece)
{
    int first = pieces_peek(pieces);
    struct scan scan = {0};

    if (first < 0) {
        fail(pieces, "is cut short: a value is missing");
        return false;
    }
    if (ends_scalar((char)first)) {
        fail(pieces, "is no JSON: a value is missing");
        return false;
    }
    if (!scan_value(pieces, &scan))
        return false;
    *piece = (struct piece){pieces->window + pieces->at, scan.length, pieces->line};
    pieces->line += lines_in(piece->bytes, piece->length);
    pieces->at += scan.length;
    return true;
}

struct pieces_place pieces_place(struct pieces *pieces)
{
    pieces_peek(pieces);
    return (struct pieces_place){pieces->begin + pieces->at, pieces->line};
}

void pieces_return(struct pieces *pieces, struct pieces_place place)
{
    pieces->begin = place.at;
    pieces->at = pieces->end = 0;
    pieces->line = place.line;
    pieces->over = false;
}

uint64_t pieces_line(struct pieces *pieces)
{
    pieces_peek(pieces);
    return pieces->line;
}

unsigned pieces_share(const struct pieces *pieces)
{
    uint64_t taken = pieces->begin + pieces->at;

    return taken < pieces->size ? (unsigned)((double)taken * 100 / (double)pieces->size) : 100;
}

const char *pieces_wrong(const struct pieces *pieces)
{
    return pieces->wrong;
}
