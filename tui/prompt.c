#include "tui/prompt.h"

#include "engine/base/text.h"
#include "tui/press.h"

#include <string.h>

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

void prompt_set(struct prompt *prompt, const char *text)
{
    size_t length = strnlen(text, PROMPT_SIZE - 1);

    while (length && text[length] && is_continuation(text[length]))
        length--;
    memset(prompt, 0, sizeof *prompt);
    memcpy(prompt->text, text, length);
    prompt->length = prompt->cursor = length;
}

static size_t before(const struct prompt *prompt, size_t at)
{
    while (at > 0 && is_continuation(prompt->text[--at]))
        ;
    return at;
}

static size_t after(const struct prompt *prompt, size_t at)
{
    if (at < prompt->length)
        at++;
    while (at < prompt->length && is_continuation(prompt->text[at]))
        at++;
    return at;
}

static enum prompt_outcome cut(struct prompt *prompt, size_t from, size_t to)
{
    if (from == to)
        return PROMPT_MOVED;
    memmove(prompt->text + from, prompt->text + to, prompt->length - to + 1);
    prompt->length -= to - from;
    prompt->cursor = from;
    return PROMPT_CHANGED;
}

static enum prompt_outcome move(struct prompt *prompt, size_t to)
{
    prompt->cursor = to;
    return PROMPT_MOVED;
}

static size_t word_before(const struct prompt *prompt)
{
    size_t at = prompt->cursor;

    while (at > 0 && prompt->text[at - 1] == ' ')
        at--;
    while (at > 0 && prompt->text[at - 1] != ' ')
        at--;
    return at;
}

static enum prompt_outcome insert(struct prompt *prompt, uint32_t key)
{
    char name[PRESS_NAME_SIZE];
    size_t length;

    if (key == PRESS_SPACE)
        strcpy(name, " ");
    else
        press_name(key, name);
    length = strlen(name);
    if (prompt->length + length >= PROMPT_SIZE)
        return PROMPT_IGNORED;
    memmove(prompt->text + prompt->cursor + length, prompt->text + prompt->cursor,
            prompt->length - prompt->cursor + 1);
    memcpy(prompt->text + prompt->cursor, name, length);
    prompt->length += length;
    prompt->cursor += length;
    return PROMPT_CHANGED;
}

static bool is_printable(uint32_t key)
{
    return key >= PRESS_SPACE && (key < 0x7f || (key >= 0xa0 && key <= 0x10ffff));
}

static bool is_blank(uint8_t byte)
{
    return byte == '\n' || byte == '\r' || byte == '\t';
}

bool prompt_paste(struct prompt *prompt, const uint8_t *bytes, size_t length)
{
    const uint8_t *end = bytes + length;
    size_t size;
    uint32_t c;

    while (bytes < end && is_blank(*bytes))
        bytes++;
    while (bytes < end && is_blank(end[-1]))
        end--;
    for (; bytes < end; bytes += size ? size : 1) {
        size = text_decode(bytes, (size_t)(end - bytes), &c);
        if (*bytes == '\r' && bytes[1] == '\n')
            continue;
        if (is_blank(*bytes))
            c = PRESS_SPACE;
        if (size && is_printable(c) && insert(prompt, c) == PROMPT_IGNORED)
            return false;
    }
    return true;
}

bool prompt_replace(struct prompt *prompt, size_t from, size_t to, const char *text, size_t length)
{
    if (prompt->length - (to - from) + length >= PROMPT_SIZE)
        return false;
    memmove(prompt->text + from + length, prompt->text + to, prompt->length - to + 1);
    memcpy(prompt->text + from, text, length);
    prompt->length = prompt->length - (to - from) + length;
    prompt->cursor = from + length;
    return true;
}

static enum prompt_outcome edit(struct prompt *prompt, uint32_t key)
{
    switch (key) {
    case PRESS_DELETE:
    case CONTROL('d'):
        return cut(prompt, prompt->cursor, after(prompt, prompt->cursor));
    case CONTROL('u'):
        return cut(prompt, 0, prompt->cursor);
    case CONTROL('k'):
        return cut(prompt, prompt->cursor, prompt->length);
    case CONTROL('w'):
        return cut(prompt, word_before(prompt), prompt->cursor);
    case PRESS_LEFT:
    case CONTROL('b'):
        return move(prompt, before(prompt, prompt->cursor));
    case PRESS_RIGHT:
    case CONTROL('f'):
        return move(prompt, after(prompt, prompt->cursor));
    case PRESS_HOME:
    case CONTROL('a'):
        return move(prompt, 0);
    case PRESS_END:
    case CONTROL('e'):
        return move(prompt, prompt->length);
    default:
        return PROMPT_IGNORED;
    }
}

enum prompt_outcome prompt_key(struct prompt *prompt, uint32_t key)
{
    if (key == PRESS_ENTER)
        return PROMPT_DONE;
    if (key == PRESS_ESC || key == CONTROL('c') || key == CONTROL('g'))
        return PROMPT_CANCEL;
    if (key == PRESS_BACKSPACE || key == CONTROL('h')) {
        if (!prompt->length)
            return PROMPT_CANCEL;
        return cut(prompt, before(prompt, prompt->cursor), prompt->cursor);
    }
    if (is_printable(key))
        return insert(prompt, key);
    return edit(prompt, key);
}
