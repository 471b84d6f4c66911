#include "engine/smtp/reply.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The same bytes whole and one by one: the outcome must not depend on the pieces. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct reply whole = {0}, slow = {0};
    size_t taken = reply_feed(&whole, bytes, length), i;

    for (i = 0; i < length && slow.status == REPLY_PENDING; i++)
        reply_feed(&slow, bytes + i, 1);
    if (whole.status != slow.status || whole.lines.count != slow.lines.count ||
        (whole.status == REPLY_COMPLETE && taken != i))
        abort();
    reply_clear(&whole);
    reply_clear(&slow);
    return 0;
}
