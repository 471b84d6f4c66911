/* Storms of random keys. STORM_KEYS and STORM_SEED in the environment make one of another length or course:
 *   bazel test --config=asan --test_env=STORM_SEED=7 //tests/tui:storm_test */
#include "tests/tui/storm.h"
#include "tui/terminal.h"

#include <locale.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned long number(const char *variable, unsigned long otherwise)
{
    const char *text = getenv(variable);

    return text ? strtoul(text, NULL, 10) : otherwise;
}

static void test_storm(void **state)
{
    struct terminal_options headless = {.headless = true};
    unsigned long keys = number("STORM_KEYS", KEYS), first = number("STORM_SEED", 1), seed;
    char *error = NULL;
    bool held = true;

    (void)state;
    assert_true(terminal_open(&headless, &error));
    for (seed = first; held && seed < first + SEEDS; seed++) {
        struct storm *storm = storm_new(seed);

        while (held && storm_keys(storm) < keys / SEEDS)
            held = storm_step(storm);
        storm_free(storm);
    }
    terminal_close();
    assert_true(held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_storm)};
    const char *folder = getenv("TEST_TMPDIR");

    setlocale(LC_ALL, "C.UTF-8");
    if (folder && chdir(folder) < 0) /* what is saved or exported is saved there */
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
