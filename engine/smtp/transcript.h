/* A mail dialogue as sent and received, line by line and with its times; text is escaped. No clock: whoever
 * moves the bytes sets `now_ms` before it hands them in. */
#pragma once

#include <stddef.h>

enum transcript_side { SAID_BY_SERVER, SAID_BY_CLIENT, NOTED };

/* One line of the dialogue as sent or received. */
struct transcript_line {
    enum transcript_side side;
    int at_ms;  /* milliseconds since the connection began to be made; -1: not known */
    char *text; /* escaped, without line end */
};

/* A zeroed struct is an empty transcript. */
struct transcript {
    struct transcript_line *lines; /* owned */
    size_t count;                  /* at most TRANSCRIPT_MOST, the last one says that more was cut */
    int now_ms;                    /* `at_ms` of the lines that are added from now on */
};
#define TRANSCRIPT_MOST 200

/* Copies `text`, which is escaped already. */
void transcript_add(struct transcript *transcript, enum transcript_side side, const char *text);

/* Adds `text` itself, which the transcript owns from here on; nothing is added beyond TRANSCRIPT_MOST. */
void transcript_give(struct transcript *transcript, enum transcript_side side, char *text);

/* Makes `to` a copy of `from`; what `to` held before is not freed. */
void transcript_copy(struct transcript *to, const struct transcript *from);

/* Frees the lines; the transcript is empty and usable after. */
void transcript_release(struct transcript *transcript);
