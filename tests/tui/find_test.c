/* Finding, in a terminal: what the prompts offer, and what they remember. */
#include "engine/base/mem.h"
#include "tests/tui/drive.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void test_terms_are_offered(void **state)
{
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);

    (void)state;
    drive_keys(harness, "f");
    assert_true(harness_wait(harness, "verdict:      such as not-ready"));
    assert_true(harness_wait(harness, "days left, as in 30d"));
    harness_send(harness, "v");
    assert_true(harness_wait_gone(harness, "days left, as in 30d"));
    drive_keys(harness, "Tab");
    assert_true(harness_wait(harness, "filter: verdict:"));
    harness_send(harness, "un");
    drive_keys(harness, "Tab");
    assert_true(harness_wait(harness, "filter: verdict:un"));
    assert_true(harness_wait(harness, "unreachable"));
    drive_keys(harness, "Tab");
    assert_true(harness_wait(harness, "filter: verdict:unknown"));
    drive_keys(harness, "BackTab");
    assert_true(harness_wait(harness, "filter: verdict:unreachable"));
    assert_true(harness_wait(harness, "1 of 8"));
    drive_keys(harness, "Enter");
    assert_true(harness_wait_gone(harness, "filter:"));
    drive_quit(harness);
}

/* What is on its way is no error yet; Enter wants it whole. */
static void test_half_a_term(void **state)
{
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);

    (void)state;
    drive_keys(harness, "f");
    harness_send(harness, "class:partner tls<");
    assert_true(harness_wait(harness, "filter: class:partner tls<"));
    assert_true(harness_wait(harness, "3 of 8"));
    assert_int_equal(harness_find(harness, "as in tls<1.2"), -1);
    drive_keys(harness, "Enter");
    assert_true(harness_wait(harness, "as in tls<1.2"));
    assert_true(harness_wait(harness, "filter: class:partner tls<"));
    harness_send(harness, "1.2\r");
    assert_true(harness_wait(harness, "2 of 8"));
    assert_true(harness_wait_gone(harness, "filter: "));
    drive_quit(harness);
}

static void test_values_are_offered(void **state)
{
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);

    (void)state;
    drive_keys(harness, "f");
    harness_send(harness, "operator:f");
    drive_keys(harness, "Tab");
    assert_true(harness_wait(harness, "filter: operator:fabrikam.example"));
    assert_true(harness_wait(harness, "1 of 8"));
    drive_keys(harness, "C-u");
    harness_send(harness, "operator:zz");
    drive_keys(harness, "Tab");
    assert_true(harness_wait(harness, "nothing to complete here"));
    drive_keys(harness, "Esc");
    assert_true(harness_wait_gone(harness, "nothing to complete here"));
    drive_quit(harness);
}

static void test_tags_are_asked_for(void **state)
{
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);

    (void)state;
    drive_keys(harness, "j Space");
    assert_true(harness_wait(harness, "1 tagged of 8"));
    drive_keys(harness, "f");
    harness_send(harness, "is:tagged\r");
    assert_true(harness_wait(harness, "1 of 8"));
    assert_true(harness_wait(harness, "contoso.example"));
    drive_keys(harness, "j Space");
    assert_true(harness_wait(harness, "0 of 8"));
    drive_quit(harness);
}

static void test_earlier_texts_come_back(void **state)
{
    char *folder = drive_folder(), *home = mem_format("HOME=%s", folder);
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, home);

    (void)state;
    drive_keys(harness, "f");
    harness_send(harness, "class:partner\r");
    assert_true(harness_wait(harness, "3 of 8"));
    drive_keys(harness, "f C-u");
    harness_send(harness, "tls<1.2\r");
    assert_true(harness_wait(harness, "of 8: tls<1.2"));
    drive_keys(harness, "/");
    harness_send(harness, "fabrikam\r");
    drive_quit(harness);
    harness = drive_fixture(24, 80, NULL, NULL, home);
    drive_keys(harness, "f");
    harness_send(harness, "mine");
    drive_keys(harness, "Up");
    assert_true(harness_wait(harness, "filter: tls<1.2"));
    assert_true(harness_wait(harness, "of 8: tls<1.2"));
    drive_keys(harness, "C-p");
    assert_true(harness_wait(harness, "filter: class:partner"));
    drive_keys(harness, "Up Down");
    assert_true(harness_wait(harness, "filter: tls<1.2"));
    drive_keys(harness, "C-n");
    assert_true(harness_wait(harness, "filter: mine"));
    drive_keys(harness, "Esc / Up");
    assert_true(harness_wait(harness, "/fabrikam"));
    drive_keys(harness, "Esc");
    drive_quit(harness);
    free(home);
    free(folder);
}

static bool on_line_of(struct harness *harness, void *context)
{
    int line, column;

    harness_cursor(harness, &line, &column);
    return line == harness_find(harness, context);
}

/* Folds and place are as before, wherever a search has led; a text that nothing holds is told in red. */
static void test_escape_undoes_a_search(void **state)
{
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);
    struct harness_look look;
    char group[] = "Opportunistic";

    (void)state;
    assert_true(harness_wait(harness, "contoso.example"));
    drive_keys(harness, "1 j");
    assert_true(harness_wait_gone(harness, "contoso.example"));
    assert_true(harness_wait_for(harness, on_line_of, group));
    drive_keys(harness, "/");
    harness_send(harness, "2001");
    assert_true(harness_wait(harness, "2001:db8::10"));
    harness_send(harness, "x");
    assert_true(harness_wait(harness, "no match"));
    look = harness_look(harness, 23, 1);
    assert_int_equal(look.color % 8, 1);
    drive_keys(harness, "BSpace");
    assert_true(harness_wait_gone(harness, "no match"));
    drive_keys(harness, "Esc");
    assert_true(harness_wait_gone(harness, "2001:db8::10"));
    assert_int_equal(harness_find(harness, "contoso.example"), -1);
    assert_true(harness_wait_for(harness, on_line_of, group));
    drive_quit(harness);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_half_a_term),
        cmocka_unit_test(test_terms_are_offered),
        cmocka_unit_test(test_values_are_offered),
        cmocka_unit_test(test_tags_are_asked_for),
        cmocka_unit_test(test_escape_undoes_a_search),
        cmocka_unit_test(test_earlier_texts_come_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
