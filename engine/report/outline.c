#include "engine/report/outline.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/report/pieces.h"

#include <stdlib.h>
#include <string.h>

struct outline {
    char *path; /* owned */
    struct pieces *pieces;
    json_t *head;                 /* NULL in JSONL */
    struct pieces_place elements; /* line 0: not found yet */
    bool seen;                    /* what follows the elements was looked at before them */
    bool any;                     /* an element was taken */
    char *error;                  /* owned; NULL */
};

/* Takes `text` over; only the first one counts. */
static bool fail(struct outline *outline, char *text)
{
    if (outline->error)
        free(text);
    else
        outline->error = text;
    return false;
}

/* What the splitter has to say, or else what was expected here. */
static bool fail_here(struct outline *outline, const char *expected)
{
    int next = pieces_peek(outline->pieces);
    unsigned long long line = pieces_line(outline->pieces);
    const char *wrong = pieces_wrong(outline->pieces);
    char *has =
        next > ' ' && next <= '~' ? mem_format("has '%c'", next) : mem_format("has byte 0x%02x", next);

    if (wrong)
        fail(outline, mem_format("%s:%llu: %s", outline->path, line, wrong));
    else
        fail(outline, mem_format("%s:%llu: %s; expected %s", outline->path, line,
                                 next < 0 ? "is cut short" : has, expected));
    free(has);
    return false;
}

static json_t *parse(struct outline *outline, const struct piece *piece)
{
    json_error_t wrong;
    json_t *value = json_loadb(piece->bytes, piece->length, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &wrong);
    uint64_t further = wrong.line > 1 ? (uint64_t)wrong.line - 1 : 0;
    char *shown;

    if (value)
        return value;
    shown = text_escaped(wrong.text, strlen(wrong.text));
    fail(outline, mem_format("%s:%llu: is no JSON: %s", outline->path,
                             (unsigned long long)(piece->line + further), shown));
    free(shown);
    return NULL;
}

/* The next value; NULL when it can't be read. */
static json_t *next_value(struct outline *outline, uint64_t *line)
{
    struct piece piece;

    if (!pieces_value(outline->pieces, &piece)) {
        fail_here(outline, "a value");
        return NULL;
    }
    *line = piece.line;
    return parse(outline, &piece);
}

/* The name of a member, with its colon; NULL when there is none. */
static json_t *next_key(struct outline *outline)
{
    uint64_t line;
    json_t *key;

    if (pieces_peek(outline->pieces) != '"') {
        fail_here(outline, "a key in quotes");
        return NULL;
    }
    key = next_value(outline, &line);
    if (!key || pieces_take(outline->pieces, ':'))
        return key;
    fail_here(outline, "':' behind a key");
    json_decref(key);
    return NULL;
}

/* An element begins so: "domain" is its first key, "beside" that of one whose keys were sorted. */
static bool begins_element(const json_t *key)
{
    const char *name = json_string_value(key);

    return strcmp(name, "domain") == 0 || strcmp(name, "beside") == 0;
}

static const char *const head_keys[] = {
    "format",      "version",  "generator", "vantage",         "options",     "complete", "started_at",
    "finished_at", "baseline", "preflight", "resolver_denies", "input_notes", "selection"};

#define HEAD_KEYS (sizeof head_keys / sizeof *head_keys)

static bool is_of_head(const char *key)
{
    for (size_t i = 0; i < HEAD_KEYS; i++)
        if (strcmp(key, head_keys[i]) == 0)
            return true;
    return false;
}

/* What is not known is looked at and left aside: there may be any amount of it. */
static bool keep_member(struct outline *outline, const char *key)
{
    uint64_t line;
    json_t *value = next_value(outline, &line);

    if (!value)
        return false;
    if (!is_of_head(key)) {
        json_decref(value);
        return true;
    }
    if (!json_object_get(outline->head, key))
        return json_object_set_new(outline->head, key, value) == 0;
    json_decref(value);
    return fail(outline, mem_format("%s:%llu: is no JSON: the key is there already", outline->path,
                                    (unsigned long long)line));
}

/* Goes over the elements without a look at them. */
static bool skip_elements(struct outline *outline)
{
    struct piece piece;

    while (pieces_peek(outline->pieces) != ']') {
        if (!pieces_value(outline->pieces, &piece))
            return fail_here(outline, "a value");
        if (!pieces_take(outline->pieces, ',') && pieces_peek(outline->pieces) != ']')
            return fail_here(outline, "',' or ']'");
    }
    return pieces_take(outline->pieces, ']');
}

/* Reports of mxscope have their head first; in others it is looked for. */
static bool has_head(const json_t *head)
{
    for (size_t i = 0; i < HEAD_KEYS; i++)
        if (!json_object_get(head, head_keys[i]))
            return false;
    return true;
}

/* From behind the colon; *stop when the elements are to be read now. */
static bool take_elements(struct outline *outline, bool *stop)
{
    if (!pieces_take(outline->pieces, '['))
        return fail_here(outline, "a list of domains");
    if (outline->elements.line)
        return fail_here(outline, "no second \"domains\"");
    outline->elements = pieces_place(outline->pieces);
    *stop = !outline->seen && has_head(outline->head);
    return *stop || skip_elements(outline);
}

static bool take_member_named(struct outline *outline, const char *name, bool *stop)
{
    if (strcmp(name, "domains") == 0)
        return take_elements(outline, stop);
    return keep_member(outline, name);
}

/* Takes members up to the end of the object, or to the elements (*stop). `key` is the first, and goes. */
static bool take_members(struct outline *outline, json_t *key, bool *stop)
{
    *stop = false;
    while (key) {
        bool ok = take_member_named(outline, json_string_value(key), stop);

        json_decref(key);
        if (!ok || *stop || pieces_take(outline->pieces, '}'))
            return ok;
        if (!pieces_take(outline->pieces, ','))
            return fail_here(outline, "',' or '}'");
        key = next_key(outline);
    }
    return false;
}

static bool is_at_end(struct outline *outline)
{
    return pieces_peek(outline->pieces) < 0 && !pieces_wrong(outline->pieces);
}

/* Behind the elements: the rest of the members, unless that was looked at before. */
static bool take_tail(struct outline *outline)
{
    bool stop;

    if (outline->seen)
        return true;
    outline->seen = true;
    if (pieces_take(outline->pieces, ',')) {
        if (!take_members(outline, next_key(outline), &stop))
            return false;
    } else if (!pieces_take(outline->pieces, '}')) {
        return fail_here(outline, "',' or '}'");
    }
    return is_at_end(outline) || fail_here(outline, "nothing more");
}

/* A report whose elements are missing may be no report at all: then its reader says so. */
static bool open_json(struct outline *outline, json_t *key)
{
    bool stop;

    outline->head = json_object();
    if (!take_members(outline, key, &stop))
        return false;
    outline->seen = !stop;
    if (!stop && !is_at_end(outline))
        return fail_here(outline, "nothing more");
    outline_return(outline);
    return true;
}

static bool open_outline(struct outline *outline)
{
    json_t *key;

    if (is_at_end(outline))
        return fail(outline, mem_format("%s: is empty; expected a report in JSON or JSONL", outline->path));
    outline->elements = pieces_place(outline->pieces);
    if (!pieces_take(outline->pieces, '{'))
        return fail_here(outline, "a report in JSON or JSONL, which begins with '{'");
    key = next_key(outline);
    if (!key)
        return false;
    if (begins_element(key)) {
        json_decref(key);
        outline_return(outline);
        return true;
    }
    outline->elements = (struct pieces_place){0, 0};
    return open_json(outline, key);
}

struct outline *outline_open(const char *path, char **error)
{
    struct pieces *pieces = pieces_open(path, error);
    struct outline *outline;

    if (!pieces)
        return NULL;
    outline = mem_alloc(sizeof *outline);
    outline->path = mem_string(path);
    outline->pieces = pieces;
    if (open_outline(outline))
        return outline;
    *error = outline->error;
    outline->error = NULL;
    outline_close(outline);
    return NULL;
}

void outline_close(struct outline *outline)
{
    if (!outline)
        return;
    pieces_close(outline->pieces);
    json_decref(outline->head);
    free(outline->path);
    free(outline->error);
    free(outline);
}

const json_t *outline_head(const struct outline *outline)
{
    return outline->head;
}

unsigned outline_share(const struct outline *outline)
{
    return pieces_share(outline->pieces);
}

void outline_return(struct outline *outline)
{
    outline->any = false;
    pieces_return(outline->pieces, outline->elements);
}

/* True when an element comes next; else *over or an error. */
static bool has_next(struct outline *outline, bool *over)
{
    bool closed = false;

    if (!outline->head) {
        *over = is_at_end(outline);
        return !*over;
    }
    if (!outline->elements.line)
        return fail(outline, mem_format("%s: domains: is missing; expected a list", outline->path));
    if (!outline->any || !pieces_take(outline->pieces, ','))
        closed = pieces_take(outline->pieces, ']');
    else
        return true;
    if (!closed)
        return !outline->any || fail_here(outline, "',' or ']'");
    *over = take_tail(outline);
    return false;
}

json_t *outline_next(struct outline *outline, uint64_t *line, bool *over, char **error)
{
    json_t *value = NULL;

    *over = false;
    if (has_next(outline, over))
        value = next_value(outline, line);
    outline->any = true;
    if (!value && !*over) {
        *error = outline->error;
        outline->error = NULL;
    }
    return value;
}
