#include "engine/smtp/dialogue.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#define COUNT(array) (sizeof array / sizeof array[0])

static void knows_helo_names(void **state)
{
    static const char *const good[] = {"a.example",          "mail-1.a.example", "[192.0.2.1]",
                                       "[IPv6:2001:db8::1]", "xn--a.example",    "1.2.3.4a",
                                       "[ipv6:::1]"};
    static const char *const bad[] = {
        "",           "localhost",   ".",         ".a.example", "a.example.",  "a..example",  "a_b.example",
        "-a.example", "a-.example",  "192.0.2.1", "[192.0.2.1", "[]",          "[300.1.1.1]", "[2001::1]",
        "[IPv6:x]",   "a b.example", "a.ex\nb",   "[1.2.3.4]a", "gr\xc3\xbc.x"};
    char text[300];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(good); i++)
        assert_true(dialogue_helo_name_valid(good[i]));
    for (i = 0; i < COUNT(bad); i++)
        assert_false(dialogue_helo_name_valid(bad[i]));
    memset(text, 'a', sizeof text);
    memcpy(text + 63, ".a", 3);
    assert_true(dialogue_helo_name_valid(text));
    memset(text, 'a', 65);
    memcpy(text + 64, ".a", 3);
    assert_false(dialogue_helo_name_valid(text));
    for (i = 0; i < sizeof text; i++)
        text[i] = i % 2 ? '.' : 'a';
    text[255] = 0;
    assert_true(dialogue_helo_name_valid(text));
    text[255] = '.';
    text[257] = 0;
    assert_false(dialogue_helo_name_valid(text));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_helo_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
