#include "tests/bench/figures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

static void add_all(struct figures *figures, const char *name, enum better better, const double *values,
                    size_t count)
{
    for (size_t i = 0; i < count; i++)
        figures_add(figures, name, "us", better, values[i]);
}

static void test_median_and_noise(void **state)
{
    const double odd[] = {300, 100, 200}, even[] = {4, 1, 2, 3}, close[] = {100, 101, 100};
    struct figures figures = {0};

    (void)state;
    add_all(&figures, "odd", BETTER_LOWER, odd, 3);
    add_all(&figures, "even", BETTER_LOWER, even, 4);
    add_all(&figures, "close", BETTER_LOWER, close, 3);
    add_all(&figures, "once", BETTER_LOWER, odd, 1);
    assert_float_equal(200, (float)figure_median(figures_find(&figures, "odd")), 1e-6);
    assert_float_equal(100, (float)figure_noise(figures_find(&figures, "odd")), 1e-6);
    assert_float_equal(2.5, (float)figure_median(figures_find(&figures, "even")), 1e-6);
    assert_float_equal(3, (float)figure_noise(figures_find(&figures, "close")), 1e-6);
    assert_float_equal(30, (float)figure_noise(figures_find(&figures, "once")), 1e-6);
    assert_null(figures_find(&figures, "none"));
    figures_release(&figures);
}

static void test_json(void **state)
{
    const double values[] = {3, 1, 2};
    struct figures figures = {0}, read = {0};
    const struct figure *figure;
    json_t *root, *wrong = json_object();

    (void)state;
    add_all(&figures, "a.b", BETTER_HIGHER, values, 3);
    figures_want(&figures, "a.b", 7);
    root = figures_json(&figures, json_object());
    assert_true(figures_from_json(&read, root));
    figure = figures_find(&read, "a.b");
    assert_non_null(figure);
    assert_int_equal(BETTER_HIGHER, figure->better);
    assert_int_equal(3, figure->count);
    assert_string_equal("us", figure->unit);
    assert_float_equal(7, (float)figure->target, 1e-6);
    assert_float_equal(2, (float)figure_median(figure), 1e-6);
    assert_false(figures_from_json(&read, wrong));
    json_decref(wrong);
    json_decref(root);
    figures_release(&figures);
    figures_release(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_median_and_noise),
        cmocka_unit_test(test_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
