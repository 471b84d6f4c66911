#include "tui/rows.h"

#include "engine/base/mem.h"
#include "tests/tui/sample.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void sync(struct rows *rows, struct model *model)
{
    size_t count;
    uint32_t *changed = model_take_changed(model, &count);

    rows_sync(rows, changed, count);
    free(changed);
}

/* Every position must lead to a row that leads back to the position. */
static void assert_consistent(const struct rows *rows)
{
    size_t i, count = rows_count(rows), index;

    for (i = 0; i < count; i++) {
        struct row row = rows_at(rows, i), same = row;

        assert_int_not_equal(row.kind, ROW_NONE);
        assert_true(rows_locate(rows, &same, &index));
        assert_int_equal(index, i);
        assert_true(row_equal(&row, &same));
    }
    assert_int_equal(rows_at(rows, count).kind, ROW_NONE);
}

static void test_empty(void **state)
{
    struct model *model = sample_empty();
    struct rows *rows = rows_new(model);
    struct row row = {0};
    size_t index;

    (void)state;
    assert_int_equal(rows_count(rows), 0);
    assert_false(rows_locate(rows, &row, &index));
    assert_int_equal(rows_step(rows, &row, true, ROW_ENDPOINT).kind, ROW_NONE);
    assert_int_equal(rows_step(rows, &row, false, ROW_TARGET).kind, ROW_NONE);
    rows_free(rows);
    model_free(model);
}

static void test_depths(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);

    (void)state;
    assert_int_equal(rows_targets(rows), 8);
    assert_int_equal(rows_count(rows), 2 + 8);
    assert_consistent(rows);
    rows_fold_to_depth(rows, 1);
    assert_int_equal(rows_count(rows), 2);
    assert_consistent(rows);
    rows_fold_to_depth(rows, 3);
    assert_int_equal(rows_count(rows), 2 + 8 + 7);
    assert_consistent(rows);
    rows_fold_to_depth(rows, 4);
    assert_int_equal(rows_count(rows), 2 + 8 + 7 + 9);
    assert_consistent(rows);
    rows_free(rows);
    model_free(model);
}

static void test_fold_one_host(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct row target = rows_at(rows, 1), host, endpoint;
    size_t index;

    (void)state;
    rows_set_open(rows, &target, true);
    host = rows_at(rows, 2);
    endpoint = rows_at(rows, 4);
    assert_int_equal(host.kind, ROW_HOST);
    assert_int_equal(endpoint.kind, ROW_ENDPOINT);
    rows_set_open(rows, &host, false);
    assert_false(rows_is_open(rows, &host));
    assert_int_equal(rows_count(rows), 2 + 8 + 1);
    assert_true(rows_locate(rows, &endpoint, &index));
    assert_int_equal(index, 2);
    assert_true(row_equal(&endpoint, &host));
    rows_set_open(rows, &host, true);
    assert_int_equal(rows_count(rows), 2 + 8 + 3);
    assert_consistent(rows);
    rows_free(rows);
    model_free(model);
}

/* A host that arrives below an earlier target moves later rows, not their identity. */
static void test_insert_above(void **state)
{
    static const struct sample_endpoint late[] = {{"198.51.100.1", TLS_1_2, TLS_1_3, PROBE_OK},
                                                  {"198.51.100.2", TLS_1_2, TLS_1_3, PROBE_OK}};
    struct model *model = sample_empty();
    struct target *first = sample_add(model, "a.example", CLASS_PARTNER), *last;
    struct rows *rows;
    struct row row;
    size_t index;

    (void)state;
    last = sample_add(model, "b.example", CLASS_OPPORTUNISTIC);
    rows = rows_new(model);
    rows_fold_to_depth(rows, 4);
    row = (struct row){.kind = ROW_TARGET, .target = last->id};
    assert_true(rows_locate(rows, &row, &index));
    assert_int_equal(index, 3);
    sample_route(model, first, "mx.a.example", 10);
    sample_addresses(model, "mx.a.example", late, 2);
    sync(rows, model);
    assert_true(rows_locate(rows, &row, &index));
    assert_int_equal(index, 6);
    assert_int_equal(row.target, last->id);
    assert_consistent(rows);
    rows_free(rows);
    model_free(model);
}

static void test_reclass_and_remove(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct row row = rows_at(rows, 2);
    struct target *target = model_target(model, row.target);
    size_t index;

    (void)state;
    model_reclass(model, target, CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    sync(rows, model);
    assert_true(rows_locate(rows, &row, &index));
    assert_int_equal(row.target, target->id);
    row = rows_parent(rows, &row);
    assert_string_equal(rows_name(rows, row.group), "Opportunistic");
    row = (struct row){.kind = ROW_TARGET, .target = target->id};
    assert_consistent(rows);
    model_remove(model, target);
    sync(rows, model);
    assert_int_equal(rows_targets(rows), 7);
    assert_true(rows_locate(rows, &row, &index));
    assert_int_not_equal(row.target, target->id);
    assert_consistent(rows);
    rows_free(rows);
    model_free(model);
}

static bool keep_ready(void *context, const struct target *target)
{
    (*(unsigned *)context)++;
    return target->judgement.verdict == VERDICT_READY;
}

static void test_filter(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct row hidden = rows_at(rows, 2);
    unsigned calls = 0;
    size_t index;

    (void)state;
    rows_set_filter(rows, keep_ready, &calls);
    assert_int_equal(rows_shown(rows), 2);
    assert_int_equal(rows_targets(rows), 8);
    assert_int_equal(rows_count(rows), 4);
    assert_consistent(rows);
    assert_true(rows_locate(rows, &hidden, &index));
    assert_int_equal(index, 2);
    rows_set_filter(rows, NULL, NULL);
    assert_int_equal(rows_count(rows), 10);
    assert_consistent(rows);
    rows_free(rows);
    model_free(model);
}

static void test_tags_and_counts(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct row partners = rows_at(rows, 0), others = rows_at(rows, 4);
    uint32_t id = rows_at(rows, 1).target;

    (void)state;
    rows_set_tagged(rows, id, true);
    assert_true(rows_is_tagged(rows, id));
    assert_int_equal(rows_tagged(rows), 1);
    rows_set_tagged(rows, id, false);
    assert_int_equal(rows_tagged(rows), 0);
    assert_string_equal(rows_name(rows, partners.group), "Partners");
    assert_int_equal(rows_verdicts(rows, partners.group)[VERDICT_READY], 1);
    assert_int_equal(rows_verdicts(rows, partners.group)[VERDICT_AT_RISK], 1);
    assert_int_equal(rows_verdicts(rows, others.group)[VERDICT_PENDING], 1);
    assert_int_equal(rows_all_verdicts(rows)[VERDICT_NOT_READY], 2);
    rows_free(rows);
    model_free(model);
}

/* tailspin is open, contoso is ready, adatum is no partner. */
static void test_campaign(void **state)
{
    struct model *model = sample_model();
    struct rows *rows;
    struct target *contoso = model_target_at(model, 0), *tailspin = model_target_at(model, 2);
    uint32_t partners, verdict;
    int32_t today = (int32_t)(SAMPLE_PROBED_AT / 86400);

    (void)state;
    model_set_now(model, SAMPLE_PROBED_AT);
    rows = rows_new(model);
    partners = rows_at(rows, 0).group;
    assert_string_equal(tailspin->spec.domain, "tailspin.example");
    model_set_notes(model, contoso, &(struct target_notes){.state = CONTACT_FIXED, .due = today - 1});
    model_set_notes(model, tailspin, &(struct target_notes){.state = CONTACT_PROMISED, .due = today});
    sync(rows, model);
    assert_int_equal(rows_campaign(rows, partners)->states[CONTACT_FIXED], 1);
    assert_int_equal(rows_campaign(rows, partners)->states[CONTACT_PROMISED], 1);
    assert_int_equal(rows_campaign(rows, partners)->overdue, 0);
    model_set_now(model, SAMPLE_PROBED_AT + 86400);
    sync(rows, model);
    assert_int_equal(rows_campaign(rows, rows_at(rows, 0).group)->overdue, 1);
    model_set_notes(model, tailspin, &(struct target_notes){.state = CONTACT_WAIVED, .due = today});
    sync(rows, model);
    assert_int_equal(rows_campaign(rows, partners)->overdue, 0);
    assert_int_equal(rows_campaign(rows, partners)->states[CONTACT_PROMISED], 0);
    model_remove(model, contoso);
    rows_set_grouping(rows, GROUP_BY_VERDICT);
    sync(rows, model);
    verdict = rows_parent(rows, &(struct row){.kind = ROW_TARGET, .target = tailspin->id}).group;
    assert_int_equal(rows_campaign(rows, verdict)->states[CONTACT_FIXED], 0);
    assert_int_equal(rows_campaign(rows, verdict)->states[CONTACT_WAIVED], 1);
    assert_consistent(rows);
    rows_free(rows);
    model_free(model);
}

static void test_step_goes_round(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct row first = rows_step(rows, &(struct row){0}, true, ROW_ENDPOINT), row = first, back;
    unsigned steps = 0;

    (void)state;
    do {
        struct row next = rows_step(rows, &row, true, ROW_ENDPOINT);

        back = rows_step(rows, &next, false, ROW_ENDPOINT);
        assert_true(row_equal(&back, &row));
        row = next;
        steps++;
    } while (!row_equal(&row, &first) && steps < 100);
    assert_int_equal(steps, 2 + 8 + 7 + 9);
    rows_free(rows);
    model_free(model);
}

static void test_reveal(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct row row = {0}, found;
    struct row closed[ROWS_ABOVE];
    unsigned opened;
    size_t index;

    (void)state;
    rows_fold_to_depth(rows, 1);
    do
        row = rows_step(rows, &row, true, ROW_ENDPOINT);
    while (row.kind != ROW_ENDPOINT);
    opened = rows_reveal(rows, &row, closed);
    found = row;
    assert_true(rows_locate(rows, &found, &index));
    assert_true(row_equal(&found, &row));
    rows_unreveal(rows, closed, opened);
    assert_int_equal(rows_count(rows), 2);
    rows_free(rows);
    model_free(model);
}

/* Verdicts, folds, filter and sorting at random, in every grouping; after each the rows are whole. */
static bool keep_some(void *context, const struct target *target)
{
    return target->id % *(const unsigned *)context != 0;
}

static void change_something(struct rows *rows, struct model *model)
{
    struct target *target = model_target_at(model, (unsigned)rand() % model_target_count(model));
    struct row row = rows_at(rows, rows_count(rows) ? (unsigned)rand() % rows_count(rows) : 0);
    static unsigned every = 3;

    switch (rand() % 10) {
    case 0:
        rows_set_grouping(rows, (enum grouping)(rand() % grouping_count));
        break;
    case 1:
        rows_set_sorting(rows, (enum sorting)(rand() % sorting_count), rand() % 2);
        break;
    case 2:
        rows_fold_to_depth(rows, 1 + (unsigned)rand() % 5);
        break;
    case 3:
        rows_set_filter(rows, rand() % 2 ? keep_some : NULL, &every);
        break;
    case 4:
        model_forget_target(model, target);
        break;
    case 5:
        if (rand() % 4)
            model_remove(model, target);
        else
            model_add(model, &target->spec, NULL);
        break;
    case 6:
        model_reclass(model, target, (enum target_class)(rand() % 2), REQUIREMENT_NONE);
        break;
    case 7:
        rows_set_tagged(rows, target->id, rand() % 2);
        break;
    default:
        rows_set_open(rows, &row, !rows_is_open(rows, &row));
    }
    sync(rows, model);
}

/* What is walked is what is shown, unfolded. */
static size_t walked(const struct rows *rows)
{
    struct row first = rows_step(rows, &(struct row){0}, true, ROW_TARGET), row = first;
    size_t targets = 0;

    if (row.kind == ROW_NONE)
        return 0;
    do {
        struct row next = rows_step(rows, &row, true, ROW_TARGET);
        struct row back = rows_step(rows, &next, false, ROW_TARGET);

        assert_true(row_equal(&row, &back));
        targets += row.kind == ROW_TARGET;
        row = next;
    } while (!row_equal(&row, &first));
    return targets;
}

static void test_random_changes(void **state)
{
    struct model *model = sample_model();
    struct rows *rows;
    unsigned i;

    (void)state;
    srand(11);
    for (i = 0; i < 20; i++) {
        char *name = mem_format("d%02u.example", i);

        sample_add(model, name, i % 2 ? CLASS_OPPORTUNISTIC : CLASS_PARTNER);
        free(name);
    }
    rows = rows_new(model);
    for (i = 0; i < 3000; i++) {
        change_something(rows, model);
        assert_consistent(rows);
        assert_int_equal(walked(rows), rows_shown(rows));
    }
    rows_free(rows);
    model_free(model);
}

/* A draft that takes many pieces follows what happens meanwhile, and the rows stay whole before and after. */
static void test_drafts(void **state)
{
    static unsigned every = 3;
    struct model *model = sample_empty();
    struct rows *rows;
    unsigned i, round;

    (void)state;
    srand(5);
    for (i = 0; i < 3000; i++) {
        char *name = mem_format("d%04u.example", (i * 7919) % 3000);

        sample_add(model, name, i % 2 ? CLASS_OPPORTUNISTIC : CLASS_PARTNER);
        free(name);
    }
    rows = rows_new(model);
    for (round = 0; round < 12; round++) {
        size_t count = rows_count(rows), shown = round % 3 == 2 ? 2000 : 3000;

        rows_set_grouping(rows, (enum grouping)(round % grouping_count));
        rows_set_sorting(rows, (enum sorting)(round % sorting_count), round % 2);
        rows_set_filter(rows, round % 3 == 2 ? keep_some : NULL, &every);
        assert_true(rows_busy(rows));
        assert_int_equal(rows_count(rows), count);
        while (rows_busy(rows)) {
            struct target *target = model_target_at(model, (unsigned)rand() % 3000);

            model_reclass(model, target, (enum target_class)(rand() % 2), REQUIREMENT_NONE);
            sync(rows, model);
            rows_go_on(rows, 100);
        }
        assert_int_equal(rows_shown(rows), shown);
        assert_int_equal(rows_targets(rows), 3000);
        assert_int_equal(walked(rows), shown);
        assert_consistent(rows);
    }
    rows_free(rows);
    model_free(model);
}

/* One wish after the other, none waited for: the last one counts. */
static void test_drafts_begin_anew(void **state)
{
    struct model *model = sample_empty();
    struct rows *rows;
    unsigned i;

    (void)state;
    for (i = 0; i < 2500; i++) {
        char *name = mem_format("d%04u.example", i);

        sample_add(model, name, CLASS_PARTNER);
        free(name);
    }
    rows = rows_new(model);
    for (i = 1; i < 9; i++) {
        rows_fold_to_depth(rows, i % 2 + 1);
        rows_go_on(rows, 700);
    }
    assert_int_equal(rows_count(rows), 2501);
    assert_int_equal(rows_depth(rows), 1);
    while (rows_busy(rows))
        rows_go_on(rows, 100);
    assert_int_equal(rows_count(rows), 1);
    rows_free(rows);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_depths),
        cmocka_unit_test(test_fold_one_host),
        cmocka_unit_test(test_insert_above),
        cmocka_unit_test(test_reclass_and_remove),
        cmocka_unit_test(test_filter),
        cmocka_unit_test(test_tags_and_counts),
        cmocka_unit_test(test_campaign),
        cmocka_unit_test(test_step_goes_round),
        cmocka_unit_test(test_reveal),
        cmocka_unit_test(test_random_changes),
        cmocka_unit_test(test_drafts),
        cmocka_unit_test(test_drafts_begin_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
