/* Where a report goes as it is made: into one text, or piece by piece to a function, so that a report of any
 * size needs little memory. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* False when it could not take the bytes: nothing is given to it any more. */
typedef bool out_take(void *data, const char *bytes, size_t length);

struct out {
    char *bytes; /* owned; not taken yet */
    size_t length, capacity;
    out_take *take; /* NULL: all is kept */
    void *data;
    bool failed; /* `take` said so */
};

/* Allocates nothing. */
void out_init(struct out *out, out_take *take, void *data);

/* Frees what was not taken. */
void out_release(struct out *out);

void out_add(struct out *out, const char *bytes, size_t length);
void out_string(struct out *out, const char *text);
void out_printf(struct out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Gives what is left to `take`; false when it failed, now or before. */
bool out_flush(struct out *out);

/* All that was kept, "" for nothing, as a string that the caller frees; the out is empty after. */
char *out_text(struct out *out);

/* What stands for characters in a format that gives them a meaning. */
struct out_rules {
    const char *of[128];                        /* of these ASCII characters; NULL: as it is */
    bool (*slash)(const char *text, size_t at); /* is a backslash put before text[at]? NULL: never */
};

/* Adds text of strangers: valid UTF-8, in which controls and characters that hide are escaped as
 * engine/base/text.h has it, except those that the rules have something for; a backslash is no more than one
 * (what was escaped before is not escaped again). NULL adds nothing. */
void out_safe(struct out *out, const char *text, const struct out_rules *rules);
