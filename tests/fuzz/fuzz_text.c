#include "engine/base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* What comes out is valid UTF-8 without a control character, and as long as what went in or longer. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char *text = text_escaped(bytes, length);
    const uint8_t *at = (const uint8_t *)text;
    size_t left = strlen(text);

    if (left < length)
        abort();
    while (left) {
        uint32_t c = 0;
        size_t size = text_decode(at, left, &c);

        if (!size || c < 0x20 || (c >= 0x7f && c < 0xa0))
            abort();
        at += size;
        left -= size;
    }
    free(text);
    return 0;
}
