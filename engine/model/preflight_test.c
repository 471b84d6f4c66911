/* What preflight found, as it changes what is said of targets. */
#include "engine/model/fixture.h"

#include "engine/base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

static void says(const struct model *model, const struct target *target, const char *expected)
{
    char *text = model_explain(model, target);

    assert_string_equal(text, expected);
    free(text);
}

static struct target *partner(struct model *model)
{
    return fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
}

static void find(struct model *model, enum check_state resolver, bool denies)
{
    struct event event = {.type = EVENT_PREFLIGHT};

    preflight_set(&event.preflight, CHECK_RESOLVER, resolver, NULL);
    event.preflight.denies = denies;
    model_apply(model, &event);
    event_release(&event);
}

static const struct lost_row {
    enum dns_status status;
    bool denied;
    const char *there, *here;
} lost_rows[] = {
    {DNS_TIMEOUT, false, "The name servers of a.example did not answer in time",
     "a.example could not be looked up: the resolver here does not answer"},
    {DNS_SERVFAIL, false, "The name servers of a.example failed (SERVFAIL)",
     "a.example could not be looked up: the resolver here fails (SERVFAIL)"},
    {DNS_REFUSED, false, "The resolver refused to look up a.example",
     "a.example could not be looked up: the resolver here refuses"},
    {DNS_NXDOMAIN, true, "a.example does not exist in DNS",
     "a.example could not be looked up: the resolver here knows only its own names"},
    {DNS_NO_DATA, true, "a.example has neither MX nor address in DNS",
     "a.example could not be looked up: the resolver here knows only its own names"},
};

/* What the resolver here did not tell says nothing of the domain; once it is well again, what it says counts.
 */
static void check_lost(const struct lost_row *row)
{
    struct model *model = fixture_model("exchange-online");
    struct target *t = partner(model);
    char *there = mem_format("%s; %s.", row->there,
                             row->denied ? "no mail flows" : "what happens to mail is not known");
    char *here =
        mem_format("%s, which is trouble here, not there; what happens to mail is not known.", row->here);

    fixture_route(model, t, ROUTE_NONE, row->status, "");
    says(model, t, there);
    assert_false(model_names_lost(model));
    find(model, CHECK_TROUBLE, row->denied);
    says(model, t, here);
    assert_int_equal(t->judgement.verdict, VERDICT_UNREACHABLE);
    assert_int_equal(t->consequence, CONSEQUENCE_UNKNOWN);
    assert_true(model_names_lost(model));
    find(model, CHECK_OK, false);
    says(model, t, there);
    free(there);
    free(here);
    model_free(model);
}

static void lost_lookups(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lost_rows / sizeof lost_rows[0]; i++)
        check_lost(&lost_rows[i]);
}

static void a_lost_host(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *t = partner(model);
    struct strings warnings = {0};

    (void)state;
    fixture_route(model, t, ROUTE_MX, DNS_OK, "10 mx.a.example");
    fixture_addresses(model, "mx.a.example", DNS_NXDOMAIN, "");
    assert_int_equal(t->judgement.reason, REASON_MX_NO_ADDRESS);
    find(model, CHECK_TROUBLE, true);
    assert_int_equal(t->judgement.reason, REASON_DNS_UNTRUSTED);
    assert_true(model_names_lost(model));
    says(model, t,
         "mx.a.example could not be looked up: the resolver here knows only its own names, which is trouble "
         "here, "
         "not there; what happens to mail is not known.");
    model_warnings(model, t, &warnings);
    assert_int_equal(warnings.count, 1);
    assert_string_equal(warnings.items[0],
                        "mx.a.example: its addresses are not known, since the resolver here is in trouble");
    strings_release(&warnings);
    model_free(model);
}

/* It died later: what it denied while it lived stays denied. */
static void denied_before_the_resolver_died(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *t = partner(model);

    (void)state;
    fixture_route(model, t, ROUTE_NONE, DNS_NXDOMAIN, "");
    find(model, CHECK_TROUBLE, false);
    assert_int_equal(t->judgement.verdict, VERDICT_NO_MAIL);
    assert_false(model_names_lost(model));
    model_free(model);
}

/* That is what the admin wants, so nothing is wrong anywhere. */
static void family_left_out(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *t = partner(model);

    (void)state;
    fixture_route(model, t, ROUTE_MX, DNS_OK, "10 mx.a.example");
    fixture_addresses(model, "mx.a.example", DNS_OK, "");
    assert_int_equal(t->judgement.error, PROBE_LEFT_OUT);
    says(model, t,
         "mx.a.example was not asked about TLS: its addresses are of a family that is left out of this run; "
         "what "
         "happens to mail is not known.");
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_lookups),
        cmocka_unit_test(a_lost_host),
        cmocka_unit_test(denied_before_the_resolver_died),
        cmocka_unit_test(family_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
