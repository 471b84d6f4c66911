/* The real program against its built-in lab, in a terminal. */
#include "engine/base/mem.h"
#include "tests/tui/drive.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

#define PROGRAM "tui/mxscope"

static void assert_left_cleanly(struct harness *harness)
{
    assert_int_equal(harness_wait_exit(harness), 0);
    assert_false(harness_alternate(harness));
    assert_true(harness_cursor_visible(harness));
    assert_true(harness_modes_restored(harness));
    harness_free(harness);
}

/* From domains to a settled tree, and from a problem to its reason. */
static void test_demo(void **state)
{
    static const char *const argv[] = {PROGRAM, "--demo", NULL};
    struct harness *harness = harness_start(argv, 40, 100, NULL);

    (void)state;
    assert_true(harness_wait(harness, "▾ Partners"));
    assert_true(harness_wait(harness, "✗ not ready"));
    assert_true(harness_wait(harness, "1 asked again later"));
    assert_true(harness_wait(harness, "done, "));
    drive_keys(harness, "/");
    harness_send(harness, "fabrikam.example\r");
    assert_true(harness_wait(harness, "accepts TLS 1.0 only"));
    assert_true(harness_wait(harness, "mail stops"));
    drive_keys(harness, "r");
    assert_true(harness_wait(harness, "probed again: still not ready"));
    assert_true(harness_wait(harness, "done, "));
    assert_true(harness_wait(harness, "accepts TLS 1.0 only"));
    drive_keys(harness, "4 j r");
    assert_true(harness_wait(harness, "probed again: still not ready"));
    assert_true(harness_wait(harness, "done, "));
    drive_quit(harness);
}

/* Whom to write to comes from DNS by itself, may be taken over, and is found. */
static void test_contacts(void **state)
{
    static const char *const argv[] = {PROGRAM, "--demo", NULL};
    struct harness *harness = harness_start(argv, 40, 120, NULL);

    (void)state;
    assert_true(harness_wait(harness, "✗ not ready"));
    drive_keys(harness, "/");
    harness_send(harness, "fabrikam.example\r");
    assert_true(harness_wait(harness, "DNS zone"));
    assert_true(harness_wait(harness, "j.bailey@it.fabrikam.example"));
    assert_true(harness_wait(harness, "tls+rua@fabrikam.example"));
    harness_send(harness, "t\t\t");
    assert_true(harness_wait(harness, "takes postmaster@fabrikam.example"));
    drive_keys(harness, "Right");
    assert_true(harness_wait(harness, "takes j.bailey@it.fabrikam.example"));
    drive_keys(harness, "Right");
    harness_send(harness, "\r");
    assert_true(harness_wait(harness, "noted on fabrikam.example"));
    assert_true(harness_wait(harness, "Contact       j.bailey@it.fabrikam.example"));
    harness_send(harness, "f");
    harness_send(harness, "contact:humongous\r");
    assert_true(harness_wait(harness, "1 of 41"));
    assert_true(harness_wait(harness, "done, "));
    drive_quit(harness);
}

/* Leaving in the middle of probing asks, then is done at once. */
static void test_quit_while_probing(void **state)
{
    static const char *const argv[] = {PROGRAM, "--demo", NULL};
    struct harness *harness = harness_start(argv, 24, 80, NULL);

    (void)state;
    assert_true(harness_wait(harness, "? help"));
    drive_keys(harness, "q");
    harness_send(harness, "y");
    assert_left_cleanly(harness);
}

/* In lines: a session is probed, kept, and opened again. */
static void test_plain(void **state)
{
    char *path = mem_format("%s/plain.mxscope", getenv("TEST_TMPDIR"));
    const char *probe[] = {PROGRAM, "--demo", "--plain", "-s", path, NULL};
    const char *reopen[] = {PROGRAM, "open", "--plain", path, NULL};
    struct harness *harness = harness_start(probe, 24, 100, NULL);

    (void)state;
    assert_true(harness_wait(harness, "41 targets: 41 pending"));
    harness_send(harness, "wait\rcounts\r");
    assert_true(harness_wait(harness, "done: "));
    assert_true(harness_wait(harness, "all: 41 targets: 6 not ready"));
    harness_send(harness, "search fabrikam.example\rnote called them\r");
    assert_true(harness_wait(harness, "noted on fabrikam.example"));
    harness_send(harness, "quit\r");
    assert_left_cleanly(harness);
    harness = harness_start(reopen, 24, 100, NULL);
    assert_true(harness_wait(harness, "41 targets: 6 not ready"));
    harness_send(harness, "search fabrikam.example\rnote\r");
    assert_true(harness_wait(harness, "note: called them"));
    harness_send(harness, "\004");
    assert_left_cleanly(harness);
    unlink(path);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demo),
        cmocka_unit_test(test_contacts),
        cmocka_unit_test(test_quit_while_probing),
        cmocka_unit_test(test_plain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
