#include "engine/input/json_list.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH_MOST   8 /* lists within lists */
#define RECORDS_MOST 4000000

struct scan {
    const char *at;
    unsigned line;
    const char *wrong; /* latches */
    struct json_list *out;
};

static bool fail(struct scan *s, const char *why)
{
    if (!s->wrong)
        s->wrong = *s->at ? why : "the file ends in the middle";
    return false;
}

static void space(struct scan *s)
{
    for (; *s->at == ' ' || *s->at == '\n' || *s->at == '\r' || *s->at == '\t'; s->at++)
        s->line += *s->at == '\n';
}

/* Steps over `character` and the space behind it, if it stands here. */
static bool take(struct scan *s, char character)
{
    if (s->wrong || *s->at != character)
        return false;
    s->at++;
    space(s);
    return true;
}

/* Steps over one character, unless something went wrong before. */
static bool step(struct scan *s)
{
    s->at += !s->wrong;
    return !s->wrong;
}

static bool string(struct scan *s)
{
    if (*s->at != '"')
        return fail(s, "expected a name in quotes");
    for (s->at++; *(s->at += strcspn(s->at, "\"\\\n")) && *s->at != '"'; s->at++) {
        s->line += *s->at == '\n';
        if (*s->at == '\\' && s->at[1])
            s->at++;
    }
    return *s->at ? step(s) : fail(s, "");
}

static bool scalar(struct scan *s)
{
    size_t length = strcspn(s->at, " \t\r\n,:[]{}\"");

    s->at += length;
    return length ? true : fail(s, "expected a value");
}

/* Steps over one value, whatever it holds. */
static bool value(struct scan *s)
{
    size_t open = 0;

    do {
        space(s);
        if (*s->at == '"') {
            string(s);
        } else if (*s->at == '[' || *s->at == '{') {
            open++;
            s->at++;
        } else if (open && (*s->at == ']' || *s->at == '}')) {
            open--;
            s->at++;
        } else if (open && (*s->at == ',' || *s->at == ':')) {
            s->at++;
        } else {
            scalar(s);
        }
    } while (open && !s->wrong);
    return !s->wrong;
}

static void add_record(struct json_list *list, const struct json_record *record)
{
    if (!(list->count & (list->count - 1)))
        list->records = mem_resize(list->records, list->count ? list->count * 2 : 1, sizeof *list->records);
    list->records[list->count++] = *record;
}

static bool walk(struct scan *s, unsigned depth);

static bool walk_array(struct scan *s, unsigned depth)
{
    take(s, '[');
    if (take(s, ']'))
        return true;
    do {
        walk(s, depth + 1);
        space(s);
    } while (take(s, ','));
    if (!s->wrong && *s->at != ']')
        return fail(s, "expected , or ] behind an item of the list");
    return take(s, ']');
}

/* Steps over an object; *list is where its member "value" holds more records, if it does. */
static bool object(struct scan *s, struct scan *list)
{
    take(s, '{');
    if (*s->at == '}')
        return step(s);
    do {
        const char *name = s->at;
        bool wraps;

        if (!string(s))
            return false;
        wraps = s->at - name == 7 && memcmp(name, "\"value\"", 7) == 0;
        space(s);
        if (!take(s, ':'))
            return fail(s, "expected : behind a name");
        if (wraps && (*s->at == '[' || *s->at == '{'))
            *list = *s;
        value(s);
        space(s);
    } while (take(s, ','));
    if (!s->wrong && *s->at != '}')
        return fail(s, "expected , or } behind a value");
    return step(s);
}

static bool walk(struct scan *s, unsigned depth)
{
    struct json_record record = {.text = s->at, .line = s->line};
    struct scan list = {0};

    if (depth > DEPTH_MOST)
        return fail(s, "lists are nested too deep");
    if (*s->at == '[')
        return walk_array(s, depth);
    if (*s->at == '{' ? !object(s, &list) : !value(s))
        return false;
    if (list.at) {
        walk(&list, depth + 1);
        s->wrong = list.wrong;
        return !s->wrong;
    }
    if (s->out->count == RECORDS_MOST)
        return fail(s, "there are more than 4000000 records");
    record.length = (size_t)(s->at - record.text);
    add_record(s->out, &record);
    return true;
}

bool json_list_detect(const char *text)
{
    text += strspn(text, " \t\r\n");
    if (*text != '[')
        return *text == '{';
    text += 1 + strspn(text + 1, " \t\r\n");
    return !*text || strchr("[]{\"", *text) || strncmp(text, "null", 4) == 0;
}

const char *json_list_read(const char *text, struct json_list *out, unsigned *line)
{
    struct scan s = {.at = text, .line = 1, .out = out};

    memset(out, 0, sizeof *out);
    space(&s);
    walk(&s, 0);
    space(&s);
    if (!s.wrong && *s.at)
        s.wrong = "there is something behind its end";
    *line = s.line;
    if (s.wrong)
        json_list_release(out);
    return s.wrong;
}

void json_list_release(struct json_list *list)
{
    free(list->records);
    memset(list, 0, sizeof *list);
}

struct json_members json_members_of(const struct json_record *record)
{
    struct scan s = {.at = record->text, .line = record->line};

    if (!take(&s, '{') || *s.at == '}')
        s.at = NULL;
    return (struct json_members){s.at, s.line};
}

bool json_members_next(struct json_members *members, struct json_member *out)
{
    struct scan s = {.at = members->at, .line = members->line};

    if (!s.at)
        return false;
    out->name = s.at + 1;
    string(&s);
    out->name_length = (size_t)(s.at - out->name) - 1;
    space(&s);
    take(&s, ':');
    out->value = s.at;
    out->line = s.line;
    value(&s);
    out->value_length = (size_t)(s.at - out->value);
    space(&s);
    members->at = take(&s, ',') ? s.at : NULL;
    members->line = s.line;
    return !s.wrong;
}
