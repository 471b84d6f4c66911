#include "engine/input/postfix.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/input/gathered.h"
#include "engine/input/postfix_private.h"
#include "engine/input/records.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BLANK " \t\r\n"

void postfix_refuse(struct input *out, const char *source, unsigned line, const char *text, const char *why)
{
    char *shown = text_escaped(text, strnlen(text, 80));

    input_problem(out, line, mem_format("%s:%u: '%s': %s", source, line, shown, why));
    free(shown);
}

static bool is_comment(const char *line)
{
    line += strspn(line, BLANK);
    return !*line || *line == '#';
}

static void trim(char *text)
{
    size_t length = strlen(text);

    while (length && isspace((unsigned char)text[length - 1]))
        text[--length] = 0;
}

/* A line that begins with white space goes on with the one before; comments in between end nothing
 * (transport(5), "TABLE FORMAT"). */
void postfix_lines(const char *text, void (*take)(void *context, unsigned line, char *text), void *context)
{
    struct buf logical;
    unsigned line = 1, begun = 0;

    buf_init(&logical, 0);
    while (*text) {
        size_t length = strcspn(text, "\n");
        char *physical = mem_string_n(text, length);

        if (!is_comment(physical)) {
            if (!isspace((unsigned char)*physical) && logical.length) {
                take(context, begun, (char *)(uintptr_t)buf_string(&logical));
                buf_reset(&logical);
            }
            begun = logical.length ? begun : line;
            trim(physical);
            buf_add_string(&logical, physical);
        }
        free(physical);
        text += length + (text[length] == '\n');
        line++;
    }
    if (logical.length)
        take(context, begun, (char *)(uintptr_t)buf_string(&logical));
    buf_release(&logical);
}

const char *postfix_level(const char *word)
{
    static const char *const levels[] = {"none",      "may",         "encrypt", "dane",
                                         "dane-only", "fingerprint", "verify",  "secure"};
    size_t i;

    for (i = 0; i < sizeof levels / sizeof levels[0]; i++)
        if (strcasecmp(levels[i], word) == 0)
            return levels[i];
    return NULL;
}

static bool is_parameter(const char *text)
{
    static const char *const known[] = {"relayhost",
                                        "smtp_",
                                        "smtpd_",
                                        "transport_maps",
                                        "myhostname",
                                        "mydestination",
                                        "mynetworks",
                                        "inet_",
                                        "mydomain",
                                        "myorigin",
                                        "alias_",
                                        "mailbox_",
                                        "compatibility_level",
                                        "relay_domains",
                                        "append_dot_mydomain",
                                        "biff",
                                        "tls_",
                                        "virtual_",
                                        "default_transport"};
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_"), i;

    if (!length || text[length + strspn(text + length, " \t")] != '=')
        return false;
    for (i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strncmp(text, known[i], strlen(known[i])) == 0)
            return true;
    return false;
}

/* "smtp:[gw.example]", ":gw.example". Other maps have colons too, such as one of users and passwords. */
static bool is_transport(const char *word)
{
    static const char *const known[] = {"smtp",    "relay", "error", "retry",
                                        "discard", "lmtp",  "local", "virtual"};
    size_t length = strcspn(word, ":"), i;

    if (word[length] != ':' || !length || word[length + 1] == '[')
        return word[length] == ':';
    for (i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strlen(known[i]) == length && strncmp(known[i], word, length) == 0)
            return true;
    return false;
}

static void look(void *context, unsigned line, char *text)
{
    enum postfix_kind *kind = context;
    size_t key = strcspn(text, BLANK);
    char *value = text + key + strspn(text + key, BLANK), *word;

    (void)line;
    if (*kind != POSTFIX_NONE)
        return;
    if (is_parameter(text)) {
        *kind = POSTFIX_MAIN;
        return;
    }
    if (!*value || strstr(text, "://"))
        return;
    word = mem_string_n(value, strcspn(value, BLANK ","));
    if (postfix_level(word))
        *kind = POSTFIX_POLICY;
    else if (is_transport(word))
        *kind = POSTFIX_TRANSPORT;
    free(word);
}

enum postfix_kind postfix_detect(const char *text)
{
    enum postfix_kind kind = POSTFIX_NONE;

    postfix_lines(text, look, &kind);
    return kind;
}

struct reading {
    const char *source;
    struct postfix *postfix;
    struct input *out;
    enum postfix_kind kind;
};

/* Characters that no table needs, and that must not reach a screen. */
static bool is_harmless(const char *text)
{
    char *escaped = text_escaped(text, strlen(text));
    bool same = strcmp(escaped, text) == 0;

    free(escaped);
    return same;
}

static void take(void *context, unsigned line, char *text)
{
    struct reading *r = context;
    char *at;

    if (!input_goes_on(r->out, line))
        return;
    for (at = text; *at; at++)
        if (*at == '\t' || *at == '\r')
            *at = ' ';
    if (r->kind != POSTFIX_MAIN && !is_harmless(text)) {
        postfix_refuse(r->out, r->source, line, text, "expected an entry without control characters");
        return;
    }
    if (r->kind == POSTFIX_TRANSPORT)
        postfix_add_transport(r->postfix, r->source, line, text, r->out);
    else if (r->kind == POSTFIX_POLICY)
        postfix_add_policy(r->postfix, r->source, line, text, r->out);
    else
        postfix_add_parameter(r->postfix, r->source, line, text, r->out);
}

void postfix_read(enum postfix_kind kind, const char *source, const char *text, struct input *out)
{
    struct reading r = {.source = source, .postfix = postfix_of(out), .out = out, .kind = kind};
    size_t length = strlen(text);

    postfix_lines(text, take, &r);
    if (length && text[length - 1] != '\n')
        strings_addf(&out->notes, "%s: it ends within a line; if it was cut, its last entry is wrong",
                     source);
}

struct postfix *postfix_of(struct input *input)
{
    struct gathered *g = gathered_of(input);

    if (!g->postfix) {
        g->postfix = mem_alloc(sizeof *g->postfix);
        map_init(&g->postfix->transport_keys);
        map_init(&g->postfix->policy_keys);
    }
    return g->postfix;
}

static void free_policy(struct postfix_policy *policy)
{
    free(policy->key);
    free(policy->source);
    free(policy->match);
}

void postfix_free(struct postfix *p)
{
    size_t i;

    if (!p)
        return;
    for (i = 0; i < p->transport_count; i++) {
        free(p->transports[i].key);
        free(p->transports[i].source);
        free(p->transports[i].value);
        free(p->transports[i].nexthops);
        free(p->transports[i].why_not);
    }
    for (i = 0; i < p->policy_count; i++)
        free_policy(&p->policies[i]);
    free_policy(&p->fallback);
    free(p->transports);
    free(p->policies);
    map_release(&p->transport_keys, NULL);
    map_release(&p->policy_keys, NULL);
    free(p->main_source);
    free(p->relayhost);
    free(p->relayhost_source);
    free(p->verify_match);
    free(p->secure_match);
    free(p->transport_maps);
    free(p->policy_maps);
    free(p);
}
