/* What a snapshot has to write is told, once, and no verdict is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"
#include "engine/base/strings.h"
#include "engine/model/fixture.h"

#include <stdlib.h>

struct fixture {
    struct model *model;
    struct target *target;
    struct endpoint *endpoint;
};

static void drop_unsaved(struct model *model)
{
    size_t count;

    do {
        free(model_take_unsaved(model, 1000, &count));
    } while (count);
}

static void begin(struct fixture *f)
{
    f->model = fixture_model("tls1.2");
    f->target = fixture_simple(f->model, "a.example", CLASS_PARTNER, REQUIREMENT_NAME, "192.0.2.1",
                               fixture_facts("rrraa"));
    f->endpoint = f->target->hosts[0].host->endpoints[0];
    model_watch(f->model, true);
    model_mark_all_unsaved(f->model);
}

/* Exactly this one is told, and nothing twice. */
static void told_is(struct fixture *f, uint32_t id)
{
    size_t count;
    uint32_t *ids = model_take_unsaved(f->model, 1000, &count);

    assert_int_equal(count, 1);
    assert_int_equal(ids[0], id);
    free(ids);
    free(model_take_unsaved(f->model, 1000, &count));
    assert_int_equal(count, 0);
}

static void test_watch_begins_with_all(void **unused)
{
    struct fixture f;
    size_t count, i;
    uint32_t *ids;

    (void)unused;
    begin(&f);
    ids = model_take_unsaved(f.model, 3, &count);
    assert_int_equal(count, 3);
    for (i = 0; i < count; i++)
        assert_int_equal(ids[i], i);
    free(ids);
    told_is(&f, 3); /* session, target, host and endpoint are four */
    model_free(f.model);
}

static void test_not_watched(void **unused)
{
    struct model *model = fixture_model("tls1.2");
    size_t count;

    (void)unused;
    fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_NONE);
    free(model_take_unsaved(model, 1000, &count));
    assert_int_equal(count, 0);
    model_watch(model, true);
    fixture_target(model, "b.example", CLASS_PARTNER, REQUIREMENT_NONE);
    model_watch(model, false);
    fixture_target(model, "c.example", CLASS_PARTNER, REQUIREMENT_NONE);
    assert_true(model_any_unsaved(model));
    free(model_take_unsaved(model, 1000, &count));
    assert_int_equal(count, 1);
    assert_false(model_any_unsaved(model));
    model_free(model);
}

static void test_each_kind(void **unused)
{
    struct strings notes = {0};
    struct fixture f;

    (void)unused;
    begin(&f);
    drop_unsaved(f.model);
    model_set_notes(f.model, f.target, &(struct target_notes){.note = "called"});
    model_set_notes(f.model, f.target, &(struct target_notes){.note = "called again"});
    told_is(&f, f.target->id);
    model_reclass(f.model, f.target, CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    told_is(&f, f.target->id);
    model_remove(f.model, f.target);
    told_is(&f, f.target->id);
    fixture_route(f.model, f.target, ROUTE_MX, DNS_OK, "10 mx.a.example");
    told_is(&f, f.target->id);
    fixture_beside(f.model, f.target, ROUTE_MX, DNS_OK, "");
    told_is(&f, f.target->id);
    fixture_addresses(f.model, "mx.a.example", DNS_OK, "192.0.2.1");
    told_is(&f, f.target->hosts[0].host->id);
    fixture_probed(f.model, "mx.a.example", "192.0.2.1", fixture_facts("rrrra"));
    told_is(&f, f.endpoint->id);
    strings_add(&notes, "left out");
    model_add_notes(f.model, &notes);
    told_is(&f, 0);
    strings_release(&notes);
    model_free(f.model);
}

static void test_verdicts_are_none(void **unused)
{
    struct fixture f;
    size_t count;

    (void)unused;
    begin(&f);
    drop_unsaved(f.model);
    model_set_now(f.model, FIXTURE_NOW + 5 * FIXTURE_DAY);
    fixture_activity(f.model, "mx.a.example", "192.0.2.1", STAGE_CONNECT);
    free(model_take_unsaved(f.model, 1000, &count));
    assert_int_equal(count, 0);
    free(model_take_changed(f.model, &count));
    assert_int_equal(count, 1);
    model_free(f.model);
}

/* Targets that came from a snapshot are compared with what they were there. */
static void test_restored(void **unused)
{
    struct model *model = fixture_model("tls1.2");
    struct target *a, *b;
    struct fixture f;

    (void)unused;
    begin(&f);
    model_reclass(f.model, f.target, CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    model_remember_verdicts(f.model);
    assert_int_equal(model_change(f.target), CHANGE_NONE);
    fixture_probed(f.model, "mx.a.example", "192.0.2.1", fixture_facts("rarrr"));
    assert_int_equal(model_change(f.target), CHANGE_WORSE);
    a = model_restore(model, &f.target->spec, true);
    b = model_restore(model, &f.target->spec, false);
    assert_true(a != b && a->removed && !b->removed);
    assert_ptr_equal(model_add(model, &f.target->spec, NULL), b);
    model_free(model);
    model_free(f.model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_watch_begins_with_all),
        cmocka_unit_test(test_not_watched),
        cmocka_unit_test(test_each_kind),
        cmocka_unit_test(test_verdicts_are_none),
        cmocka_unit_test(test_restored),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
