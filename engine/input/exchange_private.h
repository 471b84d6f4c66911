/* What the readers of the kinds of records share. Private to exchange*.c. */
#pragma once

#include "engine/input/connector.h"
#include "engine/input/gathered.h"
#include "engine/input/input.h"

struct exchange {
    const char *source;
    struct input *out;
    struct gathered *gathered;
    unsigned commands_said; /* a bit per export_kind */
    /* the record at hand */
    const struct record *record;
    enum export_kind kind;
    const char *name; /* escaped; NULL when it has none */
};

/* "x:3: connector "To X": …", without end of line. */
void exchange_note(struct exchange *x, const char *format, ...) __attribute__((format(printf, 2, 3)));
void exchange_problem(struct exchange *x, const char *why);
/* "x:3: connector "To X"", the caller frees. */
char *exchange_place(const struct exchange *x);
/* "x:3, connector 2", the caller frees. */
char *exchange_source(const struct exchange *x);

/* Each reads the record at hand; NULL or what is wrong (the caller frees). */
char *exchange_read_connector(struct exchange *x);
char *exchange_read_inbound(struct exchange *x);
char *exchange_read_accepted(struct exchange *x);
char *exchange_read_rule(struct exchange *x);
char *exchange_read_transport(struct exchange *x);
