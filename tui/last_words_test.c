#include "tui/last_words.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

static void assert_words(const char *path, bool demo, const char *expected)
{
    char *words = last_words(path, demo);

    assert_string_equal(words, expected);
    free(words);
}

static void test_words(void **state)
{
    (void)state;
    assert_words(
        "/s/a.mxscope", false,
        "mxscope: this session is kept in /s/a.mxscope; mxscope -s '/s/a.mxscope' goes on with it\n");
    assert_words(
        "/my $HOME/it's", false,
        "mxscope: this session is kept in /my $HOME/it's; mxscope -s '/my $HOME/it'\\''s' goes on with it\n");
    assert_words(
        "/s/a.mxscope", true,
        "mxscope: this session is kept in /s/a.mxscope; mxscope --demo -s '/s/a.mxscope' goes on with it\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
