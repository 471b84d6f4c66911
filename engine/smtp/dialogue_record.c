#include "engine/smtp/dialogue_private.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <stdlib.h>
#include <string.h>

#define EXCERPT_MOST 200 /* bytes of a foreign line that are shown */

/* What was noted of direct TLS before there was a time was meant for the first one. */
void dialogue_at(struct dialogue *d, int now_ms)
{
    struct transcript *transcript = &d->result.transcript;

    transcript->now_ms = now_ms;
    if (transcript->count && transcript->lines[0].at_ms < 0)
        transcript->lines[0].at_ms = now_ms;
}

void dialogue_show(struct dialogue *d, enum transcript_side side, const char *text)
{
    if (!d->quiet)
        transcript_add(&d->result.transcript, side, text);
}

void dialogue_note(struct dialogue *d, const char *text)
{
    dialogue_show(d, NOTED, text);
}

/* What stands in the output from there on. */
void dialogue_show_sent(struct dialogue *d, size_t begins)
{
    char *line;

    if (d->quiet)
        return;
    line = mem_string_n((const char *)d->output.bytes + begins, d->output.length - begins);
    dialogue_show(d, SAID_BY_CLIENT, line);
    free(line);
}

void dialogue_record(struct dialogue *d)
{
    const struct strings *lines = &d->reply.lines;

    if (d->quiet)
        return;
    for (; d->recorded < lines->count; d->recorded++) {
        const char *text = lines->items[d->recorded];
        bool last = d->reply.status == REPLY_COMPLETE && d->recorded + 1 == lines->count;
        char *line = d->rules->codes ? mem_format("%d%c%s", d->reply.code, last ? ' ' : '-', text) : NULL;

        dialogue_show(d, SAID_BY_SERVER, line ? line : text);
        free(line);
    }
}

/* The line in progress and what follows of it in `more`, escaped; NULL when there is none. */
static char *excerpt(const struct dialogue *d, const char *more, size_t length)
{
    struct buf raw;
    const char *text;
    char *escaped;

    buf_init(&raw, 0);
    buf_add(&raw, d->reply.line, d->reply.line_length);
    buf_add(&raw, more, length < EXCERPT_MOST ? length : EXCERPT_MOST);
    buf_u8(&raw, '\n');
    text = (const char *)raw.bytes;
    length = (size_t)((const char *)memchr(text, '\n', raw.length) - text);
    if (length && text[length - 1] == '\r')
        length--;
    escaped = length ? text_escaped(text, length < EXCERPT_MOST ? length : EXCERPT_MOST) : NULL;
    buf_release(&raw);
    return escaped;
}

void dialogue_show_part(struct dialogue *d, const char *more, size_t length, char **detail)
{
    char *text = excerpt(d, more, length);

    if (text)
        dialogue_show(d, SAID_BY_SERVER, text);
    if (detail)
        *detail = text;
    else
        free(text);
}

void dialogue_injected(struct dialogue *d, const char *bytes, size_t length)
{
    char *text = text_escaped(bytes, length < EXCERPT_MOST ? length : EXCERPT_MOST);
    char *line = mem_format("%zu bytes came before our hello: %s", length, text);

    d->result.injected += length;
    dialogue_note(d, line);
    free(line);
    free(text);
}
