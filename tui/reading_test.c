#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"
#include "engine/model/baseline.h"
#include "engine/model/fixture.h"
#include "engine/report/read_testing.h"
#include "tui/reading.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TARGETS 200

static char *report_of_many(void)
{
    struct model *model = fixture_model("tls1.2");
    char *text, *path;

    for (unsigned i = 0; i < TARGETS; i++) {
        char *name = mem_format("d%u.example", i), *address = mem_format("192.0.2.%u", i);

        fixture_simple(model, name, CLASS_PARTNER, REQUIREMENT_ENCRYPTION, address, fixture_facts("rrraa"));
        free(name);
        free(address);
    }
    text = testing_json(model);
    path = testing_written("many.json", text);
    free(text);
    model_free(model);
    return path;
}

static struct reading *begun(const char *path)
{
    char *error = NULL;
    struct reading *reading = reading_begin(path, baseline_builtin("tls1.3"), &error);

    assert_non_null(reading);
    assert_null(error);
    return reading;
}

static void wait_for(const struct reading *reading)
{
    struct pollfd wait = {reading_descriptor(reading), POLLIN, 0};

    while (!reading_over(reading))
        poll(&wait, 1, -1);
}

/* It is judged by what was asked for, and its own baseline is told. */
static void a_report_is_read(void **state)
{
    char *path = report_of_many(), *error = NULL;
    struct reading *reading = begun(path);
    struct earlier earlier = {0};
    (void)state;

    wait_for(reading);
    assert_int_equal(reading_share(reading), 100);
    assert_true(reading_end(reading, &earlier, &error));
    assert_null(error);
    assert_int_equal(model_target_count(earlier.model), TARGETS);
    assert_string_equal(earlier.baseline, "tls1.2");
    assert_string_equal(model_baseline(earlier.model)->name, "tls1.3");
    earlier_release(&earlier);
    unlink(path);
    free(path);
}

/* Wherever it is by then, nothing comes of it. */
static void a_report_is_given_up(void **state)
{
    char *path = report_of_many(), *error = NULL;
    struct earlier earlier = {0};
    (void)state;

    for (int i = 0; i < 20; i++) {
        struct reading *reading = begun(path);

        while (i % 2 && !reading_share(reading) && !reading_over(reading))
            continue;
        reading_cancel(reading);
        assert_false(reading_end(reading, &earlier, &error));
        assert_null(error);
        assert_null(earlier.model);
    }
    unlink(path);
    free(path);
}

static void a_report_that_is_cut_short(void **state)
{
    char *path = report_of_many(), *error = NULL;
    struct earlier earlier = {0};
    struct reading *reading;
    (void)state;

    assert_int_equal(truncate(path, 100000), 0);
    reading = begun(path);
    wait_for(reading);
    assert_false(reading_end(reading, &earlier, &error));
    assert_non_null(strstr(error, "is cut short"));
    assert_null(earlier.model);
    free(error);
    unlink(path);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_is_read),
        cmocka_unit_test(a_report_is_given_up),
        cmocka_unit_test(a_report_that_is_cut_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
