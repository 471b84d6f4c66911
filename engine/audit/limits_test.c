#include "engine/audit/limits.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static void says(char *text, const char *part)
{
    assert_non_null(text);
    if (!strstr(text, part))
        fail_msg("no \"%s\" in: %s", part, text);
    free(text);
}

static void descriptors_are_shared_out(void **state)
{
    static const struct {
        unsigned descriptors, taken, wanted, connections, queries;
    } rows[] = {
        {1048576, 20, 256, 256, 200}, {1024, 0, 256, 256, 128}, {1024, 0, 5000, 1024 - 128 - 64, 128},
        {1044, 20, 5000, 832, 128},   {200, 0, 5000, 125, 25},  {200, 0, 100, 100, 25},
        {220, 20, 5000, 125, 25},     {64, 16, 256, 30, 6},     {40, 16, 256, 15, 3},
        {20, 12, 256, 1, 1},          {16, 20, 256, 1, 1},      {0, 0, 256, 1, 1},
        {1024, 0, 0, 1, 128},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct limits limits = {.descriptors = rows[i].descriptors, .taken = rows[i].taken};
        struct limits_share share;

        limits_share(&limits, rows[i].wanted, 1, &share);
        assert_int_equal(share.connections, rows[i].connections);
        assert_int_equal(share.queries, rows[i].queries);
    }
}

/* Whatever was found: what is shared out, and six more, are there, unless only the least of all is left. */
static void no_more_is_shared_out_than_is_there(void **state)
{
    (void)state;
    for (unsigned descriptors = 0; descriptors < 2000; descriptors++)
        for (unsigned threads = 1; threads <= 16; threads += 3) {
            struct limits limits = {.descriptors = descriptors, .taken = 14};
            struct limits_share share;

            limits_take_threads(&limits, threads);
            limits_share(&limits, 100000, 1, &share);
            assert_true(share.connections == 1 ||
                        limits.taken + share.connections + share.queries + 6 <= descriptors);
        }
}

static void too_few_are_refused(void **state)
{
    struct limits limits = {.descriptors = 22, .taken = 14};

    (void)state;
    assert_true(limits_suffice(&limits));
    limits.descriptors--;
    assert_false(limits_suffice(&limits));
    limits.descriptors = 3;
    assert_false(limits_suffice(&limits));
    says(limits_least_text(8), "of which are in use; expected ");
}

static void threads_leave_most_to_connections(void **state)
{
    static const struct {
        unsigned descriptors, wanted, threads, taken;
    } rows[] = {{1048576, 16, 16, 74}, {1024, 4, 4, 26}, {64, 16, 4, 26}, {64, 2, 2, 18},
                {30, 16, 2, 18},       {29, 16, 1, 14},  {10, 16, 1, 14}, {1024, 0, 1, 14}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct limits limits = {.descriptors = rows[i].descriptors, .taken = 14};

        assert_int_equal(limits_take_threads(&limits, rows[i].wanted), rows[i].threads);
        assert_int_equal(limits.taken, rows[i].taken);
    }
}

static void so_many_descriptors_are_enough(void **state)
{
    static const unsigned wanted[] = {1, 2, 64, 256, 832, 5000, 100000};

    (void)state;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        struct limits limits = {.taken = (unsigned)i * 10};
        struct limits_share share;

        limits.descriptors = limits_descriptors_for(&limits, wanted[i]);
        limits_share(&limits, wanted[i], 1, &share);
        assert_int_equal(share.connections, wanted[i]);
        limits.descriptors--;
        limits_share(&limits, wanted[i], 1, &share);
        assert_true(share.connections < wanted[i] || wanted[i] == 1);
    }
}

static void ports_bound_one_server(void **state)
{
    struct limits limits = {.descriptors = 1024, .ports = 4};
    struct limits_share share;

    (void)state;
    limits_share(&limits, 256, 10, &share);
    assert_int_equal(share.per_host, 4);
    assert_int_equal(share.connections, 256);
    limits.ports = 0;
    limits_share(&limits, 256, 10, &share);
    assert_int_equal(share.per_host, 10);
    limits_share(&limits, 256, 0, &share);
    assert_int_equal(share.per_host, 1);
}

static void what_binds_is_told_with_its_remedy(void **state)
{
    static const struct limits few = {.descriptors = 200, .ports = 2}, unknown = {.descriptors = 200};
    bool binds;

    (void)state;
    says(limits_files_text(&few, 256, &binds), "lets the program open 200 files, which is too few for 256 "
                                               "connections at once; 125 are made (ulimit -n "
                                               "365,");
    assert_true(binds);
    says(limits_files_text(&few, 100, &binds), "enough for 100 connections and 25 lookups at once");
    assert_false(binds);
    says(limits_ports_text(&few, 3, &binds),
         "2 local ports, which is too few for 3 at once; 2 are made (sysctl");
    assert_true(binds);
    says(limits_ports_text(&few, 2, &binds), "from 2 local ports, enough for 2 at once.");
    assert_false(binds);
    assert_null(limits_ports_text(&unknown, 2, &binds));
    assert_false(binds);
}

static void this_machine_has_some(void **state)
{
    struct limits limits;

    (void)state;
    limits_find(&limits);
    assert_true(limits.descriptors > 0);
    assert_true(limits.taken > 0);
    assert_true(limits.taken < limits.descriptors);
    assert_true(limits.ports > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(descriptors_are_shared_out),
        cmocka_unit_test(no_more_is_shared_out_than_is_there),
        cmocka_unit_test(too_few_are_refused),
        cmocka_unit_test(threads_leave_most_to_connections),
        cmocka_unit_test(so_many_descriptors_are_enough),
        cmocka_unit_test(ports_bound_one_server),
        cmocka_unit_test(what_binds_is_told_with_its_remedy),
        cmocka_unit_test(this_machine_has_some),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
