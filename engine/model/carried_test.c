#include "engine/model/carried.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

static struct target *add(struct model *model, const char *domain, enum connector_match match)
{
    struct target_spec spec;
    struct target *target;

    target_spec_init(&spec);
    spec.domain = mem_string(domain);
    spec.unicode = mem_string(domain);
    spec.class = CLASS_PARTNER;
    spec.requirement = REQUIREMENT_CHAIN;
    spec.connector = mem_string("To all");
    spec.match = match;
    target = model_add(model, &spec, NULL);
    target_spec_release(&spec);
    return target;
}

static struct target *find(const struct carried *carried, const struct model *model, const char *domain)
{
    char *key, *own;
    struct target_spec spec;
    struct target *found;

    target_spec_init(&spec);
    spec.domain = mem_string(domain);
    found = carried_find(carried, model, &spec, &key);
    own = model_key(found ? &found->spec : &spec);
    assert_string_equal(key, own);
    free(own);
    free(key);
    target_spec_release(&spec);
    return found;
}

static void a_connector_speaks_for_its_domains(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *exact = add(model, "a.example", MATCH_EXACT), *rule = add(model, "b.example", MATCH_RULE),
                  *later;
    struct carried carried = {.looked = 0};

    (void)state;
    assert_non_null(rule);
    assert_false(carried_look(&carried, model, 1));
    assert_true(carried_look(&carried, model, 1));
    assert_ptr_equal(find(&carried, model, "a.example"), exact);
    assert_null(find(&carried, model, "b.example"));
    assert_null(find(&carried, model, "c.example"));
    later = add(model, "c.example", MATCH_WILDCARD);
    assert_true(carried_look(&carried, model, 1));
    assert_ptr_equal(find(&carried, model, "c.example"), later);
    model_remove(model, exact);
    assert_null(find(&carried, model, "a.example"));
    carried_release(&carried);
    model_free(model);
}

static void one_that_stands_by_itself_is_meant(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *plain = fixture_target(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    struct carried carried = {.looked = 0};

    (void)state;
    add(model, "a.example", MATCH_EXACT);
    assert_true(carried_look(&carried, model, SIZE_MAX));
    assert_ptr_equal(find(&carried, model, "a.example"), plain);
    carried_release(&carried);
    model_free(model);
}

/* How it is demanded its connector says. */
static void only_words_are_taken(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *target = add(model, "a.example", MATCH_EXACT);
    struct target_spec spec;

    (void)state;
    target_spec_init(&spec);
    spec.domain = mem_string("a.example");
    target_spec_add_host(&spec, "gw.example", 25, false);
    assert_int_equal(model_respecify(model, target, &spec), RESPECIFIED_NOT);
    spec.owner = mem_string("Ann");
    assert_int_equal(model_respecify(model, target, &spec), RESPECIFIED_WORDS);
    assert_string_equal(target->spec.owner, "Ann");
    assert_string_equal(target->spec.connector, "To all");
    assert_int_equal(target->spec.requirement, REQUIREMENT_CHAIN);
    assert_int_equal(target->spec.host_count, 0);
    target_spec_release(&spec);
    model_free(model);
}

/* It has another class, as lists have domains; the connector's is meant all the same. */
static void a_connector_finds_the_domain_alone(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *plain = fixture_target(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    struct carried carried = {.looked = 0};
    struct target_spec spec;
    char *key, *own;

    (void)state;
    target_spec_copy(&spec, &plain->spec);
    spec.class = CLASS_PARTNER;
    spec.requirement = REQUIREMENT_CHAIN;
    spec.connector = mem_string("To A");
    spec.match = MATCH_RULE;
    assert_null(carried_find(&carried, model, &spec, &key));
    free(key);
    spec.match = MATCH_EXACT;
    assert_ptr_equal(carried_find(&carried, model, &spec, &key), plain);
    own = model_key(&spec);
    assert_string_equal(key, own);
    assert_int_equal(model_respecify(model, plain, &spec), RESPECIFIED_DEMAND);
    assert_ptr_equal(model_find(model, key), plain);
    assert_int_equal(plain->spec.class, CLASS_PARTNER);
    assert_int_equal(plain->spec.requirement, REQUIREMENT_CHAIN);
    assert_int_equal(model_respecify(model, plain, &spec), RESPECIFIED_NOT);
    free(own);
    free(key);
    target_spec_release(&spec);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connector_speaks_for_its_domains),
        cmocka_unit_test(one_that_stands_by_itself_is_meant),
        cmocka_unit_test(only_words_are_taken),
        cmocka_unit_test(a_connector_finds_the_domain_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
