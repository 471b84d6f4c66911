#include "engine/net/dns_servers.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <ares.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SYSTEM_PATH "/etc/resolv.conf"
#define DNS_PORT    53

/* Splits "ADDR:PORT" and "[V6]:PORT"; *port points into `text` behind the address, NULL without one. */
static char *split(char *text, const char **port)
{
    char *end = text[0] == '[' ? strchr(text, ']') : NULL;
    char *colon = end ? end + 1 : strchr(text, ':');

    *port = NULL;
    if (text[0] == '[') {
        if (!end || (*colon && *colon != ':'))
            return NULL;
        *end = '\0';
        text++;
    } else if (colon && strchr(colon + 1, ':')) {
        return text; /* bare IPv6 */
    }
    if (colon && *colon) {
        *colon = '\0';
        *port = colon + 1;
    }
    return text;
}

static bool parse_one(struct dns_server *server, const char *text)
{
    char *copy = mem_string(text);
    const char *port;
    char *address = split(copy, &port);
    unsigned long number = DNS_PORT;
    bool good;

    good = address && net_address_parse(address, &server->address);
    good = good && (text[0] != '[' || server->address.family == 6);
    good = good && (!port || text_number(port, 1, 65535, &number));
    server->port = (uint16_t)number;
    free(copy);
    return good;
}

bool dns_servers_parse(struct dns_servers *servers, const char *const *texts, size_t count, char **error)
{
    servers->count = 0;
    if (count > DNS_SERVERS_MOST) {
        *error = mem_format("at most %d DNS servers can be given", DNS_SERVERS_MOST);
        return false;
    }
    for (; servers->count < count; servers->count++) {
        const char *text = texts[servers->count];

        if (!parse_one(&servers->items[servers->count], text)) {
            char *shown = text_escaped(text, strlen(text));

            *error =
                mem_format("\"%s\" is no DNS server: ADDR, ADDR:PORT or [IPV6]:PORT was expected", shown);
            free(shown);
            return false;
        }
    }
    return true;
}

static void add(struct dns_servers *servers, const struct ares_addr_port_node *node)
{
    struct dns_server server = {.port = node->udp_port > 0 ? (uint16_t)node->udp_port : DNS_PORT};
    unsigned i;

    server.address.family = node->family == AF_INET ? 4 : 6;
    memcpy(server.address.bytes, &node->addr, node->family == AF_INET ? 4 : 16);
    for (i = 0; i < servers->count; i++)
        if (servers->items[i].port == server.port &&
            net_address_equal(&servers->items[i].address, &server.address))
            return;
    if (servers->count < DNS_SERVERS_MOST)
        servers->items[servers->count++] = server;
}

/* c-ares takes this machine for the server of a configuration that names none. */
static bool names_any(const char *path)
{
    static const char word[] = "nameserver";
    char line[1024];
    FILE *file = fopen(path, "re");
    bool found = false;

    while (file && !found && fgets(line, sizeof line, file)) {
        const char *at = line + strspn(line, " \t");

        found = strncmp(at, word, sizeof word - 1) == 0;
    }
    if (file)
        fclose(file);
    return found;
}

static void read_system(struct dns_servers *servers, char *path)
{
    struct ares_options options = {.resolvconf_path = path};
    struct ares_addr_port_node *nodes = NULL, *node;
    ares_channel channel;

    if (ares_init_options(&channel, &options, ARES_OPT_RESOLVCONF) != ARES_SUCCESS)
        return;
    if (ares_get_servers_ports(channel, &nodes) == ARES_SUCCESS)
        for (node = nodes; node; node = node->next)
            add(servers, node);
    ares_free_data(nodes);
    ares_destroy(channel);
}

bool dns_servers_system(struct dns_servers *servers, const char *path, char **error)
{
    char *copy = mem_string(path ? path : SYSTEM_PATH);
    bool any = names_any(copy);

    servers->count = 0;
    if (any)
        read_system(servers, copy);
    if (!servers->count)
        *error = mem_format("%s names no DNS server: give one with --dns-server", copy);
    free(copy);
    return servers->count > 0;
}
