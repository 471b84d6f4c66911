#include "engine/net/dns_servers.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void assert_server(const char *text, const char *address, unsigned port)
{
    struct dns_servers servers;
    char shown[NET_ADDRESS_SIZE];
    char *error = NULL;

    assert_true(dns_servers_parse(&servers, &text, 1, &error));
    assert_int_equal(servers.count, 1);
    net_address_print(&servers.items[0].address, shown);
    assert_string_equal(shown, address);
    assert_int_equal(servers.items[0].port, port);
}

static void reads_servers(void **state)
{
    (void)state;
    assert_server("192.0.2.53", "192.0.2.53", 53);
    assert_server("192.0.2.53:5353", "192.0.2.53", 5353);
    assert_server("2001:db8::53", "2001:db8::53", 53);
    assert_server("[2001:db8::53]", "2001:db8::53", 53);
    assert_server("[2001:db8::53]:65535", "2001:db8::53", 65535);
}

static void says_what_it_expected(void **state)
{
    static const char *const bad[] = {"",          "dns.example", "192.0.2.53:",    "192.0.2.53:0",
                                      "1.2.3.4:x", "[1.2.3.4]:1", "[::1",           "[::1]53",
                                      "[::1]:",    "1.2.3.4:-1",  "1.2.3.4:70000",  "1.2.3.4:53:53",
                                      "[]:53",     "[",           "\x1b[2J1.2.3.4", ":53"};
    struct dns_servers servers;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char *error = NULL;

        assert_false(dns_servers_parse(&servers, &bad[i], 1, &error));
        assert_non_null(strstr(error, "ADDR:PORT"));
        assert_null(strchr(error, '\x1b'));
        free(error);
    }
}

static void there_are_bounds(void **state)
{
    const char *many[DNS_SERVERS_MOST + 1];
    struct dns_servers servers;
    char *error = NULL;
    size_t i;

    (void)state;
    for (i = 0; i <= DNS_SERVERS_MOST; i++)
        many[i] = "192.0.2.53";
    assert_false(dns_servers_parse(&servers, many, DNS_SERVERS_MOST + 1, &error));
    assert_non_null(strstr(error, "at most"));
    free(error);
}

static void with_configuration(struct dns_servers *servers, const char *text, bool good)
{
    char path[] = "/tmp/dns_servers_test.XXXXXX";
    int file = mkstemp(path);
    char *error = NULL;

    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    close(file);
    assert_int_equal(dns_servers_system(servers, path, &error), good);
    if (!good)
        assert_non_null(strstr(error, path));
    free(error);
    unlink(path);
}

static void the_system_names_servers(void **state)
{
    struct dns_servers servers;
    struct net_address expected;

    (void)state;
    with_configuration(&servers,
                       "# comment\nsearch example.com\nnameserver 192.0.2.1\n nameserver 2001:db8::1\n"
                       "nameserver 192.0.2.1\noptions ndots:5 timeout:1\n",
                       true);
    assert_true(servers.count >= 1);
    net_address_parse("192.0.2.1", &expected);
    assert_true(net_address_equal(&servers.items[0].address, &expected));
    assert_int_equal(servers.items[0].port, 53);
    with_configuration(&servers, "nameserver 127.0.0.1\n", true);
    assert_int_equal(servers.count, 1);
}

static void the_system_names_none(void **state)
{
    struct dns_servers servers;
    char *error = NULL;

    (void)state;
    with_configuration(&servers, "", false);
    with_configuration(&servers, "search example.com\n", false);
    assert_false(dns_servers_system(&servers, "/nonexistent/resolv.conf", &error));
    free(error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_servers),         cmocka_unit_test(says_what_it_expected),
        cmocka_unit_test(there_are_bounds),      cmocka_unit_test(the_system_names_servers),
        cmocka_unit_test(the_system_names_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
