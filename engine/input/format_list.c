#include "engine/input/format_list.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct line {
    const char *text; /* not ended by a NUL */
    size_t length;    /* without line end and white space before it */
    size_t indent;
};

/* Steps to the next line; false at the end. */
static bool next_line(const char **text, struct line *line)
{
    size_t length = strcspn(*text, "\n");

    if (!**text)
        return false;
    line->text = *text;
    line->length = length;
    while (line->length && isspace((unsigned char)line->text[line->length - 1]))
        line->length--;
    line->indent = strspn(line->text, " \t");
    *text += length + ((*text)[length] == '\n');
    return true;
}

/* "Name  : value": the name's length and where the value begins; 0 when the line is none. */
static size_t property(const struct line *line, size_t *value)
{
    size_t name = 0, at;

    while (name < line->length && (isalnum((unsigned char)line->text[name]) || line->text[name] == '_'))
        name++;
    at = name;
    while (at < line->length && line->text[at] == ' ')
        at++;
    if (!name || at == name || at >= line->length || line->text[at] != ':' ||
        !isalpha((unsigned char)*line->text))
        return 0;
    *value = at + 1 < line->length ? at + 2 : line->length;
    return at + 1 < line->length && line->text[at + 1] != ' ' ? 0 : name;
}

bool format_list_detect(const char *text)
{
    unsigned seen = 0;
    struct line line;
    size_t value;

    while (seen < 60 && next_line(&text, &line)) {
        size_t name = property(&line, &value);

        if (name && record_wants(line.text, name))
            return true;
        seen += line.length > 0;
    }
    return false;
}

bool format_table_detect(const char *text)
{
    struct line line;
    unsigned wanted = 0, seen = 0;

    while (seen < 10 && next_line(&text, &line)) {
        bool dashes = line.length > 2 && strspn(line.text, "- ") >= line.length;
        size_t at = 0;

        if (dashes && wanted >= 2)
            return true;
        seen += line.length > 0;
        for (wanted = 0; at < line.length; at += strspn(line.text + at, " ")) {
            size_t length = strcspn(line.text + at, " \r\n");

            wanted += length && record_wants(line.text + at, length);
            at += length;
            if (!length)
                break;
        }
    }
    return false;
}

struct listing {
    const struct record_sink *sink;
    struct record record;
    bool open;        /* a record is being read */
    char name[80];    /* of the property being read; "" before the first */
    bool wanted;      /* it is read by someone */
    struct buf value; /* of it, lines joined */
    size_t properties, most;
    char *wrong; /* of the record; the first that is met */
};

/* The first one is kept. */
static void complain(struct listing *l, const char *why)
{
    if (!l->wrong)
        l->wrong = mem_string(why);
}

/* "..." or "…", alone or behind an item. */
static size_t without_mark(const char *text, size_t length)
{
    static const char *const marks[] = {"...", "\xe2\x80\xa6"};
    size_t i;

    for (i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (length >= 3 && memcmp(text + length - 3, marks[i], 3) == 0)
            return length - 3;
    return length;
}

/* The items between the braces; the mark stands right behind the last one that was printed. */
static void add_items(struct listing *l, const char *text, size_t length)
{
    bool cut = without_mark(text, length) != length;
    size_t at = 0;

    record_add(&l->record, l->name, strlen(l->name), cut ? FIELD_CUT : FIELD_LIST);
    while (at < length) {
        const char *comma = memchr(text + at, ',', length - at);
        size_t end = comma ? (size_t)(comma - text) : length, last;

        while (at < end && isspace((unsigned char)text[at]))
            at++;
        for (last = end; last > at && isspace((unsigned char)text[last - 1]);)
            last--;
        last = at + without_mark(text + at, last - at);
        if (last > at)
            record_item(&l->record, text + at, last - at);
        at = end + 1;
    }
}

static void end_property(struct listing *l)
{
    const char *text = buf_string(&l->value);
    size_t length = strlen(text);
    char *why;

    if (l->wanted && *text == '{' && text[length - 1] != '}') {
        why = mem_format("the list of %s has no end; expected the whole output of Format-List", l->name);
        complain(l, why);
        free(why);
    } else if (l->wanted && *text == '{') {
        add_items(l, text + 1, length - 2);
    } else if (l->wanted) {
        record_add(&l->record, l->name, strlen(l->name), FIELD_TEXT);
        record_item(&l->record, text, length);
    }
    buf_reset(&l->value);
    l->wanted = false;
    *l->name = 0;
}

static void end_record(struct listing *l)
{
    char *why;

    if (!l->open)
        return;
    end_property(l);
    if (l->properties < l->most) {
        why = mem_format(
            "it has %zu properties where others have %zu; expected the whole output of Format-List",
            l->properties, l->most);
        complain(l, why);
        free(why);
    }
    if (l->wrong)
        l->sink->wrong(l->sink->context, l->record.line, l->record.number, l->wrong);
    else
        l->sink->take(l->sink->context, &l->record);
    l->most = l->properties > l->most ? l->properties : l->most;
    l->properties = 0;
    l->open = false;
    free(l->wrong);
    l->wrong = NULL;
}

static bool has_property(const struct listing *l, const struct line *line, size_t name)
{
    bool has;
    char *copy;

    if (!record_wants(line->text, name))
        return false;
    copy = mem_string_n(line->text, name);
    has = record_field(&l->record, copy) != NULL || strcmp(l->name, copy) == 0;
    free(copy);
    return has;
}

static void begin_property(struct listing *l, const struct line *line, unsigned number, size_t name,
                           size_t value)
{
    if (l->open && has_property(l, line, name))
        end_record(l);
    if (!l->open) {
        record_begin(&l->record, number);
        l->open = true;
    } else {
        end_property(l);
    }
    l->properties++;
    l->wanted = record_wants(line->text, name) && name < sizeof l->name;
    if (l->wanted) {
        memcpy(l->name, line->text, name);
        l->name[name] = 0;
    }
    if (l->wanted && value < line->length)
        buf_add(&l->value, line->text + value, line->length - value);
}

/* The rest of a wrapped value. Behind a comma a new item begins; else the wrap took a space, or nothing when
 * a word was longer than the line: within braces words have no spaces. */
static void go_on(struct listing *l, const struct line *line)
{
    const char *so_far = buf_string(&l->value);
    size_t length = strlen(so_far);

    if (!l->wanted)
        return;
    if (length && (*so_far != '{' || so_far[length - 1] == ','))
        buf_u8(&l->value, ' ');
    buf_add(&l->value, line->text + line->indent, line->length - line->indent);
}

static void refuse_line(struct listing *l, unsigned number, const struct line *line)
{
    char *shown = text_escaped(line->text, line->length < 80 ? line->length : 80);
    char *why = mem_format("line %u, '%s', has no form of Format-List; expected Name : value", number, shown);

    complain(l, why);
    free(shown);
    free(why);
}

static void take_line(struct listing *l, const struct line *line, unsigned number)
{
    size_t value, name = property(line, &value);

    if (!line->length)
        end_record(l);
    else if (name)
        begin_property(l, line, number, name, value);
    else if (l->open && line->indent)
        go_on(l, line);
    else if (l->open)
        refuse_line(l, number, line);
    /* else: what a console shows before, such as a warning or the command */
}

void format_list_read(const char *text, const struct record_sink *sink)
{
    struct listing l = {.sink = sink};
    size_t length = strlen(text);
    unsigned number = 1;
    struct line line;

    record_init(&l.record);
    buf_init(&l.value, 0);
    for (; next_line(&text, &line); number++)
        take_line(&l, &line, number);
    if (l.open && length && line.text[strcspn(line.text, "\n")] != '\n')
        complain(&l, "the file ends within a line; expected the whole output of Format-List");
    else if (l.open && !l.most)
        complain(
            &l,
            "the file ends without the empty line behind a record; expected the whole output of Format-List");
    end_record(&l);
    if (!l.record.number)
        sink->wrong(sink->context, 1, 0, "no record in it");
    record_release(&l.record);
    buf_release(&l.value);
}
