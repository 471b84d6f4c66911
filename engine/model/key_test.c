/* What makes a target one, also where somebody gave it another class. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/model/fixture.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

static struct target *partner(struct model *model)
{
    return fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
}

static struct target *other(struct model *model)
{
    return fixture_target(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
}

static void set_class(struct model *model, struct target *target, enum target_class class)
{
    model_reclass(model, target, class, REQUIREMENT_NONE);
    model_set_by_hand(model, target, target->spec.by_hand | BY_HAND(HAND_CLASS));
}

static void a_class_that_was_set_answers_to_both(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *a = partner(model);

    (void)state;
    set_class(model, a, CLASS_OPPORTUNISTIC);
    assert_ptr_equal(partner(model), a);
    assert_ptr_equal(other(model), a);
    assert_int_equal(a->spec.class, CLASS_OPPORTUNISTIC);
    assert_int_equal(model_target_count(model), 1);
    model_set_by_hand(model, a, 0);
    assert_ptr_not_equal(partner(model), a);
    model_free(model);
}

/* Both stood in one list; each line of it still finds its own. */
static void two_of_a_domain(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *a = partner(model), *b = other(model);

    (void)state;
    set_class(model, b, CLASS_PARTNER);
    assert_ptr_equal(partner(model), a);
    assert_ptr_equal(other(model), b);
    assert_int_equal(model_target_count(model), 2);
    model_free(model);
}

static void the_real_one_comes_first(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *set = partner(model), *real;

    (void)state;
    set_class(model, set, CLASS_OPPORTUNISTIC);
    real = model_restore(model, &set->spec, false);
    model_set_by_hand(model, real, 0);
    model_reclass(model, real, CLASS_PARTNER, REQUIREMENT_NONE);
    assert_ptr_equal(partner(model), real);
    assert_ptr_equal(other(model), set);
    model_free(model);
}

static void a_removed_one_comes_back_as_it_was_set(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *a = partner(model);

    (void)state;
    set_class(model, a, CLASS_OPPORTUNISTIC);
    model_remove(model, a);
    assert_ptr_equal(partner(model), a);
    assert_false(a->removed);
    assert_int_equal(a->spec.class, CLASS_OPPORTUNISTIC);
    model_free(model);
}

static void its_key_is_that_of_its_class(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *a = partner(model);
    struct target_spec spec;
    char *key, *own;

    (void)state;
    target_spec_copy(&spec, &a->spec);
    set_class(model, a, CLASS_OPPORTUNISTIC);
    key = model_key_here(model, &spec);
    own = model_key(&a->spec);
    assert_string_equal(key, own);
    assert_ptr_equal(model_find(model, key), a);
    free(own);
    free(key);
    free(spec.connector);
    spec.connector = mem_string("To A");
    key = model_key_here(model, &spec);
    own = model_key(&spec);
    assert_string_equal(key, own);
    free(own);
    free(key);
    target_spec_release(&spec);
    model_free(model);
}

/* Of two sessions only one has it by hand: they find each other either way. */
static void alike_in_two_sessions(void **state)
{
    struct model *before = fixture_model("tls1.2"), *after = fixture_model("tls1.2");
    struct target *then = partner(before), *now = partner(after);

    (void)state;
    set_class(after, now, CLASS_OPPORTUNISTIC);
    assert_ptr_equal(model_find_like(before, &now->spec), then);
    assert_ptr_equal(model_find_like(after, &then->spec), now);
    model_set_by_hand(after, now, 0);
    assert_null(model_find_like(before, &now->spec));
    assert_null(model_find_like(after, &then->spec));
    model_free(before);
    model_free(after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_that_was_set_answers_to_both),
        cmocka_unit_test(two_of_a_domain),
        cmocka_unit_test(the_real_one_comes_first),
        cmocka_unit_test(a_removed_one_comes_back_as_it_was_set),
        cmocka_unit_test(its_key_is_that_of_its_class),
        cmocka_unit_test(alike_in_two_sessions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
