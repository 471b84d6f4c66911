/* A mail dialogue as sent and received, line by line; text is escaped. */
#pragma once

#include <stddef.h>

enum transcript_side { SAID_BY_SERVER, SAID_BY_CLIENT, NOTED };

/* One line of the dialogue as sent or received. */
struct transcript_line {
    enum transcript_side side;
    char *text; /* escaped, without line end */
};

/* A zeroed struct is an empty transcript. */
struct transcript {
    struct transcript_line *lines; /* owned */
    size_t count;                  /* at most TRANSCRIPT_MOST, the last one says that more was cut */
};
#define TRANSCRIPT_MOST 200

/* Copies `text`, which is escaped already. */
void transcript_add(struct transcript *transcript, enum transcript_side side, const char *text);

/* Makes `to` a copy of `from`; what `to` held before is not freed. */
void transcript_copy(struct transcript *to, const struct transcript *from);

/* Frees the lines; the transcript is empty and usable after. */
void transcript_release(struct transcript *transcript);
