#include "engine/net/local.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define RANGE     "/proc/sys/net/ipv4/ip_local_port_range" /* for IPv6 too */
#define RESERVED  "/proc/sys/net/ipv4/ip_local_reserved_ports"
#define PORT_MOST 65535
#define TEXT_SIZE 4096

/* Two numbers with `between` or blanks between them, or one; *text moves behind. False for anything else. */
static bool read_span(const char **text, char between, long *low, long *high)
{
    char *end;

    *low = *high = strtol(*text, &end, 10);
    if (end == *text)
        return false;
    if (between == ' ' || *end == between) {
        const char *second = end + (between != ' ');

        *high = strtol(second, &end, 10);
        if (end == second)
            return false;
    }
    *text = end;
    return *low >= 0 && *low <= *high && *high <= PORT_MOST;
}

unsigned net_ports_in(const char *range, const char *reserved)
{
    long low, high, from, to, count;

    if (!read_span(&range, ' ', &low, &high))
        return 0;
    count = high - low + 1;
    while (reserved && read_span(&reserved, '-', &from, &to)) {
        from = from > low ? from : low;
        to = to < high ? to : high;
        count -= to >= from ? to - from + 1 : 0;
        if (*reserved == ',')
            reserved++;
    }
    return count > 0 ? (unsigned)count : 0;
}

static void read_file(const char *path, char text[TEXT_SIZE])
{
    FILE *file = fopen(path, "re");
    size_t length = file ? fread(text, 1, TEXT_SIZE - 1, file) : 0;

    text[length] = '\0';
    if (file)
        fclose(file);
}

unsigned net_local_ports(void)
{
    char range[TEXT_SIZE], reserved[TEXT_SIZE];

    read_file(RANGE, range);
    read_file(RESERVED, reserved);
    return net_ports_in(range, reserved);
}

enum net_shortage net_shortage_of(int error)
{
    switch (error) {
    case EMFILE:
    case ENFILE:
        return NET_SHORT_OF_FILES;
    case EADDRINUSE:
    case EADDRNOTAVAIL:
        return NET_SHORT_OF_PORTS;
    case EAGAIN:
    case ENOBUFS:
    case ENOMEM:
        return NET_SHORT_OF_MEMORY;
    default:
        return NET_SHORT_OF_NOTHING;
    }
}

bool net_lacks_room(int error)
{
    return error != EADDRNOTAVAIL && net_shortage_of(error) != NET_SHORT_OF_NOTHING;
}

bool net_descriptor_left(void)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool left = fd >= 0 || net_shortage_of(errno) == NET_SHORT_OF_NOTHING;

    if (fd >= 0)
        close(fd);
    return left;
}
