#include "engine/net/address.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static void assert_text(const char *given, unsigned family, const char *canonical)
{
    struct net_address address;
    char text[NET_ADDRESS_SIZE];

    assert_true(net_address_parse(given, &address));
    assert_int_equal(address.family, family);
    net_address_print(&address, text);
    assert_string_equal(text, canonical);
}

static void reads_and_prints(void **state)
{
    (void)state;
    assert_text("192.0.2.1", 4, "192.0.2.1");
    assert_text("2001:DB8:0:0:0:0:0:1", 6, "2001:db8::1");
    assert_text("::", 6, "::");
    assert_text("::ffff:192.0.2.1", 6, "::ffff:192.0.2.1");
    assert_text("2001:db8:0:1:1:1:1:1", 6, "2001:db8:0:1:1:1:1:1");
}

static void refuses_what_is_no_address(void **state)
{
    static const char *const bad[] = {"",         "1.2.3", "1.2.3.4.5", "256.1.1.1", "[::1]",   "::1%lo",
                                      "01.2.3.4", ":::",   "mx.host.",  " 1.2.3.4",  "1.2.3.4 "};
    struct net_address address;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(net_address_parse(bad[i], &address));
        assert_int_equal(address.family, 0);
    }
}

static void unmapped_is(const char *given, const char *plain)
{
    struct net_address address;
    char text[NET_ADDRESS_SIZE];

    assert_true(net_address_parse(given, &address));
    address = net_address_unmapped(&address);
    net_address_print(&address, text);
    assert_string_equal(text, plain);
}

static void finds_the_ipv4_address_within_an_ipv6_one(void **state)
{
    (void)state;
    unmapped_is("::ffff:192.0.2.1", "192.0.2.1");
    unmapped_is("192.0.2.1", "192.0.2.1");
    unmapped_is("2001:db8::ffff:c000:201", "2001:db8::ffff:c000:201");
    unmapped_is("::fffe:c000:201", "::fffe:c000:201");
}

static void compares_only_its_own_bytes(void **state)
{
    struct net_address a, b;

    (void)state;
    net_address_parse("192.0.2.1", &a);
    b = a;
    b.bytes[9] = 7;
    assert_true(net_address_equal(&a, &b));
    net_address_parse("::c000:201", &b);
    assert_false(net_address_equal(&a, &b));
}

static void becomes_a_sockaddr(void **state)
{
    struct net_address address;
    struct sockaddr_storage out;

    (void)state;
    net_address_parse("192.0.2.1", &address);
    assert_int_equal(net_address_sockaddr(&address, 25, &out), sizeof(struct sockaddr_in));
    assert_int_equal(out.ss_family, AF_INET);
    assert_int_equal(((struct sockaddr_in *)&out)->sin_port, htons(25));
    assert_int_equal(((struct sockaddr_in *)&out)->sin_addr.s_addr, htonl(0xc0000201));
    net_address_parse("2001:db8::1", &address);
    assert_int_equal(net_address_sockaddr(&address, 25, &out), sizeof(struct sockaddr_in6));
    assert_int_equal(out.ss_family, AF_INET6);
    assert_memory_equal(&((struct sockaddr_in6 *)&out)->sin6_addr, address.bytes, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_prints),
        cmocka_unit_test(refuses_what_is_no_address),
        cmocka_unit_test(finds_the_ipv4_address_within_an_ipv6_one),
        cmocka_unit_test(compares_only_its_own_bytes),
        cmocka_unit_test(becomes_a_sockaddr),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
