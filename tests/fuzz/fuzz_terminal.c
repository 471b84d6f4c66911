#include "engine/base/buf.h"
#include "tui/paste.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* What came out, in order: bytes of keys, pastes and clicks with what they hold. */
static void feed(struct paste *paste, const uint8_t *bytes, size_t length, struct buf *out)
{
    size_t used;

    for (; length; bytes += used, length -= used) {
        enum paste_outcome outcome = paste_feed(paste, bytes, length, 1, &used);

        if (!used)
            abort();
        buf_add(out, paste->keys.bytes, paste->keys.length);
        buf_reset(&paste->keys);
        if (outcome == PASTE_NONE)
            continue;
        buf_u8(out, (uint8_t)outcome);
        if (outcome == PASTE_CLICK)
            buf_printf(out, "%u %u %u %d", paste->click.button, paste->click.column, paste->click.line,
                       paste->click.released);
        if (outcome == PASTE_WHOLE)
            buf_add(out, paste->text.bytes, paste->text.length);
    }
}

/* Whatever a terminal sends, it is the same whether it comes at once or byte by byte. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct paste whole, torn;
    struct buf one, two;
    size_t i;

    paste_init(&whole);
    paste_init(&torn);
    buf_init(&one, 0);
    buf_init(&two, 0);
    feed(&whole, bytes, length, &one);
    for (i = 0; i < length; i++)
        feed(&torn, bytes + i, 1, &two);
    if (one.length != two.length || (one.length && memcmp(one.bytes, two.bytes, one.length) != 0) ||
        whole.synchronises != torn.synchronises)
        abort();
    paste_late(&torn, 1000000);
    buf_release(&one);
    buf_release(&two);
    paste_release(&whole);
    paste_release(&torn);
    return 0;
}
