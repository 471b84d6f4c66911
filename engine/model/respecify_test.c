/* A target that an input names again, otherwise than before. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/model/fixture.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

static struct model *model_with(struct target **target)
{
    struct model *model = fixture_model("tls1.2");

    *target = fixture_simple(model, "contoso.com", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.1",
                             fixture_facts("rrraa"));
    model_set_notes(model, *target,
                    &(struct target_notes){.note = "called them", .state = CONTACT_PROMISED, .due = 20000});
    return model;
}

static struct target_spec spec_of(const struct target *target)
{
    struct target_spec spec;

    target_spec_copy(&spec, &target->spec);
    return spec;
}

static void set(char **text, const char *value)
{
    free(*text);
    *text = mem_string(value);
}

static void test_the_same(void **unused)
{
    struct target *target;
    struct model *model = model_with(&target);
    struct target_spec spec = spec_of(target);

    (void)unused;
    assert_false(model_respecify(model, target, &spec));
    target_spec_release(&spec);
    model_free(model);
}

/* What people keep is theirs; what they did not say comes from the input. */
static void test_people(void **unused)
{
    struct target *target;
    struct model *model = model_with(&target);
    struct target_spec spec = spec_of(target);

    (void)unused;
    set(&spec.note, "other words");
    set(&spec.owner, "Ann");
    spec.contact_state = CONTACT_FIXED;
    spec.due = 10000;
    assert_int_equal(model_would_respecify(target, &spec), RESPECIFIED_WORDS);
    assert_int_equal(model_respecify(model, target, &spec), RESPECIFIED_WORDS);
    assert_int_equal(model_respecify(model, target, &spec), RESPECIFIED_NOT);
    assert_string_equal(target->spec.note, "called them");
    assert_string_equal(target->spec.owner, "Ann");
    assert_null(target->spec.contact);
    assert_int_equal(target->spec.contact_state, CONTACT_PROMISED);
    assert_int_equal(target->spec.due, 20000);
    target_spec_release(&spec);
    model_free(model);
}

static void test_demand(void **unused)
{
    struct target *target;
    struct model *model = model_with(&target);
    struct target_spec spec = spec_of(target);
    struct model_counts before, after;
    const char *name = target->spec.domain;

    (void)unused;
    model_counts(model, &before);
    assert_int_equal(target->judgement.verdict, VERDICT_READY);
    spec.requirement = REQUIREMENT_NAME;
    set(&spec.tls_domain, "mail.contoso.com");
    set(&spec.note, "other words");
    target_spec_add_host(&spec, "gw.contoso.com", 25, false);
    assert_int_equal(model_respecify(model, target, &spec), RESPECIFIED_WAY);
    assert_int_equal(model_respecify(model, target, &spec), RESPECIFIED_NOT);
    assert_ptr_equal(target->spec.domain, name);
    assert_int_equal(target->spec.requirement, REQUIREMENT_NAME);
    assert_string_equal(target->spec.tls_domain, "mail.contoso.com");
    assert_int_equal(target->spec.host_count, 1);
    assert_string_equal(target->spec.note, "called them");
    assert_int_not_equal(target->judgement.verdict, VERDICT_READY); /* no certificate was seen */
    model_counts(model, &after);
    assert_int_equal(after.targets, before.targets);
    assert_int_equal(after.verdicts[CLASS_PARTNER][VERDICT_READY],
                     before.verdicts[CLASS_PARTNER][VERDICT_READY] - 1);
    target_spec_release(&spec);
    model_free(model);
}

/* A word that somebody took away stays away; one that nobody touched may still come. */
static void test_cleared_words(void **unused)
{
    struct target *target;
    struct model *model = model_with(&target);
    struct target_spec spec = spec_of(target);

    (void)unused;
    set(&spec.note, "other words");
    set(&spec.owner, "Ann");
    set(&spec.contact, "it@contoso.com");
    spec.contact_state = CONTACT_FIXED;
    spec.due = 10000;
    model_set_notes(model, target, &(struct target_notes){.note = NULL});
    model_set_by_hand(model, target,
                      BY_HAND(HAND_NOTE) | BY_HAND(HAND_OWNER) | BY_HAND(HAND_STATE) | BY_HAND(HAND_DUE));
    assert_int_equal(model_respecify(model, target, &spec), RESPECIFIED_WORDS);
    assert_null(target->spec.note);
    assert_null(target->spec.owner);
    assert_string_equal(target->spec.contact, "it@contoso.com");
    assert_int_equal(target->spec.contact_state, CONTACT_NONE);
    assert_int_equal(target->spec.due, 0);
    target_spec_add_host(&spec, "gw.contoso.com", 25, false);
    assert_int_equal(model_respecify(model, target, &spec), RESPECIFIED_WAY);
    assert_null(target->spec.owner);
    assert_int_equal(model_respecify(model, target, &spec), RESPECIFIED_NOT);
    target_spec_release(&spec);
    model_free(model);
}

/* Lines move within a file: that is taken in, and is no change. */
static void test_source(void **unused)
{
    struct target *target;
    struct model *model = model_with(&target);
    struct target_spec spec = spec_of(target);

    (void)unused;
    set(&spec.source, "partners.txt:7");
    assert_int_equal(model_respecify(model, target, &spec), RESPECIFIED_NOT);
    assert_string_equal(target->spec.source, "partners.txt:7");
    assert_string_equal(target->spec.note, "called them");
    assert_int_equal(target->judgement.verdict, VERDICT_READY);
    target_spec_release(&spec);
    model_free(model);
}

/* The class that somebody set stays, with what it demands; all else is the input's. */
static void test_class_set_by_hand(void **unused)
{
    struct target *target;
    struct model *model = model_with(&target);
    struct target_spec spec = spec_of(target);
    bool existed;

    (void)unused;
    model_reclass(model, target, CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    model_set_by_hand(model, target, BY_HAND(HAND_CLASS));
    assert_ptr_equal(model_add(model, &spec, &existed), target);
    assert_true(existed);
    spec.requirement = REQUIREMENT_CHAIN;
    assert_int_equal(model_would_respecify(target, &spec), RESPECIFIED_NOT);
    target_spec_add_host(&spec, "gw.contoso.com", 25, false);
    assert_int_equal(model_respecify(model, target, &spec), RESPECIFIED_WAY);
    assert_int_equal(target->spec.class, CLASS_OPPORTUNISTIC);
    assert_int_equal(target->spec.requirement, REQUIREMENT_NONE);
    assert_int_equal(target->spec.host_count, 1);
    model_reclass(model, target, CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    assert_int_equal(model_respecify(model, target, &spec), RESPECIFIED_DEMAND);
    assert_int_equal(target->spec.requirement, REQUIREMENT_CHAIN);
    target_spec_release(&spec);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same), cmocka_unit_test(test_people),
        cmocka_unit_test(test_demand),   cmocka_unit_test(test_cleared_words),
        cmocka_unit_test(test_source),   cmocka_unit_test(test_class_set_by_hand),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
