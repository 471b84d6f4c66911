#include "engine/base/words.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

/* Each name of a list reads back as its own code, none is there twice, and what is beyond the list is
 * harmless. */
#define CHECK_LIST(type)                                                                                     \
    static void type##_reads_back(void **state)                                                              \
    {                                                                                                        \
        enum type code = (enum type)0;                                                                       \
        unsigned i;                                                                                          \
                                                                                                             \
        (void)state;                                                                                         \
        for (i = 0; i < type##_count; i++) {                                                                 \
            assert_true(type##_parse(type##_name((enum type)i), &code));                                     \
            assert_int_equal(code, i);                                                                       \
            assert_non_null(type##_title((enum type)i));                                                     \
            assert_int_equal(strspn(type##_name((enum type)i), "abcdefghijklmnopqrstuvwxyz0123456789-"),     \
                             strlen(type##_name((enum type)i)));                                             \
        }                                                                                                    \
        code = (enum type)1;                                                                                 \
        assert_false(type##_parse("", &code));                                                               \
        assert_false(type##_parse("no such word", &code));                                                   \
        assert_int_equal(code, 1);                                                                           \
        assert_string_equal(type##_name(type##_count), "unknown");                                           \
        assert_string_equal(type##_title(type##_count), "unknown");                                          \
        assert_string_equal(type##_name((enum type) - 1), "unknown");                                        \
    }

CHECK_LIST(target_class)
CHECK_LIST(requirement)
CHECK_LIST(route)
CHECK_LIST(dns_status)
CHECK_LIST(record_type)
CHECK_LIST(protocol)
CHECK_LIST(stage)
CHECK_LIST(probe_error)
CHECK_LIST(starttls_state)
CHECK_LIST(injection_state)
CHECK_LIST(contact_state)
CHECK_LIST(version_state)
CHECK_LIST(verdict)
CHECK_LIST(reason)
CHECK_LIST(consequence)
CHECK_LIST(contact_source)
CHECK_LIST(check)
CHECK_LIST(check_state)
CHECK_LIST(limit)

struct port {
    enum protocol protocol;
    unsigned port;
    bool direct;
};

static void ports_are_the_registered_ones(void **state)
{
    static const struct port rows[] = {
        {PROTOCOL_SMTP, 25, false},  {PROTOCOL_SUBMISSION, 587, false}, {PROTOCOL_SMTPS, 465, true},
        {PROTOCOL_HTTPS, 443, true}, {PROTOCOL_IMAP, 143, false},       {PROTOCOL_IMAPS, 993, true},
        {PROTOCOL_POP3, 110, false}, {PROTOCOL_POP3S, 995, true},
    };
    size_t i;

    (void)state;
    assert_int_equal(sizeof rows / sizeof rows[0], protocol_count);
    for (i = 0; i < protocol_count; i++) {
        assert_int_equal(protocol_port(rows[i].protocol), rows[i].port);
        assert_int_equal(protocol_is_direct_tls(rows[i].protocol), rows[i].direct);
    }
}

/* The names that files and JSON keep, spelled out once more so that a slip of the pen shows. */
static void names_are_the_contract(void **state)
{
    (void)state;
    assert_string_equal(requirement_name(REQUIREMENT_ENCRYPTION), "encryption");
    assert_string_equal(route_name(ROUTE_IMPLICIT), "implicit-mx");
    assert_string_equal(dns_status_name(DNS_NO_DATA), "no-data");
    assert_string_equal(probe_error_name(PROBE_GREYLISTED), "greylisted");
    assert_string_equal(probe_error_name(PROBE_REPLY_TOO_LONG), "reply-too-long");
    assert_string_equal(starttls_state_name(STARTTLS_NOT_APPLICABLE), "not-applicable");
    assert_string_equal(verdict_name(VERDICT_AT_RISK), "at-risk");
    assert_string_equal(probe_error_name(PROBE_LEFT_OUT), "left-out");
    assert_false(probe_error_is_local(PROBE_LEFT_OUT)); /* nothing is wrong: it is wanted so */
    assert_string_equal(reason_name(REASON_DNS_UNTRUSTED), "dns-untrusted");
    assert_string_equal(reason_name(REASON_SOME_ENDPOINTS_BELOW_FLOOR), "some-endpoints-below-floor");
    assert_string_equal(consequence_name(CONSEQUENCE_SOMETIMES_PLAINTEXT), "sometimes-plaintext");
}

static void some_verdicts_fall_short(void **state)
{
    static const bool expected[verdict_count] = {
        [VERDICT_AT_RISK] = true, [VERDICT_PLAINTEXT] = true, [VERDICT_NOT_READY] = true};

    (void)state;
    for (unsigned verdict = 0; verdict < verdict_count; verdict++)
        assert_int_equal(verdict_falls_short((enum verdict)verdict), expected[verdict]);
}

static void stages_are_in_order(void **state)
{
    (void)state;
    assert_true(STAGE_QUEUED < STAGE_DNS && STAGE_DNS < STAGE_CONNECT && STAGE_CONNECT < STAGE_BANNER);
    assert_true(STAGE_BANNER < STAGE_EHLO && STAGE_EHLO < STAGE_STARTTLS && STAGE_STARTTLS < STAGE_HELLO);
    assert_true(STAGE_HELLO < STAGE_CERTIFICATE && STAGE_CERTIFICATE < STAGE_DONE);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(target_class_reads_back),   cmocka_unit_test(requirement_reads_back),
        cmocka_unit_test(route_reads_back),          cmocka_unit_test(dns_status_reads_back),
        cmocka_unit_test(record_type_reads_back),    cmocka_unit_test(protocol_reads_back),
        cmocka_unit_test(stage_reads_back),          cmocka_unit_test(probe_error_reads_back),
        cmocka_unit_test(starttls_state_reads_back), cmocka_unit_test(injection_state_reads_back),
        cmocka_unit_test(version_state_reads_back),  cmocka_unit_test(verdict_reads_back),
        cmocka_unit_test(reason_reads_back),         cmocka_unit_test(consequence_reads_back),
        cmocka_unit_test(contact_state_reads_back),  cmocka_unit_test(contact_source_reads_back),
        cmocka_unit_test(check_reads_back),          cmocka_unit_test(check_state_reads_back),
        cmocka_unit_test(limit_reads_back),          cmocka_unit_test(ports_are_the_registered_ones),
        cmocka_unit_test(names_are_the_contract),    cmocka_unit_test(some_verdicts_fall_short),
        cmocka_unit_test(stages_are_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
