#include "engine/input/host.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/input/name.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* Canonical text of an IPv4 or IPv6 address, or NULL. */
static char *literal(const char *text)
{
    unsigned char bytes[16];
    char out[INET6_ADDRSTRLEN];
    int family = strchr(text, ':') ? AF_INET6 : AF_INET;

    if (inet_pton(family, text, bytes) != 1 || !inet_ntop(family, bytes, out, sizeof out))
        return NULL;
    return mem_string(out);
}

/* Cuts "host", "host:port" or "[host]:port" into its parts; `*host` is the caller's, `*port` NULL or within
 * text. */
static const char *split(const char *text, char **host, const char **port)
{
    size_t length;

    *port = NULL;
    if (text[0] == '[') {
        length = strcspn(text + 1, "]");
        if (text[1 + length] != ']')
            return "the closing ] is missing";
        *host = mem_string_n(text + 1, length);
        text += length + 2;
    } else {
        const char *colon = strchr(text, ':');
        bool bare_ipv6 = colon && strchr(colon + 1, ':');

        length = bare_ipv6 ? strlen(text) : strcspn(text, ":");
        *host = mem_string_n(text, length);
        text += length;
    }
    if (*text == ':')
        *port = text + 1;
    else if (*text) {
        free(*host);
        return "there is something behind the host";
    }
    return NULL;
}

static bool looks_like_address(const char *host)
{
    return strchr(host, ':') || strspn(host, "0123456789.") == strlen(host);
}

const char *host_parse(const char *text, struct host_port *out)
{
    const char *port = NULL, *wrong;
    unsigned long number = 0;
    char *host = NULL;

    memset(out, 0, sizeof *out);
    if (strpbrk(text, "/?#@"))
        return "a path, query or user has no meaning here";
    wrong = split(text, &host, &port);
    if (wrong)
        return wrong;
    if (port && !text_number(port, 1, 65535, &number)) {
        wrong = "the port is not a number from 1 to 65535";
    } else if (*host && looks_like_address(host)) {
        out->host = literal(host);
        out->literal = true;
        wrong = out->host ? NULL : "that is not an IP address";
    } else {
        wrong = name_host(host, &out->host);
    }
    out->port = (unsigned)number;
    free(host);
    return wrong;
}

char *host_url(enum protocol protocol, const struct host_port *host)
{
    bool brackets = host->literal && strchr(host->host, ':');
    const char *scheme = protocol_name(protocol);

    if (host->port)
        return mem_format("%s://%s%s%s:%u", scheme, brackets ? "[" : "", host->host, brackets ? "]" : "",
                          host->port);
    return mem_format("%s://%s%s%s", scheme, brackets ? "[" : "", host->host, brackets ? "]" : "");
}
