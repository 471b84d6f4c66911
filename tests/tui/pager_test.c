/* T hands the selected row's text to $PAGER: the terminal goes over and comes back, whatever the pager does.
 */
#include "engine/base/mem.h"
#include "tests/tui/drive.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIXTURE "tests/tui/screen_fixture"

/* A pager that shows the lines of the file that hold `what`, and waits for Enter. */
#define LINES_WITH(what) "f() { grep -F '" what "' \"$1\"; echo \"read\"ing; read -r line; }; f"

struct place {
    char directory[64];
    struct harness *harness;
};

static void start_with(struct place *place, const char *pager, const char *option)
{
    const char *argv[] = {FIXTURE, option, NULL};
    char *variables[3] = {mem_format("PAGER=%s", pager), NULL, NULL};
    const char *root = getenv("TEST_TMPDIR");

    snprintf(place->directory, sizeof place->directory, "%.40s/pagerXXXXXX",
             root && strlen(root) < 40 ? root : "/tmp");
    assert_non_null(mkdtemp(place->directory));
    variables[1] = mem_format("TMPDIR=%s", place->directory);
    place->harness = harness_start(argv, 24, 80, (const char *const *)variables);
    free(variables[0]);
    free(variables[1]);
    assert_true(harness_wait(place->harness, "? help"));
}

static unsigned files_in(const char *directory)
{
    DIR *dir = opendir(directory);
    unsigned count = 0;
    struct dirent *entry;

    while ((entry = readdir(dir)))
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

/* The screen is back, no file is left, and q gives the terminal back as it was. */
static void assert_back(struct place *place)
{
    assert_true(harness_wait(place->harness, "TARGET"));
    assert_true(harness_alternate(place->harness));
    assert_int_equal(files_in(place->directory), 0);
}

static void quit(struct place *place)
{
    drive_keys(place->harness, "q");
    assert_int_equal(harness_wait_exit(place->harness), 0);
    assert_false(harness_alternate(place->harness));
    assert_true(harness_modes_restored(place->harness));
    harness_free(place->harness);
    assert_int_equal(rmdir(place->directory), 0);
}

static void test_file_is_private_and_goes(void **state)
{
    struct place place;

    (void)state;
    start_with(
        &place,
        "f() { echo \"mode $(stat -c %a \"$1\") secure $LESSSECURE name ${1##*/}\"; read -r line; }; f",
        NULL);
    drive_keys(place.harness, "j j T");
    assert_true(harness_wait(place.harness, "mode 600 secure 1 name mxscope-"));
    assert_false(harness_alternate(place.harness));
    assert_true(harness_modes_restored(place.harness));
    assert_int_equal(files_in(place.directory), 1);
    drive_keys(place.harness, "Enter");
    assert_back(&place);
    drive_keys(place.harness, "j");
    assert_true(harness_wait(place.harness, "1 of 2 servers of tailspin.example"));
    quit(&place);
}

/* What the page says, and of each address the dialogue. */
static void test_text(void **state)
{
    static const struct {
        const char *moves, *pager, *expected;
    } rows[] = {
        {"j j T", LINES_WITH("What to do next"), "What to do next"},
        {"j j T", LINES_WITH("C EHLO probe.example"), "  +31 ms  C EHLO probe.example"},
        {"j j T", LINES_WITH("handshake, 42 ms"), "handshake, 42 ms"},
        {"j T", LINES_WITH("Address   "), "Address       2001:db8::10, port 25 (smtp)"},
        {"4 j j T", LINES_WITH("Address   "), "Address       192.0.2.10, port 25 (smtp)"},
        {"4 j j j T", LINES_WITH("S 220 "), "S 220 mail.contoso.example ESMTP ready"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct place place;

        start_with(&place, rows[i].pager, NULL);
        drive_keys(place.harness, rows[i].moves);
        assert_true(harness_wait(place.harness, "reading"));
        assert_true(harness_wait(place.harness, rows[i].expected));
        drive_keys(place.harness, "Enter");
        assert_back(&place);
        quit(&place);
    }
}

static void test_hostile_text(void **state)
{
    struct place place;

    (void)state;
    start_with(&place,
               "f() { tr -d '\\12\\40-\\176\\200-\\377' <\"$1\" | wc -c | sed 's/^/controls: /'; grep -c x1b "
               "\"$1\" | sed "
               "'s/^/lines: /'; read -r line; }; f",
               "--hostile");
    drive_keys(place.harness, "/");
    harness_send(place.harness, "evil\r");
    drive_keys(place.harness, "T");
    assert_true(harness_wait(place.harness, "controls: 0"));
    assert_true(harness_wait_gone(place.harness, "lines: 0"));
    drive_keys(place.harness, "Enter");
    assert_back(&place);
    quit(&place);
}

static void test_no_pager(void **state)
{
    struct place place;

    (void)state;
    start_with(&place, "/no/such/pager", NULL);
    drive_keys(place.harness, "j j T");
    assert_true(harness_wait(place.harness, "no pager runs: PAGER is \"/no/such/pager\""));
    assert_back(&place);
    quit(&place);
    start_with(&place, "false", NULL);
    drive_keys(place.harness, "j j T");
    assert_true(harness_wait(place.harness, "the pager ended with code 1"));
    assert_back(&place);
    quit(&place);
}

static void test_no_file(void **state)
{
    static const char *const argv[] = {FIXTURE, NULL},
                             *variables[] = {"PAGER=true", "TMPDIR=/no/such/place", NULL};
    struct harness *harness = harness_start(argv, 24, 80, variables);

    (void)state;
    assert_true(harness_wait(harness, "? help"));
    assert_true(harness_key(harness, "j") && harness_key(harness, "T"));
    assert_true(harness_wait(harness, "no temporary file /no/such/place/mxscope-"));
    assert_true(harness_wait(harness, "TARGET"));
    harness_key(harness, "q");
    assert_int_equal(harness_wait_exit(harness), 0);
    harness_free(harness);
}

static void test_where_there_is_nothing_to_read(void **state)
{
    struct place place;

    (void)state;
    start_with(&place, "true", NULL);
    drive_keys(place.harness, "T");
    assert_true(harness_wait(place.harness, "that works on a domain"));
    quit(&place);
}

/* A script without a terminal hears why. */
static void test_without_a_terminal(void **state)
{
    char path[] = "/tmp/pager_testXXXXXX";
    int descriptor = mkstemp(path);
    FILE *script = fdopen(descriptor, "w");
    char *command = mem_format(
        "PAGER=true LC_ALL=C.UTF-8 LINES=24 COLUMNS=100 " FIXTURE " --script %s </dev/null >/dev/null", path);

    (void)state;
    assert_non_null(script);
    fputs("wait ? help\nkey j T\nwait there is no terminal here for a pager\nquit\n", script);
    fclose(script);
    assert_int_equal(system(command), 0);
    unlink(path);
    free(command);
}

/* C-c is the pager's, not ours. */
static void test_interrupt(void **state)
{
    struct place place;

    (void)state;
    start_with(&place, LINES_WITH("nothing"), NULL);
    drive_keys(place.harness, "j j T");
    assert_true(harness_wait(place.harness, "reading"));
    drive_keys(place.harness, "C-c");
    assert_back(&place);
    assert_true(harness_wait(place.harness, "? help"));
    quit(&place);
}

/* C-z stops the pager and us, and both go on. */
static void test_stop(void **state)
{
    struct place place;

    (void)state;
    start_with(&place, "f() { echo reading; read -r line; echo \"got $line\"; read -r line; }; f", NULL);
    drive_keys(place.harness, "j j T");
    assert_true(harness_wait(place.harness, "reading"));
    drive_keys(place.harness, "C-z");
    assert_true(harness_wait_stop(place.harness));
    assert_false(harness_alternate(place.harness));
    harness_signal(place.harness, SIGCONT);
    harness_send(place.harness, "more\r");
    assert_true(harness_wait(place.harness, "got more"));
    drive_keys(place.harness, "Enter");
    assert_back(&place);
    quit(&place);
}

/* What ends us ends the pager too, and the file goes. */
static void test_end(void **state)
{
    struct place place;

    (void)state;
    start_with(&place, LINES_WITH("nothing"), NULL);
    drive_keys(place.harness, "j j T");
    assert_true(harness_wait(place.harness, "reading"));
    harness_signal(place.harness, SIGTERM);
    assert_int_equal(harness_wait_exit(place.harness), 3);
    assert_false(harness_alternate(place.harness));
    assert_true(harness_modes_restored(place.harness));
    assert_int_equal(files_in(place.directory), 0);
    harness_free(place.harness);
    rmdir(place.directory);
}

/* What arrives while the user reads is there afterwards, at the size that the terminal has then. */
static void test_meanwhile(void **state)
{
    struct place place;

    (void)state;
    start_with(&place, LINES_WITH("nothing"), "--live");
    drive_keys(place.harness, "j j T");
    assert_true(harness_wait(place.harness, "reading"));
    harness_signal(place.harness, SIGUSR1);
    harness_resize(place.harness, 40, 100);
    drive_keys(place.harness, "Enter");
    assert_back(&place);
    assert_true(harness_wait(place.harness, "late"));
    assert_int_equal(harness_find(place.harness, "? help"), 39);
    quit(&place);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file_is_private_and_goes),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_hostile_text),
        cmocka_unit_test(test_no_pager),
        cmocka_unit_test(test_no_file),
        cmocka_unit_test(test_where_there_is_nothing_to_read),
        cmocka_unit_test(test_without_a_terminal),
        cmocka_unit_test(test_interrupt),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_end),
        cmocka_unit_test(test_meanwhile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
