#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/model/baseline.h"
#include "engine/tls/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char good[] = "\xef\xbb\xbf# A floor of ours\r\n"
                           "name my-floor\r\n"
                           "\ttitle   Our floor, 2027 # not before\r\n"
                           "minimum TLSv1.2\r\n"
                           "since 2027-01-01\n"
                           "\n"
                           "suite TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n"
                           "  suite TLS_AES_128_GCM_SHA256";

static struct baseline *parse(const char *text, char **error)
{
    *error = NULL;
    return baseline_parse("floor.baseline", text, strlen(text), error);
}

static void built_in(void **state)
{
    static const char *const exchange[] = {
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
        "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
        "TLS_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_RSA_WITH_AES_128_GCM_SHA256",
    };
    char *error = NULL, scratch[TLS_SUITE_NAME_SIZE];
    struct baseline *baseline = baseline_load("exchange-online", &error);
    size_t i;

    (void)state;
    assert_null(error);
    assert_string_equal(baseline->name, "exchange-online");
    assert_int_equal(baseline->minimum, TLS_1_2);
    assert_string_equal(baseline->since, "2020-10-15");
    assert_int_equal(baseline->suite_count, sizeof exchange / sizeof *exchange);
    for (i = 0; i < baseline->suite_count; i++)
        assert_string_equal(tls_suite_name(baseline->suites[i], scratch), exchange[i]);
    assert_true(baseline_offers(baseline, 0xc02f));
    assert_false(baseline_offers(baseline, 0xcca8));
    baseline_free(baseline);
}

static void every_name_loads(void **state)
{
    static const enum tls_version minimum[] = {TLS_1_2, TLS_1_2, TLS_1_3};
    const char *const *name = baseline_names();
    size_t i;

    (void)state;
    for (i = 0; name[i]; i++) {
        char *error = NULL;
        struct baseline *baseline = baseline_load(name[i], &error), *same;

        assert_non_null(baseline);
        assert_string_equal(baseline->name, name[i]);
        assert_int_equal(baseline->minimum, minimum[i]);
        assert_true(baseline->title && *baseline->title);
        if (i > 0) {
            assert_null(baseline->suites);
            assert_true(baseline_offers(baseline, 0x1234));
        }
        same = baseline_builtin(name[i]);
        assert_true(baseline_same(same, baseline));
        baseline_free(same);
        baseline_free(baseline);
    }
    assert_int_equal(i, 3);
    assert_null(baseline_builtin("/etc/passwd"));
    assert_null(baseline_builtin("tls1"));
    assert_null(baseline_builtin(""));
}

static void a_good_file(void **state)
{
    char *error;
    struct baseline *baseline = parse(good, &error);

    (void)state;
    assert_null(error);
    assert_string_equal(baseline->name, "my-floor");
    assert_string_equal(baseline->title, "Our floor, 2027");
    assert_string_equal(baseline->since, "2027-01-01");
    assert_int_equal(baseline->suite_count, 2);
    assert_int_equal(baseline->suites[0], 0xc02f);
    assert_int_equal(baseline->suites[1], 0x1301);
    baseline_free(baseline);
}

static void the_title_may_be_left_out(void **state)
{
    char *error;
    struct baseline *baseline = parse("name a\nminimum TLSv1.3\n", &error);

    (void)state;
    assert_non_null(baseline);
    assert_string_equal(baseline->title, "a");
    assert_null(baseline->since);
    assert_null(baseline->suites);
    baseline_free(baseline);
}

static void bad_files_say_where_and_what(void **state)
{
    static const struct {
        const char *text, *where, *expected;
    } table[] = {
        {"", "floor.baseline: ", "'name my-floor'"},
        {"# nothing\n", "floor.baseline: ", "'name my-floor'"},
        {"name a\n", "floor.baseline: ", "'minimum TLSv1.2'"},
        {"minimum TLSv1.2\n", "floor.baseline: ", "'name my-floor'"},
        {"name a\nminimum TLS12\n", "floor.baseline:2: 'TLS12'", "TLSv1.2"},
        {"name a\n\nminimum tlsv1.2\n", "floor.baseline:3: ", "TLSv1.2"},
        {"name a b\n", "floor.baseline:1: ", "letters"},
        {"name ../a\n", "floor.baseline:1: ", "letters"},
        {"name\n", "floor.baseline:1: 'name'", "a value"},
        {"name a\nname b\n", "floor.baseline:2: ", "one 'name' line"},
        {"title a\ntitle b\n", "floor.baseline:2: ", "one 'title' line"},
        {"minimum TLSv1.2\nminimum TLSv1.2\n", "floor.baseline:2: ", "one 'minimum' line"},
        {"since 2020-10-15\nsince 2020-10-15\n", "floor.baseline:2: ", "one 'since' line"},
        {"since soon\n", "floor.baseline:1: 'soon'", "2020-10-15"},
        {"since 2020-13-01\n", "floor.baseline:1: ", "2020-10-15"},
        {"since 2020-00-01\n", "floor.baseline:1: ", "2020-10-15"},
        {"since 2020-10-32\n", "floor.baseline:1: ", "2020-10-15"},
        {"since 2020-10-150\n", "floor.baseline:1: ", "2020-10-15"},
        {"suite ECDHE-RSA-AES128-GCM-SHA256\n", "floor.baseline:1: ", "IANA name"},
        {"suite TLS_AES_128_GCM_SHA256\nsuite TLS_AES_128_GCM_SHA256\n",
         "floor.baseline:2: ", "each suite once"},
        {"name a\nminimum TLSv1.3\nsuite TLS_RSA_WITH_AES_128_GCM_SHA256\n",
         "floor.baseline: ", "suites that the minimum version"},
        {"nam a\n", "floor.baseline:1: 'nam'", "name, title, minimum, since or suite"},
        {"name a\nminimum TLSv1.2\n\x1b[31mred\n", "floor.baseline:3: '\\x1B[31mred'", "name, title"},
        {"{\"name\": 1}\n", "floor.baseline:1: ", "name, title"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        char *error;

        assert_null(parse(table[i].text, &error));
        assert_non_null(error);
        if (strcasestr(error, table[i].where) != error || !strstr(error, "expected ") ||
            !strstr(error, table[i].expected))
            fail_msg("row %zu: %s", i, error);
        free(error);
    }
}

static void values_are_bounded(void **state)
{
    char text[512], *error;

    (void)state;
    snprintf(text, sizeof text, "title %0300d\n", 1);
    assert_null(parse(text, &error));
    assert_non_null(strstr(error, "too long"));
    free(error);
}

static void zero_bytes_and_giants_are_refused(void **state)
{
    static const char zero[] = "name a\nminimum TLSv1.2\n\0";
    size_t length = 70000;
    char *giant = malloc(length), *error = NULL;

    (void)state;
    assert_null(baseline_parse("f", zero, sizeof zero, &error));
    assert_non_null(strstr(error, "expected a text file"));
    free(error);
    error = NULL;
    memset(giant, '#', length);
    assert_null(baseline_parse("f", giant, length, &error));
    assert_non_null(strstr(error, "64 KiB"));
    free(error);
    free(giant);
}

/* Cut anywhere, a file is good or gives one error; it never reads past its end. */
static void cut_at_every_byte(void **state)
{
    size_t cut;

    (void)state;
    for (cut = 0; cut < sizeof good; cut++) {
        char *exact = malloc(cut ? cut : 1), *error = NULL;
        struct baseline *baseline;

        memcpy(exact, good, cut);
        baseline = baseline_parse("f", exact, cut, &error);
        assert_true((baseline != NULL) != (error != NULL));
        baseline_free(baseline);
        free(error);
        free(exact);
    }
}

static void one_byte_changed(void **state)
{
    char text[sizeof good];
    size_t at;

    (void)state;
    for (at = 0; at < sizeof good - 1; at++) {
        unsigned value;

        memcpy(text, good, sizeof good);
        for (value = 0; value < 256; value += 5) {
            char *error = NULL;
            struct baseline *baseline;

            text[at] = (char)value;
            baseline = baseline_parse("f", text, sizeof good - 1, &error);
            assert_true((baseline != NULL) != (error != NULL));
            baseline_free(baseline);
            free(error);
        }
    }
}

static void files(void **state)
{
    const char *folder = getenv("TEST_TMPDIR");
    struct baseline *baseline;
    char path[4096], *error = NULL;
    FILE *file;

    (void)state;
    snprintf(path, sizeof path, "%s/mine.baseline", folder ? folder : "/tmp");
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(good, 1, sizeof good - 1, file), sizeof good - 1);
    fclose(file);
    baseline = baseline_load(path, &error);
    assert_non_null(baseline);
    assert_string_equal(baseline->name, "my-floor");
    baseline_free(baseline);
    unlink(path);
    assert_null(baseline_load(path, &error));
    assert_non_null(strstr(error, "No such file"));
    assert_non_null(strstr(error, "expected exchange-online, tls1.2, tls1.3 or a baseline file"));
    free(error);
    error = NULL;
    assert_null(baseline_load("/", &error));
    assert_non_null(strstr(error, "expected"));
    free(error);
    error = NULL;
    assert_null(baseline_load("", &error));
    free(error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(built_in),
        cmocka_unit_test(every_name_loads),
        cmocka_unit_test(a_good_file),
        cmocka_unit_test(the_title_may_be_left_out),
        cmocka_unit_test(bad_files_say_where_and_what),
        cmocka_unit_test(values_are_bounded),
        cmocka_unit_test(zero_bytes_and_giants_are_refused),
        cmocka_unit_test(cut_at_every_byte),
        cmocka_unit_test(one_byte_changed),
        cmocka_unit_test(files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
