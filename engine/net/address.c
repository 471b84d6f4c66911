#include "engine/net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

bool net_address_parse(const char *text, struct net_address *address)
{
    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET, text, address->bytes) == 1)
        address->family = 4;
    else if (inet_pton(AF_INET6, text, address->bytes) == 1)
        address->family = 6;
    return address->family != 0;
}

void net_address_print(const struct net_address *address, char text[NET_ADDRESS_SIZE])
{
    text[0] = '\0';
    if (address->family)
        inet_ntop(address->family == 4 ? AF_INET : AF_INET6, address->bytes, text, NET_ADDRESS_SIZE);
}

struct net_address net_address_unmapped(const struct net_address *address)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    struct net_address plain = {.family = 4};

    if (address->family != 6 || memcmp(address->bytes, mapped, sizeof mapped) != 0)
        return *address;
    memcpy(plain.bytes, address->bytes + sizeof mapped, 4);
    return plain;
}

bool net_address_equal(const struct net_address *a, const struct net_address *b)
{
    return a->family == b->family && memcmp(a->bytes, b->bytes, a->family == 4 ? 4 : 16) == 0;
}

socklen_t net_address_sockaddr(const struct net_address *address, uint16_t port, struct sockaddr_storage *out)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;

    memset(out, 0, sizeof *out);
    if (address->family == 4) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        memcpy(&v4->sin_addr, address->bytes, 4);
        return sizeof *v4;
    }
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    memcpy(&v6->sin6_addr, address->bytes, 16);
    return sizeof *v6;
}
