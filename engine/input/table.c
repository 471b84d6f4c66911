#include "engine/input/table.h"

#include "engine/base/day.h"
#include "engine/base/mem.h"
#include "engine/base/strings.h"
#include "engine/base/text.h"
#include "engine/input/host.h"
#include "engine/input/name.h"
#include "engine/input/records.h"

#include <csv.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum column {
    DOMAIN_NAME,
    CLASS,
    REQUIREMENT,
    TLS_DOMAIN,
    SMART_HOST,
    CONNECTOR,
    OWNER,
    NOTE,
    CONTACT,
    STATE,
    DUE,
    COLUMNS
};

static const char *const column_names[COLUMNS] = {"domain",     "class",     "requirement", "tls_domain",
                                                  "smart_host", "connector", "owner",       "note",
                                                  "contact",    "state",     "due"};

/* The first line that is neither blank nor a comment. */
static const char *header_line(const char *text, unsigned *line)
{
    for (*line = 1; *text; ++*line) {
        const char *first = text + strspn(text, " \t\r");

        if (*first && *first != '\n' && *first != '#')
            return text;
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return text;
}

/* Does `cell` of the header name the domain column? */
static bool is_domain_cell(const char *cell, size_t length)
{
    while (length && (isspace((unsigned char)*cell) || *cell == '"')) {
        cell++;
        length--;
    }
    while (length && (isspace((unsigned char)cell[length - 1]) || cell[length - 1] == '"'))
        length--;
    return length == 6 && strncasecmp(cell, "domain", 6) == 0;
}

/* The delimiter with which the header has a domain column, or 0. */
static unsigned char delimiter_of(const char *header)
{
    static const char delimiters[] = ",;\t";
    const char *delimiter;

    for (delimiter = delimiters; *delimiter; delimiter++) {
        const char stop[] = {*delimiter, '\n', 0};
        const char *cell = header;

        for (;;) {
            size_t length = strcspn(cell, stop);

            if (is_domain_cell(cell, length))
                return (unsigned char)*delimiter;
            if (cell[length] != *delimiter)
                break;
            cell += length + 1;
        }
    }
    return 0;
}

bool table_detect(const char *text)
{
    unsigned line;

    return delimiter_of(header_line(text, &line)) != 0;
}

struct table {
    const char *source;
    struct input *out;
    struct strings cells; /* of the record being read */
    int columns[COLUMNS]; /* index of each column, -1 when it is not there */
    bool have_header;
    unsigned record_line; /* where the record began */
    bool in_record;
};

static void on_cell(void *bytes, size_t length, void *context)
{
    struct table *t = context;
    char *cell = mem_string_n(bytes ? bytes : "", bytes ? length : 0);

    strings_add(&t->cells, cell);
    free(cell);
}

/* The text of a column of this record; "" when it has none. */
static const char *cell(const struct table *t, enum column column)
{
    int index = t->columns[column];

    return index >= 0 && (size_t)index < t->cells.count ? t->cells.items[index] : "";
}

static void read_header(struct table *t)
{
    size_t i;
    int column;

    for (column = 0; column < COLUMNS; column++) {
        t->columns[column] = -1;
        for (i = 0; i < t->cells.count; i++)
            if (strcasecmp(t->cells.items[i], column_names[column]) == 0)
                t->columns[column] = (int)i;
    }
    t->have_header = true;
}

/* "source:line: column 'text': why". */
static char *complaint(const struct table *t, enum column column, const char *text, const char *why)
{
    char *shown = text_escaped(text, strnlen(text, 80));
    char *message =
        mem_format("%s:%u: %s '%s': %s", t->source, t->record_line, column_names[column], shown, why);

    free(shown);
    return message;
}

static char *read_smart_hosts(const struct table *t, struct target_spec *spec)
{
    char *list = mem_string(cell(t, SMART_HOST)), *rest = NULL, *item, *message = NULL;

    for (item = strtok_r(list, " ,;\t", &rest); item && !message; item = strtok_r(NULL, " ,;\t", &rest)) {
        struct host_port host;
        const char *wrong = host_parse(item, &host);

        if (wrong)
            message = complaint(t, SMART_HOST, item, wrong);
        else if (spec->host_count == TARGET_HOSTS_MOST)
            message = complaint(t, SMART_HOST, item, "expected no more than 10000 hosts");
        else
            target_spec_add_host(spec, host.host, host.port, host.literal);
        free(host.host);
    }
    free(list);
    return message;
}

static char *read_tls_domain(const struct table *t, struct target_spec *spec)
{
    const char *text = cell(t, TLS_DOMAIN);
    bool wildcard = strncmp(text, "*.", 2) == 0;
    char *ascii = NULL;
    const char *wrong;

    if (!*text)
        return NULL;
    wrong = name_host(text + (wildcard ? 2 : 0), &ascii);
    if (wrong)
        return complaint(t, TLS_DOMAIN, text, wrong);
    spec->tls_domain = mem_format("%s%s", wildcard ? "*." : "", ascii);
    free(ascii);
    return NULL;
}

/* What the cells say of class and requirement; a record that names a connector, a smart host or a demand is a
 * partner's unless it says otherwise. */
static char *read_class(const struct table *t, enum target_class *class, enum requirement *requirement,
                        bool *said)
{
    const char *wanted = cell(t, CLASS), *demand = cell(t, REQUIREMENT);

    *said = *demand != 0;
    if (*demand && !requirement_parse(demand, requirement))
        return complaint(t, REQUIREMENT, demand, "expected none, encryption, chain or name");
    if (*wanted && !target_class_parse(wanted, class))
        return complaint(t, CLASS, wanted, "expected partner, opportunistic, relay or service");
    if (!*wanted)
        *class = *cell(t, CONNECTOR) || *cell(t, SMART_HOST) || *cell(t, TLS_DOMAIN) ||
                         (*said && *requirement != REQUIREMENT_NONE)
                     ? CLASS_PARTNER
                     : CLASS_OPPORTUNISTIC;
    if (!*said && *cell(t, TLS_DOMAIN)) {
        *requirement = REQUIREMENT_NAME;
        *said = true;
    }
    return NULL;
}

/* What people keep of it. */
static char *read_campaign(const struct table *t, struct target_spec *spec)
{
    const char *state = cell(t, STATE), *due = cell(t, DUE);

    if (*state && !contact_state_parse(state, &spec->contact_state))
        return complaint(t, STATE, state, "expected to-contact, contacted, promised, fixed or waived");
    if (*due && !day_parse(due, &spec->due))
        return complaint(t, DUE, due, "expected a day as in 2026-12-01");
    return NULL;
}

static char *escaped_or_null(const char *text)
{
    return *text ? text_escaped(text, strlen(text)) : NULL;
}

static char *read_spec(const struct table *t, struct target_spec *spec)
{
    enum requirement requirement = REQUIREMENT_NONE;
    enum target_class class = CLASS_OPPORTUNISTIC;
    bool said = false;
    char *where, *message;

    message = read_class(t, &class, &requirement, &said);
    if (message)
        return message;
    where = mem_format("%s:%u", t->source, t->record_line);
    if (!input_target(cell(t, DOMAIN_NAME), class, where, spec, &message)) {
        free(where);
        return message;
    }
    free(where);
    if (said)
        spec->requirement = requirement;
    if (!spec->is_endpoint)
        message = read_smart_hosts(t, spec);
    if (!message)
        message = read_tls_domain(t, spec);
    if (!message)
        message = read_campaign(t, spec);
    spec->connector = escaped_or_null(cell(t, CONNECTOR));
    spec->match = spec->connector ? MATCH_EXACT : MATCH_NONE;
    spec->owner = escaped_or_null(cell(t, OWNER));
    spec->note = escaped_or_null(cell(t, NOTE));
    spec->contact = escaped_or_null(cell(t, CONTACT));
    return message;
}

static bool record_is_blank(const struct table *t)
{
    size_t i;

    for (i = 0; i < t->cells.count; i++)
        if (*t->cells.items[i])
            return t->cells.items[0][0] == '#';
    return true;
}

static void on_record(int end, void *context)
{
    struct table *t = context;
    struct target_spec spec;
    char *message;

    (void)end;
    t->in_record = false;
    if (!t->have_header) {
        read_header(t);
    } else if (t->out->count < INPUT_RECORDS_MOST && !record_is_blank(t)) {
        target_spec_init(&spec);
        message = read_spec(t, &spec);
        if (message) {
            target_spec_release(&spec);
            input_problem(t->out, t->record_line, message);
        } else {
            input_add(t->out, &spec);
        }
    }
    strings_release(&t->cells);
}

void table_read(const char *source, const char *text, struct input *out)
{
    struct table t = {.source = source, .out = out};
    struct csv_parser parser;
    unsigned line;

    text = header_line(text, &line);
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        abort();
    csv_set_delim(&parser, delimiter_of(text));
    /* Line by line, so that a record knows where it began also when quotes span lines. */
    for (; *text; line++) {
        size_t length = strcspn(text, "\n");

        length += text[length] == '\n';
        if (!t.in_record)
            t.record_line = line;
        t.in_record = true;
        if (!input_goes_on(out, line) || csv_parse(&parser, text, length, on_cell, on_record, &t) != length)
            break;
        if (length == 1 || (length == 2 && text[0] == '\r'))
            t.in_record = t.cells.count > 0;
        text += length;
    }
    if (*text || csv_fini(&parser, on_cell, on_record, &t) != 0)
        input_problem(
            out, t.record_line,
            mem_format("%s:%u: a quote is not closed or stands inside an unquoted cell; expected CSV as in "
                       "RFC 4180",
                       source, t.record_line));
    strings_release(&t.cells);
    csv_free(&parser);
}
