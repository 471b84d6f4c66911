/* One record of an export, whatever format it came in: fields by name, each with nothing, a text or a list of
 * texts. A reader of a format fills one record again and again and hands it on. */
#pragma once

#include "engine/base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum field_kind {
    FIELD_NULL, /* null, an empty cell or text */
    FIELD_TEXT, /* one item: text, or a number or boolean as text; it may be a list that was joined */
    FIELD_LIST, /* no item, or more */
    FIELD_LOST, /* the export wrote something else in place of the value; one item: what stands there */
    FIELD_CUT,  /* the export cut the list short: its first items */
};

struct field {
    size_t name; /* offsets into the record's text */
    enum field_kind kind;
    size_t first; /* offset of the first item; each ends with a NUL, the next stands behind it */
    size_t count;
};

struct record {
    unsigned line; /* 1-based, where it begins */
    size_t number; /* 1-based */
    struct field *fields;
    size_t count, capacity;
    struct buf text; /* names and items */
};

/* Allocates nothing. */
void record_init(struct record *record);
void record_release(struct record *record);

/* Empties it for the next record, which has the next number; keeps the memory. */
void record_begin(struct record *record, unsigned line);

/* True when anyone reads a field of this name: readers need not add others, but still check their syntax.
 * Upper and lower case are one, since people write headers too. */
bool record_wants(const char *name, size_t length);

/* Adds a field, then its items. A text or item that only holds the name of a type (is_lost) turns the field
 * into FIELD_LOST; an empty text into FIELD_NULL. */
void record_add(struct record *record, const char *name, size_t length, enum field_kind kind);
void record_item(struct record *record, const char *text, size_t length);

/* NULL when the record has no such field. When a name stands there twice the first one is meant. */
const struct field *record_field(const struct record *record, const char *name);

/* Item `index` of a field; "" past its end. */
const char *record_text(const struct record *record, const struct field *field, size_t index);
const char *record_name(const struct record *record, const struct field *field);

/* Where the records of a document go, in order. */
struct record_sink {
    void *context;
    void (*take)(void *context, const struct record *record);
    /* `number` 0: no record in particular. `why` is what is wrong and what was expected, without place; the
     * caller's. After a problem with number 0 nothing more comes. */
    void (*wrong)(void *context, unsigned line, size_t number, const char *why);
};
