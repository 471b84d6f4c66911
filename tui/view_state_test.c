#include "tui/view_state.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define START "group class\nsort order of adding\nreversed no\ndepth 2\n"

/* What is read of the text, written again. */
static void assert_read(const char *text, const char *expected)
{
    struct view_state state;
    char *out;

    view_state_init(&state);
    view_state_parse(&state, text);
    out = view_state_text(&state);
    assert_string_equal(out, expected);
    free(out);
    view_state_release(&state);
}

static void test_whole(void **state)
{
    static const char all[] = "group operator\nsort certificate's end\nreversed yes\ndepth 4\ndetail none\n"
                              "theme dark\nfilter verdict:not-ready \"to contoso\"\n";

    (void)state;
    assert_read("", START);
    assert_read(START, START);
    assert_read(all, all);
}

static void test_broken_lines_are_left_out(void **state)
{
    (void)state;
    assert_read("group nothing\nsort \nreversed maybe\ndepth 6\ndepth 22\ndetail huge\nfilter \ntheme\n",
                START);
    assert_read("\n\n group verdict\nfilter \033[2J\nfilter \xff\nnonsense here\n", START);
    assert_read("depth 3\ngroup verdict", "group class\nsort order of adding\nreversed no\ndepth 3\n");
    assert_read("filter a\nfilter b\n", START "filter b\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_broken_lines_are_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
