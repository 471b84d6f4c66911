#include "engine/net/leaving.h"

#include "engine/net/local.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#define DISCARD_PORT 9
#define ANSWER_SIZE  32768 /* the most that the kernel puts into one datagram */

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

enum net_way net_leaving_address(const struct net_address *to, const struct net_address *source,
                                 struct net_address *from)
{
    int fd = socket(to->family == 4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    enum net_way way = NET_WAY_LEADS;

    memset(from, 0, sizeof *from);
    if (fd < 0 || !ask_kernel(fd, to, source, from))
        way = net_lacks_room(errno) ? NET_WAY_UNTOLD : NET_WAY_NONE;
    if (fd >= 0)
        close(fd);
    return way;
}

static enum net_scope scope4(const uint8_t *bytes)
{
    if (bytes[0] == 127 || bytes[0] == 0) /* a connection to 0.0.0.0 ends at this machine */
        return NET_SCOPE_LOOPBACK;
    if (bytes[0] == 10 || (bytes[0] == 172 && bytes[1] >> 4 == 1) || (bytes[0] == 192 && bytes[1] == 168) ||
        (bytes[0] == 169 && bytes[1] == 254) || (bytes[0] == 100 && bytes[1] >> 6 == 1))
        return NET_SCOPE_PRIVATE;
    return NET_SCOPE_GLOBAL;
}

static enum net_scope scope6(const uint8_t *bytes)
{
    static const uint8_t none[16];
    static const uint8_t one[16] = {[15] = 1};
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

    if (memcmp(bytes, none, sizeof none) == 0 || memcmp(bytes, one, sizeof one) == 0)
        return NET_SCOPE_LOOPBACK;
    if (memcmp(bytes, mapped, sizeof mapped) == 0)
        return scope4(bytes + sizeof mapped);
    if ((bytes[0] & 0xfe) == 0xfc || (bytes[0] == 0xfe && bytes[1] >> 6 == 2))
        return NET_SCOPE_PRIVATE;
    return NET_SCOPE_GLOBAL;
}

enum net_scope net_address_scope(const struct net_address *address)
{
    return address->family == 4 ? scope4(address->bytes) : scope6(address->bytes);
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

/* The address that a socket of this message is bound to. */
static bool take_bound(const struct inet_diag_msg *message, struct net_address *local)
{
    memset(local, 0, sizeof *local);
    if (message->idiag_family == AF_INET)
        local->family = 4;
    else if (message->idiag_family == AF_INET6)
        local->family = 6;
    else
        return false;
    memcpy(local->bytes, message->id.idiag_src, local->family == 4 ? 4 : 16);
    return true;
}

static bool tells_of(const uint8_t *content, size_t length, const struct net_address *address, uint16_t port)
{
    struct inet_diag_msg message;
    struct net_address local;

    if (length < sizeof message)
        return false;
    memcpy(&message, content, sizeof message);
    return message.idiag_state == TCP_LISTEN && message.id.idiag_sport == htons(port) &&
           take_bound(&message, &local) && covers(&local, address);
}

enum net_told net_sockets_tell(const void *bytes, size_t length, const struct net_address *address,
                               uint16_t port)
{
    const uint8_t *at = bytes;
    struct nlmsghdr head;

    while (length >= sizeof head) {
        size_t taken;

        memcpy(&head, at, sizeof head);
        if (head.nlmsg_len < sizeof head || head.nlmsg_len > length || head.nlmsg_type != SOCK_DIAG_BY_FAMILY)
            return NET_TOLD_ALL; /* NLMSG_DONE, NLMSG_ERROR, or what can't be understood */
        if (tells_of(at + sizeof head, head.nlmsg_len - sizeof head, address, port))
            return NET_TOLD_YES;
        taken = NLMSG_ALIGN(head.nlmsg_len);
        if (taken >= length)
            break;
        at += taken;
        length -= taken;
    }
    return NET_TOLD_ON;
}

/* Of listeners only: to list connections, or to find out that there are none, takes the kernel long. */
static bool ask_for_listeners(int fd, int family, uint16_t port)
{
    struct {
        struct nlmsghdr head;
        struct inet_diag_req_v2 what;
    } request = {{.nlmsg_len = sizeof request,
                  .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                  .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
                 {.sdiag_family = (uint8_t)family,
                  .sdiag_protocol = IPPROTO_TCP,
                  .idiag_states = 1U << TCP_LISTEN,
                  .id = {.idiag_sport = htons(port)}}};

    return send(fd, &request, sizeof request, 0) == (ssize_t)sizeof request;
}

/* The answer waits when the question is out, so nothing is waited for. */
static bool family_listens(int family, const struct net_address *address, uint16_t port)
{
    int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG);
    bool asked = fd >= 0 && ask_for_listeners(fd, family, port);
    enum net_told told = asked ? NET_TOLD_ON : NET_TOLD_ALL;
    uint8_t answer[ANSWER_SIZE];

    while (told == NET_TOLD_ON) {
        ssize_t length = recv(fd, answer, sizeof answer, 0);

        told = length > 0 ? net_sockets_tell(answer, (size_t)length, address, port) : NET_TOLD_ALL;
    }
    if (fd >= 0)
        close(fd);
    return told == NET_TOLD_YES;
}

bool net_listens(const struct net_address *address, uint16_t port)
{
    return (address->family == 4 && family_listens(AF_INET, address, port)) ||
           family_listens(AF_INET6, address, port);
}
