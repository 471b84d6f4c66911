/* The terminal as a program finds it and gives it back: sizes, signals, crashes, storms of keys, whole
 * frames, the mouse. */
#include "engine/base/mem.h"
#include "tests/tui/drive.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FIXTURE "tests/tui/screen_fixture"

static void test_sizes(void **state)
{
    static const int sizes[][2] = {{10, 40}, {1, 1}, {2, 3}, {50, 200}, {5, 140}, {24, 80}};
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);
    size_t i;

    (void)state;
    drive_until_selected(harness, "Partners");
    drive_keys(harness, "j j");
    drive_until_selected(harness, "fabrikam.example");
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        harness_resize(harness, sizes[i][0], sizes[i][1]);
        drive_keys(harness, "j k ? q / Esc");
        if (sizes[i][1] >= 40)
            drive_until_selected(harness, "fabrikam.example");
        if (sizes[i][1] == 200)
            assert_true(harness_wait(harness, "│"));
    }
    assert_true(harness_wait(harness, "? help"));
    drive_quit(harness);
}

/* Keys are answered while events stream, and quitting asks. */
static void test_stream(void **state)
{
    static const char *const argv[] = {FIXTURE, "--live", "--stream", "--many", "2000", NULL};
    struct harness *harness = harness_start(argv, 24, 80, NULL);
    int i;

    (void)state;
    drive_until_selected(harness, "Partners");
    drive_keys(harness, "4");
    harness_signal(harness, SIGUSR1);
    for (i = 0; i < 20; i++) {
        drive_keys(harness, "G");
        drive_until_selected(harness, "domain001999.example");
        drive_keys(harness, "g");
        drive_until_selected(harness, "Partners");
    }
    drive_keys(harness, "q");
    assert_true(harness_wait(harness, "Probing still runs. Quit?"));
    drive_keys(harness, "n");
    assert_true(harness_wait_gone(harness, "Quit?"));
    drive_keys(harness, "q");
    assert_true(harness_wait(harness, "Probing still runs. Quit?"));
    drive_keys(harness, "y");
    assert_int_equal(harness_wait_exit(harness), 0);
    assert_true(harness_modes_restored(harness));
    harness_free(harness);
}

static void assert_ends_cleanly(struct harness *harness, int signal_number, int code)
{
    assert_true(harness_wait(harness, "? help"));
    harness_signal(harness, signal_number);
    assert_int_equal(harness_wait_exit(harness), code);
    assert_false(harness_alternate(harness));
    assert_true(harness_cursor_visible(harness));
    assert_true(harness_modes_restored(harness));
    harness_free(harness);
}

static void test_signals_give_the_terminal_back(void **state)
{
    (void)state;
    assert_ends_cleanly(drive_fixture(24, 80, NULL, NULL, NULL), SIGTERM, 3);
    assert_ends_cleanly(drive_fixture(24, 80, NULL, NULL, NULL), SIGHUP, 3);
    assert_ends_cleanly(drive_fixture(24, 80, NULL, NULL, NULL), SIGINT, 3);
}

static void test_crash_gives_the_terminal_back(void **state)
{
    struct harness *harness = drive_fixture(24, 80, "--crash", NULL, NULL);

    (void)state;
    assert_true(harness_wait(harness, "? help"));
    harness_signal(harness, SIGUSR1);
    assert_int_not_equal(harness_wait_exit(harness), 0);
    assert_false(harness_alternate(harness));
    assert_true(harness_modes_restored(harness));
    harness_free(harness);
}

static void test_suspend_and_resume(void **state)
{
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);

    (void)state;
    drive_until_selected(harness, "Partners");
    drive_keys(harness, "j C-z");
    assert_true(harness_wait_stop(harness));
    assert_false(harness_alternate(harness));
    assert_true(harness_modes_restored(harness));
    harness_signal(harness, SIGCONT);
    drive_until_selected(harness, "contoso.example");
    assert_true(harness_alternate(harness));
    harness_signal(harness, SIGSTOP);
    assert_true(harness_wait_stop(harness));
    harness_signal(harness, SIGCONT);
    drive_keys(harness, "j");
    drive_until_selected(harness, "fabrikam.example");
    drive_quit(harness);
}

/* Waiting costs nothing: once all is painted, the screen waits without end, with no timer. */
static void test_idle(void **state)
{
    struct harness *harness = drive_fixture(24, 80, "--live", "--until-idle", NULL);

    (void)state;
    assert_int_equal(harness_wait_exit(harness), 42);
    assert_true(harness_wait(harness, "? help"));
    harness_free(harness);
}

static char *write_script(const char *text)
{
    char *path = mem_format("%s/screen_test_%d.keys", getenv("TEST_TMPDIR") ? getenv("TEST_TMPDIR") : "/tmp",
                            getpid());
    FILE *file = fopen(path, "w");

    fputs(text, file);
    fclose(file);
    return path;
}

static void test_script(void **state)
{
    char *path = write_script("wait Partners\nkey 4\nwait 2001:db8::10\ngone nonsense\nquit\n");
    struct harness *harness = drive_fixture(30, 80, "--script", path, NULL);

    (void)state;
    assert_int_equal(harness_wait_exit(harness), 0);
    harness_free(harness);
    free(path);
    path = write_script("key Nonsense\n");
    harness = drive_fixture(24, 300, "--script", path,
                            NULL); /* wide: the message names the path, whatever its length */
    assert_true(harness_wait(harness, "is no key's name"));
    assert_int_equal(harness_wait_exit(harness), 2);
    harness_free(harness);
    unlink(path);
    free(path);
}

enum { LEFT = 1, WHEEL_UP = 4, WHEEL_DOWN = 5 };

static bool frames_are_whole(struct harness *harness, void *context)
{
    unsigned begun = harness_sent(harness, "\033[?2026h");

    (void)context;
    return begun > 0 && begun == harness_sent(harness, "\033[?2026l");
}

static void test_frames_in_one_piece(void **state)
{
    static const char *const argv[] = {FIXTURE, NULL};
    static const char *const plain[] = {"TERM=vt100", NULL};
    char begin[] = "\033[?2026h", question[] = "\033[?2026$p";
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);

    (void)state;
    harness_knows_no_frames(harness);
    assert_true(harness_wait(harness, "? help"));
    assert_int_equal(harness_sent(harness, question), 1);
    drive_keys(harness, "j"); /* the terminal has said that it does not know the mode */
    drive_until_selected(harness, "contoso.example");
    assert_int_equal(harness_sent(harness, begin), 0);
    harness_send(harness, "\033[?2026;2$y");
    drive_keys(harness, "Tab");
    drive_until_footer(harness, "j k scroll");
    assert_true(harness_wait_for(harness, frames_are_whole, NULL));
    drive_keys(harness, "Esc");
    drive_quit(harness);
    harness = harness_start(argv, 24, 80, plain);
    assert_true(harness_wait(harness, "? help"));
    assert_int_equal(harness_sent(harness, question), 0);
    drive_quit(harness);
}

/* Whenever the answer comes, and in whatever pieces, it presses nothing: the row stays, no prompt opens. */
static void test_late_answer_is_no_key(void **state)
{
    static const char *const answers[] = {"\033[?2026;2$y", "\033[?2026;0$y", "\033[?64;1;2c",
                                          "\033[<0;5;5M"};
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);
    size_t i, j;

    (void)state;
    assert_true(harness_wait(harness, "? help"));
    for (i = 0; i < sizeof answers / sizeof answers[0]; i++)
        for (j = 0; answers[i][j]; j++)
            harness_send(harness, (const char[]){answers[i][j], 0});
    drive_keys(harness, "a");
    harness_send(harness, "what-was-typed");
    assert_true(harness_wait(harness, "add: what-was-typed"));
    drive_keys(harness, "Esc");
    drive_until_footer(harness, " ? help  q quit");
    drive_quit(harness);
}

static void test_mouse(void **state)
{
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);
    int line;

    (void)state;
    assert_true(harness_wait(harness, "? help"));
    harness_click(harness, LEFT, harness_find(harness, "fabrikam.example"), 20);
    drive_keys(harness, "Tab");
    drive_until_footer(harness, "j k scroll");
    drive_keys(harness, "Tab");
    drive_until_footer(harness, " ? help");
    drive_until_selected(harness, "Partners"); /* off by default: the terminal keeps the click */
    drive_keys(harness, "M");
    assert_true(harness_wait(harness, "the mouse works here now"));
    line = harness_find(harness, "fabrikam.example");
    harness_click(harness, LEFT, line, 20);
    drive_until_selected(harness, "fabrikam.example");
    harness_click(harness, LEFT, line, 20);
    assert_true(harness_wait(harness, "▾ gw.fabrikam.example"));
    drive_until_selected(harness, "▾ fabrikam.example");
    harness_click(harness, LEFT, harness_find(harness, "Partners"), 1);
    assert_true(harness_wait_gone(harness, "▾ gw.fabrikam.example"));
    drive_until_selected(harness, "▸ Partners");
    harness_click(harness, LEFT, 23, 5); /* the footer takes none */
    drive_keys(harness, "M");
    assert_true(harness_wait(harness, "the terminal's again"));
    harness_click(harness, LEFT, harness_find(harness, "proseware"), 20);
    drive_keys(harness, "Tab");
    drive_until_footer(harness, "j k scroll");
    drive_keys(harness, "Tab");
    drive_until_footer(harness, " ? help");
    drive_until_selected(harness, "▸ Partners");
    drive_quit(harness);
}

static void test_wheel(void **state)
{
    struct harness *harness = drive_fixture(24, 80, "--mouse", NULL, NULL);

    (void)state;
    assert_true(harness_wait(harness, "? help"));
    harness_click(harness, LEFT, harness_find(harness, "fabrikam.example"), 20);
    assert_true(harness_wait(harness, "accepts TLS 1.0 only"));
    harness_click(harness, WHEEL_DOWN, 20, 20);
    assert_true(harness_wait_gone(harness, "accepts TLS 1.0 only"));
    drive_until_selected(harness, "fabrikam.example");
    harness_click(harness, WHEEL_UP, 20, 20);
    assert_true(harness_wait(harness, "accepts TLS 1.0 only"));
    harness_click(harness, WHEEL_DOWN, 6, 20);
    assert_true(harness_wait_gone(harness, "accepts TLS 1.0 only"));
    harness_click(harness, LEFT, 20, 20);
    drive_until_footer(harness, "j k scroll");
    drive_keys(harness, "Esc ?");
    assert_true(harness_wait(harness, "previous-problem"));
    harness_click(harness, WHEEL_DOWN, 6, 20);
    drive_until_selected(harness, "page-up");
    drive_keys(harness, "Esc");
    drive_quit(harness);
}

/* On every way out the terminal stops telling of the mouse. */
static void test_mouse_is_given_back(void **state)
{
    char off[] = "\033[?1006l\033[?1000l", on[] = "\033[?1000h\033[?1006h";
    static const char *const crash[] = {FIXTURE, "--mouse", "--crash", NULL};
    struct harness *harness = drive_fixture(24, 80, "--mouse", NULL, NULL);

    (void)state;
    assert_true(harness_wait(harness, "? help"));
    assert_int_equal(harness_sent(harness, on), 1);
    drive_keys(harness, "C-z");
    assert_true(harness_wait_stop(harness));
    drive_until_sent(harness, off);
    harness_signal(harness, SIGCONT);
    assert_true(harness_wait(harness, "? help"));
    harness_click(harness, LEFT, harness_find(harness, "fabrikam.example"), 20);
    drive_until_selected(harness, "fabrikam.example");
    drive_quit(harness);
    harness = harness_start(crash, 24, 80, NULL);
    assert_true(harness_wait(harness, "? help"));
    harness_signal(harness, SIGUSR1);
    assert_int_not_equal(harness_wait_exit(harness), 0);
    drive_until_sent(harness, off);
    assert_true(harness_modes_restored(harness));
    harness_free(harness);
}

/* Any keys at any size, while rows arrive: it must live through it and still end well. Help and palette are
 * left out: quit and suspend can be run from there. */
static void test_key_storm(void **state)
{
    static const char *const pool[] = {
        "j",  "k",    "h",      "l",   "Enter", "g",    "G",   "Space", "*",    "1",   "2",
        "3",  "4",    "/",      "n",   "N",     "f",    "v",   "a",     "p",    "r",   "R",
        "e",  "E",    "J",      "K",   "P",     "Tab",  "x",   "é",     "t",    "y",   "C-l",
        "Up", "Down", "BSpace", "C-u", "PgUp",  "PgDn", "Esc", "C-d",   "Home", "End", "!"};
    static const char *const argv[] = {FIXTURE, "--live", "--stream", NULL};
    struct harness *harness = harness_start(argv, 24, 80, NULL);
    unsigned i, seed = 12345;

    (void)state;
    assert_true(harness_wait(harness, "? help"));
    harness_signal(harness, SIGUSR1);
    for (i = 0; i < 3000; i++) {
        seed = seed * 1103515245u + 12345u;
        harness_key(harness, pool[(seed >> 16) % (sizeof pool / sizeof pool[0])]);
        if (i % 100 == 0)
            harness_resize(harness, 1 + (int)(seed >> 20) % 50, 1 + (int)(seed >> 9) % 180);
    }
    harness_resize(harness, 24, 80);
    drive_keys(harness, "C-c");
    harness_send(harness, "\003n");
    drive_keys(harness, "Esc Esc C-l f"); /* a key right behind Esc would be taken with it */
    harness_send(harness, "storm-over");  /* on the screen once all before it was read */
    assert_true(harness_wait(harness, "storm-over"));
    harness_signal(harness, SIGTERM);
    assert_int_equal(harness_wait_exit(harness), 3);
    assert_true(harness_modes_restored(harness));
    harness_free(harness);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_stream),
        cmocka_unit_test(test_signals_give_the_terminal_back),
        cmocka_unit_test(test_crash_gives_the_terminal_back),
        cmocka_unit_test(test_suspend_and_resume),
        cmocka_unit_test(test_idle),
        cmocka_unit_test(test_script),
        cmocka_unit_test(test_frames_in_one_piece),
        cmocka_unit_test(test_late_answer_is_no_key),
        cmocka_unit_test(test_mouse),
        cmocka_unit_test(test_wheel),
        cmocka_unit_test(test_mouse_is_given_back),
        cmocka_unit_test(test_key_storm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
