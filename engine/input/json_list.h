/* Where the records of a JSON document stand (RFC 8259), before anyone looks into them: so a file of 100,000
 * is read one record at a time, and every record knows its line. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct json_record {
    const char *text; /* within the document, not ended by a NUL */
    size_t length;
    unsigned line; /* 1-based, where it begins */
};

struct json_list {
    struct json_record *records; /* owned */
    size_t count;
};

/* True when the text can only be JSON: it begins with a brace, or a bracket and what a list of records
 * may begin with ("[mail.contoso.com]:587" is a key of Postfix's). */
bool json_list_detect(const char *text);

/* Finds the records of an array, of an object's member "value" that holds an array or object (as Windows
 * PowerShell and the admin API wrap a list), of such within each other, or the one record that a lone object
 * is. Only the structure is checked; what is inside a record is left to a JSON parser. On success NULL; the
 * caller releases `out`, whose records point into `text`. Otherwise a static fragment that says what is
 * wrong, *line says where, and `out` is empty. */
const char *json_list_read(const char *text, struct json_list *out, unsigned *line);

void json_list_release(struct json_list *list);

/* One member of a record that is an object. */
struct json_member {
    const char *name; /* within the document, without quotes, escapes as they stand */
    size_t name_length;
    const char *value; /* within the document */
    size_t value_length;
    unsigned line; /* where the value begins */
};

struct json_members {
    const char *at; /* NULL at the end */
    unsigned line;
};

/* Walks the members of a record that json_list_read found, in order; one that is no object has none. */
struct json_members json_members_of(const struct json_record *record);
bool json_members_next(struct json_members *members, struct json_member *out);
