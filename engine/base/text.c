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
    static const uint32_t ranges[][2] = {
        {0x80, 0x9f},     {0xad, 0xad},     {0x34f, 0x34f},   {0x61c, 0x61c},     {0x115f, 0x1160},
        {0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},   {0x3164, 0x3164},
        {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
    };
    size_t i;

    for (i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return true;
    return false;
}

/* Bytes that stand for themselves: most of what comes is nothing else. */
static size_t plain_run(const uint8_t *bytes, size_t length)
{
    size_t run = 0;

    while (run < length && bytes[run] >= 0x20 && bytes[run] < 0x7f && bytes[run] != '\\')
        run++;
    return run;
}

void text_escape(struct buf *out, const void *bytes, size_t length)
{
    const uint8_t *at = bytes;

    while (length) {
        uint32_t c = 0;
        size_t run = plain_run(at, length), size = run ? run : text_decode(at, length, &c);

        if (run) {
            buf_add(out, at, run);
        } else if (!size || c < 0x20 || c == 0x7f) {
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
        length -= size;
    }
}

char *text_escaped(const void *bytes, size_t length)
{
    struct buf out;

    buf_init(&out, 0);
    text_escape(&out, bytes, length);
    return buf_take_string(&out);
}

#define BEFORE_MARCH 60     /* days in January and February of year 0 */
#define ERA          146097 /* days in 400 years */

/* `days` since 0000-01-01, "2026-11-23". Years that begin in March have their leap day last, and months there
 * have 153 days in every five. Counting from 400 years earlier keeps all of it above zero. */
static void put_date(char *out, size_t size, uint32_t days)
{
    uint32_t count = days - BEFORE_MARCH + ERA, century = (4 * count + 3) / ERA;
    uint32_t in_century = count - ERA * century / 4, year = (4 * in_century + 3) / 1461;
    uint32_t in_year = in_century - 1461 * year / 4, month = (5 * in_year + 2) / 153;
    uint32_t day = in_year - (153 * month + 2) / 5 + 1;

    year += 100 * century - 400 + (month >= 10);
    month = month < 10 ? month + 3 : month - 9;
    /* The remainders tell the compiler that the numbers fit. */
    snprintf(out, size, "%04u-%02u-%02u", year % 10000, month % 100, day % 100);
}

void text_hex(char *out, const uint8_t *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < length; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = 0;
}

/* By hand, since the C library takes a lock of all threads for it. */
void text_time(char out[TEXT_TIME_SIZE], int64_t when)
{
    static const int64_t first = -62167219200, last = 253402300799; /* years 0 and 9999 */
    int64_t since = (when < first ? first : when > last ? last : when) - first;
    uint32_t second = (uint32_t)(since % 86400);
    char date[16];

    put_date(date, sizeof date, (uint32_t)(since / 86400));
    snprintf(out, TEXT_TIME_SIZE, "%.10sT%02u:%02u:%02uZ", date, second / 3600 % 100, second / 60 % 60,
             second % 60);
}

bool text_time_parse(const char *text, int64_t *when)
{
    struct tm tm = {0};
    char again[TEXT_TIME_SIZE];

    if (strlen(text) != strlen("0000-00-00T00:00:00Z") ||
        sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2dZ", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour,
               &tm.tm_min, &tm.tm_sec) != 6)
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon--;
    *when = timegm(&tm);
    text_time(again, *when);
    return strcmp(again, text) == 0; /* no 31st of June */
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

/* Not strtod: its decimal point follows the locale. */
bool text_seconds(const char *text, double most, double *value)
{
    double number = 0, divisor = 1;
    bool digits = false, fraction = false;

    for (; *text; text++) {
        if (isdigit((unsigned char)*text)) {
            number = number * 10 + (*text - '0');
            divisor *= fraction ? 10 : 1;
            digits = true;
        } else if (*text == '.' && !fraction) {
            fraction = true;
        } else {
            return false;
        }
    }
    number /= divisor;
    if (!digits || !isfinite(number) || number > most)
        return false;
    *value = number;
    return true;
}
