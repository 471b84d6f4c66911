#include "engine/net/operator.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

static void networks(void **state)
{
    static const char *const table[][2] = {
        {"192.0.2.1", "192.0.2.0/24"},
        {"192.0.2.255", "192.0.2.0/24"},
        {"192.0.3.1", "192.0.3.0/24"},
        {"2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"},
        {"2001:db8:1:ffff::1", "2001:db8:1::/48"},
        {"2001:db8:2::1", "2001:db8:2::/48"},
        {"::ffff:192.0.2.9", "192.0.2.0/24"},
        {"::1", "::/48"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct net_address address;
        char *network;

        assert_true(net_address_parse(table[i][0], &address));
        network = operator_network(&address);
        assert_string_equal(network, table[i][1]);
        free(network);
    }
}

static void domains(void **state)
{
    static const char *const table[][2] = {
        {"mx1.eu.contoso.co.uk", "contoso.co.uk"},
        {"contoso.co.uk", "contoso.co.uk"},
        {"co.uk", "co.uk"},
        {"MX.Contoso.COM.", "contoso.com"},
        {"contoso-com.mail.protection.outlook.com", "outlook.com"},
        {"a.b.fabrikam.example", "fabrikam.example"},
        {"mx.xn--bcher-kva.de", "xn--bcher-kva.de"},
        {"mail.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"},
        {"localhost", "localhost"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char *domain = operator_domain(table[i][0]);

        assert_string_equal(domain, table[i][1]);
        free(domain);
    }
}

static void literals_have_no_domain(void **state)
{
    (void)state;
    assert_null(operator_domain("192.0.2.1"));
    assert_null(operator_domain("2001:db8::1"));
    assert_null(operator_domain(""));
    assert_null(operator_domain(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(networks),
        cmocka_unit_test(domains),
        cmocka_unit_test(literals_have_no_domain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
