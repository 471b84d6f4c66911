/* A mail dialogue as sent and received, line by line; text is escaped. */
#pragma once

#include <stddef.h>

enum transcript_side { SAID_BY_SERVER, SAID_BY_CLIENT, NOTED };

/* One line of the dialogue as sent or received. */
struct transcript_line {
    enum transcript_side side;
    char *text; /* escaped, without line end */
};

struct transcript {
    struct transcript_line *lines; /* owned */
    size_t count;                  /* at most TRANSCRIPT_MOST, the last one says that more was cut */
};
#define TRANSCRIPT_MOST 200

void transcript_add(struct transcript *transcript, enum transcript_side side, const char *text);
void transcript_copy(struct transcript *to, const struct transcript *from);
void transcript_release(struct transcript *transcript);
