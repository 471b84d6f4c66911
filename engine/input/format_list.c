#include "engine/input/format_list.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PROPERTIES_MOST 500
#define NAME_MOST       256 /* bytes */
#define PREFIX_MOST     20  /* lines of a console before the first record */

struct line {
    const char *at;
    size_t length; /* without its end */
    size_t whole;  /* with it */
    size_t indent; /* of spaces */
};

static struct line line_at(const char *at)
{
    struct line line = {.at = at, .length = strcspn(at, "\n")};

    line.whole = line.length + (at[line.length] == '\n');
    while (line.length && at[line.length - 1] == '\r')
        line.length--;
    while (line.indent < line.length && at[line.indent] == ' ')
        line.indent++;
    return line;
}

static bool is_blank(const struct line *line)
{
    return strspn(line->at, " \t\r") >= line->length;
}

struct property {
    const char *name;
    size_t length;
    size_t column; /* of the value */
    unsigned line;
    bool wanted;
};

/* "Name : value", "Name :". */
static bool property_of(const struct line *line, struct property *out)
{
    size_t most = line->length < NAME_MOST ? line->length : NAME_MOST, i;

    if (!line->length || *line->at == ' ' || *line->at == '\t')
        return false;
    for (i = 1; i + 1 < most; i++)
        if (line->at[i] == ' ' && line->at[i + 1] == ':' &&
            (i + 2 == line->length || line->at[i + 2] == ' ' || line->at[i + 2] == '\t'))
            break;
    if (i + 1 >= most)
        return false;
    out->name = line->at;
    out->column = i + 3;
    while (line->at[i - 1] == ' ')
        i--;
    out->length = i;
    return true;
}

static bool begins(const struct line *line, const char *with)
{
    return strncmp(line->at, with, strlen(with)) == 0;
}

/* A prompt or warning that was copied along. */
static bool is_console(const struct line *line)
{
    return ((begins(line, "PS ") || begins(line, "[PS]")) && memchr(line->at, '>', line->length)) ||
           begins(line, "WARNING:");
}

/* The text ends here, within a line. */
static bool is_cut(const char *text)
{
    return !*text && text[-1] != '\n';
}

bool format_list_detect(const char *text)
{
    size_t names = 0, wanted = 0, prefix = 0;
    bool paragraph = false; /* the line before is not blank */

    for (; *text;) {
        struct line line = line_at(text);
        struct property property;

        text += line.whole;
        if (is_blank(&line)) {
            names = wanted = 0;
            paragraph = false;
            continue;
        }
        if (property_of(&line, &property)) {
            names++;
            wanted += record_wants(property.name, property.length);
            if (wanted == 2)
                return true;
        } else if (!names || (!wanted && names == 1)) {
            if (++prefix > PREFIX_MOST || (!paragraph && !memchr(line.at, ' ', line.length)))
                return false;
        } else if (line.indent < 2) {
            return wanted && is_cut(text);
        }
        paragraph = true;
    }
    return wanted && is_cut(text);
}

/* The number of names that are read in a line of names. */
static size_t wanted_words(const struct line *line)
{
    const char *at = line->at, *end = at + line->length;
    size_t count = 0;

    while (at < end) {
        size_t length = strcspn(at, " \t\r\n");

        count += record_wants(at, length);
        at += length;
        at += strspn(at, " \t\r\n");
    }
    return count;
}

/* Do all words of `dashes` consist of dashes and begin where words of `names` begin? */
static bool underlines(const struct line *dashes, const struct line *names)
{
    size_t i, words = 0;

    for (i = 0; i < dashes->length; i++) {
        bool begins_here = dashes->at[i] == '-' && (!i || dashes->at[i - 1] == ' ');

        if (dashes->at[i] != '-' && dashes->at[i] != ' ')
            return false;
        if (begins_here && (i >= names->length || names->at[i] == ' ' || (i && names->at[i - 1] != ' ')))
            return false;
        words += begins_here;
    }
    return words >= 2;
}

bool format_table_detect(const char *text)
{
    size_t seen = 0;

    while (*text && seen <= PREFIX_MOST) {
        struct line line = line_at(text), next = line_at(text + line.whole);

        if (wanted_words(&line) >= 2 && underlines(&next, &line))
            return true;
        seen += !is_blank(&line);
        text += line.whole;
    }
    return false;
}

struct names {
    struct property items[PROPERTIES_MOST]; /* they point into the text */
    size_t count;
};

struct reader {
    const struct record_sink *sink;
    struct record record;
    struct names *names, *before; /* of this record and the last; owned */
    struct property *open;        /* whose value may go on; NULL */
    struct buf value;             /* of the open property, if it is wanted */
    size_t last;                  /* characters of the line before */
    size_t width;                 /* characters of the longest line */
    unsigned line;                /* the one that is read */
    unsigned begin;               /* where the record begins */
    bool wraps;                   /* a value went on in a second line */
    bool gap;                     /* an empty line stands behind the record */
    bool started;                 /* a wanted property was read */
    bool stopped;                 /* by a problem of the whole file */
    unsigned wrong_line;          /* of the record's first problem */
    char *wrong;                  /* it; owned */
};

static size_t characters(const char *at, size_t length)
{
    size_t count = 0;

    while (length--)
        count += ((unsigned char)*at++ & 0xc0) != 0x80;
    return count;
}

static size_t longest_line(const char *text)
{
    size_t longest = 0;

    while (*text) {
        struct line line = line_at(text);

        if (line.length > longest) {
            size_t count = characters(line.at, line.length);

            longest = count > longest ? count : longest;
        }
        text += line.whole;
    }
    return longest;
}

/* The first problem of a record is told; `why` is taken over. */
static void spoil(struct reader *r, unsigned line, char *why)
{
    if (r->wrong) {
        free(why);
        return;
    }
    r->wrong = why;
    r->wrong_line = line;
}

static void stop(struct reader *r, const char *why)
{
    r->sink->wrong(r->sink->context, r->line, 0, why);
    r->stopped = true;
}

static void trim(const char **at, size_t *length)
{
    while (*length && (**at == ' ' || **at == '\t')) {
        ++*at;
        --*length;
    }
    while (*length && ((*at)[*length - 1] == ' ' || (*at)[*length - 1] == '\t'))
        --*length;
}

/* Takes the mark of what was left out from the end of a list. */
static bool take_mark(const char *at, size_t *length)
{
    if (*length < 3 ||
        (memcmp(at + *length - 3, "...", 3) != 0 && memcmp(at + *length - 3, "\xe2\x80\xa6", 3) != 0))
        return false;
    *length -= 3;
    return true;
}

static void add_items(struct record *record, const char *at, size_t length)
{
    const char *end = at + length;

    while (at < end) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *item = at;
        size_t size = (size_t)((comma ? comma : end) - at);

        at += size + 1;
        trim(&item, &size);
        if (size)
            record_item(record, item, size);
    }
}

static void add_list(struct reader *r, const char *at, size_t length)
{
    const struct property *p = r->open;

    if (length < 2 || at[length - 1] != '}') {
        spoil(r, p->line,
              mem_format("%.*s begins with { and does not end with }; expected the whole list",
                         (int)p->length, p->name));
        return;
    }
    at++;
    length -= 2;
    trim(&at, &length);
    record_add(&r->record, p->name, p->length, take_mark(at, &length) ? FIELD_CUT : FIELD_LIST);
    add_items(&r->record, at, length);
}

static void close_value(struct reader *r)
{
    const struct property *p = r->open;
    const char *at = buf_string(&r->value);
    size_t length = r->value.length;

    if (p && p->wanted) {
        trim(&at, &length);
        if (length && *at == '{') {
            add_list(r, at, length);
        } else {
            record_add(&r->record, p->name, p->length, FIELD_TEXT);
            record_item(&r->record, at, length);
        }
    }
    r->open = NULL;
    buf_reset(&r->value);
}

static bool same_name(const struct property *a, const struct property *b)
{
    return a->length == b->length && strncasecmp(a->name, b->name, a->length) == 0;
}

/* A warning in another language looks like a record of one property. */
static bool is_warning(const struct reader *r)
{
    const struct names *names = r->names;

    return names->count == 1 && !names->items[0].wanted &&
           !(r->before->count && same_name(&names->items[0], &r->before->items[0]));
}

static void close_record(struct reader *r)
{
    struct names *names = r->names;

    close_value(r);
    if (!names->count)
        return;
    if (is_warning(r)) {
        r->record.number--;
    } else {
        if (r->wrong)
            r->sink->wrong(r->sink->context, r->wrong_line, r->record.number, r->wrong);
        else
            r->sink->take(r->sink->context, &r->record);
        r->names = r->before;
        r->before = names;
    }
    free(r->wrong);
    r->wrong = NULL;
    r->names->count = 0;
}

static bool has_property(const struct names *names, const struct property *property)
{
    size_t i;

    for (i = 0; i < names->count; i++)
        if (same_name(&names->items[i], property))
            return true;
    return false;
}

/* Most records have the properties of the one before in its order. */
static bool is_wanted(const struct reader *r, const struct property *property)
{
    size_t index = r->names->count;

    if (index < r->before->count && same_name(&r->before->items[index], property))
        return r->before->items[index].wanted;
    return record_wants(property->name, property->length);
}

static void on_property(struct reader *r, const struct line *line, struct property *property)
{
    if (r->gap || has_property(r->names, property))
        close_record(r);
    close_value(r);
    r->gap = false;
    if (!r->names->count)
        record_begin(&r->record, r->line);
    if (r->names->count == PROPERTIES_MOST) {
        spoil(r, r->line, mem_format("it has more than %d properties", PROPERTIES_MOST));
        return;
    }
    property->wanted = is_wanted(r, property);
    property->line = r->line;
    r->open = &r->names->items[r->names->count++];
    *r->open = *property;
    r->started |= property->wanted;
    if (property->wanted && property->column < line->length)
        buf_add(&r->value, line->at + property->column, line->length - property->column);
}

/* A line that goes on with the value. */
static void on_rest(struct reader *r, const struct line *line)
{
    const char *value = buf_string(&r->value);
    size_t length = r->value.length;

    r->gap = false;
    r->wraps = true;
    if (!r->open->wanted)
        return;
    if (length && *value != '{' && r->last != r->width && value[length - 1] != ' ' &&
        value[length - 1] != '-')
        buf_u8(&r->value, ' ');
    buf_add(&r->value, line->at + r->open->column, line->length - r->open->column);
}

static void on_other(struct reader *r, const struct line *line)
{
    if (!r->started || (r->gap && is_console(line)))
        return;
    if (r->gap) {
        close_record(r);
        stop(r, "expected a line \"Name : value\" as Format-List writes it");
        return;
    }
    spoil(r, r->line,
          mem_string("this line is neither \"Name : value\" nor the rest of a value; expected the output of "
                     "Format-List"));
}

static void on_line(struct reader *r, const struct line *line)
{
    struct property property;

    if (is_blank(line)) {
        r->gap |= line->length != line->whole && (!r->open || line->length < r->open->column);
        return;
    }
    if (property_of(line, &property))
        on_property(r, line, &property);
    else if (r->open && line->indent >= r->open->column)
        on_rest(r, line);
    else
        on_other(r, line);
    r->last = characters(line->at, line->length);
}

/* Does the record stop where the one before goes on? */
static bool is_shorter(const struct reader *r)
{
    size_t i;

    for (i = 0; i < r->names->count && i < r->before->count; i++)
        if (!same_name(&r->names->items[i], &r->before->items[i]))
            return false;
    return i < r->before->count;
}

static bool is_alike(const struct reader *r)
{
    return r->before->count == r->names->count && !is_shorter(r) &&
           same_name(&r->before->items[0], &r->names->items[0]);
}

/* Does the last line look like one whose value was to go on? */
static bool is_open(const struct reader *r)
{
    const struct buf *value = &r->value;

    return r->open && value->length &&
           (value->bytes[value->length - 1] == ' ' || (r->wraps && r->last == r->width));
}

/* The last record: is it whole? */
static void check_end(struct reader *r, const char *text, const struct line *last)
{
    const struct line first = line_at(text);

    if (!r->names->count)
        return;
    if (last->length == last->whole && last->length && !r->gap)
        spoil(r, r->line,
              mem_string("the file ends within a line; expected the whole output of Format-List"));
    else if (is_shorter(r))
        spoil(r, r->line,
              mem_format("it has %zu properties, the record before it %zu; the file is cut short",
                         r->names->count, r->before->count));
    else if (!r->gap && (is_open(r) || (is_blank(&first) && !is_alike(r))))
        spoil(r, r->line,
              mem_string("no empty line follows it, as one does in the output of Format-List; the file is "
                         "cut short"));
}

void format_list_read(const char *text, const struct record_sink *sink)
{
    struct reader r = {.sink = sink, .width = longest_line(text)};
    struct line line = {.at = text};
    const char *at = text;

    record_init(&r.record);
    buf_init(&r.value, 0);
    r.names = mem_alloc(sizeof *r.names);
    r.before = mem_alloc(sizeof *r.before);
    while (*at && !r.stopped) {
        r.line++;
        line = line_at(at);
        on_line(&r, &line);
        at += line.whole;
    }
    if (!r.stopped)
        check_end(&r, text, &line);
    close_record(&r);
    r.line = 0;
    if (!r.stopped && !r.record.number)
        stop(&r, "no record in it");
    free(r.names);
    free(r.before);
    record_release(&r.record);
    buf_release(&r.value);
}
