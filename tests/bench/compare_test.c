#include "tests/bench/compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

/* Three values, with a noise of 10. */
static void add(struct figures *figures, const char *name, const char *unit, enum better better, double value)
{
    for (int i = -1; i <= 1; i++)
        figures_add(figures, name, unit, better, value + 10 * i);
}

static const struct {
    const char *unit;
    enum better better;
    double before, after;
    double slower; /* the machine, times */
    unsigned worse;
} rows[] = {
    {"us", BETTER_LOWER, 100, 121, 1, 1},
    {"us", BETTER_LOWER, 100, 119, 1, 0},
    {"us", BETTER_LOWER, 100, 50, 1, 0},
    {"endpoints/s", BETTER_HIGHER, 100, 79, 1, 1},
    {"endpoints/s", BETTER_HIGHER, 100, 200, 1, 0},
    {"us", BETTER_NEITHER, 100, 900, 1, 0},
    {"us/endpoint", BETTER_LOWER, 100, 150, 1.4, 0}, /* the machine's doing */
    {"us/endpoint", BETTER_LOWER, 100, 180, 1.4, 1}, /* more than that */
    {"us/endpoint", BETTER_LOWER, 100, 110, 0.5, 0}, /* twice as fast a machine accuses nobody */
    {"endpoints/s", BETTER_HIGHER, 100, 70, 1.4, 0},
    {"endpoints/s", BETTER_HIGHER, 100, 50, 1.4, 1},
    {"MiB", BETTER_LOWER, 100, 150, 1.4, 1}, /* memory has no speed */
    {"/endpoint", BETTER_LOWER, 100, 150, 1.4, 1},
};

static void test_what_is_worse(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct figures old = {0}, new = {0};
        FILE *out = fopen("/dev/null", "w");

        add(&old, FIGURE_WORK, "us", BETTER_NEITHER, 1000);
        add(&new, FIGURE_WORK, "us", BETTER_NEITHER, 1000 * rows[i].slower);
        add(&old, "part.figure", rows[i].unit, rows[i].better, rows[i].before);
        add(&new, "part.figure", rows[i].unit, rows[i].better, rows[i].after);
        if (compare_runs(&old, &new, out) != rows[i].worse)
            fail_msg("row %zu", i);
        fclose(out);
        figures_release(&old);
        figures_release(&new);
    }
}

static char *told(const struct figures *old, const struct figures *new)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    compare_runs(old, new, out);
    fclose(out);
    return text;
}

static void test_what_is_told(void **state)
{
    struct figures old = {0}, new = {0};
    char *text;

    (void)state;
    add(&old, "audit.cpu", "us", BETTER_LOWER, 100);
    add(&new, "audit.cpu", "us", BETTER_LOWER, 200);
    add(&old, "audit.lost", "us", BETTER_LOWER, 100);
    add(&new, "audit.come", "us", BETTER_LOWER, 100);
    add(&old, "wait.left-out", "us", BETTER_LOWER, 100);
    assert_float_equal(1, (float)compare_machines(&old, &new), 1e-6);
    text = told(&old, &new);
    assert_non_null(strstr(text, "\naudit.cpu: from 100 to 200 us, by 100 where noise is 20\n"));
    assert_non_null(strstr(text, "\n1 figure became worse\n"));
    assert_non_null(strstr(text, "\naudit.lost: not measured now\n"));
    assert_non_null(strstr(text, "\naudit.come: not measured then\n"));
    assert_null(strstr(text, "wait.left-out"));
    free(text);
    figures_release(&old);
    figures_release(&new);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_worse),
        cmocka_unit_test(test_what_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
