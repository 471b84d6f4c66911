/* Values of a JSON document by what is expected of them. A document may come from anyone: the first thing
 * that is not as expected is an error, which says where it stands ("domains[3].hosts[0].port"), what is there
 * and what was expected. From then on every value is 0, NULL or an empty list, so that a reader reads
 * straight through and looks once.
 *
 * A key may be missing where its absence can be told from nothing being known: what takes a null takes that
 * too, a list is empty, and others have a sibling that says what stands for it. The members of an object that
 * is missing are all so. What a document can't do without is taken by take_need, or by what fails without it.
 */
#pragma once

#include "engine/base/strings.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The document. */
struct taking {
    const char *file; /* borrowed */
    uint64_t line;    /* that the document is, of a file with one on each line; 0: the whole file is it */
    char *error;      /* one sentence, the owner's to free; NULL */
};

/* A value and where it stands; `up` must outlive it. */
struct take {
    struct taking *all;
    const struct take *up; /* NULL: the document itself */
    const char *key;       /* within an object; NULL: an item of a list, or the document */
    size_t index;          /* within a list */
    const json_t *value;   /* borrowed; NULL: there is none */
};

/* The words of engine/base/words.h, engine/tls/version.h and engine/model/target.h as JSON has them. */
enum take_kind {
    TAKE_CLASS,
    TAKE_REQUIREMENT,
    TAKE_MATCH, /* null: MATCH_NONE */
    TAKE_NAME_RULE,
    TAKE_ROUTE, /* null: ROUTE_UNRESOLVED */
    TAKE_DNS,
    TAKE_RECORD,
    TAKE_CONTACT, /* null: CONTACT_NONE */
    TAKE_PROTOCOL,
    TAKE_STAGE,
    TAKE_ERROR, /* null: PROBE_OK */
    TAKE_STARTTLS,
    TAKE_INJECTION,
    TAKE_STATE,
    TAKE_VERDICT,
    TAKE_CHECK_STATE,
    TAKE_VERSION,
    TAKE_HAND,
    TAKE_KINDS
};

/* "domains[3]": an item of the document's list. */
struct take take_item(const struct take *list, size_t index);
/* The member of an object: any value, or none where it is missing, or the object is. */
struct take take_any(const struct take *object, const char *key);
/* The same, of which a missing one fails in an object that is there. */
struct take take_member(const struct take *object, const char *key);
/* Each of them is there, or the first that is not fails; NULL ends them. */
void take_need(const struct take *object, const char *const *keys);
/* The member, which must be an object. */
struct take take_object(const struct take *object, const char *key);
/* The same, or missing: then `value` is NULL. */
struct take take_part(const struct take *object, const char *key);
/* The same, or null: then `value` is NULL too. */
struct take take_object_or_null(const struct take *object, const char *key);
/* A list of at most `most` items; *count of them. Missing: 0. */
struct take take_list(const struct take *object, const char *key, size_t most, size_t *count);

char *take_text(const struct take *object, const char *key);      /* null: NULL; the caller frees */
char *take_some_text(const struct take *object, const char *key); /* null fails; "" after a failure */
bool take_bool(const struct take *object, const char *key);
/* The same; missing: `otherwise`. */
bool take_flag(const struct take *object, const char *key, bool otherwise);
int64_t take_number(const struct take *object, const char *key, int64_t least, int64_t most);
/* The same; missing: `otherwise`. */
int64_t take_number_or(const struct take *object, const char *key, int64_t least, int64_t most,
                       int64_t otherwise);
/* The same, null or missing: then it is `none`. */
int64_t take_count(const struct take *object, const char *key, int64_t least, int64_t most, int64_t none);
int64_t take_time(const struct take *object, const char *key); /* seconds since 1970; null: 0 */
int32_t take_day(const struct take *object, const char *key);  /* engine/base/day.h; null: 0 */
/* Its number; a missing one fails, also where null stands for something. */
unsigned take_word(const struct take *object, const char *key, enum take_kind kind);
/* The same; missing: `otherwise`. */
unsigned take_word_or(const struct take *object, const char *key, enum take_kind kind, unsigned otherwise);
/* The same of a list's item. */
unsigned take_item_word(const struct take *item, enum take_kind kind);
bool take_is_null(const struct take *object, const char *key); /* or missing */
/* Appends the texts of a list; missing, or null when that is allowed, it is an empty one. */
void take_strings(const struct take *object, const char *key, size_t most, bool or_null,
                  struct strings *list);

/* The word's number; false for what is none that JSON has. */
bool take_word_parse(enum take_kind kind, const char *text, unsigned *number);

/* "FILE: PLACE: is VALUE; expected …"; only the first one counts. */
void take_fail(const struct take *at, const char *expected, ...) __attribute__((format(printf, 2, 3)));
/* "FILE: PLACE: …". */
void take_fail_so(const struct take *at, const char *wrong, ...) __attribute__((format(printf, 2, 3)));
bool take_failed(const struct take *at);

/* What a value is, in a few printable characters: "\"abc\"", "17", "an object"; NULL: "missing". The caller
 * frees. */
char *take_shown(const json_t *value);
