#include "tui/painter.h"

#include "tui/press.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>
#include <wchar.h>

/* What is shown of `text`, as one wide string. */
static void show(const char *text, bool ascii, wchar_t *out)
{
    struct shown shown;

    *out = 0;
    while (painter_next(&text, ascii, &shown)) {
        shown.text[shown.length] = 0;
        wcscat(out, shown.text);
    }
}

static void test_harmless(void **state)
{
    static const struct {
        const char *text;
        const wchar_t *shown;
    } cases[] = {
        {"plain", L"plain"},
        {"a\033[2Jb", L"a\\x1b[2Jb"},
        {"\n\t\x7f", L"\\x0a\\x09\\x7f"},
        {"\xc2\x9b", L"\\x9b"},
        {"\xff\xc3", L"\\xff\\xc3"},
        {"\xe2\x80\xae", L"\\u{202e}"},
        {"\xef\xbb\xbf", L"\\u{feff}"},
        {"e\xcc\x81", L"e\u0301"},
        {"\xcc\x81", L"\\u{301}"},
        {"日本", L"日本"},
    };
    wchar_t out[64];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        show(cases[i].text, false, out);
        assert_int_equal(wcscmp(out, cases[i].shown), 0);
    }
    show("é日", true, out);
    assert_int_equal(wcscmp(out, L"\\xe9\\u{65e5}"), 0);
}

/* Nothing that any bytes become is a control character, and the columns are those of the characters. */
static void test_any_bytes(void **state)
{
    unsigned seed = 3, i, j;

    (void)state;
    for (i = 0; i < 20000; i++) {
        char bytes[24];
        const char *at = bytes;
        struct shown shown;

        for (j = 0; j < 23; j++) {
            seed = seed * 1103515245u + 12345u;
            bytes[j] = (char)(seed >> 16);
        }
        bytes[23] = 0;
        while (painter_next(&at, false, &shown)) {
            int columns = 0, k;

            assert_true(shown.length > 0 && shown.length < 16);
            for (k = 0; k < shown.length; k++) {
                assert_true(shown.text[k] >= 0x20 && (shown.text[k] < 0x7f || shown.text[k] >= 0xa0));
                columns += wcwidth(shown.text[k]);
            }
            assert_int_equal(columns, shown.columns);
        }
    }
}

static void test_widths(void **state)
{
    (void)state;
    assert_int_equal(painter_width("abc", false), 3);
    assert_int_equal(painter_width("日本", false), 4);
    assert_int_equal(painter_width("e\xcc\x81", false), 1);
    assert_int_equal(painter_width("", false), 0);
}

static void test_key_names(void **state)
{
    static const char *const names[] = {"j", "C-d", "Enter", "Esc", "PgUp", "Space", "?", "é", "日"};
    char name[PRESS_NAME_SIZE];
    uint32_t key;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_true(press_parse(names[i], &key));
        press_name(key, name);
        assert_string_equal(name, names[i]);
    }
    assert_false(press_parse("nonsense", &key));
    assert_false(press_parse("", &key));
    press_name(0x9b, name);
    assert_string_equal(name, "that key");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_harmless),
        cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_key_names),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
