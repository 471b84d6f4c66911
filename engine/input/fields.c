#include "engine/input/fields.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SHOWN_MOST 80

char *fields_complaint(const struct record *record, const struct field *field, const char *expected)
{
    const char *text = record_text(record, field, 0), *name = record_name(record, field);
    char *shown = text_escaped(text, strnlen(text, SHOWN_MOST));
    char *message = field->kind == FIELD_LOST
                        ? mem_format("%s was lost at export (there stands \"%s\")", name, shown)
                        : mem_format("%s is \"%s\"; expected %s", name, shown, expected);

    free(shown);
    return message;
}

char *fields_item_complaint(const char *field, const char *text, const char *why, const char *expected)
{
    char *shown = text_escaped(text, strnlen(text, SHOWN_MOST));
    char *message = mem_format("%s '%s': %s; expected %s", field, shown, why, expected);

    free(shown);
    return message;
}

char *fields_flag(const struct record *record, const char *name, enum said *out)
{
    const struct field *field = record_field(record, name);
    const char *text;

    *out = SAID_NOTHING;
    if (!field || field->kind == FIELD_NULL)
        return NULL;
    text = record_text(record, field, 0);
    text += *text == '$';
    if (field->kind != FIELD_TEXT || (strcasecmp(text, "true") != 0 && strcasecmp(text, "false") != 0))
        return fields_complaint(record, field, "true or false");
    *out = strcasecmp(text, "true") == 0 ? SAID_YES : SAID_NO;
    return NULL;
}

char *fields_text(const struct record *record, const char *name, char **out)
{
    const struct field *field = record_field(record, name);

    if (!field || field->kind == FIELD_NULL)
        return NULL;
    if (field->kind != FIELD_TEXT && !(field->kind == FIELD_LIST && field->count == 1))
        return fields_complaint(record, field, "text or null");
    *out = mem_string(record_text(record, field, 0));
    return NULL;
}

/* Adds the words of a text: one item, or a list that was joined. */
static void add_words(struct strings *out, const char *text, const char *between)
{
    while (*text) {
        size_t length = strcspn(text, between);

        if (length) {
            char *word = mem_string_n(text, length);

            strings_add(out, word);
            free(word);
        }
        text += length + strspn(text + length, between);
    }
}

static char *read_list(const struct record *record, const char *name, const char *between,
                       struct strings *out, enum said *said, bool *cut)
{
    const struct field *field = record_field(record, name);
    const char *item;
    size_t i;

    *said = field ? SAID_YES : SAID_NOTHING;
    if (!field || field->kind == FIELD_NULL)
        return NULL;
    if (field->kind == FIELD_LOST || (field->kind == FIELD_CUT && !cut))
        return fields_complaint(record, field, "a whole list");
    if (field->kind == FIELD_CUT)
        *cut = true;
    item = record_text(record, field, 0);
    for (i = 0; i < field->count; i++, item += strlen(item) + 1)
        add_words(out, item, between);
    return NULL;
}

char *fields_list(const struct record *record, const char *name, struct strings *out, enum said *said,
                  bool *cut)
{
    return read_list(record, name, " ,;\t\r\n", out, said, cut);
}

char *fields_spaces(const struct record *record, const char *name, struct strings *out, enum said *said,
                    bool *cut)
{
    const struct field *field = record_field(record, name);
    bool joined = field && field->kind == FIELD_TEXT;

    return read_list(record, name, joined ? " ,\t\r\n" : "", out, said, cut);
}

char *fields_name(const struct record *record)
{
    static const char *const names[] = {"Name", "Identity"};
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct field *field = record_field(record, names[i]);
        const char *text = field && field->kind == FIELD_TEXT ? record_text(record, field, 0) : "";

        if (*text)
            return text_escaped(text, strlen(text));
    }
    return NULL;
}
