#include "engine/smtp/reply.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void reply_clear(struct reply *reply)
{
    strings_release(&reply->lines);
    free(reply->line);
    memset(reply, 0, sizeof *reply);
}

static void keep(struct reply *reply, const char *bytes, size_t length)
{
    size_t need = reply->line_length + length;

    if (need > reply->line_capacity) {
        reply->line_capacity = need < 128 ? 128 : need * 2;
        reply->line = mem_resize(reply->line, reply->line_capacity, 1);
    }
    memcpy(reply->line + reply->line_length, bytes, length);
    reply->line_length += length;
}

/* Takes at most one byte more than the bounds allow, so that passing them shows. */
static size_t take_part(struct reply *reply, const char *bytes, size_t length)
{
    size_t line_room = REPLY_LINE_MOST - reply->line_length + 1;
    size_t total_room = REPLY_TOTAL_MOST - reply->total + 1;
    size_t room = line_room < total_room ? line_room : total_room;
    size_t part = length < room ? length : room;
    const char *end = memchr(bytes, '\n', part);

    if (end)
        part = (size_t)(end - bytes) + 1;
    keep(reply, bytes, part);
    reply->total += part;
    return part;
}

/* A literal that would pass the bound was refused when it was announced. */
static size_t take_literal(struct reply *reply, size_t length)
{
    size_t part = length < reply->skip ? length : reply->skip;

    reply->skip -= part;
    reply->total += part;
    return part;
}

static void end_line(struct reply *reply, const struct reply_grammar *grammar, const char *command)
{
    size_t length = reply->line_length - 1;

    if (length && reply->line[length - 1] == '\r')
        length--;
    grammar->judge(reply, command, reply->line, length);
    if (reply->status != REPLY_NOT_SMTP)
        reply->line_length = 0;
}

size_t reply_feed_as(struct reply *reply, const struct reply_grammar *grammar, const char *command,
                     const void *bytes, size_t length)
{
    const char *at = bytes;
    size_t taken = 0;

    while (taken < length && reply->status == REPLY_PENDING) {
        if (reply->skip) {
            taken += take_literal(reply, length - taken);
            continue;
        }
        taken += take_part(reply, at + taken, length - taken);
        if (!grammar->plausible(reply, command, reply->line, reply->line_length))
            reply->status = REPLY_NOT_SMTP;
        else if (reply->line_length > REPLY_LINE_MOST || reply->total > REPLY_TOTAL_MOST)
            reply->status = REPLY_TOO_LONG;
        else if (reply->line[reply->line_length - 1] == '\n')
            end_line(reply, grammar, command);
    }
    return taken;
}

static bool smtp_plausible(const struct reply *reply, const char *command, const char *line, size_t length)
{
    (void)reply;
    (void)command;
    return (line[0] >= '2' && line[0] <= '5') && (length < 2 || isdigit((unsigned char)line[1])) &&
           (length < 3 || isdigit((unsigned char)line[2])) &&
           (length < 4 || memchr(" -\r\n", line[3], 4) != NULL);
}

static void smtp_judge(struct reply *reply, const char *command, const char *line, size_t length)
{
    int code;
    char *text;

    (void)command;
    if (length > 3 && line[3] == '\r') {
        reply->status = REPLY_NOT_SMTP;
        return;
    }
    code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    if (reply->lines.count && code != reply->code) {
        reply->status = REPLY_NOT_SMTP;
        return;
    }
    reply->code = code;
    text = text_escaped(length > 4 ? line + 4 : "", length > 4 ? length - 4 : 0);
    strings_add(&reply->lines, text);
    free(text);
    if (length == 3 || line[3] == ' ')
        reply->status = REPLY_COMPLETE;
}

const struct reply_grammar smtp_grammar = {smtp_plausible, smtp_judge};

size_t reply_feed(struct reply *reply, const void *bytes, size_t length)
{
    return reply_feed_as(reply, &smtp_grammar, NULL, bytes, length);
}
