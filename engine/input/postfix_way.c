#include "engine/input/postfix_way.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/input/host.h"
#include "engine/input/name.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HOPS_MOST 32

static unsigned service_port(const char *name)
{
    static const struct {
        const char *name;
        unsigned port;
    } services[] = {{"smtp", 25}, {"submission", 587}, {"submissions", 465}, {"smtps", 465}};
    size_t i;

    for (i = 0; i < sizeof services / sizeof services[0]; i++)
        if (strcasecmp(services[i].name, name) == 0)
            return services[i].port;
    return 0;
}

/* "[host]:587", "host:smtp", "example.com": NULL, or what is wrong. */
static const char *read_hop(const char *hop, struct way *way)
{
    const char *colon = strrchr(hop, ':'), *wrong;
    unsigned port = colon && !strchr(colon, ']') ? service_port(colon + 1) : 0;
    char *text = port ? mem_format("%.*s:%u", (int)(colon - hop), hop, port) : mem_string(hop), *ascii = NULL;
    struct host_port host = {0};

    wrong = host_parse(text, &host);
    if (!wrong && way->hosts.host_count == TARGET_HOSTS_MOST)
        wrong = "expected no more than 10000 next-hops";
    if (!wrong && (*hop == '[' || host.literal)) {
        target_spec_add_host(&way->hosts, host.host, host.port, host.literal);
        strings_add(&way->hops, hop);
    } else if (!wrong && !way->mx_of && (wrong = name_host(host.host, &ascii)) == NULL) {
        way->mx_of = mem_string(ascii);
        way->mx_port = host.port;
    } else if (!wrong) {
        way->skipped++;
    }
    free(ascii);
    free(host.host);
    free(text);
    return wrong;
}

void way_release(struct way *way)
{
    target_spec_release(&way->hosts);
    strings_release(&way->hops);
    free(way->mx_of);
    free(way->first);
}

const char *way_read(const char *nexthops, const char *domain, struct way *way)
{
    char *list = mem_string(*nexthops ? nexthops : domain), *rest = NULL, *hop;
    const char *wrong = NULL;
    unsigned count = 0;

    memset(way, 0, sizeof *way);
    target_spec_init(&way->hosts);
    for (hop = list; *hop; hop++)
        *hop = (char)(*hop >= 'A' && *hop <= 'Z' ? *hop + 32 : *hop);
    for (hop = strtok_r(list, ", \t", &rest); hop && !wrong; hop = strtok_r(NULL, ", \t", &rest)) {
        wrong = count++ < HOPS_MOST ? read_hop(hop, way) : "too many next-hops";
        if (!way->first)
            way->first = mem_string(hop);
    }
    free(list);
    return count ? wrong : "there is no next-hop";
}

static char *way_name(const char *hop)
{
    struct host_port host = {0};
    char *name = host_parse(hop, &host) ? mem_string(hop) : mem_string(host.host);

    free(host.host);
    return name;
}

char *way_patterns(const char *match, const char *nexthop)
{
    char *list = mem_string(match), *rest = NULL, *word, *name = way_name(nexthop);
    struct buf out;

    buf_init(&out, 0);
    for (word = strtok_r(list, ":, \t", &rest); word; word = strtok_r(NULL, ":, \t", &rest)) {
        bool below = strcmp(word, "dot-nexthop") == 0 || *word == '.';
        char *ascii = NULL;
        const char *plain = strcmp(word, "nexthop") == 0 || strcmp(word, "dot-nexthop") == 0 ? name : word;

        plain += *plain == '.';
        if (strcmp(word, "hostname") != 0 && name_host(plain, &ascii))
            continue;
        buf_printf(&out, "%s%s%s", out.length ? ":" : "", below ? "." : "", ascii ? ascii : "hostname");
        free(ascii);
    }
    free(list);
    free(name);
    return buf_take_string(&out);
}
