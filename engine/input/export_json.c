#include "engine/input/export_json.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/input/json_list.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool export_json_detect(const char *text)
{
    return json_list_detect(text);
}

static void add_item(struct record *record, const json_t *value)
{
    char number[32];
    int length;

    if (json_is_string(value)) {
        record_item(record, json_string_value(value), json_string_length(value));
        return;
    }
    if (json_is_integer(value))
        length = snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
    else
        length = snprintf(number, sizeof number, "%s",
                          json_is_true(value)    ? "true"
                          : json_is_false(value) ? "false"
                          : json_is_real(value)  ? "a fraction"
                                                 : "null");
    record_item(record, number, (size_t)length);
}

/* What PowerShell makes of an object whose text would have served: an enum ({"value": 2, "Value": "X"}), an
 * address space ({"Type", "Address", "Cost"}), a smart host ({"Domain"}). NULL when it is none of them. */
static char *object_text(const json_t *object)
{
    static const char *const members[] = {"Value", "value", "value__", "Domain"};
    const char *type = json_string_value(json_object_get(object, "Type")),
               *address = json_string_value(json_object_get(object, "Address"));
    const json_t *cost = json_object_get(object, "Cost"), *value = NULL;
    size_t i;

    if (type && address)
        return mem_format("%s:%s;%lld", type, address,
                          json_is_integer(cost) ? (long long)json_integer_value(cost) : 1LL);
    for (i = 0; i < sizeof members / sizeof members[0] && !value; i++)
        value = json_object_get(object, members[i]);
    if (json_is_string(value))
        return mem_string(json_string_value(value));
    return json_is_integer(value) ? mem_format("%lld", (long long)json_integer_value(value)) : NULL;
}

static bool add_list(struct record *record, const json_t *list)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        char *text = json_is_object(item) ? object_text(item) : NULL;

        if (!text && (json_is_object(item) || json_is_array(item)))
            return false;
        if (text)
            record_item(record, text, strlen(text));
        else
            add_item(record, item);
        free(text);
    }
    return true;
}

static void lose(struct record *record, const char *name, const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

    record->count--;
    record_add(record, name, strlen(name), FIELD_LOST);
    record_item(record, text ? text : "?", text ? strlen(text) : 1);
    free(text);
}

static void add_field(struct record *record, const char *name, const json_t *value)
{
    const json_t *inner = json_object_get(value, "value");
    size_t length = strlen(name);
    char *text = NULL;

    if (!json_is_array(inner))
        inner = json_object_get(value, "Value");
    if (json_is_array(inner))
        value = inner;
    if (json_is_object(value) && (text = object_text(value)) != NULL) {
        record_add(record, name, length, FIELD_TEXT);
        record_item(record, text, strlen(text));
        free(text);
        return;
    }
    record_add(record, name, length,
               json_is_null(value)    ? FIELD_NULL
               : json_is_array(value) ? FIELD_LIST
                                      : FIELD_TEXT);
    if (json_is_object(value) || (json_is_array(value) && !add_list(record, value)))
        lose(record, name, value);
    else if (!json_is_null(value) && !json_is_array(value))
        add_item(record, value);
}

/* A text without escapes, true, false, null or a whole number needs no parser. */
static bool add_plain(struct record *record, const struct json_member *m)
{
    static const char *const words[] = {"true", "false", "null"};
    bool number =
        m->value_length < 10 && strspn(m->value, "0123456789") >= m->value_length && *m->value != '0';
    size_t i;

    if (*m->value == '"' && !memchr(m->value, '\\', m->value_length)) {
        for (i = 1; i + 1 < m->value_length; i++)
            if ((unsigned char)m->value[i] < 0x20)
                return false;
        record_add(record, m->name, m->name_length, FIELD_TEXT);
        record_item(record, m->value + 1, m->value_length - 2);
        return true;
    }
    for (i = 0; i < sizeof words / sizeof words[0] && !number; i++)
        number = strlen(words[i]) == m->value_length && memcmp(words[i], m->value, m->value_length) == 0;
    if (!number)
        return false;
    record_add(record, m->name, m->name_length, *m->value == 'n' ? FIELD_NULL : FIELD_TEXT);
    if (*m->value != 'n')
        record_item(record, m->value, m->value_length);
    return true;
}

/* The caller frees what is wrong; NULL when the member stands in the record. */
static char *add_member(struct record *record, const struct json_member *m)
{
    char *name, *shown, *why = NULL;
    json_error_t error;
    json_t *json;

    if (add_plain(record, m))
        return NULL;
    json = json_loadb(m->value, m->value_length, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
    if (json) {
        name = mem_string_n(m->name, m->name_length);
        add_field(record, name, json);
        free(name);
    } else {
        shown = text_escaped(error.text, strlen(error.text));
        why = mem_format("not valid JSON in line %u: %s", m->line + (unsigned)error.line - 1, shown);
        free(shown);
    }
    json_decref(json);
    return why;
}

static char *fill(struct record *record, const struct json_record *place)
{
    struct json_members members = json_members_of(place);
    struct json_member member;
    char *why = NULL;

    while (!why && json_members_next(&members, &member)) {
        size_t before = record->count;

        if (!record_wants(member.name, member.name_length))
            continue;
        why = add_member(record, &member);
        if (!why &&
            record_field(record, record_name(record, &record->fields[before])) != &record->fields[before])
            why = mem_format("%s stands there twice; expected each name once",
                             record_name(record, &record->fields[before]));
    }
    return why;
}

static void read_one(const struct json_record *place, struct record *record, const struct record_sink *sink)
{
    char *why;

    record_begin(record, place->line);
    why = fill(record, place);
    if (why)
        sink->wrong(sink->context, record->line, record->number, why);
    else
        sink->take(sink->context, record);
    free(why);
}

void export_json_read(const char *text, const struct record_sink *sink)
{
    struct json_list list;
    struct record record;
    unsigned line;
    const char *wrong = json_list_read(text, &list, &line);
    char *why;
    size_t i;

    if (wrong || !list.count) {
        why = wrong ? mem_format("not whole JSON: %s", wrong) : mem_string("no record in it");
        sink->wrong(sink->context, line, 0, why);
        free(why);
        return;
    }
    record_init(&record);
    for (i = 0; i < list.count; i++)
        read_one(&list.records[i], &record, sink);
    record_release(&record);
    json_list_release(&list);
}
