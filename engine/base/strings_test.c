#include "engine/base/strings.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void keeps_copies_in_order(void **state)
{
    struct strings list = {0};
    char text[16];
    unsigned i;

    (void)state;
    for (i = 0; i < 100; i++) {
        snprintf(text, sizeof text, "item %u", i);
        strings_add(&list, text);
    }
    assert_int_equal(list.count, 100);
    for (i = 0; i < 100; i++) {
        snprintf(text, sizeof text, "item %u", i);
        assert_string_equal(list.items[i], text);
    }
    strings_release(&list);
    assert_int_equal(list.count, 0);
    assert_null(list.items);
    strings_add(&list, "again");
    assert_string_equal(list.items[0], "again");
    strings_release(&list);
}

static void adds_once(void **state)
{
    struct strings list = {0};

    (void)state;
    assert_true(strings_add_once(&list, "a"));
    assert_true(strings_add_once(&list, "A"));
    assert_false(strings_add_once(&list, "a"));
    assert_int_equal(list.count, 2);
    strings_release(&list);
}

static void formats(void **state)
{
    struct strings list = {0};

    (void)state;
    strings_addf(&list, "%s has %d", "host", 3);
    strings_addf(&list, "%0*d", 3000, 0);
    assert_string_equal(list.items[0], "host has 3");
    assert_int_equal(strlen(list.items[1]), 3000);
    strings_release(&list);
}

static void copies_behind_what_is_there(void **state)
{
    struct strings from = {0}, to = {0};

    (void)state;
    strings_copy(&to, &from);
    assert_int_equal(to.count, 0);
    strings_add(&from, "b");
    strings_add(&from, "c");
    strings_add(&to, "a");
    strings_copy(&to, &from);
    strings_release(&from);
    assert_int_equal(to.count, 3);
    assert_string_equal(to.items[0], "a");
    assert_string_equal(to.items[2], "c");
    strings_release(&to);
}

/* Be they few or many. */
static void the_first_of_equals_stays(void **state)
{
    (void)state;
    for (unsigned kinds = 1; kinds < 100; kinds += 33) {
        struct strings list = {0};

        for (unsigned i = 0; i < 3 * kinds; i++)
            strings_addf(&list, "%u", i * 7 % kinds);
        strings_drop_repeated(&list);
        assert_int_equal(list.count, kinds);
        for (unsigned i = 0; i < kinds; i++)
            assert_int_equal(atoi(list.items[i]), i * 7 % kinds);
        strings_add(&list, "more");
        assert_string_equal(list.items[kinds], "more");
        strings_release(&list);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_copies_in_order),       cmocka_unit_test(adds_once),
        cmocka_unit_test(the_first_of_equals_stays),   cmocka_unit_test(formats),
        cmocka_unit_test(copies_behind_what_is_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
