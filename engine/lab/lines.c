#include "engine/lab/lines.h"

#include "engine/base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lines lines_of(const char *source, const char *text)
{
    return (struct lines){.source = source, .at = text};
}

void lines_release(struct lines *lines)
{
    free(lines->storage);
    lines->storage = NULL;
}

bool lines_fail(const struct lines *lines, char **error, const char *format, ...)
{
    char message[256];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    *error = mem_format("%s:%u: %s", lines->source, lines->number, message);
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Reads one word at *from into *to, without its quotes; false when a quote stays open. */
static bool take_word(char **from, char **to)
{
    char *in = *from, *out = *to;
    bool quoted = false;

    for (; *in && (quoted || !is_blank(*in)); in++) {
        if (*in == '"')
            quoted = !quoted;
        else
            *out++ = *in;
    }
    if (*in)
        in++;
    *out++ = '\0';
    *from = in;
    *to = out;
    return !quoted;
}

static bool split(struct lines *lines, char **error)
{
    char *in = lines->storage, *out = lines->storage;

    for (lines->count = 0;;) {
        while (is_blank(*in))
            in++;
        if (!*in || *in == '#')
            return true;
        if (lines->count == LINE_WORDS_MOST)
            return lines_fail(lines, error, "more than %d words in one line", LINE_WORDS_MOST);
        lines->words[lines->count++] = out;
        if (!take_word(&in, &out))
            return lines_fail(lines, error, "expected a closing \"");
    }
}

bool lines_next(struct lines *lines, char **error)
{
    while (*lines->at) {
        size_t length = strcspn(lines->at, "\n");

        lines_release(lines);
        lines->storage = mem_string_n(lines->at, length);
        lines->at += length + (lines->at[length] == '\n');
        lines->number++;
        if (!split(lines, error))
            return false;
        if (lines->count)
            return true;
    }
    return false;
}

char *line_value(char *word)
{
    char *equals = strchr(word, '=');

    if (!equals)
        return NULL;
    *equals = '\0';
    return equals + 1;
}
