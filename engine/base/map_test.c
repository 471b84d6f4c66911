#include "engine/base/map.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANY 500

static void an_empty_map_answers(void **state)
{
    struct map m;
    size_t cursor = 0;

    (void)state;
    map_init(&m);
    assert_null(map_get(&m, "a"));
    assert_null(map_remove(&m, "a"));
    assert_null(map_next(&m, &cursor));
    map_release(&m, NULL);
}

static void put_replaces(void **state)
{
    int one = 1, two = 2;
    char key[] = "key";
    struct map m;

    (void)state;
    map_init(&m);
    assert_null(map_put(&m, key, &one));
    key[0] = 'K';
    assert_ptr_equal(map_get(&m, "key"), &one);
    assert_null(map_get(&m, "Key"));
    assert_ptr_equal(map_put(&m, "key", &two), &one);
    assert_int_equal(m.count, 1);
    assert_ptr_equal(map_put(&m, "", &one), NULL);
    assert_ptr_equal(map_get(&m, ""), &one);
    assert_ptr_equal(map_remove(&m, "key"), &two);
    assert_null(map_get(&m, "key"));
    assert_int_equal(m.count, 1);
    map_release(&m, NULL);
    assert_int_equal(m.count, 0);
}

static void check_all(const struct map *m, const bool *there, int *values)
{
    char key[16];
    int i;

    for (i = 0; i < MANY; i++) {
        snprintf(key, sizeof key, "host%d", i);
        assert_ptr_equal(map_get(m, key), there[i] ? &values[i] : NULL);
    }
}

/* A plain array beside the map says what it must hold after each of many puts and removes. */
static void agrees_with_an_array(void **state)
{
    static int values[MANY];
    static bool there[MANY];
    unsigned long long random = 88172645463325252u;
    size_t count = 0;
    struct map m;
    int step;

    (void)state;
    map_init(&m);
    for (step = 0; step < 20 * MANY; step++) {
        char key[16];
        int i;

        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        i = (int)(random % MANY);
        snprintf(key, sizeof key, "host%d", i);
        if (random >> 40 & 1)
            assert_ptr_equal(map_put(&m, key, &values[i]), there[i] ? &values[i] : NULL);
        else
            assert_ptr_equal(map_remove(&m, key), there[i] ? &values[i] : NULL);
        count += (size_t)(random >> 40 & 1) - there[i];
        there[i] = random >> 40 & 1;
        assert_int_equal(m.count, count);
        if (step % 97 == 0)
            check_all(&m, there, values);
    }
    check_all(&m, there, values);
    map_release(&m, NULL);
}

static void walks_each_value_once(void **state)
{
    static int values[MANY];
    struct map m;
    size_t cursor = 0, seen = 0;
    int *value, i;

    (void)state;
    map_init(&m);
    for (i = 0; i < MANY; i++) {
        char key[16];

        snprintf(key, sizeof key, "%d", i);
        map_put(&m, key, &values[i]);
    }
    while ((value = map_next(&m, &cursor))) {
        assert_int_equal(++*value, 1);
        seen++;
    }
    assert_int_equal(seen, MANY);
    map_release(&m, NULL);
}

static void release_frees_the_values(void **state)
{
    struct map m;

    (void)state;
    map_init(&m);
    map_put(&m, "a", mem_string("one"));
    map_put(&m, "b", mem_string("two"));
    map_release(&m, free);
    assert_null(map_get(&m, "a"));
    map_put(&m, "a", mem_string("three"));
    assert_string_equal(map_get(&m, "a"), "three");
    map_release(&m, free);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_map_answers),     cmocka_unit_test(put_replaces),
        cmocka_unit_test(agrees_with_an_array),     cmocka_unit_test(walks_each_value_once),
        cmocka_unit_test(release_frees_the_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
