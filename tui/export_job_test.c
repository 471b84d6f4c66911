#include "tui/export_job.h"

#include "engine/base/mem.h"
#include "tests/tui/sample.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct report_options options = {.generator = "test", .vantage = "here", .complete = true};

static char *in_folder(const char *name)
{
    const char *base = getenv("TEST_TMPDIR");
    char *folder = mem_format("%s/export.XXXXXX", base ? base : "/tmp"), *path;

    assert_non_null(mkdtemp(folder));
    path = mem_format("%s/%s", folder, name);
    free(folder);
    return path;
}

static char *export_to(struct model *model, const char *path)
{
    struct export_job job = {.process = 0};
    char *error = NULL;

    assert_null(export_hindrance(path));
    assert_true(export_begin(&job, model, &options, NULL, path, &error));
    assert_true(export_running(&job));
    assert_true(export_ended(&job, true, &error));
    assert_false(export_running(&job));
    assert_string_equal(job.path, path);
    export_release(&job);
    return error;
}

static void test_json(void **state)
{
    struct model *model = sample_model();
    char *path = in_folder("a.json");
    json_t *report;

    (void)state;
    assert_null(export_to(model, path));
    report = json_load_file(path, 0, NULL);
    assert_non_null(report);
    assert_int_equal(json_array_size(json_object_get(report, "domains")), 8);
    json_decref(report);
    free(path);
    model_free(model);
}

/* What comes meanwhile is not in it. */
static void test_as_it_was_at_the_beginning(void **state)
{
    struct model *model = sample_model();
    struct export_job job = {.process = 0};
    char *path = in_folder("a.json"), *error;
    json_t *report;

    (void)state;
    assert_true(export_begin(&job, model, &options, NULL, path, &error));
    sample_add(model, "later.example", CLASS_PARTNER);
    assert_true(export_ended(&job, true, &error));
    assert_null(error);
    report = json_load_file(path, 0, NULL);
    assert_int_equal(json_array_size(json_object_get(report, "domains")), 8);
    json_decref(report);
    export_release(&job);
    free(path);
    model_free(model);
}

static void test_jsonl(void **state)
{
    struct model *model = sample_model();
    char *path = in_folder("a.JSONL"), line[65536];
    unsigned lines = 0;
    FILE *file;

    (void)state;
    assert_null(export_to(model, path));
    file = fopen(path, "r");
    assert_non_null(file);
    for (; fgets(line, sizeof line, file); lines++) {
        json_t *domain = json_loads(line, 0, NULL);

        assert_non_null(json_object_get(domain, "domain"));
        json_decref(domain);
    }
    assert_int_equal(lines, 8);
    fclose(file);
    free(path);
    model_free(model);
}

static void assert_begins(const char *name, const char *expected)
{
    struct model *model = sample_model();
    char *path = in_folder(name), line[256] = "";
    FILE *file;

    assert_null(export_to(model, path));
    file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    assert_int_equal(strncmp(line, expected, strlen(expected)), 0);
    fclose(file);
    free(path);
    model_free(model);
}

static void test_by_suffix(void **state)
{
    (void)state;
    assert_begins("a.csv", "\xef\xbb\xbf"
                           "domain,unicode,class,");
    assert_begins("a.endpoints.csv", "\xef\xbb\xbf"
                                     "domain,class,connector,host,");
    assert_begins("a.md", "# Who is ready for TLS 1.2 or better?");
    assert_begins("a.HTML", "<!DOCTYPE html>");
}

static bool is_partner(const struct target *target, const void *data)
{
    (void)data;
    return target->spec.class == CLASS_PARTNER;
}

/* The file holds what was chosen; the model still holds everything. */
static void test_a_selection(void **state)
{
    const struct export_choice choice = {is_partner, NULL, "class:partner"};
    struct model *model = sample_model();
    struct export_job job = {.process = 0};
    char *path = in_folder("a.json"), *error;
    struct model_counts counts;
    json_t *report, *selection, *domains;

    (void)state;
    assert_true(export_begin(&job, model, &options, &choice, path, &error));
    assert_true(export_ended(&job, true, &error));
    assert_null(error);
    report = json_load_file(path, 0, NULL);
    domains = json_object_get(report, "domains");
    selection = json_object_get(report, "selection");
    assert_in_range(json_array_size(domains), 1, 7);
    for (size_t i = 0; i < json_array_size(domains); i++)
        assert_string_equal(json_string_value(json_object_get(json_array_get(domains, i), "class")),
                            "partner");
    assert_string_equal(json_string_value(json_object_get(selection, "filter")), "class:partner");
    assert_int_equal(json_integer_value(json_object_get(selection, "of")), 8);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(report, "summary"), "targets")),
                     json_array_size(domains));
    model_counts(model, &counts);
    assert_int_equal(counts.targets, 8);
    json_decref(report);
    export_release(&job);
    free(path);
    model_free(model);
}

static unsigned files_in(const char *path);

static void test_letters(void **state)
{
    struct model *model = sample_model();
    struct export_job job = {.process = 0};
    char *path = in_folder("letters/"), *error = NULL;

    (void)state;
    assert_null(export_hindrance(path));
    assert_true(export_begin(&job, model, &options, NULL, path, &error));
    assert_true(export_ended(&job, true, &error));
    assert_null(error);
    assert_in_range(job.letters, 1, 8);
    assert_int_equal(files_in(path), job.letters);
    assert_true(export_begin(&job, model, &options, NULL, path, &error));
    assert_true(export_ended(&job, true, &error));
    assert_non_null(strstr(error, "is there already, so nothing was written"));
    free(error);
    export_release(&job);
    free(path);
    model_free(model);
}

static void assert_hindered(const char *path, const char *expected)
{
    char *sentence = export_hindrance(path);

    if (!sentence || !strstr(sentence, expected))
        fail_msg("%s: %s", path, sentence ? sentence : "nothing");
    free(sentence);
}

static void test_hindrances(void **state)
{
    char *path = in_folder("a.json"), *folder = mem_string_n(path, strlen(path) - strlen("/a.json"));

    (void)state;
    assert_hindered("", "expected");
    assert_hindered("report", ".json, .jsonl");
    assert_hindered("report.pdf", ".json, .jsonl");
    assert_hindered("some.json/report", ".json, .jsonl");
    assert_hindered("/nowhere-at-all/a.json", "No such file");
    assert_hindered(folder, "a folder");
    assert_hindered("/nowhere-at-all/letters/", "No such file");
    assert_hindered("/dev/null/", "Not a directory");
    assert_hindered("/dev/null", "a device");
    assert_hindered("/proc/a.json", "/proc/: "); /* its mode allows it to some */
    assert_null(export_hindrance(path));
    assert_int_not_equal(access(path, F_OK), 0);
    free(folder);
    free(path);
}

static unsigned files_in(const char *path)
{
    char *folder = mem_string_n(path, (size_t)(strrchr(path, '/') - path));
    DIR *listing = opendir(folder);
    const struct dirent *entry;
    unsigned count = 0;

    assert_non_null(listing);
    while ((entry = readdir(listing)))
        count += *entry->d_name != '.';
    closedir(listing);
    free(folder);
    return count;
}

/* A disk that is full half way: the old file is as it was. */
static void test_no_room(void **state)
{
    struct model *model = sample_model();
    struct rlimit before, little;
    char *path = in_folder("a.json"), *error;
    struct stat about;
    int file = open(path, O_CREAT | O_WRONLY, 0600);

    (void)state;
    assert_int_equal(write(file, "old", 3), 3);
    close(file);
    getrlimit(RLIMIT_FSIZE, &before);
    little = (struct rlimit){1024, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &little);
    error = export_to(model, path);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_non_null(error);
    assert_non_null(strstr(error, path));
    assert_non_null(strstr(error, "File too large"));
    assert_int_equal(files_in(path), 1);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_size, 3);
    free(error);
    free(path);
    model_free(model);
}

static void test_looks_without_waiting(void **state)
{
    struct model *model = sample_model();
    struct export_job job = {.process = 0};
    char *path = in_folder("a.json"), *error;

    (void)state;
    assert_false(export_ended(&job, false, &error));
    assert_true(export_begin(&job, model, &options, NULL, path, &error));
    while (!export_ended(&job, false, &error))
        assert_true(export_running(&job));
    assert_null(error);
    assert_int_equal(access(path, F_OK), 0);
    export_release(&job);
    free(path);
    model_free(model);
}

static void test_killed(void **state)
{
    struct model *model = sample_model();
    struct export_job job = {.process = 0};
    char *path = in_folder("a.json"), *error;

    (void)state;
    assert_true(export_begin(&job, model, &options, NULL, path, &error));
    kill(job.process, SIGKILL);
    assert_true(export_ended(&job, true, &error));
    if (error)
        assert_non_null(strstr(error, "ended early"));
    else
        assert_int_equal(access(path, F_OK), 0);
    free(error);
    export_release(&job);
    free(path);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_as_it_was_at_the_beginning),
        cmocka_unit_test(test_jsonl),
        cmocka_unit_test(test_by_suffix),
        cmocka_unit_test(test_a_selection),
        cmocka_unit_test(test_letters),
        cmocka_unit_test(test_hindrances),
        cmocka_unit_test(test_no_room),
        cmocka_unit_test(test_looks_without_waiting),
        cmocka_unit_test(test_killed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
