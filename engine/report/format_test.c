#include "engine/report/format.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void assert_path(const char *path, const char *name)
{
    const struct report_format *format = report_format_of(path);

    if (!format || strcmp(format->name, name) != 0)
        fail_msg("%s: %s", path, format ? format->name : "none");
}

static void test_paths(void **state)
{
    (void)state;
    assert_path("a.json", "json");
    assert_path("/some.csv/a.JSONL", "jsonl");
    assert_path("a.csv", "csv");
    assert_path("a.Endpoints.csv", "csv-endpoints");
    assert_path("endpoints.csv", "csv");
    assert_null(report_format_of("a.pdf"));
    assert_null(report_format_of("a.csv/b"));
    assert_null(report_format_of("json"));
    assert_null(report_format_of(""));
}

/* Every name that people are told of is one, and there is no other. */
static void test_names(void **state)
{
    char names[] = REPORT_FORMATS, *rest = names, *name, *suffixes = report_format_suffixes();
    unsigned count = 0, dots = 0;

    (void)state;
    for (; (name = strsep(&rest, " ,"));)
        if (*name && strcmp(name, "or") != 0) {
            assert_non_null(report_format_named(name));
            count++;
        }
    for (name = suffixes; (name = strchr(name, ' ')); name++)
        dots += name[1] == '.';
    assert_int_equal(count, dots + 1);
    assert_null(report_format_named("pdf"));
    assert_string_equal(report_format_default()->name, "json");
    free(suffixes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_paths), cmocka_unit_test(test_names)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
