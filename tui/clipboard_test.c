#include "tui/clipboard.h"

#include "engine/base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void assert_sequence(const char *text, bool multiplexed, const char *expected)
{
    struct buf out;

    buf_init(&out, 0);
    clipboard_sequence(&out, text, strlen(text), multiplexed);
    assert_string_equal(buf_string(&out), expected);
    buf_release(&out);
}

static void test_base64(void **state)
{
    (void)state;
    assert_sequence("", false, "\033]52;c;\a");
    assert_sequence("f", false, "\033]52;c;Zg==\a");
    assert_sequence("fo", false, "\033]52;c;Zm8=\a");
    assert_sequence("foo", false, "\033]52;c;Zm9v\a");
    assert_sequence("foob", false, "\033]52;c;Zm9vYg==\a");
    assert_sequence("\xff\xfe\xfd", false, "\033]52;c;//79\a");
}

static void test_within_tmux(void **state)
{
    (void)state;
    assert_sequence("foo", true, "\033]52;c;Zm9v\a\033Ptmux;\033\033]52;c;Zm9v\a\033\\");
}

static void test_longest(void **state)
{
    char *text = mem_alloc(CLIPBOARD_MOST);
    struct buf out;

    (void)state;
    buf_init(&out, 0);
    clipboard_sequence(&out, text, CLIPBOARD_MOST, false);
    assert_true(out.length < 100001);
    buf_release(&out);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base64),
        cmocka_unit_test(test_within_tmux),
        cmocka_unit_test(test_longest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
