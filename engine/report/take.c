#include "engine/report/take.h"

#include "engine/base/buf.h"
#include "engine/base/day.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_MOST 60 /* characters of a value in an error */

bool take_failed(const struct take *at)
{
    return at->all->error;
}

static void put_place(const struct take *at, struct buf *out)
{
    if (!at->up && !at->key)
        return;
    if (at->up)
        put_place(at->up, out);
    if (at->key)
        buf_printf(out, "%s%s", out->length ? "." : "", at->key);
    else
        buf_printf(out, "[%zu]", at->index);
}

/* "FILE: domains[3].port: ", "FILE:17: port: ", "FILE:17: ". */
static void put_where(const struct take *at, struct buf *out)
{
    struct buf place;

    buf_add_string(out, at->all->file);
    if (at->all->line)
        buf_printf(out, ":%llu", (unsigned long long)at->all->line);
    buf_init(&place, 0);
    put_place(at, &place);
    if (place.length)
        buf_printf(out, ": %s", buf_string(&place));
    buf_release(&place);
    buf_add_string(out, ": ");
}

/* Its own text, made printable and cut short. */
static char *shown_scalar(const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII), *shown, *safe;
    size_t length = text ? strlen(text) : 0;

    safe = mem_string_n(text ? text : "", length > SHOWN_MOST ? SHOWN_MOST : length);
    for (char *at = safe; *at; at++)
        if (*at < ' ' || *at > '~')
            *at = '?';
    shown = length > SHOWN_MOST ? mem_format("%s…", safe) : mem_string(safe);
    free(safe);
    free(text);
    return shown;
}

char *take_shown(const json_t *value)
{
    if (!value)
        return mem_string("missing");
    if (json_is_object(value))
        return mem_string("an object");
    if (json_is_array(value))
        return mem_format("a list of %zu", json_array_size(value));
    return shown_scalar(value);
}

void take_fail(const struct take *at, const char *expected, ...)
{
    char *shown, *wanted = NULL;
    struct buf out;
    va_list values;

    if (take_failed(at))
        return;
    va_start(values, expected);
    if (vasprintf(&wanted, expected, values) < 0)
        wanted = NULL;
    va_end(values);
    shown = take_shown(at->value);
    buf_init(&out, 0);
    put_where(at, &out);
    buf_printf(&out, "is %s; expected %s", shown, wanted ? wanted : "something else");
    at->all->error = buf_take_string(&out);
    free(shown);
    free(wanted);
}

void take_fail_so(const struct take *at, const char *wrong, ...)
{
    char *told = NULL;
    struct buf out;
    va_list values;

    if (take_failed(at))
        return;
    va_start(values, wrong);
    if (vasprintf(&told, wrong, values) < 0)
        told = NULL;
    va_end(values);
    buf_init(&out, 0);
    put_where(at, &out);
    buf_add_string(&out, told ? told : "can't be read");
    at->all->error = buf_take_string(&out);
    free(told);
}

struct take take_item(const struct take *list, size_t index)
{
    const json_t *value = list->value ? json_array_get(list->value, index) : NULL;

    return (struct take){list->all, list, NULL, index, value};
}

struct take take_any(const struct take *object, const char *key)
{
    struct take member = {object->all, object, key, 0, NULL};

    if (take_failed(object) || !object->value)
        return member;
    if (json_is_object(object->value))
        member.value = json_object_get(object->value, key);
    else
        take_fail(object, "an object");
    return member;
}

struct take take_member(const struct take *object, const char *key)
{
    struct take member = take_any(object, key);

    if (!member.value && object->value)
        take_fail(&member, "what this version of mxscope writes there");
    return member;
}

void take_need(const struct take *object, const char *const *keys)
{
    for (; *keys; keys++)
        take_member(object, *keys);
}

/* No value for a null, nor after a failure. */
static struct take some_member(const struct take *object, const char *key)
{
    struct take member = take_any(object, key);

    if (take_failed(object) || json_is_null(member.value))
        member.value = NULL;
    return member;
}

/* Also after a failure. */
static bool is_missing(const struct take *object, const char *key)
{
    return !take_any(object, key).value;
}

struct take take_object_or_null(const struct take *object, const char *key)
{
    struct take member = some_member(object, key);

    if (!member.value || json_is_object(member.value))
        return member;
    take_fail(&member, "an object or null");
    member.value = NULL;
    return member;
}

struct take take_part(const struct take *object, const char *key)
{
    struct take member = take_any(object, key);

    if (!member.value || json_is_object(member.value))
        return member;
    take_fail(&member, "an object");
    member.value = NULL;
    return member;
}

struct take take_object(const struct take *object, const char *key)
{
    take_member(object, key);
    return take_part(object, key);
}

struct take take_list(const struct take *object, const char *key, size_t most, size_t *count)
{
    struct take member = take_any(object, key);

    *count = 0;
    if (take_failed(object) || !member.value)
        return member;
    if (!json_is_array(member.value))
        take_fail(&member, "a list");
    else if (json_array_size(member.value) > most)
        take_fail(&member, "no more than %zu items", most);
    else
        *count = json_array_size(member.value);
    return member;
}

bool take_is_null(const struct take *object, const char *key)
{
    struct take member = some_member(object, key);

    return !member.value;
}

char *take_text(const struct take *object, const char *key)
{
    struct take member = some_member(object, key);

    if (!member.value)
        return NULL;
    if (json_is_string(member.value))
        return mem_string(json_string_value(member.value));
    take_fail(&member, "a text or null");
    return NULL;
}

char *take_some_text(const struct take *object, const char *key)
{
    struct take member = take_member(object, key);

    if (json_is_string(member.value))
        return mem_string(json_string_value(member.value));
    if (member.value)
        take_fail(&member, "a text");
    return mem_string("");
}

bool take_bool(const struct take *object, const char *key)
{
    struct take member = take_member(object, key);

    if (member.value && !json_is_boolean(member.value))
        take_fail(&member, "true or false");
    return json_is_true(member.value);
}

bool take_flag(const struct take *object, const char *key, bool otherwise)
{
    return is_missing(object, key) ? otherwise : take_bool(object, key);
}

static bool in_range(const json_t *value, int64_t least, int64_t most)
{
    return json_is_integer(value) && json_integer_value(value) >= least && json_integer_value(value) <= most;
}

static void fail_number(const struct take *member, const char *also, int64_t least, int64_t most)
{
    take_fail(member, "a whole number from %lld to %lld%s", (long long)least, (long long)most, also);
}

int64_t take_number(const struct take *object, const char *key, int64_t least, int64_t most)
{
    struct take member = take_member(object, key);

    if (in_range(member.value, least, most))
        return json_integer_value(member.value);
    if (member.value)
        fail_number(&member, "", least, most);
    return 0;
}

int64_t take_number_or(const struct take *object, const char *key, int64_t least, int64_t most,
                       int64_t otherwise)
{
    return is_missing(object, key) ? otherwise : take_number(object, key, least, most);
}

int64_t take_count(const struct take *object, const char *key, int64_t least, int64_t most, int64_t none)
{
    struct take member = some_member(object, key);

    if (!member.value)
        return none;
    if (in_range(member.value, least, most))
        return json_integer_value(member.value);
    fail_number(&member, ", or null", least, most);
    return none;
}

int64_t take_time(const struct take *object, const char *key)
{
    struct take member = some_member(object, key);
    int64_t when = 0;

    if (member.value &&
        !(json_is_string(member.value) && text_time_parse(json_string_value(member.value), &when)))
        take_fail(&member, "a time such as \"2026-11-23T10:00:00Z\", or null");
    return when;
}

int32_t take_day(const struct take *object, const char *key)
{
    struct take member = some_member(object, key);
    int32_t day = 0;

    if (member.value && !(json_is_string(member.value) && day_parse(json_string_value(member.value), &day)))
        take_fail(&member, "a day such as \"2026-12-01\", or null");
    return day;
}

void take_strings(const struct take *object, const char *key, size_t most, bool or_null, struct strings *list)
{
    struct take items;
    size_t count;

    if (or_null && take_is_null(object, key))
        return;
    items = take_list(object, key, most, &count);
    for (size_t i = 0; i < count; i++) {
        struct take item = take_item(&items, i);

        if (json_is_string(item.value))
            strings_add(list, json_string_value(item.value));
        else
            take_fail(&item, "a text");
    }
}
