#include "engine/audit/evidence.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static struct net_address address_of(const char *text)
{
    struct net_address address;

    assert_true(net_address_parse(text, &address));
    return address;
}

static void add_signs(struct evidence *evidence, enum port_sign sign, unsigned endpoints, unsigned networks)
{
    for (unsigned i = 0; i < endpoints; i++) {
        struct net_address address = {4, {192, 0, (uint8_t)(i % networks), (uint8_t)i}};

        evidence_add_sign(evidence, &address, sign);
    }
}

static void add_starttls(struct evidence *evidence, enum starttls_state starttls, unsigned networks)
{
    for (unsigned i = 0; i < networks; i++) {
        struct net_address address = {6, {0x20, 1, 0xd, 0xb8, 0, (uint8_t)i, 9}};

        evidence_add_starttls(evidence, &address, starttls);
    }
}

static void signs_of_connections(void **state)
{
    (void)state;
    assert_int_equal(port_sign_of(PROBE_OK, "mx.example ESMTP"), SIGN_OPEN);
    assert_int_equal(port_sign_of(PROBE_RESET, "mx.example ESMTP"), SIGN_OPEN);
    assert_int_equal(port_sign_of(PROBE_SMTP_REJECTED, NULL), SIGN_OPEN);
    assert_int_equal(port_sign_of(PROBE_CONNECT_TIMEOUT, NULL), SIGN_TIMEOUT);
    assert_int_equal(port_sign_of(PROBE_CONNECT_REFUSED, NULL), SIGN_REFUSED);
    assert_int_equal(port_sign_of(PROBE_CONNECT_UNREACHABLE, NULL), SIGN_UNREACHABLE);
    assert_int_equal(port_sign_of(PROBE_RESET, NULL), SIGN_UNREACHABLE);
    assert_int_equal(port_sign_of(PROBE_CLOSED, NULL), SIGN_CONNECTED);
    assert_int_equal(port_sign_of(PROBE_BANNER_TIMEOUT, NULL), SIGN_CONNECTED);
    assert_int_equal(port_sign_of(PROBE_NO_ROUTE, NULL), SIGN_NONE);
    assert_int_equal(port_sign_of(PROBE_LOCAL_LIMIT, NULL), SIGN_NONE);
    assert_int_equal(port_sign_of(PROBE_NO_SOURCE, NULL), SIGN_NONE);
}

static void starred_banners(void **state)
{
    (void)state;
    assert_true(banner_is_starred("****************02**********************0"));
    assert_true(banner_is_starred("**** ** *** 220"));
    assert_false(banner_is_starred("mx.example ESMTP *** be nice ***"));
    assert_false(banner_is_starred("***"));
    assert_false(banner_is_starred(""));
    assert_false(banner_is_starred(NULL));
}

/* Signs of one kind, then of another, then what controls say. */
static const struct port_row {
    enum port_sign sign;
    unsigned endpoints, networks;
    enum port_sign other;
    enum port_sign controls[2];
    bool suspect;
    enum check_state state;
} port_rows[] = {
    {SIGN_OPEN, 1, 1, SIGN_NONE, {0}, false, CHECK_OK},
    {SIGN_TIMEOUT, 100, 50, SIGN_OPEN, {0}, false, CHECK_OK},
    {SIGN_TIMEOUT, 2, 2, SIGN_NONE, {0}, false, CHECK_UNKNOWN},
    {SIGN_TIMEOUT, 9, 2, SIGN_NONE, {SIGN_TIMEOUT}, false, CHECK_UNKNOWN},
    {SIGN_TIMEOUT, 3, 3, SIGN_NONE, {0}, true, CHECK_UNKNOWN},
    {SIGN_TIMEOUT, 3, 3, SIGN_NONE, {SIGN_TIMEOUT}, true, CHECK_TROUBLE},
    {SIGN_REFUSED, 3, 3, SIGN_NONE, {SIGN_REFUSED, SIGN_REFUSED}, true, CHECK_TROUBLE},
    {SIGN_UNREACHABLE, 3, 3, SIGN_NONE, {SIGN_NONE, SIGN_UNREACHABLE}, true, CHECK_TROUBLE},
    {SIGN_TIMEOUT, 3, 3, SIGN_NONE, {SIGN_TIMEOUT, SIGN_OPEN}, true, CHECK_OK},
    {SIGN_TIMEOUT, 30, 20, SIGN_NONE, {SIGN_TIMEOUT, SIGN_REFUSED}, true, CHECK_UNKNOWN},
    {SIGN_TIMEOUT, 30, 20, SIGN_NONE, {SIGN_CONNECTED}, true, CHECK_UNKNOWN},
    {SIGN_TIMEOUT, 18, 9, SIGN_REFUSED, {SIGN_TIMEOUT}, false, CHECK_UNKNOWN},
    {SIGN_TIMEOUT, 18, 9, SIGN_CONNECTED, {SIGN_TIMEOUT}, false, CHECK_UNKNOWN},
    {SIGN_TIMEOUT, 19, 9, SIGN_REFUSED, {SIGN_TIMEOUT}, true, CHECK_TROUBLE},
    {SIGN_TIMEOUT, 19, 9, SIGN_CONNECTED, {SIGN_TIMEOUT}, true, CHECK_TROUBLE},
    {SIGN_TIMEOUT, 999, 200, SIGN_REFUSED, {0}, true, CHECK_TROUBLE},
    {SIGN_REFUSED, 999, 200, SIGN_TIMEOUT, {0}, true, CHECK_UNKNOWN},
    {SIGN_TIMEOUT, 999, 200, SIGN_OPEN, {0}, false, CHECK_OK},
    {SIGN_TIMEOUT, 999, 2, SIGN_REFUSED, {SIGN_TIMEOUT}, false, CHECK_UNKNOWN},
    {SIGN_CONNECTED, 999, 200, SIGN_TIMEOUT, {SIGN_TIMEOUT}, false, CHECK_UNKNOWN},
    {SIGN_TIMEOUT, 9, 9, SIGN_NONE, {0}, true, CHECK_UNKNOWN},
    {SIGN_TIMEOUT, 20, 4, SIGN_NONE, {0}, true, CHECK_UNKNOWN},
    {SIGN_TIMEOUT, 10, 5, SIGN_NONE, {0}, true, CHECK_TROUBLE},
    {SIGN_UNREACHABLE, 10, 5, SIGN_NONE, {0}, true, CHECK_TROUBLE},
    {SIGN_REFUSED, 10, 5, SIGN_NONE, {0}, true, CHECK_UNKNOWN},
    {SIGN_REFUSED, 300, 200, SIGN_NONE, {0}, true, CHECK_UNKNOWN},
    {SIGN_REFUSED, 300, 200, SIGN_NONE, {SIGN_REFUSED}, true, CHECK_TROUBLE},
    {SIGN_CONNECTED, 30, 20, SIGN_NONE, {0}, false, CHECK_UNKNOWN},
    {SIGN_NONE, 0, 1, SIGN_NONE, {SIGN_OPEN}, false, CHECK_OK},
    {SIGN_NONE, 0, 1, SIGN_NONE, {SIGN_TIMEOUT}, false, CHECK_UNKNOWN},
};

static void the_port_is_judged(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof port_rows / sizeof port_rows[0]; i++) {
        const struct port_row *row = &port_rows[i];
        const struct control_word words[2] = {{row->controls[0], STARTTLS_UNKNOWN},
                                              {row->controls[1], STARTTLS_UNKNOWN}};
        struct evidence evidence;

        evidence_init(&evidence);
        add_signs(&evidence, row->sign, row->endpoints, row->networks);
        if (row->other != SIGN_NONE)
            add_signs(&evidence, row->other, 1, 1);
        if (evidence_port_suspect(&evidence) != row->suspect ||
            evidence_judge_port(&evidence, words, 2) != row->state)
            fail_msg("row %zu", i);
        evidence_release(&evidence);
    }
}

static const struct path_row {
    unsigned offered, masked, absent; /* networks */
    enum starttls_state control;
    bool suspect;
    enum check_state state;
} path_rows[] = {
    {0, 0, 0, STARTTLS_UNKNOWN, false, CHECK_UNKNOWN},
    {1, 0, 0, STARTTLS_UNKNOWN, false, CHECK_OK},
    {1, 0, 30, STARTTLS_UNKNOWN, false, CHECK_OK},
    {0, 1, 0, STARTTLS_UNKNOWN, false, CHECK_UNKNOWN},
    {9, 1, 0, STARTTLS_UNKNOWN, false, CHECK_UNKNOWN},
    {0, 2, 0, STARTTLS_UNKNOWN, true, CHECK_TROUBLE},
    {9, 2, 0, STARTTLS_UNKNOWN, true, CHECK_UNKNOWN},
    {9, 2, 0, STARTTLS_OFFERED, true, CHECK_OK},
    {9, 2, 0, STARTTLS_MASKED, true, CHECK_TROUBLE},
    {0, 2, 0, STARTTLS_OFFERED, true, CHECK_OK},
    {0, 0, 0, STARTTLS_NOT_OFFERED, false, CHECK_TROUBLE},
    {0, 0, 0, STARTTLS_MASKED, false, CHECK_TROUBLE},
    {0, 0, 0, STARTTLS_OFFERED, false, CHECK_OK},
    {0, 0, 1, STARTTLS_NOT_OFFERED, false, CHECK_TROUBLE},
    {0, 0, 1, STARTTLS_OFFERED, false, CHECK_OK},
    {0, 1, 0, STARTTLS_MASKED, false, CHECK_TROUBLE},
    {1, 0, 4, STARTTLS_NOT_OFFERED, false, CHECK_TROUBLE},
    {0, 0, 4, STARTTLS_UNKNOWN, false, CHECK_UNKNOWN},
    {0, 0, 5, STARTTLS_UNKNOWN, true, CHECK_UNKNOWN},
    {0, 0, 50, STARTTLS_UNKNOWN, true, CHECK_UNKNOWN},
    {0, 0, 5, STARTTLS_NOT_OFFERED, true, CHECK_TROUBLE},
    {0, 0, 5, STARTTLS_MASKED, true, CHECK_TROUBLE},
    {0, 0, 5, STARTTLS_OFFERED, true, CHECK_OK},
};

static void the_path_is_judged(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof path_rows / sizeof path_rows[0]; i++) {
        const struct path_row *row = &path_rows[i];
        const struct control_word word = {SIGN_NONE, row->control};
        struct evidence evidence;

        evidence_init(&evidence);
        add_starttls(&evidence, STARTTLS_OFFERED, row->offered);
        add_starttls(&evidence, STARTTLS_MASKED, row->masked);
        add_starttls(&evidence, STARTTLS_NOT_OFFERED, row->absent);
        add_starttls(&evidence, STARTTLS_REJECTED, 9);
        if (evidence_path_suspect(&evidence) != row->suspect ||
            evidence_judge_path(&evidence, &word, 1) != row->state)
            fail_msg("row %zu", i);
        evidence_release(&evidence);
    }
}

static void networks_are_24_and_48_bits_wide(void **state)
{
    static const char *const same[] = {"192.0.2.1", "192.0.2.2", "192.0.2.255"};
    static const char *const other[] = {"2001:db8:1::1", "2001:db8:1:ffff::1", "2001:db8:2::1"};
    struct evidence evidence;

    (void)state;
    evidence_init(&evidence);
    for (int i = 0; i < 3; i++) {
        struct net_address address = address_of(same[i]);

        evidence_add_sign(&evidence, &address, SIGN_REFUSED);
    }
    assert_int_equal(evidence.signs[SIGN_REFUSED].networks.count, 1);
    for (int i = 0; i < 3; i++) {
        struct net_address address = address_of(other[i]);

        evidence_add_sign(&evidence, &address, SIGN_REFUSED);
    }
    assert_int_equal(evidence.signs[SIGN_REFUSED].networks.count, 3);
    assert_int_equal(evidence.signs[SIGN_REFUSED].endpoints, 6);
    assert_true(evidence_port_suspect(&evidence));
    evidence_release(&evidence);
}

static void a_mapped_address_is_of_its_ipv4_network(void **state)
{
    static const char *const texts[] = {"192.0.2.1", "::ffff:192.0.2.9", "::ffff:198.51.100.1"};
    struct evidence evidence;

    (void)state;
    evidence_init(&evidence);
    for (int i = 0; i < 3; i++) {
        struct net_address address = address_of(texts[i]);

        evidence_add_sign(&evidence, &address, SIGN_TIMEOUT);
    }
    assert_int_equal(evidence.signs[SIGN_TIMEOUT].networks.count, 2);
    assert_int_equal(evidence_tried(&evidence), 3);
    evidence_release(&evidence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_of_connections),
        cmocka_unit_test(starred_banners),
        cmocka_unit_test(the_port_is_judged),
        cmocka_unit_test(the_path_is_judged),
        cmocka_unit_test(networks_are_24_and_48_bits_wide),
        cmocka_unit_test(a_mapped_address_is_of_its_ipv4_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
