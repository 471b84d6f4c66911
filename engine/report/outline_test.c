#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/report/outline.h"
#include "engine/report/read_testing.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct outline *opened(const char *text, char **error)
{
    char *path = testing_written("outline.json", text);
    struct outline *outline = outline_open(path, error);

    unlink(path);
    free(path);
    return outline;
}

/* However much of it there is, it is not held. */
static void what_is_not_known_is_left_aside(void **state)
{
    char *error = NULL;
    struct outline *outline =
        opened("{\"format\":\"mxscope\",\"more\":[1,2],\"domains\":[{\"a\":1},{\"a\":2}],"
               "\"more\":{},\"complete\":true,\"summary\":{}}",
               &error);
    const json_t *head = outline_head(outline);
    uint64_t line = 0;
    bool over = false;
    (void)state;

    assert_int_equal(json_object_size(head), 2);
    assert_string_equal(json_string_value(json_object_get(head, "format")), "mxscope");
    assert_true(json_is_true(json_object_get(head, "complete")));
    for (int i = 1; i <= 2; i++) {
        json_t *element = outline_next(outline, &line, &over, &error);

        assert_int_equal(json_integer_value(json_object_get(element, "a")), i);
        json_decref(element);
    }
    assert_null(outline_next(outline, &line, &over, &error));
    assert_true(over);
    assert_null(error);
    outline_close(outline);
}

static void what_is_left_aside_is_json_too(void **state)
{
    char *error = NULL;
    (void)state;

    assert_null(opened("{\"format\":\"mxscope\",\n\"more\":[1,,2],\"domains\":[]}", &error));
    assert_non_null(strstr(error, ":2: is no JSON"));
    free(error);
}

static void the_share_grows_to_the_end(void **state)
{
    char *error = NULL;
    struct outline *outline = opened("{\"domain\":1}\n{\"domain\":2}\n", &error);
    unsigned share = 0;
    uint64_t line;
    bool over = false;
    json_t *element;
    (void)state;

    assert_null(outline_head(outline));
    assert_int_equal(outline_share(outline), 0);
    while ((element = outline_next(outline, &line, &over, &error)) != NULL) {
        assert_true(outline_share(outline) > share);
        share = outline_share(outline);
        json_decref(element);
    }
    assert_true(over);
    assert_int_equal(outline_share(outline), 100);
    outline_close(outline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_known_is_left_aside),
        cmocka_unit_test(what_is_left_aside_is_json_too),
        cmocka_unit_test(the_share_grows_to_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
