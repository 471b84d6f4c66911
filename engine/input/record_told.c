#include "engine/input/record_told.h"

#include "engine/base/mem.h"
#include "engine/input/encoding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *record_sample(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct buf bytes;
    char block[4096], *error = NULL;
    size_t length;

    if (!file)
        return NULL;
    buf_init(&bytes, 0);
    while ((length = fread(block, 1, sizeof block, file)) > 0)
        buf_add(&bytes, block, length);
    fclose(file);
    if (!encoding_to_utf8(&bytes, &error))
        buf_reset(&bytes);
    free(error);
    return buf_take_string(&bytes);
}

struct telling {
    struct buf out;
    const char *const *names;
};

static void tell_field(struct buf *out, const struct record *record, const struct field *field)
{
    bool is_list = field->kind == FIELD_LIST || field->kind == FIELD_CUT;
    size_t i;

    buf_printf(out, " %s=%s", record_name(record, field),
               is_list                     ? "["
               : field->kind == FIELD_LOST ? "?"
               : field->kind == FIELD_NULL ? "-"
                                           : "");
    for (i = 0; i < field->count; i++)
        buf_printf(out, "%s%s", i ? "|" : "", record_text(record, field, i));
    if (is_list)
        buf_add_string(out, field->kind == FIELD_CUT ? "|..." : "]");
}

static void take(void *context, const struct record *record)
{
    struct telling *telling = context;
    const char *const *name = telling->names;
    size_t i;

    buf_printf(&telling->out, "record %u:%zu", record->line, record->number);
    for (i = 0; !name && i < record->count; i++)
        tell_field(&telling->out, record, &record->fields[i]);
    for (; name && *name; name++) {
        const struct field *field = record_field(record, *name);

        if (field)
            tell_field(&telling->out, record, field);
    }
    buf_u8(&telling->out, '\n');
}

static void wrong(void *context, unsigned line, size_t number, const char *why)
{
    struct telling *telling = context;

    buf_printf(&telling->out, "problem %u:%zu %s\n", line, number, why);
}

char *record_told(void (*read)(const char *, const struct record_sink *), const char *text,
                  const char *const *names)
{
    struct telling telling = {.names = names};
    const struct record_sink sink = {&telling, take, wrong};

    buf_init(&telling.out, 0);
    read(text, &sink);
    return buf_take_string(&telling.out);
}

/* Are these first lines of `whole`, and then one problem unless it may be silent? */
static bool is_right(const char *told, const char *whole, bool may_be_silent)
{
    const char *problem = strncmp(told, "problem", 7) == 0 ? told : strstr(told, "\nproblem");
    size_t records = problem ? (size_t)(problem - told) + (*problem == '\n') : strlen(told);

    if (strncmp(told, whole, records) != 0)
        return false;
    if (!problem)
        return may_be_silent;
    return strstr(told + records, "\n") == told + strlen(told) - 1;
}

char *record_bad_cut(void (*read)(const char *, const struct record_sink *), const char *text,
                     bool (*may_be_silent)(const char *text, size_t cut))
{
    char *whole = record_told(read, text, NULL), *bad = NULL;
    size_t length = strlen(text), cut;

    for (cut = 0; cut <= length && !bad; cut++) {
        char *start = mem_string_n(text, cut), *told = record_told(read, start, NULL);

        if (!is_right(told, whole, may_be_silent(text, cut)))
            bad = mem_format("cut at %zu, behind '%s': %s", cut, start + (cut > 40 ? cut - 40 : 0), told);
        free(told);
        free(start);
    }
    free(whole);
    return bad;
}
