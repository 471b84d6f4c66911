#include "tui/summary.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void assert_endpoint(enum starttls_state starttls, int accepted, const char *text)
{
    struct facts *facts = facts_new();
    struct endpoint endpoint = {.facts = facts};
    struct summary_versions versions;
    char out[SUMMARY_SIZE];

    facts->starttls = starttls;
    if (accepted >= 0)
        facts->versions[accepted].state = VERSION_ACCEPTED;
    versions = summary_of_endpoint(&endpoint);
    summary_text(&versions, true, out);
    assert_string_equal(out, text);
    facts_free(facts);
}

/* Unknown is never a no. */
static void test_none_is_known(void **state)
{
    (void)state;
    assert_endpoint(STARTTLS_NOT_OFFERED, -1, "none");
    assert_endpoint(STARTTLS_MASKED, -1, "");
    assert_endpoint(STARTTLS_UNKNOWN, -1, "");
    assert_endpoint(STARTTLS_REJECTED, -1, "");
    assert_endpoint(STARTTLS_OFFERED, -1, "");
    assert_endpoint(STARTTLS_OFFERED, TLS_1_2, "1.2");
    assert_endpoint(STARTTLS_NOT_APPLICABLE, TLS_1_3, "1.3");
}

/* Machines that differ behind one address are a spread, too. */
static void test_mixed(void **state)
{
    struct facts *facts = facts_new();
    struct endpoint endpoint = {.facts = facts};
    struct summary_versions versions;
    char out[SUMMARY_SIZE];

    (void)state;
    facts->starttls = STARTTLS_OFFERED;
    facts->versions[TLS_1_0].state = facts->versions[TLS_1_3].state = VERSION_ACCEPTED;
    facts->tally.chose[TLS_1_3] = 3;
    versions = summary_of_endpoint(&endpoint);
    summary_text(&versions, true, out);
    assert_string_equal(out, "1.3");
    facts->tally.chose[TLS_1_0] = 2;
    versions = summary_of_endpoint(&endpoint);
    summary_text(&versions, true, out);
    assert_string_equal(out, "1.0-1.3");
    facts->tally.offered = 2;
    facts->tally.not_offered = 1;
    versions = summary_of_endpoint(&endpoint);
    summary_text(&versions, true, out);
    assert_string_equal(out, "none-1.3");
    facts_free(facts);
}

static void test_spread(void **state)
{
    static const struct {
        struct summary_versions versions;
        const char *text;
    } cases[] = {
        {{-1, -1, false}, ""},
        {{TLS_1_0, TLS_1_3, false}, "1.0-1.3"},
        {{TLS_1_3, TLS_1_3, true}, "none-1.3"},
        {{TLS_SSL_3_0, TLS_SSL_3_0, false}, "SSL3"},
    };
    char out[SUMMARY_SIZE];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        summary_text(&cases[i].versions, true, out);
        assert_string_equal(out, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none_is_known),
        cmocka_unit_test(test_mixed),
        cmocka_unit_test(test_spread),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
