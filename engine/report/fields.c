#include "engine/report/fields.h"

#include "engine/base/day.h"
#include "engine/base/text.h"

#include <stdlib.h>
#include <string.h>

json_t *field_text(const char *text)
{
    json_t *value;
    char *escaped;

    if (!text)
        return json_null();
    value = json_string(text);
    if (value)
        return value;
    escaped = text_escaped(text, strlen(text));
    value = json_string(escaped);
    free(escaped);
    return value;
}

void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new_nocheck(object, key, field_text(text && *text ? text : NULL));
}

void set_bool(json_t *object, const char *key, bool value)
{
    json_object_set_new_nocheck(object, key, json_boolean(value));
}

void set_number(json_t *object, const char *key, int64_t value)
{
    json_object_set_new_nocheck(object, key, json_integer(value));
}

void set_null(json_t *object, const char *key)
{
    json_object_set_new_nocheck(object, key, json_null());
}

void set_strings(json_t *object, const char *key, const struct strings *list)
{
    json_t *array = json_array();
    size_t i;

    for (i = 0; i < list->count; i++)
        json_array_append_new(array, field_text(list->items[i]));
    json_object_set_new_nocheck(object, key, array);
}

void set_count(json_t *object, const char *key, int64_t value)
{
    if (value < 0)
        set_null(object, key);
    else
        set_number(object, key, value);
}

void set_day(json_t *object, const char *key, int32_t day)
{
    char text[DAY_TEXT_SIZE];

    day_text(text, day);
    set_text(object, key, day ? text : NULL);
}

void set_time(json_t *object, const char *key, int64_t when)
{
    char text[TEXT_TIME_SIZE];

    if (!when) {
        set_null(object, key);
        return;
    }
    text_time(text, when);
    set_text(object, key, text);
}
