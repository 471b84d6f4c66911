#include "tui/report.h"

#include <string.h>

#define CSI_LENGTH 2

bool report_begins(const uint8_t *sequence, size_t length)
{
    return length > CSI_LENGTH && sequence[1] == '[' && sequence[2] >= 0x3c && sequence[2] <= 0x3f;
}

bool report_goes_on(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || byte == ';' || byte == '$' || byte == 'y' || byte == 'M' ||
           byte == 'm';
}

bool report_mode_known(unsigned value)
{
    return value >= 1 && value <= 3;
}

/* Reads digits; false when there is none or the number is too large. */
static bool take_number(const uint8_t **at, const uint8_t *end, unsigned *number)
{
    const uint8_t *start = *at;

    *number = 0;
    for (; *at < end && **at >= '0' && **at <= '9'; ++*at) {
        *number = *number * 10 + (unsigned)(**at - '0');
        if (*number > REPORT_NUMBER_MOST)
            return false;
    }
    return *at > start;
}

static bool take_byte(const uint8_t **at, const uint8_t *end, uint8_t byte)
{
    if (*at == end || **at != byte)
        return false;
    ++*at;
    return true;
}

static bool take_mode(const uint8_t *at, const uint8_t *end, struct report *report)
{
    return take_number(&at, end, &report->mode) && take_byte(&at, end, ';') &&
           take_number(&at, end, &report->value) && take_byte(&at, end, '$') && take_byte(&at, end, 'y') &&
           at == end;
}

static bool take_mouse(const uint8_t *at, const uint8_t *end, struct report_mouse *mouse)
{
    if (!take_number(&at, end, &mouse->button) || !take_byte(&at, end, ';') ||
        !take_number(&at, end, &mouse->column) || !take_byte(&at, end, ';') ||
        !take_number(&at, end, &mouse->line) || !mouse->column || !mouse->line || end - at != 1)
        return false;
    mouse->column--;
    mouse->line--;
    mouse->released = *at == 'm';
    return *at == 'M' || *at == 'm';
}

enum report_kind report_parse(const uint8_t *sequence, size_t length, struct report *report)
{
    const uint8_t *at = sequence + CSI_LENGTH + 1, *end = sequence + length;

    memset(report, 0, sizeof *report);
    if (!report_begins(sequence, length))
        return REPORT_NONE;
    if (sequence[CSI_LENGTH] == '?' && take_mode(at, end, report))
        return REPORT_MODE;
    if (sequence[CSI_LENGTH] == '<' && take_mouse(at, end, &report->mouse))
        return REPORT_MOUSE;
    return REPORT_PRIVATE;
}
