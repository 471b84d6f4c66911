/* Sessions that the screen keeps: in the user's state folder, in a file that w names, in the file of -s;
 * shown again by mxscope open. Nothing but the name service of this machine is asked, and nothing waits for
 * it. */
#include "engine/base/mem.h"
#include "tests/tui/drive.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROGRAM "tui/mxscope"
#define TARGET  "smtp://127.0.0.1:9" /* needs no name service */

struct desk {
    struct harness *harness;
    char *home;
};

static void start(struct desk *desk, const char *first, const char *second, const char *third)
{
    const char *argv[] = {PROGRAM, first, second, third, NULL};

    desk->harness = drive_program(argv, 24, 120, desk->home);
    assert_true(harness_wait(desk->harness, "TLS 1.2 or better"));
}

/* Ends the screen, and waits for what is said behind it. */
static void quit(struct desk *desk, const char *words)
{
    assert_true(harness_wait(desk->harness, "quit"));
    assert_true(harness_key(desk->harness, "q"));
    harness_send(desk->harness, "y"); /* where it asks, since it probes */
    if (words)
        assert_true(harness_wait(desk->harness, words));
    assert_int_equal(harness_wait_exit(desk->harness), 0);
    assert_true(harness_modes_restored(desk->harness));
    harness_free(desk->harness);
}

/* The one file of a session in the state folder; NULL when there is none. */
static char *kept_file(const struct desk *desk)
{
    char *pattern = mem_format("%s/.local/state/mxscope/*.mxscope", desk->home), *path = NULL;
    glob_t found;

    if (glob(pattern, 0, NULL, &found) == 0) {
        assert_int_equal(found.gl_pathc, 1);
        path = mem_string(found.gl_pathv[0]);
    }
    globfree(&found);
    free(pattern);
    return path;
}

static void shows(struct desk *desk, const char *path, const char *words)
{
    start(desk, "open", path, NULL);
    assert_true(harness_wait(desk->harness, "offline"));
    assert_true(harness_wait(desk->harness, words));
    quit(desk, NULL);
}

static void test_unnamed(void **unused)
{
    struct desk desk = {.home = drive_folder()};
    struct stat status;
    char *path;

    (void)unused;
    start(&desk, TARGET, NULL, NULL);
    assert_true(harness_wait(desk.harness, "127.0.0.1:9"));
    quit(&desk, "this session is kept in");
    path = kept_file(&desk);
    assert_non_null(path);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    shows(&desk, path, "127.0.0.1:9");
    free(path);
    free(desk.home);
}

/* Where nothing can be kept it is asked before all is gone. */
static void test_nowhere(void **unused)
{
    struct desk desk = {.home = drive_folder()};
    char *path = mem_format("%s/.local", desk.home);
    FILE *file = fopen(path, "w");

    (void)unused;
    assert_non_null(file);
    fclose(file);
    start(&desk, TARGET, NULL, NULL);
    assert_true(harness_wait(desk.harness, "127.0.0.1:9"));
    assert_true(harness_key(desk.harness, "q"));
    assert_true(harness_wait(desk.harness, "kept nowhere (w keeps it in a file). Quit? y n"));
    harness_send(desk.harness, "n");
    quit(&desk, "this session is kept nowhere: ");
    unlink(path);
    free(path);
    free(desk.home);
}

/* The file is full before the demo is: who leaves then is asked, and told by the exit code. */
static void test_not_saved(void **unused)
{
    struct desk desk = {.home = drive_folder()};
    char *path = mem_format("%s/full.mxscope", desk.home);

    (void)unused;
    start(&desk, "--demo", "-s", path);
    harness_limit_files(desk.harness, 64 * 1024);
    assert_true(harness_wait(desk.harness, "NOT SAVED"));
    assert_true(harness_key(desk.harness, "q"));
    assert_true(
        harness_wait(desk.harness, "What came last is not saved (w keeps all in another file). Quit? y n"));
    harness_send(desk.harness, "y");
    assert_true(harness_wait(desk.harness, "full.mxscope: "));
    assert_int_equal(harness_wait_exit(desk.harness), 3);
    harness_free(desk.harness);
    free(path);
    free(desk.home);
}

static void test_empty(void **unused)
{
    struct desk desk = {.home = drive_folder()};

    (void)unused;
    start(&desk, NULL, NULL, NULL);
    quit(&desk, NULL);
    assert_null(kept_file(&desk));
    free(desk.home);
}

static unsigned count(const struct desk *desk, const char *names)
{
    char *pattern = mem_format("%s/%s", desk->home, names);
    glob_t found;
    unsigned all = glob(pattern, 0, NULL, &found) == 0 ? (unsigned)found.gl_pathc : 0;

    globfree(&found);
    free(pattern);
    return all;
}

/* A terminal that goes away may say so more than once. */
static void hang_up(struct desk *desk)
{
    harness_signal(desk->harness, SIGHUP);
    harness_signal(desk->harness, SIGTERM);
    harness_signal(desk->harness, SIGHUP);
    assert_int_equal(harness_wait_exit(desk->harness), 3);
    harness_free(desk->harness);
}

static void test_hang_up_leaves_nothing(void **unused)
{
    struct desk desk = {.home = drive_folder()};

    (void)unused;
    start(&desk, NULL, NULL, NULL);
    hang_up(&desk);
    assert_null(kept_file(&desk));
    start(&desk, NULL, NULL, NULL);
    assert_true(harness_key(desk.harness, "a"));
    harness_send(desk.harness, TARGET "\r");
    assert_true(harness_wait(desk.harness, "added " TARGET));
    hang_up(&desk);
    assert_int_equal(count(&desk, ".local/state/mxscope/*.mxscope"), 1);
    assert_int_equal(count(&desk, ".local/state/mxscope/history"), 1);
    assert_int_equal(count(&desk, ".local/state/mxscope/history.*"), 0);
    free(desk.home);
}

static void test_hang_up_of_the_demo(void **unused)
{
    static const char *const argv[] = {PROGRAM, "--demo", NULL};
    struct desk desk = {.home = drive_folder()};
    char *home = mem_format("HOME=%s", desk.home), *folder = mem_format("TMPDIR=%s", desk.home);
    const char *environment[] = {home, folder, NULL};

    (void)unused;
    desk.harness = harness_start(argv, 24, 120, environment);
    assert_true(harness_wait(desk.harness, "Partners"));
    assert_int_equal(count(&desk, "mxscope-lab-*"), 1);
    hang_up(&desk);
    assert_int_equal(count(&desk, "mxscope-lab-*"), 0);
    free(home);
    free(folder);
    free(desk.home);
}

/* How the screen was arranged is there again, and what was filtered is said. */
static void test_arrangement(void **unused)
{
    struct desk desk = {.home = drive_folder()};

    (void)unused;
    start(&desk, TARGET, NULL, NULL);
    assert_true(harness_wait(desk.harness, "127.0.0.1:9"));
    quit(&desk, "this session is kept in");
    assert_int_equal(count(&desk, ".local/state/mxscope/view"), 0);
    start(&desk, TARGET, NULL, NULL);
    assert_true(harness_wait(desk.harness, "127.0.0.1:9"));
    assert_true(harness_key(desk.harness, "o"));
    assert_true(harness_wait(desk.harness, "grouped by verdict"));
    assert_true(harness_key(desk.harness, "f"));
    harness_send(desk.harness, "class:relay\r");
    assert_true(harness_wait(desk.harness, "class:relay"));
    quit(&desk, "this session is kept in");
    assert_int_equal(count(&desk, ".local/state/mxscope/view"), 1);
    assert_int_equal(count(&desk, ".local/state/mxscope/view.*"), 0);
    start(&desk, TARGET, NULL, NULL);
    assert_true(harness_wait(desk.harness, "the filter of last time: class:relay; Esc shows all"));
    assert_true(harness_wait(desk.harness, "TARGET BY VERDICT"));
    assert_true(harness_key(desk.harness, "Esc"));
    assert_true(harness_wait_gone(desk.harness, "class:relay")); /* Esc and q in one are another key */
    quit(&desk, "this session is kept in");
    start(&desk, TARGET, NULL, NULL);
    assert_true(harness_wait(desk.harness, "TARGET BY VERDICT"));
    assert_int_equal(harness_find(desk.harness, "the filter of last time"), -1);
    quit(&desk, "this session is kept in");
    free(desk.home);
}

static void test_too_simple(void **unused)
{
    static const char *const argv[] = {PROGRAM, TARGET, NULL}, *const environment[] = {"TERM=dumb", NULL};
    struct harness *harness = harness_start(argv, 24, 120, environment);

    (void)unused;
    assert_true(
        harness_wait(harness, "\"dumb\" cannot move the cursor, which the screen needs; use --plain"));
    assert_int_equal(harness_wait_exit(harness), 2);
    harness_free(harness);
}

static void test_no_place(void **unused)
{
    struct desk desk = {.home = mem_string("/proc")};

    (void)unused;
    start(&desk, TARGET, NULL, NULL);
    assert_true(harness_wait(desk.harness, "this session is kept nowhere: /proc/.local/state/mxscope"));
    quit(&desk, "this session is kept nowhere: /proc/.local/state/mxscope");
    free(desk.home);
}

static void test_named_on_the_screen(void **unused)
{
    struct desk desk = {.home = drive_folder()};
    char *path = mem_format("%s/partners.mxscope", desk.home);

    (void)unused;
    start(&desk, TARGET, NULL, NULL);
    assert_true(harness_wait(desk.harness, "127.0.0.1:9"));
    assert_true(harness_key(desk.harness, "w"));
    assert_true(harness_wait(desk.harness, "keep this session in: mxscope-"));
    assert_true(harness_key(desk.harness, "C-u"));
    harness_send(desk.harness, "~/nowhere/x.mxscope\r");
    assert_true(harness_wait(desk.harness, "there is no such file or folder"));
    assert_true(harness_key(desk.harness, "C-u"));
    harness_send(desk.harness, "~/partners.mxscope\r");
    assert_true(harness_wait(desk.harness, "this session is kept in"));
    assert_true(harness_key(desk.harness, "w"));
    assert_true(harness_key(desk.harness, "C-u"));
    harness_send(desk.harness, "~/partners.mxscope\r");
    assert_true(harness_wait(desk.harness, "kept there already"));
    assert_true(harness_key(desk.harness, "Esc"));
    assert_true(harness_wait_gone(desk.harness, "kept there already"));
    quit(&desk, "partners.mxscope");
    assert_null(kept_file(&desk));
    shows(&desk, path, "127.0.0.1:9");
    free(path);
    free(desk.home);
}

static void add_another(struct desk *desk)
{
    drive_keys(desk->harness, "a");
    assert_true(harness_wait(desk->harness, "add: "));
    harness_send(desk->harness, "smtp://127.0.0.2:9\r");
    assert_true(harness_wait(desk->harness, "added smtp://127.0.0.2:9"));
}

/* What is noted in a session is there when it is gone on with. */
static void test_snapshot_option(void **unused)
{
    struct desk desk = {.home = drive_folder()};
    char *path = mem_format("%s/s.mxscope", desk.home);

    (void)unused;
    start(&desk, "-s", path, TARGET);
    assert_true(harness_wait(desk.harness, "127.0.0.1:9"));
    add_another(&desk);
    assert_true(harness_wait(desk.harness, "2 targets  saved "));
    quit(&desk, "this session is kept in");
    start(&desk, "-s", path, NULL);
    assert_true(harness_wait(desk.harness, "127.0.0.1:9"));
    assert_true(harness_wait(desk.harness, "127.0.0.2:9"));
    quit(&desk, "this session is kept in");
    assert_null(kept_file(&desk));
    free(path);
    free(desk.home);
}

/* A session of one target is left in that file. */
static void keep_one(struct desk *desk, const char *path)
{
    start(desk, "-s", path, TARGET);
    assert_true(harness_wait(desk->harness, "127.0.0.1:9"));
    quit(desk, "this session is kept in");
}

/* A session that is only looked at is not left with what was noted in it without a word. */
static void test_changes_to_what_is_looked_at(void **unused)
{
    struct desk desk = {.home = drive_folder()};
    char *path = mem_format("%s/s.mxscope", desk.home);

    (void)unused;
    keep_one(&desk, path);
    start(&desk, "open", path, NULL);
    assert_true(harness_wait(desk.harness, "127.0.0.1:9"));
    add_another(&desk);
    harness_send(desk.harness, "q");
    assert_true(harness_wait(desk.harness, "is kept nowhere"));
    harness_send(desk.harness, "n");
    assert_true(harness_wait_gone(desk.harness, "is kept nowhere"));
    quit(&desk, NULL);
    shows(&desk, path, "127.0.0.1:9");
    free(path);
    free(desk.home);
}

/* Nobody was there to be asked. */
static void test_changes_when_the_terminal_goes(void **unused)
{
    struct desk desk = {.home = drive_folder()};
    char *path = mem_format("%s/s.mxscope", desk.home), *kept;

    (void)unused;
    keep_one(&desk, path);
    start(&desk, "open", path, NULL);
    assert_true(harness_wait(desk.harness, "127.0.0.1:9"));
    add_another(&desk);
    hang_up(&desk);
    kept = kept_file(&desk);
    assert_non_null(kept);
    shows(&desk, kept, "127.0.0.2:9");
    free(kept);
    free(path);
    free(desk.home);
}

/* What is probed in a session that was only looked at is kept elsewhere, and that is said. */
static void test_probed_after_all(void **unused)
{
    struct desk desk = {.home = drive_folder()};
    char *path = mem_format("%s/s.mxscope", desk.home), *kept;

    (void)unused;
    keep_one(&desk, path);
    assert_null(kept_file(&desk));
    start(&desk, "open", path, NULL);
    assert_true(harness_wait(desk.harness, "127.0.0.1:9"));
    harness_send(desk.harness, "jr");
    assert_true(harness_wait(desk.harness, "Probe from this machine?"));
    harness_send(desk.harness, "y");
    assert_true(harness_wait_gone(desk.harness, "offline"));
    quit(&desk, "this session is kept in");
    kept = kept_file(&desk);
    assert_non_null(kept);
    free(kept);
    free(path);
    free(desk.home);
}

static void test_crash(void **unused)
{
    struct desk desk = {.home = drive_folder()};
    char *path;

    (void)unused;
    start(&desk, TARGET, NULL, NULL);
    assert_true(harness_wait(desk.harness, "127.0.0.1:9"));
    harness_signal(desk.harness, SIGABRT);
    assert_true(harness_wait(desk.harness, "mxscope crashed"));
    assert_true(harness_wait(desk.harness, "this session is kept in"));
    assert_true(harness_wait(desk.harness, "mxscope -s '"));
    assert_int_equal(harness_wait_exit(desk.harness), 128 + SIGABRT);
    assert_true(harness_modes_restored(desk.harness));
    assert_false(harness_alternate(desk.harness));
    harness_free(desk.harness);
    path = kept_file(&desk);
    assert_non_null(path);
    free(path);
    free(desk.home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unnamed),
        cmocka_unit_test(test_nowhere),
        cmocka_unit_test(test_not_saved),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_no_place),
        cmocka_unit_test(test_arrangement),
        cmocka_unit_test(test_too_simple),
        cmocka_unit_test(test_hang_up_leaves_nothing),
        cmocka_unit_test(test_hang_up_of_the_demo),
        cmocka_unit_test(test_named_on_the_screen),
        cmocka_unit_test(test_snapshot_option),
        cmocka_unit_test(test_changes_to_what_is_looked_at),
        cmocka_unit_test(test_changes_when_the_terminal_goes),
        cmocka_unit_test(test_probed_after_all),
        cmocka_unit_test(test_crash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
