#include "tui/prompt.h"

#include "tui/press.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void press(struct prompt *prompt, const char *names)
{
    char copy[256], *rest = copy, *name;
    uint32_t key;

    strcpy(copy, names);
    while ((name = strsep(&rest, " "))) {
        assert_true(press_parse(name, &key));
        prompt_key(prompt, key);
    }
}

static void test_editing(void **state)
{
    struct prompt prompt;

    (void)state;
    prompt_set(&prompt, "");
    press(&prompt, "a b Space c d");
    assert_string_equal(prompt.text, "ab cd");
    press(&prompt, "Left Left x");
    assert_string_equal(prompt.text, "ab xcd");
    press(&prompt, "Home Delete End BSpace");
    assert_string_equal(prompt.text, "b xc");
    press(&prompt, "C-w");
    assert_string_equal(prompt.text, "b ");
    press(&prompt, "C-u");
    assert_string_equal(prompt.text, "");
    press(&prompt, "a b c C-a C-k");
    assert_string_equal(prompt.text, "");
}

static void test_wide_characters_stay_whole(void **state)
{
    struct prompt prompt;

    (void)state;
    prompt_set(&prompt, "aé日");
    press(&prompt, "Left Left");
    assert_int_equal(prompt.cursor, 1);
    press(&prompt, "Delete");
    assert_string_equal(prompt.text, "a日");
    press(&prompt, "End BSpace");
    assert_string_equal(prompt.text, "a");
}

static void test_outcomes(void **state)
{
    struct prompt prompt;

    (void)state;
    prompt_set(&prompt, "a");
    assert_int_equal(prompt_key(&prompt, PRESS_UP), PROMPT_IGNORED);
    assert_int_equal(prompt_key(&prompt, PRESS_LEFT), PROMPT_MOVED);
    assert_int_equal(prompt_key(&prompt, PRESS_DELETE), PROMPT_CHANGED);
    assert_int_equal(prompt_key(&prompt, PRESS_DELETE), PROMPT_MOVED);
    assert_int_equal(prompt_key(&prompt, PRESS_ENTER), PROMPT_DONE);
    assert_int_equal(prompt_key(&prompt, PRESS_BACKSPACE), PROMPT_CANCEL);
    assert_int_equal(prompt_key(&prompt, PRESS_ESC), PROMPT_CANCEL);
}

static void test_bounds(void **state)
{
    struct prompt prompt;
    unsigned i;

    (void)state;
    prompt_set(&prompt, "");
    for (i = 0; i < 2 * PROMPT_SIZE; i++)
        prompt_key(&prompt, 0x65e5);
    assert_true(prompt.length < PROMPT_SIZE);
    assert_int_equal(prompt.length % 3, 0);
    assert_int_equal(strlen(prompt.text), prompt.length);
}

/* Any keys in any order leave a terminated text with the cursor in it. */
static void test_key_storm(void **state)
{
    struct prompt prompt;
    unsigned i, seed = 7;

    (void)state;
    prompt_set(&prompt, "");
    for (i = 0; i < 200000; i++) {
        seed = seed * 1103515245u + 12345u;
        prompt_key(&prompt, seed >> 8 & 1 ? seed >> 16 & 0x1f : seed >> 12 & 0x1ffff);
        assert_true(prompt.cursor <= prompt.length && prompt.length < PROMPT_SIZE);
        assert_int_equal(prompt.text[prompt.length], 0);
        assert_int_not_equal((unsigned char)prompt.text[prompt.cursor] & 0xc0, 0x80);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_editing),   cmocka_unit_test(test_wide_characters_stay_whole),
        cmocka_unit_test(test_outcomes),  cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_key_storm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
