#include "engine/net/leaving.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DISCARD_PORT 9
#define LISTENING    0x0a
#define LINE_SIZE    512

static bool take_sockaddr(const struct sockaddr_storage *given, struct net_address *address)
{
    memset(address, 0, sizeof *address);
    if (given->ss_family == AF_INET) {
        address->family = 4;
        memcpy(address->bytes, &((const struct sockaddr_in *)given)->sin_addr, 4);
    } else if (given->ss_family == AF_INET6) {
        address->family = 6;
        memcpy(address->bytes, &((const struct sockaddr_in6 *)given)->sin6_addr, 16);
    }
    return address->family != 0;
}

/* Connecting a datagram socket looks up the route and chooses the source; it sends nothing. */
static bool ask_kernel(int fd, const struct net_address *to, const struct net_address *source,
                       struct net_address *from)
{
    struct sockaddr_storage address;
    socklen_t length;

    if (source) {
        length = net_address_sockaddr(source, 0, &address);
        if (bind(fd, (struct sockaddr *)&address, length) != 0)
            return false;
    }
    length = net_address_sockaddr(to, DISCARD_PORT, &address);
    if (connect(fd, (struct sockaddr *)&address, length) != 0)
        return false;
    length = sizeof address;
    return getsockname(fd, (struct sockaddr *)&address, &length) == 0 && take_sockaddr(&address, from);
}

bool net_leaving_address(const struct net_address *to, const struct net_address *source,
                         struct net_address *from)
{
    int fd = socket(to->family == 4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool found;

    memset(from, 0, sizeof *from);
    if (fd < 0)
        return false;
    found = ask_kernel(fd, to, source, from);
    close(fd);
    return found;
}

static enum net_scope scope4(const uint8_t *bytes)
{
    if (bytes[0] == 127)
        return NET_SCOPE_LOOPBACK;
    if (bytes[0] == 10 || (bytes[0] == 172 && bytes[1] >> 4 == 1) || (bytes[0] == 192 && bytes[1] == 168) ||
        (bytes[0] == 169 && bytes[1] == 254) || (bytes[0] == 100 && bytes[1] >> 6 == 1))
        return NET_SCOPE_PRIVATE;
    return NET_SCOPE_GLOBAL;
}

static enum net_scope scope6(const uint8_t *bytes)
{
    static const uint8_t one[16] = {[15] = 1};

    if (memcmp(bytes, one, sizeof one) == 0)
        return NET_SCOPE_LOOPBACK;
    if ((bytes[0] & 0xfe) == 0xfc || (bytes[0] == 0xfe && bytes[1] >> 6 == 2))
        return NET_SCOPE_PRIVATE;
    return NET_SCOPE_GLOBAL;
}

enum net_scope net_address_scope(const struct net_address *address)
{
    return address->family == 4 ? scope4(address->bytes) : scope6(address->bytes);
}

/* The kernel prints addresses as numbers of 32 bits in its own byte order. */
static bool read_address(const char **at, struct net_address *address)
{
    size_t digits = strspn(*at, "0123456789ABCDEFabcdef"), i;

    memset(address, 0, sizeof *address);
    if (digits != 8 && digits != 32)
        return false;
    address->family = digits == 8 ? 4 : 6;
    for (i = 0; i < digits / 8; i++) {
        char word[9] = "";
        uint32_t number;

        memcpy(word, *at + 8 * i, 8);
        number = (uint32_t)strtoul(word, NULL, 16);
        memcpy(address->bytes + 4 * i, &number, 4);
    }
    *at += digits;
    return true;
}

static bool is_all(const struct net_address *address)
{
    static const uint8_t none[16] = {0};

    return memcmp(address->bytes, none, sizeof none) == 0;
}

static bool covers(const struct net_address *listener, const struct net_address *address)
{
    const struct net_address here = net_address_unmapped(listener), wanted = net_address_unmapped(address);

    if (is_all(listener))
        return listener->family == 6 || address->family == 4;
    return net_address_equal(&here, &wanted);
}

struct socket_line {
    struct net_address local;
    unsigned long port;
    bool listens;
};

/* "  0: 0100007F:0019 00000000:0000 0A …": number, local, remote, state. */
static bool read_line(const char *line, struct socket_line *found)
{
    const char *at = strchr(line, ':');
    char *end;

    if (!at)
        return false;
    at += 1 + strspn(at + 1, " ");
    if (!read_address(&at, &found->local) || *at != ':')
        return false;
    found->port = strtoul(at + 1, &end, 16);
    at = *end == ' ' ? strchr(end + 1, ' ') : NULL;
    found->listens = at && strtoul(at + 1, NULL, 16) == LISTENING;
    return at != NULL;
}

static bool line_listens(const char *line, const struct net_address *address, uint16_t port)
{
    struct socket_line found;

    return read_line(line, &found) && found.listens && found.port == port && covers(&found.local, address);
}

bool net_table_listens(const char *table, const struct net_address *address, uint16_t port)
{
    char line[LINE_SIZE];

    while (*table) {
        size_t length = strcspn(table, "\n");

        snprintf(line, sizeof line, "%.*s", (int)(length < sizeof line ? length : sizeof line - 1), table);
        if (line_listens(line, address, port))
            return true;
        table += length + (table[length] == '\n');
    }
    return false;
}

/* Listeners stand before connections, of which there may be so many that to list them takes the kernel long.
 */
static bool is_connection(const char *line)
{
    struct socket_line found;

    return read_line(line, &found) && !found.listens;
}

static bool file_listens(const char *path, const struct net_address *address, uint16_t port)
{
    FILE *file = fopen(path, "re");
    char line[LINE_SIZE];
    bool listens = false;

    if (!file)
        return false;
    while (!listens && fgets(line, sizeof line, file) && !is_connection(line))
        listens = net_table_listens(line, address, port);
    fclose(file);
    return listens;
}

bool net_listens(const struct net_address *address, uint16_t port)
{
    return file_listens("/proc/net/tcp", address, port) || file_listens("/proc/net/tcp6", address, port);
}
