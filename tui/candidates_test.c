#include "tui/candidates.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static void fill(struct candidates *list, struct prompt *prompt, const char *text, size_t from,
                 const char *const *words)
{
    prompt_set(prompt, text);
    list->from = from;
    list->to = prompt->cursor;
    for (; *words; words++)
        candidates_add(list, *words, *words, NULL);
}

static void test_one_is_filled_in(void **state)
{
    static const char *const words[] = {"ready", NULL};
    struct candidates list = {0};
    struct prompt prompt;

    (void)state;
    fill(&list, &prompt, "verdict:re", 8, words);
    assert_true(candidates_press(&list, &prompt, true));
    assert_string_equal(prompt.text, "verdict:ready");
    assert_int_equal(prompt.cursor, strlen("verdict:ready"));
    assert_int_equal(list.count, 0);
    assert_false(list.shown);
}

static void test_several_go_round(void **state)
{
    static const char *const words[] = {"plaintext", "pliant", "plum", NULL};
    struct candidates list = {0};
    struct prompt prompt;

    (void)state;
    fill(&list, &prompt, "a p", 2, words);
    assert_true(candidates_press(&list, &prompt, true));
    assert_string_equal(prompt.text, "a pl");
    assert_true(list.shown);
    assert_int_equal(list.chosen, 0);
    assert_true(candidates_press(&list, &prompt, true));
    assert_string_equal(prompt.text, "a plaintext");
    assert_true(candidates_press(&list, &prompt, true));
    assert_true(candidates_press(&list, &prompt, true));
    assert_string_equal(prompt.text, "a plum");
    assert_true(candidates_press(&list, &prompt, true));
    assert_string_equal(prompt.text, "a plaintext");
    assert_true(candidates_press(&list, &prompt, false));
    assert_string_equal(prompt.text, "a plum");
    candidates_release(&list);
}

/* The first press shows what there is before it chooses; backwards begins at the end. */
static void test_nothing_in_common(void **state)
{
    static const char *const words[] = {"a:", "b:", NULL};
    struct candidates list = {0};
    struct prompt prompt;

    (void)state;
    fill(&list, &prompt, "", 0, words);
    assert_false(candidates_press(&list, &prompt, false));
    assert_true(list.shown);
    assert_string_equal(prompt.text, "");
    assert_true(candidates_press(&list, &prompt, false));
    assert_string_equal(prompt.text, "b:");
    candidates_release(&list);
}

static void test_none(void **state)
{
    struct candidates list = {0};
    struct prompt prompt;

    (void)state;
    prompt_set(&prompt, "x");
    assert_false(candidates_press(&list, &prompt, true));
    assert_true(list.shown);
    assert_string_equal(prompt.text, "x");
}

static void test_whole_characters_in_common(void **state)
{
    static const char *const words[] = {"x\xc3\xa4", "x\xc3\xb6", NULL};
    struct candidates list = {0};
    struct prompt prompt;

    (void)state;
    fill(&list, &prompt, "", 0, words);
    assert_true(candidates_press(&list, &prompt, true));
    assert_string_equal(prompt.text, "x");
    candidates_release(&list);
}

/* What stands behind the cursor stays; what would not fit is left alone. */
static void test_middle_and_end(void **state)
{
    static const char *const words[] = {"ready", NULL};
    struct candidates list = {0};
    struct prompt prompt;

    (void)state;
    prompt_set(&prompt, "verdict:re b");
    prompt.cursor = list.to = 10;
    list.from = 8;
    candidates_add(&list, words[0], words[0], "help");
    assert_true(candidates_press(&list, &prompt, true));
    assert_string_equal(prompt.text, "verdict:ready b");
    assert_int_equal(prompt.cursor, 13);
    prompt_set(&prompt, "");
    memset(prompt.text, 'a', PROMPT_SIZE - 1);
    prompt.length = PROMPT_SIZE - 1;
    list.from = list.to = 0;
    candidates_add(&list, words[0], words[0], NULL);
    assert_false(candidates_press(&list, &prompt, true));
    assert_int_equal(strlen(prompt.text), PROMPT_SIZE - 1);
}

static void test_bounded(void **state)
{
    struct candidates list = {0};
    size_t i;

    (void)state;
    for (i = 0; i < CANDIDATES_MOST; i++)
        candidates_add(&list, "a", "a", NULL);
    assert_false(list.more);
    candidates_add(&list, "a", "a", NULL);
    assert_true(list.more);
    assert_int_equal(list.count, CANDIDATES_MOST);
    candidates_release(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_is_filled_in),
        cmocka_unit_test(test_several_go_round),
        cmocka_unit_test(test_nothing_in_common),
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_whole_characters_in_common),
        cmocka_unit_test(test_middle_and_end),
        cmocka_unit_test(test_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
