/* What can be done to targets on the screen: arranged, removed, classed, noted, judged anew; and undone. */
#include "tests/tui/drive.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define FIXTURE "tests/tui/screen_fixture"

static int start(void **state)
{
    const char *argv[] = {FIXTURE, NULL};

    *state = harness_start(argv, 30, 100, NULL);
    return !harness_wait(*state, "proseware.example");
}

static int quit(void **state)
{
    struct harness *harness = *state;
    bool left = harness_key(harness, "q") && harness_wait_exit(harness) == 0;

    harness_free(harness);
    return !left;
}

static bool is_in_order(struct harness *harness, void *context)
{
    const char *const *texts = context;
    int first = harness_find(harness, texts[0]), second = harness_find(harness, texts[1]);

    return first >= 0 && first < second;
}

/* Until the line of `above` is before the line of `below`, and both are there: rows that are arranged anew
 * may come in a frame behind the one that says so. */
static void assert_order(struct harness *harness, const char *above, const char *below)
{
    const char *texts[] = {above, below};

    if (!harness_wait_for(harness, is_in_order, texts))
        fail_msg("\"%s\" is not above \"%s\"", above, below);
}

static void regroups(void **state)
{
    struct harness *harness = *state;

    drive_keys(harness, "j j o");
    assert_true(harness_wait(harness, "grouped by verdict"));
    assert_order(harness, "Not ready", "Ready");
    drive_until_selected(harness, "fabrikam.example");
    drive_keys(harness, "o");
    assert_true(harness_wait(harness, "grouped by consequence"));
    assert_order(harness, "Mail stops", "fabrikam.example");
    assert_order(harness, "fabrikam.example", "Mail goes encrypted");
    drive_keys(harness, "o");
    assert_true(harness_wait(harness, "grouped by operator"));
    assert_true(harness_wait(harness, "TARGET BY OPERATOR"));
    drive_until_selected(harness, "fabrikam.example");
    assert_true(harness_wait(harness, "not resolved yet"));
    assert_true(harness_wait_gone(harness, "contoso.example +2"));
    drive_keys(harness, "o");
    assert_true(harness_wait(harness, "grouped by class"));
    drive_until_selected(harness, "fabrikam.example");
    drive_keys(harness, "O");
    assert_true(harness_wait(harness, "grouped by operator"));
}

static void sorts(void **state)
{
    struct harness *harness = *state;

    assert_order(harness, "northwind.example", "adatum.example");
    drive_keys(harness, "s");
    assert_true(harness_wait(harness, "sorted by name"));
    assert_true(harness_wait(harness, "TARGET ▴"));
    assert_order(harness, "adatum.example", "northwind.example");
    drive_keys(harness, "S");
    assert_true(harness_wait(harness, "sorted by name, reversed"));
    assert_order(harness, "northwind.example", "adatum.example");
    drive_keys(harness, "s");
    assert_true(harness_wait(harness, "sorted by verdict"));
    assert_true(harness_wait(harness, "VERDICT ▴"));
    assert_order(harness, "litware.example", "northwind.example");
    drive_keys(harness, "f");
    harness_send(harness, "class:opp\r");
    assert_true(harness_wait(harness, "5 of 8"));
    drive_keys(harness, "o");
    assert_true(harness_wait(harness, "5 of 8"));
    assert_true(harness_wait_gone(harness, "fabrikam.example"));
    drive_keys(harness, "Esc");
}

static void shows_versions(void **state)
{
    struct harness *harness = *state;

    drive_keys(harness, "v v 5");
    assert_true(harness_wait(harness, "TLS 1.0"));
    drive_keys(harness, "/");
    harness_send(harness, "2.20\r");
    drive_until_selected(harness, "192.0.2.20");
    drive_keys(harness, "j j");
    drive_until_selected(harness, "TLS 1.2");
    drive_until_selected(harness, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    drive_keys(harness, "h");
    drive_until_selected(harness, "192.0.2.20");
    drive_keys(harness, "h j");
    drive_until_selected(harness, "192.0.2.21");
}

static void removes_and_undoes(void **state)
{
    struct harness *harness = *state;

    drive_keys(harness, "j j d");
    assert_true(harness_wait(harness, "removed fabrikam.example; u brings it back"));
    assert_true(harness_wait(harness, "7 targets"));
    drive_until_selected(harness, "tailspin.example");
    drive_keys(harness, "p");
    assert_true(harness_wait(harness, "tailspin.example is opportunistic now"));
    drive_keys(harness, "u");
    assert_true(harness_wait(harness, "undone: the change of tailspin.example"));
    drive_keys(harness, "u");
    assert_true(harness_wait(harness, "undone: the removal of fabrikam.example"));
    assert_true(harness_wait(harness, "8 targets"));
    drive_until_selected(harness, "fabrikam.example");
    drive_keys(harness, "u");
    assert_true(harness_wait(harness, "nothing was done that could be undone"));
}

static void acts_on_what_is_tagged(void **state)
{
    struct harness *harness = *state;

    drive_keys(harness, "G k Space Space");
    assert_true(harness_wait(harness, "2 tagged of 8"));
    drive_keys(harness, "p");
    assert_true(harness_wait(harness, "2 tagged targets are partners now; u undoes it"));
    drive_keys(harness, "t");
    assert_true(harness_wait(harness, "2 tagged targets"));
    drive_keys(harness, "Tab");
    harness_send(harness, "Kim\r");
    assert_true(harness_wait(harness, "noted on 2 tagged targets"));
    drive_keys(harness, "f");
    harness_send(harness, "owner:kim class:partner\r");
    assert_true(harness_wait(harness, "2 of 8"));
    drive_keys(harness, "Esc u u");
    assert_true(harness_wait(harness, "undone: the change of 2 tagged targets"));
    drive_keys(harness, "d");
    assert_true(harness_wait(harness, "removed 2 tagged targets; u brings them back"));
    assert_true(harness_wait(harness, "6 targets"));
}

static void a_group_is_tagged_whole(void **state)
{
    struct harness *harness = *state;

    drive_keys(harness, "Space");
    assert_true(harness_wait(harness, "3 tagged of 8"));
    drive_keys(harness, "g Space");
    assert_true(harness_wait_gone(harness, "tagged"));
}

static void keeps_who_cares(void **state)
{
    struct harness *harness = *state;

    drive_keys(harness, "j j t");
    assert_true(harness_wait(harness, "Contact"));
    harness_send(harness, "asked\t");
    harness_send(harness, "Ann\t");
    harness_send(harness, "postmaster@fabrikam.example\t");
    harness_send(harness, "soon\t");
    drive_keys(harness, "Space Space");
    assert_true(harness_wait(harness, "[contacted]"));
    drive_keys(harness, "Enter");
    assert_true(harness_wait(harness, "expected one as in 2026-12-01"));
    drive_keys(harness, "C-u");
    harness_send(harness, "+14d");
    drive_keys(harness, "Enter v");
    assert_true(harness_wait(harness, "Owner         Ann"));
    assert_true(harness_wait(harness, ", in 14 days"));
    assert_true(harness_wait(harness, "Contact       postmaster@fabrikam.example, contacted"));
    drive_keys(harness, "t Esc");
    assert_true(harness_wait_gone(harness, "[contacted]"));
    assert_true(harness_wait(harness, "Note          asked"));
}

static void judges_by_another_baseline(void **state)
{
    struct harness *harness = *state;

    assert_true(harness_wait(harness, "exchange-online, TLS 1.2"));
    drive_keys(harness, "b");
    assert_true(harness_wait(harness, "baseline:"));
    harness_send(harness, "nowhere\r");
    assert_true(harness_wait(harness, "nowhere"));
    drive_keys(harness, "C-u");
    harness_send(harness, "tls1.3\r");
    assert_true(harness_wait(harness, "judged by tls1.3: 2 verdicts changed, nothing was probed"));
    assert_true(harness_wait(harness, "tls1.3, TLS 1.3 or better"));
    drive_keys(harness, "f");
    harness_send(harness, "verdict:ready\r");
    assert_true(harness_wait(harness, "1 of 8"));
    drive_keys(harness, "Esc u");
    assert_true(harness_wait(harness, "undone: the change of the baseline"));
    assert_true(harness_wait(harness, "exchange-online, TLS 1.2"));
}

/* Those who fall short by the new floor will be written to. */
static void asks_whom_to_write_to(void **state)
{
    struct harness *harness = drive_fixture(30, 100, "--live", NULL, NULL);

    (void)state;
    assert_true(harness_wait(harness, "proseware.example"));
    drive_keys(harness, "b");
    harness_send(harness, "tls1.3\r");
    assert_true(harness_wait(harness, "nothing was probed; DNS is asked whom to write to about 5"));
    drive_keys(harness, "/");
    harness_send(harness, "northwind\r");
    assert_true(harness_wait(harness, "hostmaster@sample.example (SOA of sample.example)"));
    drive_keys(harness, "b");
    harness_send(harness, "tls1.2\r");
    assert_true(harness_wait(harness, "judged by tls1.2"));
    assert_int_equal(harness_find(harness, "DNS is asked"), -1);
    drive_keys(harness, "q y");
    assert_int_equal(harness_wait_exit(harness), 0);
    harness_free(harness);
}

/* Rows come and go around it; the selected one stays where it is, and no line is left empty for it. */
static void keeps_the_line(void **state)
{
    struct harness *harness = *state;
    int before, line, column;

    drive_keys(harness, "v v j j j");
    drive_until_selected(harness, "tailspin.example");
    harness_cursor(harness, &before, &column);
    drive_keys(harness, "p");
    assert_true(harness_wait(harness, "tailspin.example is opportunistic now"));
    drive_until_selected(harness, "tailspin.example");
    drive_keys(harness, "u");
    assert_true(harness_wait(harness, "undone"));
    drive_keys(harness, "f");
    harness_send(harness, "zzz");
    assert_true(harness_wait(harness, "Nothing matches"));
    drive_keys(harness, "Esc");
    drive_until_selected(harness, "tailspin.example");
    harness_cursor(harness, &line, &column);
    assert_int_equal(line, before);
}

static void a_walk_tags(void **state)
{
    struct harness *harness = *state;

    drive_keys(harness, "e Space e Space e Space");
    assert_true(harness_wait(harness, "3 tagged of 8"));
    drive_until_selected(harness, "litware.example");
    drive_keys(harness, "d");
    assert_true(harness_wait(harness, "removed 3 tagged targets"));
    drive_keys(harness, "u");
    assert_true(harness_wait(harness, "undone: the removal of 3 tagged targets"));
    assert_true(harness_wait(harness, "3 tagged of 8"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(regroups, start, quit),
        cmocka_unit_test_setup_teardown(sorts, start, quit),
        cmocka_unit_test_setup_teardown(shows_versions, start, quit),
        cmocka_unit_test_setup_teardown(removes_and_undoes, start, quit),
        cmocka_unit_test_setup_teardown(acts_on_what_is_tagged, start, quit),
        cmocka_unit_test_setup_teardown(a_group_is_tagged_whole, start, quit),
        cmocka_unit_test_setup_teardown(keeps_who_cares, start, quit),
        cmocka_unit_test_setup_teardown(judges_by_another_baseline, start, quit),
        cmocka_unit_test(asks_whom_to_write_to),
        cmocka_unit_test_setup_teardown(keeps_the_line, start, quit),
        cmocka_unit_test_setup_teardown(a_walk_tags, start, quit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
