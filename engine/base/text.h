/* Text from strangers: made valid UTF-8 and harmless before it is kept, shown or exported. */
#pragma once

#include "engine/base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* Appends `bytes` as valid UTF-8 in which no character can act on a terminal or hide: C0 and C1 controls,
 * DEL, line and paragraph separators, and characters that are not seen themselves (bidirectional and
 * zero-width formats, soft hyphen, joiners, fillers, interlinear and tag characters) become `\xNN` or
 * `\u{NNNN}`, bytes that are no UTF-8 become `\xNN`, and a backslash becomes `\\`. */
void text_escape(struct buf *out, const void *bytes, size_t length);

/* The same as a new string; free() it. */
char *text_escaped(const void *bytes, size_t length);

/* Decodes one code point of `bytes`; returns its length in bytes, 0 when they are no valid UTF-8 (overlong,
 * surrogate, beyond U+10FFFF, cut short). */
size_t text_decode(const uint8_t *bytes, size_t length, uint32_t *code_point);

/* Bytes in lower-case hex, two digits each, and a NUL. */
void text_hex(char *out, const uint8_t *bytes, size_t length);

/* `when` as RFC 3339 UTC ("2026-11-23T10:00:00Z") into `out`, which holds at least TEXT_TIME_SIZE bytes.
 * Years outside 0–9999 are clamped to them. */
#define TEXT_TIME_SIZE 24
void text_time(char out[TEXT_TIME_SIZE], int64_t when);

/* The reverse of text_time; false unless all of `text` is such a time. */
bool text_time_parse(const char *text, int64_t *when);

/* Whole number in decimal; false unless all of `text` is one between `least` and `most`. */
bool text_number(const char *text, unsigned long least, unsigned long most, unsigned long *value);

/* Seconds with an optional fraction ("0.25"); false unless all of `text` is one between 0 and `most`. */
bool text_seconds(const char *text, double most, double *value);
