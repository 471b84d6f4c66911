/* Setting the members of a JSON object: absent values become null, and text is valid UTF-8 whatever it was.
 */
#pragma once

#include "engine/base/strings.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* NULL gives null. Text that is no UTF-8 is escaped (engine/base/text.h). */
json_t *field_text(const char *text);

/* As field_text, and "" gives null too. */
void set_text(json_t *object, const char *key, const char *text);
void set_bool(json_t *object, const char *key, bool value);
void set_number(json_t *object, const char *key, int64_t value);
void set_null(json_t *object, const char *key);
void set_strings(json_t *object, const char *key, const struct strings *list);

/* Values below 0 give null. */
void set_count(json_t *object, const char *key, int64_t value);

/* YYYY-MM-DD; 0 gives null. */
void set_day(json_t *object, const char *key, int32_t day);

/* RFC 3339; 0 gives null. */
void set_time(json_t *object, const char *key, int64_t when);
