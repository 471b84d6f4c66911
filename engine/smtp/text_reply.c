#include "engine/smtp/text_reply.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Takes bytes up to the end of one line; true when `reply->line` holds a whole line, NUL-terminated. */
static bool take_line(struct reply *reply, const char *bytes, size_t length, size_t *taken)
{
    while (*taken < length && reply->status == REPLY_PENDING) {
        char byte = bytes[(*taken)++];

        if (++reply->total > REPLY_TOTAL_MOST || reply->line_length > REPLY_LINE_MOST) {
            reply->status = REPLY_TOO_LONG;
            return false;
        }
        if (reply->line_length + 1 >= reply->line_capacity) {
            reply->line_capacity = reply->line_capacity ? reply->line_capacity * 2 : 128;
            reply->line = mem_resize(reply->line, reply->line_capacity, 1);
        }
        if (byte != '\n') {
            reply->line[reply->line_length++] = byte ? byte : ' ';
            continue;
        }
        if (reply->line_length && reply->line[reply->line_length - 1] == '\r')
            reply->line_length--;
        reply->line[reply->line_length] = 0;
        reply->line_length = 0;
        return true;
    }
    return false;
}

static void keep(struct reply *reply, const char *text)
{
    char *escaped = text_escaped(text, strlen(text));

    strings_add(&reply->lines, escaped);
    free(escaped);
}

static bool begins(const char *text, const char *word)
{
    size_t length = strlen(word);

    return strncasecmp(text, word, length) == 0 && (!text[length] || text[length] == ' ');
}

static int imap_code(const char *text)
{
    bool unavailable = strcasestr(text, "[UNAVAILABLE]") != NULL;

    if (begins(text, "OK") || begins(text, "PREAUTH"))
        return 250;
    if (begins(text, "NO"))
        return unavailable ? 450 : 550;
    if (begins(text, "BAD"))
        return 500;
    if (begins(text, "BYE"))
        return unavailable ? 421 : 554;
    return 0;
}

static void end(struct reply *reply, int code)
{
    reply->code = code;
    reply->status = code ? REPLY_COMPLETE : REPLY_NOT_SMTP;
}

static void imap_line(struct reply *reply, const char *tag)
{
    const char *line = reply->line;
    size_t length = tag ? strlen(tag) : 0;

    if (strncmp(line, "* ", 2) == 0) {
        keep(reply, line + 2);
        if (!tag || begins(line + 2, "BYE"))
            end(reply, imap_code(line + 2));
    } else if (tag && strncmp(line, tag, length) == 0 && line[length] == ' ') {
        keep(reply, line + length + 1);
        end(reply, imap_code(line + length + 1));
    } else {
        end(reply, 0);
    }
}

size_t imap_reply_feed(struct reply *reply, const char *tag, const void *bytes, size_t length)
{
    size_t taken = 0;

    while (reply->status == REPLY_PENDING && take_line(reply, bytes, length, &taken))
        imap_line(reply, tag);
    return taken;
}

static void pop3_line(struct reply *reply, bool multiple)
{
    const char *line = reply->line;

    if (reply->code) {
        if (strcmp(line, ".") == 0)
            reply->status = REPLY_COMPLETE;
        else
            keep(reply, line + (line[0] == '.'));
    } else if (begins(line, "+OK")) {
        keep(reply, line + 3 + (line[3] == ' '));
        reply->code = 250;
        if (!multiple)
            reply->status = REPLY_COMPLETE;
    } else if (begins(line, "-ERR")) {
        keep(reply, line + 4 + (line[4] == ' '));
        end(reply, strcasestr(line, "[SYS/TEMP]") || strcasestr(line, "[IN-USE]") ? 450 : 550);
    } else {
        end(reply, 0);
    }
}

size_t pop3_reply_feed(struct reply *reply, bool multiple, const void *bytes, size_t length)
{
    size_t taken = 0;

    while (reply->status == REPLY_PENDING && take_line(reply, bytes, length, &taken))
        pop3_line(reply, multiple);
    return taken;
}
