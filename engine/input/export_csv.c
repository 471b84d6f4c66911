#include "engine/input/export_csv.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COLUMNS_MOST 1000

/* The line of the header, behind blank lines and the one that names the type. */
static const char *header_line(const char *text, unsigned *line)
{
    for (*line = 1; *text; ++*line) {
        size_t length = strcspn(text, "\n");

        if (strspn(text, " \t\r") < length && strncmp(text, "#TYPE", 5) != 0)
            return text;
        text += length + (text[length] == '\n');
    }
    return text;
}

static void trim(const char **cell, size_t *length)
{
    while (*length && strchr(" \t\r\"", **cell)) {
        ++*cell;
        --*length;
    }
    while (*length && strchr(" \t\r\"", (*cell)[*length - 1]))
        --*length;
}

static bool is_named(const char *name, size_t length, const char *wanted)
{
    return length == strlen(wanted) && strncasecmp(name, wanted, length) == 0;
}

/* Does a column of this name tell what a record is about? */
static bool is_key(const char *name, size_t length)
{
    return is_named(name, length, "Name") || is_named(name, length, "Identity") ||
           is_named(name, length, "DomainName") ||
           (length > 7 && strncasecmp(name + length - 7, "Domains", 7) == 0);
}

enum header { HEADER_OTHER, HEADER_OWN, HEADER_EXPORT };

/* What the header is when its cells are parted by `delimiter`. */
static enum header header_with(const char *header, char delimiter)
{
    const char stop[] = {delimiter, '\n', 0};
    size_t wanted = 0, keys = 0;

    for (;; header++) {
        size_t whole = strcspn(header, stop), length = whole;
        const char *name = header;

        trim(&name, &length);
        if (is_named(name, length, "domain"))
            return HEADER_OWN;
        if (record_wants(name, length)) {
            wanted++;
            keys += is_key(name, length);
        }
        header += whole;
        if (*header != delimiter)
            return wanted >= 2 && keys ? HEADER_EXPORT : HEADER_OTHER;
    }
}

/* The delimiter of an export's header; 0 when it is none. *own when it is one with a column `domain`. */
static char delimiter_of(const char *header, bool *own)
{
    static const char delimiters[] = ",;\t";
    char found = 0;
    size_t i;

    *own = false;
    for (i = 0; delimiters[i]; i++) {
        enum header is = header_with(header, delimiters[i]);

        *own |= is == HEADER_OWN;
        if (is == HEADER_EXPORT && !found)
            found = delimiters[i];
    }
    return found;
}

/* The most frequent one, for a header in which too little is known. */
static char likely_delimiter(const char *header)
{
    static const char delimiters[] = ",;\t";
    size_t best = 0, counts[3] = {0}, i;

    for (; *header && *header != '\n'; header++)
        for (i = 0; i < 3; i++)
            counts[i] += *header == delimiters[i];
    for (i = 1; i < 3; i++)
        if (counts[i] > counts[best])
            best = i;
    return delimiters[best];
}

bool export_csv_detect(const char *text)
{
    unsigned line;
    bool own;
    char delimiter = delimiter_of(header_line(text, &line), &own);

    if (own)
        return false;
    return delimiter || strncmp(text + strspn(text, " \t\r\n"), "#TYPE", 5) == 0;
}

struct column {
    char *name; /* owned */
    bool wanted;
};

struct table {
    const struct record_sink *sink;
    struct record record;
    struct column *columns; /* owned */
    size_t count;           /* columns */
    size_t cell;            /* cells of the record so far */
    unsigned line;          /* where the record began */
    bool have_header;
    bool open;       /* its end was not seen yet */
    bool has_text;   /* a cell of the record does */
    bool ends_early; /* the file ends in this record's line, and its last cell may be cut */
    bool stopped;    /* by a problem of the whole file */
};

static void wrong(struct table *t, size_t number, char *why)
{
    t->stopped |= !number;
    t->sink->wrong(t->sink->context, t->line, number, why);
    free(why);
}

static void add_column(struct table *t, const char *name, size_t length)
{
    struct column *column;

    if (t->count == COLUMNS_MOST)
        return;
    if (!(t->count & (t->count - 1)))
        t->columns = mem_resize(t->columns, t->count ? 2 * t->count : 1, sizeof *t->columns);
    column = &t->columns[t->count++];
    column->name = mem_string_n(name, length);
    column->wanted = record_wants(name, length);
}

static void on_cell(void *bytes, size_t length, void *context)
{
    struct table *t = context;
    const char *text = bytes ? bytes : "";
    size_t index = t->cell++;

    t->has_text |= length > 0;
    if (!t->have_header) {
        add_column(t, text, length);
        return;
    }
    if (!index)
        record_begin(&t->record, t->line);
    if (index < t->count && t->columns[index].wanted) {
        record_add(&t->record, t->columns[index].name, strlen(t->columns[index].name), FIELD_TEXT);
        record_item(&t->record, text, length);
    }
}

static const char *repeated_name(const struct table *t)
{
    size_t i, j;

    for (i = 0; i < t->count; i++)
        for (j = 0; j < i; j++)
            if (*t->columns[i].name && strcasecmp(t->columns[i].name, t->columns[j].name) == 0)
                return t->columns[i].name;
    return NULL;
}

static void check_header(struct table *t)
{
    const char *name = repeated_name(t);

    t->have_header = true;
    if (t->cell > COLUMNS_MOST) {
        wrong(t, 0, mem_format("the header has %zu columns; expected at most %d", t->cell, COLUMNS_MOST));
    } else if (name) {
        char *shown = text_escaped(name, strnlen(name, 80));

        wrong(t, 0, mem_format("column '%s' stands twice in the header; expected each name once", shown));
        free(shown);
    }
}

static void hand_on(struct table *t)
{
    if (t->cell != t->count)
        wrong(t, t->record.number,
              mem_format("expected %zu cells as in the header, got %zu", t->count, t->cell));
    else if (t->ends_early)
        wrong(t, t->record.number,
              mem_string("the file ends within a line; expected the whole output of Export-Csv"));
    else if (t->has_text)
        t->sink->take(t->sink->context, &t->record);
    else
        t->record.number--;
}

static void on_record(int end, void *context)
{
    struct table *t = context;

    (void)end;
    if (t->stopped)
        return;
    if (!t->have_header)
        check_header(t);
    else
        hand_on(t);
    t->cell = 0;
    t->open = t->has_text = false;
}

/* Can a value of this column hold quotes, so that half a quote at the end of a file looks like the end of the
 * cell? */
static bool may_hold_quotes(const char *name)
{
    static const char *const free_text[] = {"Name", "Identity", "RouteMessageOutboundConnector", "Conditions",
                                            "Exceptions"};
    size_t i;

    for (i = 0; i < sizeof free_text / sizeof free_text[0]; i++)
        if (strcasecmp(name, free_text[i]) == 0)
            return true;
    return false;
}

/* Is the last cell of a file, which has no line end behind it, surely whole? */
static bool last_is_whole(const struct table *t, const char *end)
{
    const struct column *last = &t->columns[t->count - 1];

    return !last->wanted || (end[-1] == '"' && !may_hold_quotes(last->name));
}

/* Feeds line by line, so that a record knows where it began also when quotes span lines; the place where
 * libcsv stopped, which is the text's end when all is well. */
static const char *feed(struct table *t, struct csv_parser *parser, const char *text)
{
    unsigned line = t->line;

    for (; *text && !t->stopped; line++) {
        size_t length = strcspn(text, "\n");

        length += text[length] == '\n';
        if (!t->open)
            t->line = line;
        t->open |= strspn(text, " \t\r\n") < length;
        if (csv_parse(parser, text, length, on_cell, on_record, t) != length)
            break;
        text += length;
    }
    return text;
}

void export_csv_read(const char *text, const struct record_sink *sink)
{
    struct table t = {.sink = sink};
    struct csv_parser parser;
    bool own;
    char delimiter;

    record_init(&t.record);
    text = header_line(text, &t.line);
    delimiter = delimiter_of(text, &own);
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        abort();
    csv_set_delim(&parser, (unsigned char)(delimiter ? delimiter : likely_delimiter(text)));
    text = feed(&t, &parser, text);
    t.ends_early = t.have_header && !*text && text[-1] != '\n' && !last_is_whole(&t, text);
    if (!t.stopped && (*text || csv_fini(&parser, on_cell, on_record, &t) != 0))
        wrong(
            &t, 0,
            mem_string("a quote is not closed or opens within a cell; expected CSV as Export-Csv writes it"));
    t.line = 0;
    if (!t.stopped && !t.record.number)
        wrong(&t, 0, mem_string("no record in it"));
    while (t.count--)
        free(t.columns[t.count].name);
    free(t.columns);
    record_release(&t.record);
    csv_free(&parser);
}
