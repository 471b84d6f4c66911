#include "engine/input/postfix_private.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/input/records.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BLANK " \t\r\n"

static void *grown(void *items, size_t *count, size_t size)
{
    if (!(*count & (*count - 1)))
        items = mem_resize(items, *count ? *count * 2 : 1, size);
    memset((char *)items + *count * size, 0, size);
    ++*count;
    return items;
}

/* The key in lower case; *value is what stands behind it. Ends the key within `text`. */
static char *split(char *text, char **value)
{
    size_t length = strcspn(text, BLANK), i;

    *value = text + length + strspn(text + length, BLANK);
    text[length] = 0;
    for (i = 0; i < length; i++)
        text[i] = (char)tolower((unsigned char)text[i]);
    return text;
}

/* postmap keeps the first of two entries with one key and warns; so do we. */
static bool is_taken(const struct map *keys, const char *key, const char *source, unsigned line,
                     struct input *out)
{
    if (!map_get(keys, key))
        return false;
    strings_addf(&out->notes, "%s:%u: %s stands in the table before; the first entry is used", source, line,
                 key);
    return true;
}

/* Transports that hand mail to no other mail server by SMTP. */
static const char *not_smtp(const char *transport)
{
    static const char *const others[] = {
        "local",   "virtual", "error",   "retry",    "discard",          "lmtp",
        "pipe",    "uucp",    "cyrus",   "bsmtp",    "maildrop",         "ifmail",
        "mailman", "hold",    "dovecot", "procmail", "scalemail-backend"};
    size_t i;

    for (i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcasecmp(others[i], transport) == 0)
            return others[i];
    return NULL;
}

void postfix_add_transport(struct postfix *postfix, const char *source, unsigned line, char *text,
                           struct input *out)
{
    char *value, *key = split(text, &value), *colon = strchr(value, ':');
    struct postfix_transport *entry;
    const char *other;

    if (!*value) {
        postfix_refuse(out, source, line, key, "expected a key and transport:nexthop");
        return;
    }
    if (is_taken(&postfix->transport_keys, key, source, line, out))
        return;
    postfix->transports = grown(postfix->transports, &postfix->transport_count, sizeof *postfix->transports);
    entry = &postfix->transports[postfix->transport_count - 1];
    entry->key = mem_string(key);
    entry->source = mem_format("%s:%u", source, line);
    entry->value = text_escaped(value, strnlen(value, 256));
    entry->nexthops = mem_string(colon ? colon + 1 : "");
    if (colon)
        *colon = 0;
    other = not_smtp(value);
    if (other)
        entry->why_not = mem_format("transport %s sends to no other mail server by SMTP, so left out", other);
    else if (strchr(key, '@'))
        entry->why_not = mem_string("it is for one address only, so left out");
    map_put(&postfix->transport_keys, key, (void *)(uintptr_t)postfix->transport_count);
}

static bool version_of(const char *name, int *version)
{
    static const struct {
        const char *name;
        int version;
    } names[] = {{"SSLv2", -1},        {"SSLv3", TLS_SSL_3_0}, {"TLSv1", TLS_1_0},  {"TLSv1.0", TLS_1_0},
                 {"TLSv1.1", TLS_1_1}, {"TLSv1.2", TLS_1_2},   {"TLSv1.3", TLS_1_3}};
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcasecmp(names[i].name, name) == 0) {
            *version = names[i].version;
            return true;
        }
    return false;
}

/* What the words of a list of protocols allow, a bit a version; 0 when one can't be read. */
static unsigned allowed(char *list)
{
    unsigned all = (1u << TLS_VERSIONS) - 1, named = 0, mask = all;
    char *rest = NULL, *word;
    int version;

    for (word = strtok_r(list, ":, \t", &rest); word; word = strtok_r(NULL, ":, \t", &rest)) {
        size_t skip = strspn(word, "!<>=");
        char sign = skip ? *word : 0;

        if (!version_of(word + skip, &version))
            return 0;
        if (version < 0)
            continue;
        if (sign == '!')
            mask &= ~(1u << version);
        else if (sign == '>')
            mask &= ~((1u << version) - 1);
        else if (sign == '<')
            mask &= (2u << version) - 1;
        else
            named |= 1u << version;
    }
    return mask & (named ? named : all);
}

bool postfix_protocols(const char *text, enum tls_version *floor, bool *capped)
{
    char *list = mem_string(text);
    unsigned mask = allowed(list);
    int lowest = 0;

    free(list);
    if (!mask)
        return false;
    while (!(mask >> lowest & 1))
        lowest++;
    *floor = (enum tls_version)lowest;
    *capped = mask >> lowest != ((1u << TLS_VERSIONS) - 1) >> lowest;
    return true;
}

/* "name=value" behind the level; unknown ones that postconf(5) has besides are passed over. */
static const char *read_attribute(struct postfix_policy *entry, const char *text)
{
    static const char *const passed[] = {"ciphers",          "exclude",    "servername", "tafile",
                                         "connection_reuse", "enable_rpk", "policy_ttl", "policy_type"};
    const char *value = strchr(text, '=');
    size_t length = value ? (size_t)(value - text) : 0, i;

    if (!value)
        return "expected attributes such as match=nexthop behind the level";
    value++;
    if (length == strlen("match") && strncmp(text, "match", length) == 0) {
        char *before = entry->match;

        entry->match = before ? mem_format("%s:%s", before, value) : mem_string(value);
        free(before);
        return NULL;
    }
    if (length == strlen("protocols") && strncmp(text, "protocols", length) == 0) {
        entry->protocols = true;
        return postfix_protocols(value, &entry->floor, &entry->capped)
                   ? NULL
                   : "expected protocols such as >=TLSv1.2 or !SSLv3:!TLSv1";
    }
    for (i = 0; i < sizeof passed / sizeof passed[0]; i++)
        if (strlen(passed[i]) == length && strncmp(text, passed[i], length) == 0)
            return NULL;
    return "the attribute is not known; expected match, protocols, ciphers, exclude, servername, tafile, "
           "connection_reuse or enable_rpk";
}

/* NULL or what is wrong with *wrong. */
static const char *read_policy(struct postfix_policy *entry, char *value, const char **wrong)
{
    char *rest = NULL, *word = strtok_r(value, BLANK ",", &rest);
    const char *why = NULL;

    *wrong = word ? word : entry->key;
    entry->level = word ? postfix_level(word) : NULL;
    if (!entry->level)
        return "expected none, may, encrypt, dane, dane-only, fingerprint, verify or secure";
    for (word = strtok_r(NULL, BLANK ",", &rest); word && !why; word = strtok_r(NULL, BLANK ",", &rest)) {
        *wrong = word;
        why = read_attribute(entry, word);
    }
    return why;
}

void postfix_add_policy(struct postfix *postfix, const char *source, unsigned line, char *text,
                        struct input *out)
{
    char *value, *key = split(text, &value);
    struct postfix_policy entry = {0};
    const char *wrong, *why;

    if (is_taken(&postfix->policy_keys, key, source, line, out))
        return;
    entry.key = mem_string(key);
    entry.source = mem_format("%s:%u", source, line);
    why = read_policy(&entry, value, &wrong);
    if (why) {
        postfix_refuse(out, source, line, wrong, why);
        free(entry.key);
        free(entry.source);
        free(entry.match);
        return;
    }
    postfix->policies = grown(postfix->policies, &postfix->policy_count, sizeof *postfix->policies);
    postfix->policies[postfix->policy_count - 1] = entry;
    map_put(&postfix->policy_keys, key, (void *)(uintptr_t)postfix->policy_count);
}

/* Kept as it may be shown; a host or level with anything to escape is none, and refused as such. */
static void set(char **to, const char *value)
{
    free(*to);
    *to = *value ? text_escaped(value, strnlen(value, 1024)) : NULL;
}

/* Obsolete, and only when smtp_tls_security_level is not said (postconf(5)). */
static void set_obsolete(struct postfix *postfix, const char *level)
{
    if (!postfix->obsolete || strcmp(level, "verify") == 0)
        postfix->obsolete = level;
}

/* NULL or what is wrong. */
static const char *read_parameter(struct postfix *postfix, const char *name, const char *value,
                                  const char *where)
{
    bool yes = strcasecmp(value, "yes") == 0, capped;

    if (strcmp(name, "relayhost") == 0) {
        set(&postfix->relayhost, value);
        set(&postfix->relayhost_source, where);
    } else if (strcmp(name, "smtp_tls_security_level") == 0 && *value) {
        postfix->fallback.level = postfix_level(value);
        set(&postfix->fallback.source, where);
        if (!postfix->fallback.level)
            return "expected none, may, encrypt, dane, dane-only, fingerprint, verify or secure";
    } else if (strcmp(name, "smtp_enforce_tls") == 0 && yes) {
        set_obsolete(postfix, "verify");
    } else if (strcmp(name, "smtp_use_tls") == 0 && yes) {
        set_obsolete(postfix, "may");
    } else if (strcmp(name, "smtp_tls_mandatory_protocols") == 0 && *value) {
        postfix->fallback.protocols = true;
        if (!postfix_protocols(value, &postfix->fallback.floor, &postfix->fallback.capped))
            return "expected protocols such as >=TLSv1.2 or !SSLv3, !TLSv1";
    } else if (strcmp(name, "smtp_tls_protocols") == 0 && *value) {
        postfix->may_protocols = true;
        if (!postfix_protocols(value, &postfix->may_floor, &capped))
            return "expected protocols such as >=TLSv1.2 or !SSLv3, !TLSv1";
    } else if (strcmp(name, "smtp_tls_verify_cert_match") == 0) {
        set(&postfix->verify_match, value);
    } else if (strcmp(name, "smtp_tls_secure_cert_match") == 0) {
        set(&postfix->secure_match, value);
    } else if (strcmp(name, "transport_maps") == 0) {
        set(&postfix->transport_maps, value);
    } else if (strcmp(name, "smtp_tls_policy_maps") == 0) {
        set(&postfix->policy_maps, value);
    }
    return NULL;
}

/* Parameters that would change the way or the demand, and are not looked at. */
static void note_unread(const char *name, const char *value, const char *where, struct input *out)
{
    static const char *const unread[] = {
        "default_transport",
        "sender_dependent_relayhost_maps",
        "smtp_tls_wrappermode",
        "sender_dependent_default_transport_maps",
        "fallback_relay",
        "smtp_fallback_relay",
        "smtp_tls_enforce_peername",
        "smtp_tls_per_site",
    };
    size_t i;

    for (i = 0; i < sizeof unread / sizeof unread[0]; i++)
        if (*value && strcmp(unread[i], name) == 0)
            strings_addf(&out->notes,
                         "%s: %s is not looked at, though it may change where mail goes or what is demanded",
                         where, name);
}

void postfix_add_parameter(struct postfix *postfix, const char *source, unsigned line, char *text,
                           struct input *out)
{
    char *equals = strchr(text, '='), *value, *where;
    size_t length = equals ? strcspn(text, " \t=") : 0;
    const char *why;

    if (!length || text[length + strspn(text + length, " \t")] != '=') {
        postfix_refuse(out, source, line, text, "expected parameter = value");
        return;
    }
    value = equals + 1 + strspn(equals + 1, BLANK);
    text[length] = 0;
    where = mem_format("%s:%u", source, line);
    why =
        strchr(value, '$') && (strcmp(text, "relayhost") == 0 || strcmp(text, "smtp_tls_security_level") == 0)
            ? "a value with $ is not looked up; expected the value itself, as postconf -nx prints it"
            : read_parameter(postfix, text, value, where);
    if (why)
        postfix_refuse(out, source, line, value, why);
    note_unread(text, value, where, out);
    postfix->main_seen = true;
    set(&postfix->main_source, source);
    free(where);
}
