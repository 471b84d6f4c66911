#include "engine/input/json_list.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

/* The records as "line:text|line:text". */
static char *found(const char *text)
{
    struct json_list list;
    unsigned line;
    const char *wrong = json_list_read(text, &list, &line);
    char *out;
    size_t i;

    if (wrong)
        return mem_format("line %u: %s", line, wrong);
    out = mem_string("");
    for (i = 0; i < list.count; i++) {
        char *more = mem_format("%s%s%u:%.*s", out, i ? "|" : "", list.records[i].line,
                                (int)list.records[i].length, list.records[i].text);

        free(out);
        out = more;
    }
    json_list_release(&list);
    return out;
}

static void finds_records(void **state)
{
    static const struct {
        const char *text, *records;
    } rows[] = {
        {"[]", ""},
        {" [ ] \r\n", ""},
        {"{\"value\":[],\"Count\":0}", ""},
        {"{}", "1:{}"},
        {"{\"a\":1}\n", "1:{\"a\":1}"},
        {"[\r\n  {\"a\":\n[1,{}]},\r\n  {\"b\":2}\r\n]", "2:{\"a\":\n[1,{}]}|4:{\"b\":2}"},
        {"{\"Count\":2,\n \"value\" : [{\"a\":1},\n{\"value\":3}]}", "2:{\"a\":1}|3:{\"value\":3}"},
        {"{\"value\":{\"a\":1}}", "1:{\"a\":1}"},
        {"[[{\"a\":1}],{\"value\":[{\"b\":2}]},null]", "1:{\"a\":1}|1:{\"b\":2}|1:null"},
        {"[{\"a\":\"]}\\\"\\\\\"},\"x\"]", "1:{\"a\":\"]}\\\"\\\\\"}|1:\"x\""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *records = found(rows[i].text);

        assert_string_equal(records, rows[i].records);
        free(records);
    }
}

static void names_what_is_wrong(void **state)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"", "line 1: the file ends in the middle"},
        {"[", "line 1: the file ends in the middle"},
        {"[\n{\"a\":\"b", "line 2: the file ends in the middle"},
        {"[\n{}\n{}]", "line 3: expected , or ] behind an item of the list"},
        {"[{},]", "line 1: expected a value"},
        {"[{}}", "line 1: expected , or ] behind an item of the list"},
        {"{\"a\" 1}", "line 1: expected : behind a name"},
        {"{\"a\":1 \"b\"}", "line 1: expected , or } behind a value"},
        {"{a:1}", "line 1: expected a name in quotes"},
        {"{\"a\":}", "line 1: expected a value"},
        {"[]\n[]", "line 2: there is something behind its end"},
        {"[[[[[[[[[[]]]]]]]]]]", "line 1: lists are nested too deep"},
        {"{\"value\":[1 2]}", "line 1: expected , or ] behind an item of the list"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *says = found(rows[i].text);

        assert_string_equal(says, rows[i].says);
        free(says);
    }
}

static void tells_json_from_lists(void **state)
{
    (void)state;
    assert_true(json_list_detect("\r\n [ {"));
    assert_true(json_list_detect("[null]"));
    assert_false(json_list_detect("[192.0.2.1]:25 encrypt"));
    assert_false(json_list_detect("[mail.contoso.com] encrypt"));
    assert_true(json_list_detect("{"));
    assert_false(json_list_detect("contoso.com\n[1]"));
    assert_false(json_list_detect(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_records),
        cmocka_unit_test(names_what_is_wrong),
        cmocka_unit_test(tells_json_from_lists),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
