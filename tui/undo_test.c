#include "tui/undo.h"

#include "engine/base/mem.h"
#include "tests/tui/sample.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void count(void *context, struct target *target, bool tagged)
{
    assert_false(tagged);
    *(int *)context += target->removed ? 100 : 1;
}

static void assert_undone(struct undo *undo, struct model *model, const char *what, int moved)
{
    int there = 0;
    char *is = undo_back(undo, model, count, &there);

    assert_string_equal(is, what);
    assert_int_equal(there, moved);
    free(is);
}

static void takes_back_in_turn(void **state)
{
    struct model *model = sample_empty();
    struct target *a = sample_add(model, "a.example", CLASS_OPPORTUNISTIC);
    struct target *b = sample_add(model, "b.example", CLASS_PARTNER);
    struct undo *undo = mem_alloc(sizeof *undo);

    (void)state;
    undo_begin(undo, "the note on a.example");
    undo_keep(undo, a, false);
    model_set_notes(model, a, &(struct target_notes){"new", "Ann", NULL, CONTACT_FIXED, 20800});
    undo_begin(undo, "the change of a.example");
    undo_keep(undo, a, false);
    model_reclass(model, a, CLASS_PARTNER, REQUIREMENT_CHAIN);
    undo_begin(undo, "the removal of 2 targets");
    undo_keep(undo, a, false);
    undo_keep(undo, b, false);
    model_remove(model, a);
    model_remove(model, b);

    assert_undone(undo, model, "the removal of 2 targets", 2);
    assert_false(a->removed || b->removed);
    assert_int_equal(a->spec.class, CLASS_PARTNER);
    assert_undone(undo, model, "the change of a.example", 0);
    assert_int_equal(a->spec.class, CLASS_OPPORTUNISTIC);
    assert_int_equal(a->spec.requirement, REQUIREMENT_NONE);
    assert_string_equal(a->spec.owner, "Ann");
    assert_int_equal(a->spec.due, 20800);
    assert_undone(undo, model, "the note on a.example", 0);
    assert_null(a->spec.note);
    assert_null(a->spec.owner);
    assert_int_equal(a->spec.contact_state, CONTACT_NONE);
    assert_int_equal(a->spec.due, 0);
    assert_null(undo_back(undo, model, NULL, NULL));
    free(undo);
    model_free(model);
}

static void takes_back_an_addition(void **state)
{
    struct model *model = sample_empty();
    struct target *a = sample_add(model, "a.example", CLASS_OPPORTUNISTIC);
    struct undo *undo = mem_alloc(sizeof *undo);

    (void)state;
    undo_begin(undo, "the addition of a.example");
    undo_keep_added(undo, a);
    assert_undone(undo, model, "the addition of a.example", 100);
    assert_true(a->removed);
    free(undo);
    model_free(model);
}

/* A class that was set by hand is the inputs' again. */
static void takes_back_what_was_set(void **state)
{
    struct model *model = sample_empty();
    struct target *a = sample_add(model, "a.example", CLASS_OPPORTUNISTIC);
    struct undo *undo = mem_alloc(sizeof *undo);

    (void)state;
    undo_begin(undo, "the change of a.example");
    undo_keep(undo, a, false);
    model_reclass(model, a, CLASS_PARTNER, REQUIREMENT_CHAIN);
    model_set_by_hand(model, a, BY_HAND(HAND_CLASS));
    assert_undone(undo, model, "the change of a.example", 0);
    assert_int_equal(a->spec.by_hand, 0);
    assert_ptr_not_equal(sample_add(model, "a.example", CLASS_PARTNER), a);
    free(undo);
    model_free(model);
}

static void takes_back_a_demand(void **state)
{
    struct model *model = sample_empty();
    struct target *a = sample_add(model, "a.example", CLASS_PARTNER);
    struct undo *undo = mem_alloc(sizeof *undo);
    struct undo_step step = {.what = mem_string("the import")};
    struct target_spec spec;

    (void)state;
    target_spec_copy(&spec, &a->spec);
    spec.requirement = REQUIREMENT_NAME;
    spec.owner = mem_string("Ann");
    target_spec_add_host(&spec, "gw.a.example", 25, false);
    undo_step_keep(&step, a, false);
    undo_step_keep_demand(&step, a);
    assert_int_equal(model_respecify(model, a, &spec), RESPECIFIED_WAY);
    assert_string_equal(a->spec.owner, "Ann");
    undo_push(undo, &step);
    assert_null(step.what);
    assert_undone(undo, model, "the import", 1);
    assert_int_equal(a->spec.requirement, REQUIREMENT_ENCRYPTION);
    assert_int_equal(a->spec.host_count, 0);
    assert_null(a->spec.owner);
    target_spec_release(&spec);
    free(undo);
    model_free(model);
}

static void forgets_the_oldest(void **state)
{
    struct model *model = sample_empty();
    struct target *a = sample_add(model, "a.example", CLASS_OPPORTUNISTIC);
    struct undo *undo = mem_alloc(sizeof *undo);
    unsigned i;

    (void)state;
    for (i = 0; i < UNDO_MOST + 5; i++) {
        char *note = mem_format("%u", i);

        undo_begin(undo, note);
        undo_keep(undo, a, false);
        model_set_notes(model, a, &(struct target_notes){.note = note});
        free(note);
    }
    assert_int_equal(undo->count, UNDO_MOST);
    assert_string_equal(undo->steps[0].what, "5");
    assert_string_equal(undo->steps[0].entries[0].note, "4");
    undo_release(undo);
    free(undo);
    model_free(model);
}

static void takes_back_a_baseline(void **state)
{
    struct model *model = sample_model();
    char *error = NULL, *before = mem_string(model_baseline(model)->name);
    struct undo *undo = mem_alloc(sizeof *undo);

    (void)state;
    undo_begin(undo, "the baseline");
    undo_keep_baseline(undo, model_exchange_baseline(model, baseline_load("tls1.3", &error)));
    assert_string_equal(model_baseline(model)->name, "tls1.3");
    assert_undone(undo, model, "the baseline", 0);
    assert_string_equal(model_baseline(model)->name, before);
    free(before);
    free(undo);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_back_in_turn),      cmocka_unit_test(takes_back_an_addition),
        cmocka_unit_test(takes_back_what_was_set), cmocka_unit_test(takes_back_a_demand),
        cmocka_unit_test(forgets_the_oldest),      cmocka_unit_test(takes_back_a_baseline),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
