/* Matching of names, and what needs no X.509 library. */
#include "engine/base/mem.h"
#include "engine/tls/certificate.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void certificate_free(struct certificate *c)
{
    size_t i;

    if (!c)
        return;
    for (i = 0; i < c->chain_length; i++) {
        free(c->chain[i].subject);
        free(c->chain[i].issuer);
    }
    free(c->chain);
    strings_release(&c->names);
    free(c->subject);
    free(c->issuer);
    free(c->common_name);
    free(c->key);
    free(c->signature);
    free(c->trust_error);
    free(c);
}

struct certificate *certificate_copy(const struct certificate *from)
{
    struct certificate *to;
    size_t i;

    if (!from)
        return NULL;
    to = mem_copy(from, sizeof *from);
    memset(&to->names, 0, sizeof to->names);
    strings_copy(&to->names, &from->names);
    to->subject = mem_string(from->subject);
    to->issuer = mem_string(from->issuer);
    to->common_name = mem_string(from->common_name);
    to->key = mem_string(from->key);
    to->signature = mem_string(from->signature);
    to->trust_error = mem_string(from->trust_error);
    to->chain = mem_array(from->chain_length, sizeof *to->chain);
    for (i = 0; i < from->chain_length; i++) {
        to->chain[i].subject = mem_string(from->chain[i].subject);
        to->chain[i].issuer = mem_string(from->chain[i].issuer);
        to->chain[i].not_after = from->chain[i].not_after;
    }
    return to;
}

/* Length without one trailing dot. */
static size_t name_length(const char *name)
{
    size_t length = strlen(name);

    return length && name[length - 1] == '.' ? length - 1 : length;
}

static bool same(const char *a, size_t a_length, const char *b, size_t b_length)
{
    return a_length == b_length && a_length && strncasecmp(a, b, a_length) == 0;
}

bool certificate_name_matches(const char *pattern, const char *name)
{
    size_t pattern_length = name_length(pattern), length = name_length(name), label;

    if (strncmp(pattern, "*.", 2) != 0)
        return !memchr(pattern, '*', pattern_length) && same(pattern, pattern_length, name, length);
    if (pattern_length < 3)
        return false;
    label = strcspn(name, ".");
    if (!label || label >= length || memchr(pattern + 2, '*', pattern_length - 2))
        return false;
    return same(pattern + 1, pattern_length - 1, name + label, length - label);
}

static bool is_ip_literal(const char *name)
{
    unsigned char bytes[16];

    return inet_pton(AF_INET, name, bytes) == 1 || inet_pton(AF_INET6, name, bytes) == 1;
}

static bool same_address(const char *a, const char *b)
{
    unsigned char x[16], y[16];

    if (inet_pton(AF_INET, a, x) == 1 && inet_pton(AF_INET, b, y) == 1)
        return memcmp(x, y, 4) == 0;
    return inet_pton(AF_INET6, a, x) == 1 && inet_pton(AF_INET6, b, y) == 1 && memcmp(x, y, 16) == 0;
}

bool certificate_matches(const struct certificate *c, const char *name)
{
    bool literal = is_ip_literal(name), has_dns_name = false;
    size_t i;

    for (i = 0; i < c->names.count; i++) {
        bool address = is_ip_literal(c->names.items[i]);

        has_dns_name |= !address;
        if (literal ? address && same_address(c->names.items[i], name)
                    : !address && certificate_name_matches(c->names.items[i], name))
            return true;
    }
    return !literal && !has_dns_name && c->common_name && certificate_name_matches(c->common_name, name);
}

int certificate_days_left(const struct certificate *c, int64_t now)
{
    int64_t left = c->not_after - now;
    int64_t days = left / 86400;

    if (left < 0 && left % 86400)
        days--;
    return days > 1000000 ? 1000000 : days < -1000000 ? -1000000 : (int)days;
}
