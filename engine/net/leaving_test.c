#include "engine/net/leaving.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
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
    assert_true(net_leaving_address(&to, NULL, &from));
    assert_int_equal(net_address_scope(&from), NET_SCOPE_LOOPBACK);
    assert_true(net_leaving_address(&to, &source, &from));
    assert_true(net_address_equal(&from, &source));
    source = address_of("203.0.113.77");
    assert_false(net_leaving_address(&to, &source, &from));
}

static void scopes(void **state)
{
    static const struct {
        const char *address;
        enum net_scope scope;
    } rows[] = {
        {"127.0.0.1", NET_SCOPE_LOOPBACK},  {"127.255.0.9", NET_SCOPE_LOOPBACK},
        {"::1", NET_SCOPE_LOOPBACK},        {"10.1.2.3", NET_SCOPE_PRIVATE},
        {"172.15.0.1", NET_SCOPE_GLOBAL},   {"172.16.0.1", NET_SCOPE_PRIVATE},
        {"172.31.0.1", NET_SCOPE_PRIVATE},  {"172.32.0.1", NET_SCOPE_GLOBAL},
        {"192.168.1.1", NET_SCOPE_PRIVATE}, {"192.169.1.1", NET_SCOPE_GLOBAL},
        {"100.63.0.1", NET_SCOPE_GLOBAL},   {"100.64.0.1", NET_SCOPE_PRIVATE},
        {"100.127.0.1", NET_SCOPE_PRIVATE}, {"100.128.0.1", NET_SCOPE_GLOBAL},
        {"169.254.0.1", NET_SCOPE_PRIVATE}, {"192.0.2.1", NET_SCOPE_GLOBAL},
        {"fd00::1", NET_SCOPE_PRIVATE},     {"fc00::1", NET_SCOPE_PRIVATE},
        {"fe80::1", NET_SCOPE_PRIVATE},     {"fec0::1", NET_SCOPE_GLOBAL},
        {"2001:db8::1", NET_SCOPE_GLOBAL},  {"::2", NET_SCOPE_GLOBAL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct net_address address = address_of(rows[i].address);

        assert_int_equal(net_address_scope(&address), rows[i].scope);
    }
}

static bool told(const char *table, const char *address, uint16_t port)
{
    struct net_address at = address_of(address);

    return net_table_listens(table, &at, port);
}

/* The lines are a little-endian kernel's, where numbers and bytes stand in opposite orders. */
static void listeners_of_a_table(void **state)
{
    static const char one[] =
        "  sl  local_address rem_address   st tx_queue rx_queue tr\n"
        "   0: 010200C0:0019 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0\n"
        "   1: 020200C0:0019 010200C0:C000 01 00000000:00000000 00:00000000 00000000     0\n";
    static const char all[] = "   0: 00000000:0019 00000000:0000 0A 00000000:00000000\n";
    static const char all6[] =
        "   0: 00000000000000000000000000000000:0019 00000000000000000000000000000000:0000 0A 0\n";
    static const char six[] =
        "   0: B80D0120000000000000000001000000:0019 00000000000000000000000000000000:0000 0A 0\n";
    static const char mapped[] =
        "   0: 0000000000000000FFFF0000010200C0:0019 00000000000000000000000000000000:0000 0A 0\n";

    (void)state;
    if (ntohl(1) == 1)
        skip();
    assert_true(told(one, "192.0.2.1", 25));
    assert_false(told(one, "192.0.2.1", 26));
    assert_false(told(one, "192.0.2.2", 25)); /* a connection, no listener */
    assert_false(told(one, "192.0.2.3", 25));
    assert_true(told(all, "192.0.2.1", 25));
    assert_false(told(all, "2001:db8::1", 25));
    assert_true(told(all6, "192.0.2.1", 25));
    assert_true(told(all6, "2001:db8::1", 25));
    assert_true(told(six, "2001:db8::1", 25));
    assert_false(told(six, "2001:db8::2", 25));
    assert_true(told(mapped, "192.0.2.1", 25));
    assert_false(told("", "192.0.2.1", 25));
    assert_false(told("::::\n0: 0:0019\n0: 010200C0:0019", "192.0.2.1", 25));
}

static void a_listener_of_this_machine_is_seen(void **state)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct net_address address = address_of("127.0.0.1"), other = address_of("127.0.0.9");
    socklen_t length = sizeof here;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    (void)state;
    if (access("/proc/net/tcp", R_OK) != 0)
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
        cmocka_unit_test(listeners_of_a_table),
        cmocka_unit_test(a_listener_of_this_machine_is_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
