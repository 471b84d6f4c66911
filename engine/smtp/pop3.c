#include "engine/smtp/pop3.h"

#include "engine/base/text.h"

#include <stdlib.h>
#include <string.h>

static bool begins(const char *line, size_t length, const char *word)
{
    size_t size = strlen(word);

    return length >= size && strncasecmp(line, word, size) == 0 &&
           (length == size || memchr(" \t\r\n", line[size], 4) != NULL);
}

static bool pop3_plausible(const struct reply *reply, const char *command, const char *line, size_t length)
{
    (void)command;
    return reply->lines.count || (length < 3 && strncasecmp(line, "+OK", length) == 0) ||
           (length < 4 && strncasecmp(line, "-ERR", length) == 0) || begins(line, length, "+OK") ||
           begins(line, length, "-ERR");
}

static int refusal_code(const char *text)
{
    static const char *const not_now[] = {"[IN-USE]", "[LOGIN-DELAY]", "[SYS/TEMP]"};
    size_t i;

    for (i = 0; i < sizeof not_now / sizeof not_now[0]; i++)
        if (strncasecmp(text, not_now[i], strlen(not_now[i])) == 0)
            return 400;
    return 500;
}

static void judge_first(struct reply *reply, const char *command, const char *text)
{
    bool yes = text[0] == '+';

    if (yes && command && strcmp(command, "CAPA") == 0)
        return;
    text += strcspn(text, " ");
    reply->code = yes ? 200 : refusal_code(text + strspn(text, " "));
    reply->status = REPLY_COMPLETE;
}

static void pop3_judge(struct reply *reply, const char *command, const char *line, size_t length)
{
    bool first = !reply->lines.count;
    char *text = text_escaped(line, length);

    strings_add(&reply->lines, text);
    if (first) {
        judge_first(reply, command, text);
    } else if (strcmp(text, ".") == 0) {
        reply->code = 200;
        reply->status = REPLY_COMPLETE;
    }
    free(text);
}

const struct reply_grammar pop3_grammar = {pop3_plausible, pop3_judge};

void pop3_capabilities(const struct strings *lines, struct strings *to)
{
    size_t i;

    for (i = 1; i + 1 < lines->count; i++)
        strings_add(to, lines->items[i] + (lines->items[i][0] == '.'));
}
