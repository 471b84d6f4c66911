/* What a terminal reports on its own or when asked, as it stands among the keys: CSI sequences with a private
 * prefix (xterm, "XTerm Control Sequences"), which no key sends. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum report_kind {
    REPORT_NONE,    /* a key's */
    REPORT_PRIVATE, /* a report of another kind, or one that is not whole: nothing to do with keys either */
    REPORT_MODE,    /* DECRPM, the answer to DECRQM: CSI ? mode ; value $ y */
    REPORT_MOUSE,   /* SGR mouse mode (1006): CSI < button ; column ; line M, or m when it is let go */
};

#define REPORT_NUMBER_MOST 65535u

struct report {
    unsigned mode, value; /* REPORT_MODE */
    struct report_mouse {
        unsigned button; /* as reported: 0 left, 64 wheel up, 65 wheel down; 4, 8 and 16 for modifiers */
        unsigned column, line; /* from 0 */
        bool released;
    } mouse;
};

/* What a whole sequence is; its first byte is ESC. Numbers beyond REPORT_NUMBER_MOST make it REPORT_PRIVATE.
 */
enum report_kind report_parse(const uint8_t *sequence, size_t length, struct report *report);

/* True when a sequence that may go on can only become a report. */
bool report_begins(const uint8_t *sequence, size_t length);

/* True when the byte may continue or end a report whose beginning came. */
bool report_goes_on(uint8_t byte);

/* True when the value of a mode means that the terminal knows it and may set it. */
bool report_mode_known(unsigned value);
