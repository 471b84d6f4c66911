#include "engine/smtp/rules.h"

#include "engine/smtp/imap.h"
#include "engine/smtp/pop3.h"

#include <string.h>

static void smtp_capabilities(const struct strings *lines, struct strings *to)
{
    strings_copy(to, lines);
}

static const struct rules smtp = {
    .grammar = &smtp_grammar,
    .commands = {NULL, "EHLO", "HELO", "STARTTLS", "EHLO", "QUIT"},
    .keyword = "STARTTLS",
    .names_itself = true,
    .codes = true,
    .capabilities = smtp_capabilities,
};

static const struct rules imap = {
    .grammar = &imap_grammar,
    .commands = {NULL, "a1 CAPABILITY", NULL, "a2 STARTTLS", "a3 CAPABILITY", "a4 LOGOUT"},
    .keyword = "STARTTLS",
    .capabilities = imap_capabilities,
    .past_starttls = imap_preauth,
};

static const struct rules pop3 = {
    .grammar = &pop3_grammar,
    .commands = {NULL, "CAPA", NULL, "STLS", "CAPA", "QUIT"},
    .keyword = "STLS",
    .hello_optional = true,
    .capabilities = pop3_capabilities,
};

const struct rules *rules_of(enum protocol protocol)
{
    static const struct rules *const table[protocol_count] = {
        [PROTOCOL_SMTP] = &smtp, [PROTOCOL_SUBMISSION] = &smtp, [PROTOCOL_SMTPS] = &smtp,
        [PROTOCOL_HTTPS] = NULL, [PROTOCOL_IMAP] = &imap,       [PROTOCOL_IMAPS] = &imap,
        [PROTOCOL_POP3] = &pop3, [PROTOCOL_POP3S] = &pop3,
    };

    return table[protocol];
}

bool rules_offered(const struct rules *rules, const struct strings *capabilities)
{
    size_t length = strlen(rules->keyword), i;

    for (i = 0; i < capabilities->count; i++) {
        const char *item = capabilities->items[i];

        if (strcspn(item, " \t") == length && strncasecmp(item, rules->keyword, length) == 0)
            return true;
    }
    return false;
}

bool rules_masked(const struct rules *rules, const struct strings *capabilities)
{
    size_t length = strlen(rules->keyword), i;

    for (i = 0; i < capabilities->count; i++) {
        const char *item = capabilities->items[i];

        if (strspn(item, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == length && strcspn(item, " \t") == length &&
            memmem(item, length, "XXX", 3))
            return true;
    }
    return false;
}
