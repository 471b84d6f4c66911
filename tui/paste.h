/* What a terminal sends, split into the bytes of keys, what it reports (tui/report.h) and what is pasted,
 * which stands between ESC[200~ and ESC[201~ (bracketed paste: xterm, "XTerm Control Sequences"). No screen,
 * no clock: the caller reads, presses and says what time it is. Nothing between the marks is ever a key, and
 * nothing of a report, wherever the bytes are split. */
#pragma once

#include "engine/base/buf.h"
#include "tui/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PASTE_MOST     ((size_t)4 << 20)
#define PASTE_PATIENCE 5000 /* milliseconds of silence after which a paste without an end is given up */

enum paste_outcome {
    PASTE_NONE,
    PASTE_WHOLE,      /* `text` holds it until the next paste begins */
    PASTE_TOO_LARGE,  /* more than PASTE_MOST; it was read to its end and dropped */
    PASTE_CLICK,      /* no paste: `click` says what the mouse did */
    PASTE_UNFINISHED, /* its end did not come; dropped, since it may be cut anywhere */
};

struct paste {
    struct buf keys; /* bytes of keys; the caller takes them and resets the buffer */
    struct buf text;
    bool pasting;   /* between the marks */
    size_t matched; /* bytes of the end mark that came last */
    uint8_t
        sequence[32]; /* of a key or a report, which begin with ESC, or the start mark, as far as it came */
    size_t length, given; /* of `sequence`; bytes that went to `keys` already */
    bool stale;           /* the report in `sequence` did not go on for long: the next byte may be a key's */
    bool synchronises;    /* the terminal said that it knows mode 2026 (synchronised output) */
    struct report_mouse click;
    int64_t expects_until; /* milliseconds: an answer may come, so that a lone ESC may be its beginning */
    int64_t deadline;      /* milliseconds; when paste_late has something to do; 0: never */
};

/* Allocates nothing. */
void paste_init(struct paste *paste);
void paste_release(struct paste *paste);

/* The terminal was asked something. Until the answer, or for a moment, a lone ESC is waited for longer. */
void paste_expect(struct paste *paste, int64_t now);

/* Takes bytes, up to the end of the first paste or click at most; *used says how many. Keys in `keys` were
 * pressed before the paste whose outcome is returned. The end of a sequence that may go on is kept back for a
 * moment: see `deadline`. */
enum paste_outcome paste_feed(struct paste *paste, const uint8_t *bytes, size_t length, int64_t now,
                              size_t *used);

/* To be called at the deadline: gives what was kept back to `keys`, or gives a paste up. */
enum paste_outcome paste_late(struct paste *paste, int64_t now);
