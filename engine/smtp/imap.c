#include "engine/smtp/imap.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static size_t tag_length(const char *command)
{
    return command ? strcspn(command, " ") : 0;
}

static bool imap_plausible(const struct reply *reply, const char *command, const char *line, size_t length)
{
    size_t tag = tag_length(command);

    if (reply->continued)
        return true;
    if (line[0] == '*')
        return length < 2 || line[1] == ' ';
    if (line[0] == '+')
        return command && (length < 2 || memchr(" \r\n", line[1], 3) != NULL);
    return tag && memcmp(line, command, length < tag ? length : tag) == 0 &&
           (length <= tag || line[tag] == ' ');
}

/* True when the word at `text` is `word`, in any case; moves `text` behind it and its space. */
static bool next_is(const char **text, const char *word)
{
    size_t length = strlen(word);

    if (strncasecmp(*text, word, length) != 0 || ((*text)[length] && (*text)[length] != ' '))
        return false;
    *text += length + ((*text)[length] == ' ');
    return true;
}

static bool is_status(const char *text)
{
    return next_is(&text, "OK") || next_is(&text, "NO") || next_is(&text, "BAD") || next_is(&text, "BYE") ||
           next_is(&text, "PREAUTH");
}

/* The size of a literal announced at the end of `line` ({n}, {n+}), more than any bound when it has too many
 * digits; false when there is none. */
static bool literal_at_end(const char *line, size_t length, unsigned long *size)
{
    char digits[8];
    const char *open = memrchr(line, '{', length);
    size_t count;

    if (!open || line[length - 1] != '}')
        return false;
    open++;
    count = (size_t)(line + length - 1 - open);
    if (count && open[count - 1] == '+')
        count--;
    if (!count || strspn(open, "0123456789") < count)
        return false;
    *size = ULONG_MAX;
    if (count < sizeof digits) {
        memcpy(digits, open, count);
        digits[count] = 0;
        text_number(digits, 0, ULONG_MAX, size);
    }
    return true;
}

static void pass_literal(struct reply *reply, const char *line, size_t length)
{
    unsigned long size;

    reply->continued = literal_at_end(line, length, &size);
    if (!reply->continued)
        return;
    if (size > REPLY_TOTAL_MOST - reply->total)
        reply->status = REPLY_TOO_LONG;
    else
        reply->skip = size;
}

static void complete(struct reply *reply, int code)
{
    reply->code = code;
    reply->status = REPLY_COMPLETE;
}

static int refusal_code(const char *text)
{
    static const char *const not_now[] = {"[UNAVAILABLE]", "[INUSE]", "[LIMIT]"};
    size_t i;

    for (i = 0; i < sizeof not_now / sizeof not_now[0]; i++)
        if (strncasecmp(text, not_now[i], strlen(not_now[i])) == 0)
            return 400;
    return 500;
}

/* A status line is text to its end and announces no literal. */
static void judge_untagged(struct reply *reply, const char *command, const char *line, size_t length)
{
    const char *text = line + 2;

    if (command && !is_status(text)) {
        pass_literal(reply, line, length);
    } else if (next_is(&text, "BYE")) {
        if (!command || !strstr(command, "LOGOUT"))
            complete(reply, 421);
    } else if (!command) {
        if (next_is(&text, "OK") || next_is(&text, "PREAUTH"))
            complete(reply, 200);
        else
            reply->status = REPLY_NOT_SMTP;
    }
}

static void judge_tagged(struct reply *reply, const char *text)
{
    if (next_is(&text, "OK"))
        complete(reply, 200);
    else if (next_is(&text, "NO"))
        complete(reply, refusal_code(text));
    else if (next_is(&text, "BAD"))
        complete(reply, 500);
    else
        reply->status = REPLY_NOT_SMTP;
}

/* The first bytes were found plausible: `* `, `+` or the tag and a space. */
static void imap_judge(struct reply *reply, const char *command, const char *line, size_t length)
{
    char *text = text_escaped(line, length);

    strings_add(&reply->lines, text);
    if (reply->continued)
        pass_literal(reply, text, strlen(text));
    else if (line[0] == '*')
        judge_untagged(reply, command, text, strlen(text));
    else if (line[0] != '+')
        judge_tagged(reply, text + tag_length(command) + 1);
    free(text);
}

const struct reply_grammar imap_grammar = {imap_plausible, imap_judge};

static void add_words(struct strings *to, const char *text)
{
    for (;;) {
        size_t length;
        char *word;

        text += strspn(text, " ");
        length = strcspn(text, " ]");
        if (!length)
            return;
        word = mem_string_n(text, length);
        strings_add_once(to, word);
        free(word);
        text += length;
    }
}

void imap_capabilities(const struct strings *lines, struct strings *to)
{
    size_t i;

    for (i = 0; i < lines->count; i++) {
        const char *text = lines->items[i];

        text += strcspn(text, " ");
        text += *text == ' ';
        if (next_is(&text, "OK") || next_is(&text, "PREAUTH")) {
            if (*text++ != '[')
                continue;
        } else if (strncmp(lines->items[i], "* ", 2) != 0) {
            continue;
        }
        if (next_is(&text, "CAPABILITY"))
            add_words(to, text);
    }
}

bool imap_preauth(const struct reply *greeting)
{
    const char *text = greeting->lines.count ? greeting->lines.items[0] : "";

    return next_is(&text, "*") && next_is(&text, "PREAUTH");
}
