#include "engine/report/letter_wrap.h"

#include "engine/base/text.h"

#include <string.h>

static size_t character(const char *at)
{
    uint32_t code;
    size_t length = text_decode((const uint8_t *)at, strlen(at), &code);

    return length ? length : 1;
}

/* How many bytes of `text` stand in `room` characters, to the last space among them where there is one. */
static size_t fitting(const char *text, int room, bool header)
{
    size_t end = 0, space = 0;

    while (text[end] && (room > 0 || (header && !space))) {
        if (text[end] == ' ' && end)
            space = end;
        end += character(text + end);
        room--;
    }
    return !text[end] || text[end] == ' ' || !space ? end : space;
}

void letter_wrap(struct buf *out, const char *line, bool header)
{
    size_t own = strspn(line, " "), hanging = own, taken;

    if (header)
        hanging = 1;
    else if (strncmp(line + own, "- ", 2) == 0)
        hanging += 2;
    if (hanging > LETTER_WIDTH / 2)
        hanging = LETTER_WIDTH / 2;
    taken = fitting(line, LETTER_WIDTH, header);
    for (;;) {
        buf_add(out, line, taken);
        buf_add_string(out, "\n");
        line += taken;
        line += strspn(line, " ");
        if (!*line)
            return;
        buf_printf(out, "%*s", (int)hanging, "");
        taken = fitting(line, LETTER_WIDTH - (int)hanging, header);
    }
}

void letter_inert(struct buf *out, const char *text)
{
    while (*text) {
        size_t length = character(text);

        if (*text == '\\')
            buf_add_string(out, "\\"); /* what was escaped before stays as it is */
        else
            text_escape(out, text, length);
        text += length;
    }
}
