#include "tui/clipboard.h"

static void add_base64(struct buf *out, const uint8_t *bytes, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t i, j;

    for (i = 0; i < length; i += 3) {
        uint32_t three = 0;

        for (j = 0; j < 3; j++)
            three = three << 8 | (i + j < length ? bytes[i + j] : 0);
        for (j = 0; j < 4; j++)
            buf_u8(out, i + j <= length ? (uint8_t)digits[three >> (18 - 6 * j) & 63] : '=');
    }
}

void clipboard_sequence(struct buf *out, const char *text, size_t length, bool multiplexed)
{
    buf_add_string(out, "\033]52;c;");
    add_base64(out, (const uint8_t *)text, length);
    buf_add_string(out, "\a");
    if (!multiplexed)
        return;
    buf_add_string(out, "\033Ptmux;\033\033]52;c;");
    add_base64(out, (const uint8_t *)text, length);
    buf_add_string(out, "\a\033\\");
}
