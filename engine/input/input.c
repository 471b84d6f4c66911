#include "engine/input/input.h"
#include "engine/input/records.h"
#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/input/clixml.h"
#include "engine/input/encoding.h"
#include "engine/input/exchange.h"
#include "engine/input/export_csv.h"
#include "engine/input/export_json.h"
#include "engine/input/format_list.h"
#include "engine/input/gathered.h"
#include "engine/input/postfix.h"
#include "engine/input/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MOST ((size_t)256 << 20)

bool input_add_target(struct input *out, const char *text, enum target_class class, const char *source,
                      char **error)
{
    struct target_spec spec;

    if (!input_target(text, class, source, &spec, error))
        return false;
    input_add(out, &spec);
    return true;
}

static void text_line(const char *source, unsigned line, char *text, struct input *out)
{
    static const char blank[] = " \t\r";
    char *rest = NULL, *domain, *word, *more, *where, *error = NULL;
    enum target_class class = CLASS_OPPORTUNISTIC;

    text[strcspn(text, "#")] = 0;
    domain = strtok_r(text, blank, &rest);
    if (!domain)
        return;
    word = strtok_r(NULL, blank, &rest);
    more = strtok_r(NULL, blank, &rest);
    where = mem_format("%s:%u", source, line);
    if ((word && (!target_class_parse(word, &class) || class > CLASS_OPPORTUNISTIC)) || more) {
        char *shown = text_escaped(more ? more : word, strnlen(more ? more : word, 80));

        input_problem(
            out, line,
            mem_format("%s: '%s': expected one target a line and after it nothing, partner or opportunistic",
                       where, shown));
        free(shown);
    } else if (!input_add_target(out, domain, class, where, &error)) {
        input_problem(out, line, error);
    }
    free(where);
}

static void read_lines(const char *source, char *text, struct input *out)
{
    unsigned line = 1;

    while (text && out->count < INPUT_RECORDS_MOST && input_goes_on(out, line)) {
        char *end = strchr(text, '\n');

        if (end)
            *end = 0;
        text_line(source, line++, text, out);
        text = end ? end + 1 : NULL;
    }
    if (text && out->count >= INPUT_RECORDS_MOST)
        input_problem(out, line, mem_format("%s:%u: more than %d records", source, line, INPUT_RECORDS_MOST));
}

/* The exports of PowerShell, each with how it is told from all else. */
static const struct {
    bool (*detect)(const char *text);
    void (*read)(const char *text, const struct record_sink *sink);
} exports[] = {
    {export_json_detect, export_json_read},
    {clixml_detect, clixml_read},
    {export_csv_detect, export_csv_read},
    {format_list_detect, format_list_read},
};

static bool read_export(const char *source, const char *text, struct input *out)
{
    size_t i;

    for (i = 0; i < sizeof exports / sizeof exports[0]; i++)
        if (exports[i].detect(text)) {
            exchange_read(source, text, exports[i].read, out);
            return true;
        }
    if (format_table_detect(text)) {
        exchange_refuse_table(source, out);
        return true;
    }
    return false;
}

static void begin_watch(const char *text, struct input *out)
{
    unsigned lines = 1;

    if (!out->watch)
        return;
    for (; (text = strchr(text, '\n')); text++)
        lines++;
    out->watch->line = 0;
    out->watch->lines = lines;
}

static void read_text(const char *source, char *text, struct input *out)
{
    enum postfix_kind kind;

    begin_watch(text, out);
    if (read_export(source, text, out))
        return;
    kind = postfix_detect(text);
    if (table_detect(text))
        table_read(source, text, out);
    else if (kind != POSTFIX_NONE)
        postfix_read(kind, source, text, out);
    else
        read_lines(source, text, out);
}

/* What was fed is over. */
static void finish_text(const char *source, struct encoding *encoding, struct input *out)
{
    char *error = NULL, *text = encoding_finish(encoding, &error);

    if (text)
        read_text(source, text, out);
    else if (error)
        input_problem(out, 0, mem_format("%s: %s", source, error));
    else
        input_problem(out, 0, mem_format("%s: larger than 256 MiB", source));
    free(error);
    free(text);
}

void input_read(const char *source, const void *bytes, size_t length, struct input *out)
{
    struct encoding encoding;

    encoding_init(&encoding, FILE_MOST);
    encoding_feed(&encoding, bytes, length);
    finish_text(source, &encoding, out);
}

bool input_read_file(const char *path, struct input *out, char **error)
{
    bool standard = strcmp(path, "-") == 0, ok;
    FILE *file = standard ? stdin : fopen(path, "rb");
    struct encoding encoding;
    char chunk[65536], *text, *wrong = NULL;
    size_t got;

    if (!file) {
        *error = mem_format("%s: %s; expected a readable file of targets", path, strerror(errno));
        return false;
    }
    encoding_init(&encoding, FILE_MOST);
    errno = 0;
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0 && !encoding.text.failed && input_goes_on(out, 0))
        encoding_feed(&encoding, chunk, got);
    ok = !ferror(file);
    if (ok) {
        finish_text(standard ? "stdin" : path, &encoding, out);
    } else {
        *error = mem_format("%s: %s; expected a readable file of targets", path, strerror(errno));
        text = encoding_finish(&encoding, &wrong);
        free(text);
        free(wrong);
    }
    if (!standard)
        fclose(file);
    return ok;
}

void input_finish(struct input *input)
{
    if (input->watch && input->watch->unwanted)
        return;
    select_connectors(input);
    postfix_finish(input);
    gathered_free(input->gathered);
    input->gathered = NULL;
}
