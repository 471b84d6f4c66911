#include "tui/last_words.h"

#include "engine/base/buf.h"

/* Within single quotes all but these stand for themselves. */
static void add_quoted(struct buf *out, const char *text)
{
    buf_u8(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            buf_add_string(out, "'\\''");
        else
            buf_u8(out, (uint8_t)*text);
    }
    buf_u8(out, '\'');
}

char *last_words(const char *path, bool demo)
{
    struct buf out;

    buf_init(&out, 0);
    buf_printf(&out, "mxscope: this session is kept in %s; mxscope %s-s ", path, demo ? "--demo " : "");
    add_quoted(&out, path);
    buf_add_string(&out, " goes on with it\n");
    return buf_take_string(&out);
}
