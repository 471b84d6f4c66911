#include "engine/net/leaving.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct net_address address_of(const char *text)
{
    struct net_address address;

    assert_true(net_address_parse(text, &address));
    return address;
}

static void loopback_is_left_from_loopback(void **state)
{
    struct net_address to = address_of("127.77.1.1"), source = address_of("127.0.0.5"), from;

    (void)state;
    assert_int_equal(net_leaving_address(&to, NULL, &from), NET_WAY_LEADS);
    assert_int_equal(net_address_scope(&from), NET_SCOPE_LOOPBACK);
    assert_int_equal(net_leaving_address(&to, &source, &from), NET_WAY_LEADS);
    assert_true(net_address_equal(&from, &source));
    source = address_of("203.0.113.77");
    assert_int_equal(net_leaving_address(&to, &source, &from), NET_WAY_NONE);
}

static void scopes(void **state)
{
    static const struct {
        const char *address;
        enum net_scope scope;
    } rows[] = {
        {"127.0.0.1", NET_SCOPE_LOOPBACK},
        {"127.255.0.9", NET_SCOPE_LOOPBACK},
        {"::1", NET_SCOPE_LOOPBACK},
        {"10.1.2.3", NET_SCOPE_PRIVATE},
        {"172.15.0.1", NET_SCOPE_GLOBAL},
        {"172.16.0.1", NET_SCOPE_PRIVATE},
        {"172.31.0.1", NET_SCOPE_PRIVATE},
        {"172.32.0.1", NET_SCOPE_GLOBAL},
        {"192.168.1.1", NET_SCOPE_PRIVATE},
        {"192.169.1.1", NET_SCOPE_GLOBAL},
        {"100.63.0.1", NET_SCOPE_GLOBAL},
        {"100.64.0.1", NET_SCOPE_PRIVATE},
        {"100.127.0.1", NET_SCOPE_PRIVATE},
        {"100.128.0.1", NET_SCOPE_GLOBAL},
        {"169.254.0.1", NET_SCOPE_PRIVATE},
        {"192.0.2.1", NET_SCOPE_GLOBAL},
        {"fd00::1", NET_SCOPE_PRIVATE},
        {"fc00::1", NET_SCOPE_PRIVATE},
        {"fe80::1", NET_SCOPE_PRIVATE},
        {"fec0::1", NET_SCOPE_GLOBAL},
        {"2001:db8::1", NET_SCOPE_GLOBAL},
        {"::2", NET_SCOPE_GLOBAL},
        {"0.0.0.0", NET_SCOPE_LOOPBACK},
        {"::", NET_SCOPE_LOOPBACK},
        {"::ffff:127.0.0.1", NET_SCOPE_LOOPBACK},
        {"::ffff:10.0.0.1", NET_SCOPE_PRIVATE},
        {"::ffff:192.0.2.1", NET_SCOPE_GLOBAL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct net_address address = address_of(rows[i].address);

        assert_int_equal(net_address_scope(&address), rows[i].scope);
    }
}

/* One socket as the kernel tells of it. */
struct socket_told {
    struct nlmsghdr head;
    struct inet_diag_msg message;
};

static struct socket_told socket_told(const char *address, uint16_t port, uint8_t state)
{
    struct net_address at = address_of(address);
    struct socket_told told = {.head = {.nlmsg_len = sizeof told, .nlmsg_type = SOCK_DIAG_BY_FAMILY},
                               .message = {.idiag_family = at.family == 4 ? AF_INET : AF_INET6,
                                           .idiag_state = state,
                                           .id = {.idiag_sport = htons(port)}}};

    memcpy(told.message.id.idiag_src, at.bytes, sizeof at.bytes);
    return told;
}

static bool covers(const char *listener, const char *address)
{
    struct socket_told told = socket_told(listener, 25, TCP_LISTEN);
    struct net_address at = address_of(address);

    return net_sockets_tell(&told, sizeof told, &at, 25) == NET_TOLD_YES;
}

static void listeners_of_an_address(void **state)
{
    (void)state;
    assert_true(covers("192.0.2.1", "192.0.2.1"));
    assert_false(covers("192.0.2.1", "192.0.2.2"));
    assert_true(covers("0.0.0.0", "192.0.2.1"));
    assert_false(covers("0.0.0.0", "2001:db8::1"));
    assert_true(covers("::", "192.0.2.1"));
    assert_true(covers("::", "2001:db8::1"));
    assert_true(covers("2001:db8::1", "2001:db8::1"));
    assert_false(covers("2001:db8::1", "2001:db8::2"));
    assert_true(covers("::ffff:192.0.2.1", "192.0.2.1"));
    assert_false(covers("::ffff:192.0.2.2", "192.0.2.1"));
}

static void listeners_of_an_answer(void **state)
{
    struct net_address at = address_of("192.0.2.1");
    struct socket_told all[] = {
        socket_told("192.0.2.9", 25, TCP_LISTEN), socket_told("192.0.2.1", 26, TCP_LISTEN),
        socket_told("192.0.2.1", 25, TCP_ESTABLISHED), socket_told("192.0.2.1", 25, TCP_LISTEN)};

    (void)state;
    assert_int_equal(net_sockets_tell(all, sizeof all, &at, 25), NET_TOLD_YES);
    assert_int_equal(net_sockets_tell(all, sizeof all - sizeof all[3], &at, 25), NET_TOLD_ON);
    all[1].head.nlmsg_type = NLMSG_DONE;
    assert_int_equal(net_sockets_tell(all, sizeof all, &at, 25), NET_TOLD_ALL);
    all[1].head.nlmsg_type = NLMSG_ERROR;
    assert_int_equal(net_sockets_tell(all, sizeof all, &at, 25), NET_TOLD_ALL);
}

/* Lengths that lie, and every answer cut short. */
static void broken_answers(void **state)
{
    static const uint32_t lies[] = {
        0, 1, sizeof(struct nlmsghdr) - 1, UINT32_MAX, UINT32_MAX - 3, 2 * sizeof(struct socket_told) + 1};
    struct net_address at = address_of("192.0.2.1");
    struct socket_told two[] = {socket_told("192.0.2.9", 25, TCP_LISTEN),
                                socket_told("192.0.2.1", 25, TCP_LISTEN)};

    (void)state;
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        two[0].head.nlmsg_len = lies[i];
        assert_int_equal(net_sockets_tell(two, sizeof two, &at, 25), NET_TOLD_ALL);
    }
    two[0].head.nlmsg_len = sizeof two[0];
    for (size_t length = 0; length < sizeof two; length++) {
        uint8_t *cut = malloc(length ? length : 1);

        memcpy(cut, two, length);
        assert_int_not_equal(net_sockets_tell(cut, length, &at, 25), NET_TOLD_YES);
        free(cut);
    }
    two[1].head.nlmsg_len = sizeof two[1].head + 4; /* too short for a socket, and something behind it */
    assert_int_not_equal(net_sockets_tell(two, sizeof two, &at, 25), NET_TOLD_YES);
}

static bool kernel_tells(void)
{
    int fd = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_SOCK_DIAG);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static void a_listener_of_this_machine_is_seen(void **state)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct net_address address = address_of("127.0.0.1"), other = address_of("127.0.0.9");
    socklen_t length = sizeof here;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    (void)state;
    if (!kernel_tells())
        skip();
    assert_int_equal(bind(fd, (struct sockaddr *)&here, length), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&here, &length), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_true(net_listens(&address, ntohs(here.sin_port)));
    assert_false(net_listens(&other, ntohs(here.sin_port)));
    close(fd);
    assert_false(net_listens(&address, ntohs(here.sin_port)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loopback_is_left_from_loopback),
        cmocka_unit_test(scopes),
        cmocka_unit_test(listeners_of_an_address),
        cmocka_unit_test(listeners_of_an_answer),
        cmocka_unit_test(broken_answers),
        cmocka_unit_test(a_listener_of_this_machine_is_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
