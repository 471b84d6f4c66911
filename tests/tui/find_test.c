/* Finding, in a terminal: what the prompts offer, and what they remember. */
#include "engine/base/mem.h"
#include "tests/tui/harness.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define FIXTURE "tests/tui/screen_fixture"

static struct harness *start(const char *home)
{
    const char *argv[] = {FIXTURE, NULL}, *environment[] = {home, NULL};

    return harness_start(argv, 24, 80, home ? environment : NULL);
}

static void keys(struct harness *harness, const char *names)
{
    char *copy = mem_string(names), *rest = copy, *name;

    while ((name = strsep(&rest, " ")))
        assert_true(harness_key(harness, name));
    free(copy);
}

static void quit(struct harness *harness)
{
    keys(harness, "q");
    assert_int_equal(harness_wait_exit(harness), 0);
    assert_true(harness_modes_restored(harness));
    harness_free(harness);
}

static char *make_home(void)
{
    const char *base = getenv("TEST_TMPDIR");
    char *home = mem_format("HOME=%s/find.XXXXXX", base ? base : "/tmp");

    assert_non_null(mkdtemp(home + strlen("HOME=")));
    return home;
}

static void test_terms_are_offered(void **state)
{
    struct harness *harness = start(NULL);

    (void)state;
    keys(harness, "f");
    assert_true(harness_wait(harness, "verdict:      such as not-ready"));
    assert_true(harness_wait(harness, "days left, as in 30d"));
    harness_send(harness, "v");
    assert_true(harness_wait_gone(harness, "days left, as in 30d"));
    keys(harness, "Tab");
    assert_true(harness_wait(harness, "filter: verdict:"));
    harness_send(harness, "un");
    keys(harness, "Tab");
    assert_true(harness_wait(harness, "filter: verdict:un"));
    assert_true(harness_wait(harness, "unreachable"));
    keys(harness, "Tab");
    assert_true(harness_wait(harness, "filter: verdict:unknown"));
    keys(harness, "BackTab");
    assert_true(harness_wait(harness, "filter: verdict:unreachable"));
    assert_true(harness_wait(harness, "1 of 8"));
    keys(harness, "Enter");
    assert_true(harness_wait_gone(harness, "filter:"));
    quit(harness);
}

/* What is on its way is no error yet; Enter wants it whole. */
static void test_half_a_term(void **state)
{
    struct harness *harness = start(NULL);

    (void)state;
    keys(harness, "f");
    harness_send(harness, "class:partner tls<");
    assert_true(harness_wait(harness, "filter: class:partner tls<"));
    assert_true(harness_wait(harness, "3 of 8"));
    assert_int_equal(harness_find(harness, "as in tls<1.2"), -1);
    keys(harness, "Enter");
    assert_true(harness_wait(harness, "as in tls<1.2"));
    assert_true(harness_wait(harness, "filter: class:partner tls<"));
    harness_send(harness, "1.2\r");
    assert_true(harness_wait(harness, "2 of 8"));
    assert_true(harness_wait_gone(harness, "filter: "));
    quit(harness);
}

static void test_values_are_offered(void **state)
{
    struct harness *harness = start(NULL);

    (void)state;
    keys(harness, "f");
    harness_send(harness, "operator:f");
    keys(harness, "Tab");
    assert_true(harness_wait(harness, "filter: operator:fabrikam.example"));
    assert_true(harness_wait(harness, "1 of 8"));
    keys(harness, "C-u");
    harness_send(harness, "operator:zz");
    keys(harness, "Tab");
    assert_true(harness_wait(harness, "nothing to complete here"));
    keys(harness, "Esc");
    assert_true(harness_wait_gone(harness, "nothing to complete here"));
    quit(harness);
}

static void test_tags_are_asked_for(void **state)
{
    struct harness *harness = start(NULL);

    (void)state;
    keys(harness, "j Space");
    assert_true(harness_wait(harness, "1 tagged of 8"));
    keys(harness, "f");
    harness_send(harness, "is:tagged\r");
    assert_true(harness_wait(harness, "1 of 8"));
    assert_true(harness_wait(harness, "contoso.example"));
    keys(harness, "j Space");
    assert_true(harness_wait(harness, "0 of 8"));
    quit(harness);
}

static void test_earlier_texts_come_back(void **state)
{
    char *home = make_home();
    struct harness *harness = start(home);

    (void)state;
    keys(harness, "f");
    harness_send(harness, "class:partner\r");
    assert_true(harness_wait(harness, "3 of 8"));
    keys(harness, "f C-u");
    harness_send(harness, "tls<1.2\r");
    assert_true(harness_wait(harness, "of 8: tls<1.2"));
    keys(harness, "/");
    harness_send(harness, "fabrikam\r");
    quit(harness);
    harness = start(home);
    keys(harness, "f");
    harness_send(harness, "mine");
    keys(harness, "Up");
    assert_true(harness_wait(harness, "filter: tls<1.2"));
    assert_true(harness_wait(harness, "of 8: tls<1.2"));
    keys(harness, "C-p");
    assert_true(harness_wait(harness, "filter: class:partner"));
    keys(harness, "Up Down");
    assert_true(harness_wait(harness, "filter: tls<1.2"));
    keys(harness, "C-n");
    assert_true(harness_wait(harness, "filter: mine"));
    keys(harness, "Esc / Up");
    assert_true(harness_wait(harness, "/fabrikam"));
    keys(harness, "Esc");
    quit(harness);
    free(home);
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
    struct harness *harness = start(NULL);
    struct harness_look look;
    char group[] = "Opportunistic";

    (void)state;
    assert_true(harness_wait(harness, "contoso.example"));
    keys(harness, "1 j");
    assert_true(harness_wait_gone(harness, "contoso.example"));
    assert_true(harness_wait_for(harness, on_line_of, group));
    keys(harness, "/");
    harness_send(harness, "2001");
    assert_true(harness_wait(harness, "2001:db8::10"));
    harness_send(harness, "x");
    assert_true(harness_wait(harness, "no match"));
    look = harness_look(harness, 23, 1);
    assert_int_equal(look.color % 8, 1);
    keys(harness, "BSpace");
    assert_true(harness_wait_gone(harness, "no match"));
    keys(harness, "Esc");
    assert_true(harness_wait_gone(harness, "2001:db8::10"));
    assert_int_equal(harness_find(harness, "contoso.example"), -1);
    assert_true(harness_wait_for(harness, on_line_of, group));
    quit(harness);
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
