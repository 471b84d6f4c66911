#include "engine/input/export_csv.h"

#include "engine/base/mem.h"
#include "engine/base/strings.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The first line that is neither blank nor "#TYPE …". */
static const char *header_of(const char *text, unsigned *line)
{
    for (*line = 1; *text; ++*line) {
        if (*text != '#' && *text != '\r' && *text != '\n')
            return text;
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return text;
}

/* Properties that are read, among the cells of a header. */
static unsigned wanted_cells(const char *header, char delimiter)
{
    const char stop[] = {delimiter, '\r', '\n', 0};
    unsigned wanted = 0;

    for (;;) {
        size_t length = strcspn(header, stop), quotes = *header == '"' && length > 1;

        if (length - 2 * quotes == 6 && strncasecmp(header + quotes, "domain", 6) == 0)
            return 0;
        wanted += length > 2 * quotes && record_wants(header + quotes, length - 2 * quotes);
        if (header[length] != delimiter)
            return wanted;
        header += length + 1;
    }
}

static char delimiter_of(const char *header)
{
    static const char delimiters[] = ",;\t";
    const char *delimiter;

    for (delimiter = delimiters; *delimiter; delimiter++)
        if (wanted_cells(header, *delimiter) >= 2)
            return *delimiter;
    return 0;
}

bool export_csv_detect(const char *text)
{
    unsigned line;

    return strncmp(text, "#TYPE ", 6) == 0 || delimiter_of(header_of(text, &line)) != 0;
}

struct table {
    const struct record_sink *sink;
    struct record record;
    struct strings names;
    bool *wanted; /* by column */
    size_t cells; /* of the record being read */
    bool have_header;
    unsigned line;
    const char *wrong; /* of the header */
};

static void on_cell(void *bytes, size_t length, void *context)
{
    struct table *t = context;
    char *name;

    if (!t->have_header) {
        name = mem_string_n(bytes ? bytes : "", bytes ? length : 0);
        if (!strings_add_once(&t->names, name))
            t->wrong = "a name stands in the header twice; expected each once";
        free(name);
        return;
    }
    if (!t->cells)
        record_begin(&t->record, t->line);
    if (t->cells < t->names.count && t->wanted[t->cells]) {
        const char *column = t->names.items[t->cells];

        record_add(&t->record, column, strlen(column), FIELD_TEXT);
        record_item(&t->record, bytes ? bytes : "", length);
    }
    t->cells++;
}

static void keep_header(struct table *t)
{
    size_t i;

    t->have_header = true;
    t->wanted = mem_array(t->names.count + 1, sizeof *t->wanted);
    for (i = 0; i < t->names.count; i++)
        t->wanted[i] = record_wants(t->names.items[i], strlen(t->names.items[i]));
}

static void on_record(int end, void *context)
{
    struct table *t = context;
    char *why;

    (void)end;
    if (!t->have_header) {
        keep_header(t);
        return;
    }
    if (t->cells == t->names.count) {
        t->sink->take(t->sink->context, &t->record);
    } else {
        why = mem_format("it has %zu cells; expected %zu, as the header has", t->cells, t->names.count);
        t->sink->wrong(t->sink->context, t->line, t->record.number, why);
        free(why);
    }
    t->cells = 0;
}

/* Line by line, so that a record knows where it began also when quotes span lines. False after a syntax
 * error. */
static bool feed(struct table *t, struct csv_parser *parser, const char *text, unsigned line)
{
    for (; *text && !t->wrong; line++) {
        size_t length = strcspn(text, "\n");

        length += text[length] == '\n';
        if (!t->cells)
            t->line = line;
        if (csv_parse(parser, text, length, on_cell, on_record, t) != length)
            return false;
        text += length;
    }
    return t->wrong || csv_fini(parser, on_cell, on_record, t) == 0;
}

void export_csv_read(const char *text, const struct record_sink *sink)
{
    struct table t = {.sink = sink};
    struct csv_parser parser;
    unsigned line;
    const char *header = header_of(text, &line);
    char delimiter = delimiter_of(header);

    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        abort();
    csv_set_delim(&parser, (unsigned char)(delimiter ? delimiter : ','));
    record_init(&t.record);
    if (!delimiter)
        sink->wrong(sink->context, line, 0, "the header has none of the properties of a connector");
    else if (!feed(&t, &parser, header, line))
        sink->wrong(sink->context, t.line, 0,
                    "a quote is not closed or stands inside an unquoted cell; expected CSV as in RFC 4180");
    else if (t.wrong)
        sink->wrong(sink->context, line, 0, t.wrong);
    else if (!t.record.number)
        sink->wrong(sink->context, line, 0, "no record in it");
    record_release(&t.record);
    strings_release(&t.names);
    free(t.wanted);
    csv_free(&parser);
}
