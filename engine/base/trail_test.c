#include "engine/base/trail.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

static void keeps_records_in_order(void **state)
{
    struct trail trail = {0};

    (void)state;
    trail_add(&trail, RECORD_CNAME, "a.example", "b.example", 60);
    trail_add(&trail, RECORD_A, "b.example", "192.0.2.1", 300);
    assert_int_equal(trail.count, 2);
    assert_int_equal(trail.records[0].type, RECORD_CNAME);
    assert_string_equal(trail.records[0].data, "b.example");
    assert_string_equal(trail.records[1].name, "b.example");
    assert_int_equal(trail.records[1].ttl, 300);
    trail_release(&trail);
    assert_int_equal(trail.count, 0);
    assert_null(trail.records);
}

/* The aliases on the way to A and to AAAA are the same ones. */
static void an_appended_trail_repeats_nothing(void **state)
{
    struct trail to = {0}, from = {0};

    (void)state;
    trail_add(&to, RECORD_CNAME, "a.example", "b.example", 60);
    trail_add(&to, RECORD_A, "b.example", "192.0.2.1", 300);
    trail_add(&from, RECORD_CNAME, "a.example", "b.example", 59);
    trail_add(&from, RECORD_AAAA, "b.example", "2001:db8::1", 300);
    trail_append(&to, &from);
    trail_append(&to, NULL);
    trail_release(&from);
    assert_int_equal(to.count, 3);
    assert_int_equal(to.records[0].ttl, 60);
    assert_int_equal(to.records[2].type, RECORD_AAAA);
    trail_release(&to);
}

static void so_many_are_kept_and_no_more(void **state)
{
    struct trail trail = {0}, copy = {0};
    char data[16];

    (void)state;
    for (unsigned i = 0; i < TRAIL_MOST; i++) {
        snprintf(data, sizeof data, "%u mx.example", i);
        trail_add(&trail, RECORD_MX, "a.example", data, 60);
    }
    assert_int_equal(trail.count, TRAIL_MOST);
    assert_false(trail.cut);
    trail_add(&trail, RECORD_MX, "a.example", "9999 mx.example", 60);
    assert_int_equal(trail.count, TRAIL_MOST);
    assert_true(trail.cut);
    trail_append(&copy, &trail);
    assert_int_equal(copy.count, TRAIL_MOST);
    assert_true(copy.cut);
    trail_release(&copy);
    trail_release(&trail);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_records_in_order),
        cmocka_unit_test(an_appended_trail_repeats_nothing),
        cmocka_unit_test(so_many_are_kept_and_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
