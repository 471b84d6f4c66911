#include "engine/report/provider.h"

#include "engine/model/fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

static void assert_provider(const char *hosts, const char *expected)
{
    struct model *model = fixture_model("exchange-online");
    struct target *target = fixture_target(model, "contoso.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    char *provider;

    fixture_route(model, target, ROUTE_MX, DNS_OK, hosts);
    provider = provider_of_target(target);
    if (expected)
        assert_string_equal(provider, expected);
    else
        assert_null(provider);
    free(provider);
    model_free(model);
}

static void test_registrable_domain(void **state)
{
    (void)state;
    assert_provider("10 contoso-example.mail.protection.outlook.com", "outlook.com");
    assert_provider("10 mx1.eu.contoso.co.uk", "contoso.co.uk");
}

static void test_most_preferred_hosts_decide(void **state)
{
    (void)state;
    assert_provider("10 mx.fabrikam.com 20 a.contoso.com 20 b.contoso.com", "fabrikam.com");
    assert_provider("20 mx.fabrikam.com 10 a.contoso.com", "contoso.com");
}

static void test_most_of_equals_decide(void **state)
{
    (void)state;
    assert_provider("10 a.fabrikam.com 10 b.contoso.com 10 c.contoso.com", "contoso.com");
    assert_provider("10 a.fabrikam.com 10 b.contoso.com", "fabrikam.com");
}

static void test_addresses_have_no_name(void **state)
{
    (void)state;
    assert_provider("10 192.0.2.1", PROVIDER_BY_ADDRESS);
    assert_provider("10 2001:db8::1", PROVIDER_BY_ADDRESS);
}

static void test_unresolved(void **state)
{
    struct model *model = fixture_model("exchange-online");

    (void)state;
    assert_null(
        provider_of_target(fixture_target(model, "contoso.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE)));
    model_free(model);
    assert_provider("", NULL);
}

/* What counts is bounded, whatever DNS says. */
static void test_many_hosts(void **state)
{
    (void)state;
    assert_provider("1 a.aa.com 1 b.bb.com 1 c.bb.com 1 d.bb.com 1 e.bb.com 1 f.bb.com 1 g.bb.com 1 h.bb.com "
                    "1 i.bb.com 1 j.bb.com 1 k.bb.com 1 l.bb.com 1 m.bb.com 1 n.bb.com 1 o.bb.com 1 p.bb.com "
                    "1 q.bb.com 1 r.bb.com 1 s.bb.com",
                    "bb.com");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_registrable_domain),
        cmocka_unit_test(test_most_preferred_hosts_decide),
        cmocka_unit_test(test_most_of_equals_decide),
        cmocka_unit_test(test_addresses_have_no_name),
        cmocka_unit_test(test_unresolved),
        cmocka_unit_test(test_many_hosts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
