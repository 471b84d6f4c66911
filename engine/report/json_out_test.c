#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/report/json_out.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *value, *written;
} rows[] = {
    {"J\xc3\xb6rg", "\"J\xc3\xb6rg\""},
    {"\xe6\xbc\xa2\xf0\x9f\x98\x80", "\"\xe6\xbc\xa2\xf0\x9f\x98\x80\""},
    {"\x1b[2J\n", "\"\\u001B[2J\\n\""},
    {"a\x7f", "\"a\\u007F\""},
    {"\xc2\x9b\x32J", "\"\\u009B2J\""},                 /* CSI in one character */
    {"x\xe2\x80\xaeyz", "\"x\\u202Eyz\""},              /* right to left from here on */
    {"\xe2\x80\xa8\xe2\x80\xa9", "\"\\u2028\\u2029\""}, /* ends of lines in JavaScript */
    {"\xf3\xa0\x80\x81", "\"\\uDB40\\uDC01\""},         /* a tag character */
    {"</script>\"\\", "\"</script>\\\"\\\\\""},
};

static void what_acts_is_escaped(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *value = json_string(rows[i].value), *again, *list = json_pack("[O]", value);
        struct out out;
        char *text;

        out_init(&out, NULL, NULL);
        json_out(&out, list);
        text = out_text(&out);
        assert_int_equal(strlen(text), strlen(rows[i].written) + 2);
        assert_memory_equal(text + 1, rows[i].written, strlen(rows[i].written));
        again = json_loads(text, 0, NULL);
        assert_true(json_equal(again, list));
        json_decref(again);
        json_decref(list);
        json_decref(value);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_acts_is_escaped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
