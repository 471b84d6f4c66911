/* Typed values out of a record of an export. What the export does not say stays apart from a no. Each
 * function returns NULL, or what is wrong and what was expected (the caller frees). */
#pragma once

#include "engine/base/strings.h"
#include "engine/input/record.h"

enum said { SAID_NOTHING, SAID_NO, SAID_YES };

/* "true", "False", also with PowerShell's "$". A field that is not there, or blank, is SAID_NOTHING. */
char *fields_flag(const struct record *record, const char *name, enum said *out);

/* *out: a copy as it stands there; NULL when the field is not there or blank. */
char *fields_text(const struct record *record, const char *name, char **out);

/* A list, or one text that may be a list that was joined with spaces, commas or semicolons: adds its words to
 * `out`. *said: the field is there. A list that was cut short at export adds what is left of it and sets
 * *cut, which may be NULL: then it is refused. */
char *fields_list(const struct record *record, const char *name, struct strings *out, enum said *said,
                  bool *cut);

/* The same for items such as "smtp:contoso.com;1", which hold a semicolon themselves. */
char *fields_spaces(const struct record *record, const char *name, struct strings *out, enum said *said,
                    bool *cut);

/* "NAME is "what stands there"; expected EXPECTED". */
char *fields_complaint(const struct record *record, const struct field *field, const char *expected);

/* "FIELD 'text': why; expected EXPECTED" of one item. */
char *fields_item_complaint(const char *field, const char *text, const char *why, const char *expected);

/* The record's Name, or Identity, escaped; NULL when it has none that is text. The caller frees. */
char *fields_name(const struct record *record);
