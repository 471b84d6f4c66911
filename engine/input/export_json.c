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

static void fill(struct record *record, json_t *object)
{
    const char *name;
    json_t *value;

    json_object_foreach(object, name, value) if (record_wants(name, strlen(name)))
        add_field(record, name, value);
}

static void complain(const struct record_sink *sink, const struct record *record, const json_error_t *error)
{
    char *shown = text_escaped(error->text, strlen(error->text));
    char *why = mem_format("not valid JSON in line %u: %s", record->line + (unsigned)error->line - 1, shown);

    sink->wrong(sink->context, record->line, record->number, why);
    free(shown);
    free(why);
}

static void read_one(const struct json_record *place, struct record *record, const struct record_sink *sink)
{
    json_error_t error;
    json_t *json = json_loadb(place->text, place->length, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);

    record_begin(record, place->line);
    if (json) {
        fill(record, json);
        sink->take(sink->context, record);
    } else {
        complain(sink, record, &error);
    }
    json_decref(json);
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
