/* Files that the screen reads and writes, in a terminal. */
#include "engine/base/mem.h"
#include "tests/tui/drive.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIXTURE "tests/tui/screen_fixture"

/* A screen, and a folder that is its home. */
struct desk {
    struct harness *harness;
    char *home;
};

static void begin(struct desk *desk, const char *option)
{
    const char *argv[] = {FIXTURE, option, NULL};

    desk->home = drive_folder();
    desk->harness = drive_program(argv, 24, 80, desk->home);
    assert_true(harness_wait(desk->harness, "mxscope"));
}

static void end(struct desk *desk)
{
    drive_quit(desk->harness);
    free(desk->home);
}

/* What the prompt of that key is told instead of what it offers, then Enter. */
static void ask(const struct desk *desk, const char *key, const char *path)
{
    drive_keys(desk->harness, key);
    drive_keys(desk->harness, "C-u");
    harness_send(desk->harness, path);
    drive_keys(desk->harness, "Enter");
}

static char *in_home(const struct desk *desk, const char *name)
{
    return mem_format("%s/%s", desk->home, name);
}

static void put(const struct desk *desk, const char *name, const char *text)
{
    char *path = in_home(desk, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    free(path);
}

static void assert_domains(const struct desk *desk, const char *name, size_t count)
{
    char *path = in_home(desk, name);
    json_t *report = json_load_file(path, 0, NULL);

    assert_string_equal(json_string_value(json_object_get(report, "format")), "mxscope");
    assert_int_equal(json_array_size(json_object_get(report, "domains")), count);
    json_decref(report);
    free(path);
}

/* The file holds the one word and not the other. */
static void assert_words_gone(const struct desk *desk, const char *name, const char *gone, const char *there)
{
    char *path = in_home(desk, name), *text;
    json_t *report = json_load_file(path, 0, NULL);

    text = json_dumps(report, 0);
    assert_null(strstr(text, gone));
    assert_non_null(strstr(text, there));
    free(text);
    json_decref(report);
    free(path);
}

static void test_export(void **state)
{
    struct desk desk;

    (void)state;
    begin(&desk, NULL);
    drive_keys(desk.harness, "x");
    assert_true(harness_wait(desk.harness, "export to: mxscope-"));
    drive_keys(desk.harness, "C-u");
    harness_send(desk.harness, "~/report.json\r");
    assert_true(harness_wait(desk.harness, "exported 8 targets"));
    assert_domains(&desk, "report.json", 8);
    end(&desk);
}

static void test_export_tells_of_the_filter(void **state)
{
    struct desk desk;

    (void)state;
    begin(&desk, NULL);
    drive_keys(desk.harness, "f");
    harness_send(desk.harness, "verdict:not-ready\r");
    assert_true(harness_wait(desk.harness, "2 of 8: "));
    ask(&desk, "x", "~/whole.json");
    assert_true(harness_wait(desk.harness, "exported all 8 targets (the filter shows 2)"));
    assert_domains(&desk, "whole.json", 8);
    end(&desk);
}

/* C-o takes what the filter shows, then what is tagged, then all again; the prompt says which. */
static void test_export_of_a_part(void **state)
{
    struct desk desk;

    (void)state;
    begin(&desk, NULL);
    drive_keys(desk.harness, "f");
    harness_send(desk.harness, "verdict:not-ready\r");
    assert_true(harness_wait(desk.harness, "2 of 8: "));
    drive_keys(desk.harness, "x");
    assert_true(harness_wait(desk.harness, "export all 8 to: "));
    assert_true(harness_wait(desk.harness, "C-o takes others"));
    drive_keys(desk.harness, "C-o");
    assert_true(harness_wait(desk.harness, "export the 2 shown to: "));
    drive_keys(desk.harness, "C-o");
    assert_true(harness_wait(desk.harness, "export all 8 to: "));
    drive_keys(desk.harness, "C-o C-u");
    harness_send(desk.harness, "~/shown.json\r");
    assert_true(harness_wait(desk.harness, "exported the 2 shown of 8 targets"));
    assert_domains(&desk, "shown.json", 2);
    drive_keys(desk.harness, "e Space x");
    assert_true(harness_wait(desk.harness, "export all 8 to: "));
    drive_keys(desk.harness, "C-o C-o");
    assert_true(harness_wait(desk.harness, "export the 1 tagged to: "));
    drive_keys(desk.harness, "C-u");
    harness_send(desk.harness, "~/tagged.json\r");
    assert_true(harness_wait(desk.harness, "exported the 1 tagged of 8 targets"));
    assert_domains(&desk, "tagged.json", 1);
    end(&desk);
}

static void test_letters(void **state)
{
    struct desk desk;
    struct stat about;
    char *path;

    (void)state;
    begin(&desk, NULL);
    ask(&desk, "x", "~/letters/");
    assert_true(harness_wait(desk.harness, "wrote 2 letters to"));
    path = in_home(&desk, "letters");
    assert_int_equal(stat(path, &about), 0);
    assert_true(S_ISDIR(about.st_mode));
    free(path);
    end(&desk);
}

/* Enter, which may come by itself, does not replace a file. */
static void test_replaces_only_when_told(void **state)
{
    struct desk desk;
    struct stat about;
    char *path;

    (void)state;
    begin(&desk, NULL);
    put(&desk, "old.json", "old");
    path = in_home(&desk, "old.json");
    ask(&desk, "x", "~/old.json");
    assert_true(harness_wait(desk.harness, "Replace"));
    drive_keys(desk.harness, "Enter");
    assert_true(harness_wait_gone(desk.harness, "Replace"));
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_size, 3);
    ask(&desk, "x", "~/old.json");
    assert_true(harness_wait(desk.harness, "Replace"));
    drive_keys(desk.harness, "y");
    assert_true(harness_wait(desk.harness, "exported 8 targets"));
    assert_domains(&desk, "old.json", 8);
    free(path);
    end(&desk);
}

/* The answers stand behind the longest name. */
static void test_long_questions_are_seen_whole(void **state)
{
    char name[] =
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff.json";
    struct desk desk;

    (void)state;
    begin(&desk, NULL);
    put(&desk, name, "old");
    drive_keys(desk.harness, "x C-u");
    harness_send(desk.harness, "~/");
    harness_send(desk.harness, name);
    drive_keys(desk.harness, "Enter");
    assert_true(harness_wait(desk.harness, "Replace"));
    assert_true(harness_wait(desk.harness, "json? y n"));
    drive_keys(desk.harness, "n");
    end(&desk);
}

static void test_errors_stay_in_the_prompt(void **state)
{
    struct desk desk;

    (void)state;
    begin(&desk, NULL);
    ask(&desk, "x", "~/report.pdf");
    assert_true(harness_wait(desk.harness, ".endpoints.csv, .md or .html"));
    assert_true(harness_wait(desk.harness, "export to: ~/report.pdf"));
    drive_keys(desk.harness, "C-u");
    harness_send(desk.harness, "/nowhere-at-all/a.json\r");
    assert_true(harness_wait(desk.harness, "No such file or directory"));
    drive_keys(desk.harness, "Esc I");
    harness_send(desk.harness, "/nowhere-at-all\r");
    assert_true(harness_wait(desk.harness, "No such file or directory"));
    assert_true(harness_wait(desk.harness, "import: /nowhere-at-all"));
    drive_keys(desk.harness, "C-u");
    harness_send(desk.harness, "/dev\r");
    assert_true(harness_wait(desk.harness, "a folder, not a file"));
    drive_keys(desk.harness, "C-u Enter");
    assert_true(harness_wait(desk.harness, "the path of a file is expected"));
    drive_keys(desk.harness, "Esc");
    assert_true(harness_wait_gone(desk.harness, "import:"));
    end(&desk);
}

static void test_import(void **state)
{
    struct desk desk;

    (void)state;
    begin(&desk, "--empty");
    put(&desk, "partners.txt", "adventure.example partner\nnot..good\nlitware.example\n");
    put(&desk, "other.txt", "");
    drive_keys(desk.harness, "I");
    harness_send(desk.harness, "~/par");
    drive_keys(desk.harness, "Tab");
    assert_true(harness_wait(desk.harness, "import: ~/partners.txt"));
    drive_keys(desk.harness, "Enter");
    assert_true(harness_wait(desk.harness, "Add 2 targets (1 line not understood)? y n"));
    assert_true(harness_wait(desk.harness, "Not understood"));
    drive_keys(desk.harness, "y");
    assert_true(harness_wait(desk.harness, "2 added"));
    assert_true(harness_wait(desk.harness, "adventure.example"));
    ask(&desk, "I", "~/other.txt");
    assert_true(harness_wait(desk.harness, "nothing new in"));
    end(&desk);
}

/* The same list again, changed by its author and by who has the screen. */
static void test_import_again(void **state)
{
    struct desk desk;

    (void)state;
    begin(&desk, "--empty");
    put(&desk, "list.csv",
        "domain,class,requirement,owner\nadventure.example,partner,,Ann\n"
        "litware.example,partner,,Ben\nwingtip.example,partner,,\n");
    ask(&desk, "I", "~/list.csv");
    assert_true(harness_wait(desk.harness, "Add 3 targets? y n"));
    drive_keys(desk.harness, "y");
    assert_true(harness_wait(desk.harness, "3 added"));
    drive_until_selected(desk.harness, "adventure.example");
    drive_keys(desk.harness, "p");
    assert_true(harness_wait(desk.harness, "adventure.example is opportunistic now"));
    drive_keys(desk.harness, "t Tab C-e C-u Enter");
    assert_true(harness_wait(desk.harness, "noted on adventure.example"));
    put(&desk, "list.csv",
        "domain,class,requirement,owner\nadventure.example,partner,,Ann\n"
        "litware.example,partner,chain,Ben\nproseware.example,partner,,\n"
        "wingtip.example,partner,,\n");
    ask(&desk, "I", "~/list.csv");
    assert_true(
        harness_wait(desk.harness, "Add 1 target, change 1 (2 as before, 1 of those with a class set"));
    assert_true(harness_wait(desk.harness, "litware.example: chain instead of encryption"));
    assert_true(
        harness_wait(desk.harness, "adventure.example: partner in the list, opportunistic as set here"));
    drive_keys(desk.harness, "y");
    assert_true(harness_wait(desk.harness, "1 added, 1 changed, 2 as before"));
    assert_true(harness_wait(desk.harness, "4 targets"));
    drive_keys(desk.harness, "u");
    assert_true(harness_wait(desk.harness, "undone: the addition of a list"));
    assert_true(harness_wait(desk.harness, "3 targets"));
    ask(&desk, "x", "~/list.json");
    assert_true(harness_wait(desk.harness, "exported 3 targets"));
    assert_words_gone(&desk, "list.json", "Ann", "Ben");
    end(&desk);
}

static void test_import_of_connectors(void **state)
{
    struct desk desk;

    (void)state;
    begin(&desk, "--empty");
    drive_keys(desk.harness, "I");
    harness_send(desk.harness, "data/samples/outbound-connectors.j");
    drive_keys(desk.harness, "Tab Enter");
    assert_true(harness_wait(desk.harness, "Add 8 targets (8 notes)? y n"));
    drive_keys(desk.harness, "y");
    assert_true(harness_wait(desk.harness, "To Fabrikam"));
    end(&desk);
}

/* A rule says which domains a connector carries: the two are read together. */
static void test_files_besides_each_other(void **state)
{
    struct desk desk;

    (void)state;
    begin(&desk, "--empty");
    ask(&desk, "I", "data/samples/outbound-connectors.json");
    assert_true(harness_wait(desk.harness, "Add 8 targets (8 notes)? y n"));
    drive_keys(desk.harness, "I Esc");
    assert_true(harness_wait(desk.harness, "Add 8 targets (8 notes)? y n"));
    ask(&desk, "I", "/nowhere-at-all");
    assert_true(harness_wait(desk.harness, "No such file or directory"));
    drive_keys(desk.harness, "C-u");
    harness_send(desk.harness, "data/samples/transport-rules.json\r");
    assert_true(harness_wait(desk.harness, "connectors.json, data/samples/transport-rules.json"));
    assert_true(harness_wait(desk.harness, "Add 10 targets"));
    drive_keys(desk.harness, "y");
    assert_true(harness_wait(desk.harness, "10 added"));
    end(&desk);
}

static void test_too_much_to_copy(void **state)
{
    struct desk desk;
    char *path, line[64];
    FILE *file;
    int i;

    (void)state;
    begin(&desk, "--empty");
    path = in_home(&desk, "many.csv");
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("domain,class,connector\n", file);
    for (i = 0; i < 3000; i++) {
        snprintf(line, sizeof line, "domain%04d.example,partner,To All\n", i);
        fputs(line, file);
    }
    assert_int_equal(fclose(file), 0);
    ask(&desk, "I", "~/many.csv");
    assert_true(harness_wait(desk.harness, "Add 3000 targets? y n"));
    drive_keys(desk.harness, "y");
    assert_true(harness_wait(desk.harness, "3000 added"));
    drive_keys(desk.harness, "h Space");
    assert_true(harness_wait(desk.harness, "3000 tagged"));
    drive_keys(desk.harness, "C-y");
    assert_true(harness_wait(desk.harness, "terminals take 74994 at most"));
    free(path);
    end(&desk);
}

/* The folder is listed before anything is typed, hidden names are not. */
static void test_folder_is_listed(void **state)
{
    struct desk desk;

    (void)state;
    begin(&desk, "--empty");
    put(&desk, ".secret.csv", "");
    put(&desk, "a.csv", "");
    put(&desk, "b.csv", "");
    drive_keys(desk.harness, "I");
    assert_true(harness_wait(desk.harness, "data/"));
    harness_send(desk.harness, "~/");
    drive_keys(desk.harness, "Tab");
    assert_true(harness_wait(desk.harness, "b.csv"));
    assert_int_equal(harness_find(desk.harness, ".secret.csv"), -1);
    drive_keys(desk.harness, "Tab");
    assert_true(harness_wait(desk.harness, "import: ~/a.csv"));
    drive_keys(desk.harness, "Esc");
    end(&desk);
}

static void test_tagged_rows_are_copied(void **state)
{
    const char *argv[] = {FIXTURE, "--many", "3000", NULL};
    struct harness *harness = drive_program(argv, 24, 80, NULL);

    (void)state;
    assert_true(harness_wait(harness, "3000 targets"));
    drive_keys(harness, "j Space");
    assert_true(harness_wait(harness, "1 tagged"));
    drive_keys(harness, "C-y");
    assert_true(harness_wait(harness, "copied 1 tagged row"));
    drive_quit(harness);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_export),
        cmocka_unit_test(test_export_tells_of_the_filter),
        cmocka_unit_test(test_export_of_a_part),
        cmocka_unit_test(test_letters),
        cmocka_unit_test(test_replaces_only_when_told),
        cmocka_unit_test(test_long_questions_are_seen_whole),
        cmocka_unit_test(test_errors_stay_in_the_prompt),
        cmocka_unit_test(test_import),
        cmocka_unit_test(test_import_again),
        cmocka_unit_test(test_import_of_connectors),
        cmocka_unit_test(test_files_besides_each_other),
        cmocka_unit_test(test_too_much_to_copy),
        cmocka_unit_test(test_folder_is_listed),
        cmocka_unit_test(test_tagged_rows_are_copied),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
