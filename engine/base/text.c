#include "engine/base/text.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t text_decode(const uint8_t *bytes, size_t length, uint32_t *code_point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t size, i;
    uint32_t value;

    if (!length)
        return 0;
    if (bytes[0] < 0x80) {
        *code_point = bytes[0];
        return 1;
    }
    size = bytes[0] >= 0xf0 && bytes[0] < 0xf8 ? 4 : bytes[0] >= 0xe0 ? 3 : bytes[0] >= 0xc2 ? 2 : 0;
    if (!size || bytes[0] >= 0xf8 || size > length)
        return 0;
    value = bytes[0] & (0x7fu >> size);
    for (i = 1; i < size; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (bytes[i] & 0x3f);
    }
    if (value < least[size] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return 0;
    *code_point = value;
    return size;
}

/* Characters that change how others are shown without being seen themselves. */
static bool is_deceptive(uint32_t c)
{
    static const uint32_t ranges[][2] = {{0x80, 0x9f},     {0x61c, 0x61c},   {0x180e, 0x180e}, {0x200b, 0x200f},
                                         {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb},
                                         {0xe0000, 0xe007f}};
    size_t i;

    for (i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return true;
    return false;
}

void text_escape(struct buf *out, const void *bytes, size_t length)
{
    const uint8_t *at = bytes, *end = at + length;

    while (at < end) {
        uint32_t c = 0;
        size_t size = text_decode(at, (size_t)(end - at), &c);

        if (!size || c < 0x20 || c == 0x7f) {
            buf_printf(out, "\\x%02x", *at);
            size = 1;
        } else if (c == '\\') {
            buf_add(out, "\\\\", 2);
        } else if (is_deceptive(c)) {
            buf_printf(out, "\\u{%x}", c);
        } else {
            buf_add(out, at, size);
        }
        at += size;
    }
}

char *text_escaped(const void *bytes, size_t length)
{
    struct buf out;

    buf_init(&out, 0);
    text_escape(&out, bytes, length);
    return buf_take_string(&out);
}

void text_time(char out[TEXT_TIME_SIZE], int64_t when)
{
    static const int64_t first = -62167219200, last = 253402300799; /* years 0 and 9999 */
    time_t t = (time_t)(when < first ? first : when > last ? last : when);
    struct tm tm;

    gmtime_r(&t, &tm);
    strftime(out, TEXT_TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm);
    if (out[4] != '-') /* a year under 1000 is not padded everywhere */
        snprintf(out, TEXT_TIME_SIZE, "%04d-01-01T00:00:00Z", (tm.tm_year + 1900) % 10000);
}

bool text_number(const char *text, unsigned long least, unsigned long most, unsigned long *value)
{
    char *end;
    unsigned long number;

    if (!isdigit((unsigned char)text[0]))
        return false;
    errno = 0;
    number = strtoul(text, &end, 10);
    if (errno || *end || number < least || number > most)
        return false;
    *value = number;
    return true;
}

bool text_seconds(const char *text, double most, double *value)
{
    char *end;
    double number;

    if (strspn(text, "0123456789.") != strlen(text) || !*text)
        return false;
    number = strtod(text, &end);
    if (*end || !isfinite(number) || number < 0 || number > most)
        return false;
    *value = number;
    return true;
}
