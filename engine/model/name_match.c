#include "engine/model/name_match.h"

#include "engine/base/mem.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* "*.APEX": itself, the apex, or one label below it. */
static bool wildcard_covers(const char *wanted, const char *name)
{
    const char *apex = wanted + 2, *dot = strchr(name, '.');

    return strcasecmp(name, wanted) == 0 || strcasecmp(name, apex) == 0 ||
           (dot && dot > name && strcasecmp(dot + 1, apex) == 0);
}

static bool exchange_covers(const char *wanted, const char *name)
{
    if (strncmp(wanted, "*.", 2) == 0)
        return wildcard_covers(wanted, name);
    if (strncmp(name, "*.", 2) == 0 && strcasecmp(name + 2, wanted) == 0)
        return true;
    return certificate_name_matches(name, wanted);
}

static bool exchange_met(const struct certificate *certificate, const char *wanted)
{
    size_t i;

    for (i = 0; i < certificate->names.count; i++)
        if (exchange_covers(wanted, certificate->names.items[i]))
            return true;
    return certificate->common_name && exchange_covers(wanted, certificate->common_name);
}

bool name_match_exchange(const struct certificate *certificate, const char *tls_domain, bool below)
{
    char *wildcard = mem_format("*.%s", tls_domain);
    bool met = exchange_met(certificate, tls_domain) || (below && exchange_met(certificate, wildcard));

    free(wildcard);
    return met;
}

static enum name_answer answer(bool yes)
{
    return yes ? NAME_YES : NAME_NO;
}

enum name_answer name_match_strict(const struct certificate *certificate, const char *tls_domain)
{
    char *list = mem_string(tls_domain), *rest = NULL, *name;
    enum name_answer found = NAME_NOT_APPLICABLE;
    bool open = false; /* a pattern that RFC 6125 does not know might still be met */

    for (name = strtok_r(list, ":", &rest); name && found != NAME_YES; name = strtok_r(NULL, ":", &rest))
        if (strncmp(name, "*.", 2) == 0 || *name == '.' || strcasecmp(name, "hostname") == 0)
            open = true;
        else
            found = answer(certificate_matches(certificate, name));
    free(list);
    return found == NAME_NO && open ? NAME_NOT_APPLICABLE : found;
}

/* Any name that ends in the pattern, which begins with its dot. */
static bool is_below(const char *name, const char *pattern)
{
    size_t length = strlen(name), tail = strlen(pattern);

    return length > tail && strcasecmp(name + length - tail, pattern) == 0;
}

static bool postfix_covers(const char *pattern, const char *name)
{
    return *pattern == '.' ? is_below(name, pattern) : certificate_name_matches(name, pattern);
}

static bool has_dns_name(const struct certificate *certificate)
{
    uint8_t address[16];
    size_t i;

    for (i = 0; i < certificate->names.count; i++)
        if (inet_pton(AF_INET, certificate->names.items[i], address) != 1 &&
            inet_pton(AF_INET6, certificate->names.items[i], address) != 1)
            return true;
    return false;
}

static bool pattern_met(const struct certificate *certificate, const char *pattern)
{
    size_t i;

    for (i = 0; i < certificate->names.count; i++)
        if (postfix_covers(pattern, certificate->names.items[i]))
            return true;
    return !has_dns_name(certificate) && certificate->common_name &&
           postfix_covers(pattern, certificate->common_name);
}

bool name_match_postfix(const struct certificate *certificate, const char *patterns, const char *host)
{
    char *list = mem_string(patterns), *rest = NULL, *pattern;
    bool met = false;

    for (pattern = strtok_r(list, ":", &rest); pattern && !met; pattern = strtok_r(NULL, ":", &rest)) {
        const char *wanted = strcasecmp(pattern, "hostname") == 0 ? host : pattern;

        met = wanted && pattern_met(certificate, wanted);
    }
    free(list);
    return met;
}
