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

static struct target *add(struct model *model, const char *domain, const char *connector,
                          enum target_class class)
{
    struct target_spec spec;
    struct target *target;

    target_spec_init(&spec);
    spec.domain = mem_string(domain);
    spec.unicode = mem_string(domain);
    spec.connector = mem_string(connector);
    spec.source = mem_string("connectors.json:2, connector 1");
    spec.class = class;
    target = model_add(model, &spec, NULL);
    target_spec_release(&spec);
    return target;
}

/* One word a row: "Partners", a connector in quotes, or a domain with its depth before it. */
static char *tree_of(const struct rows *rows, const struct model *model)
{
    char *text = mem_string("");
    size_t i;

    for (i = 0; i < rows_count(rows); i++) {
        struct row row = rows_at(rows, i);
        char *before = text;

        if (row.kind == ROW_GROUP)
            text = mem_format("%s %s", before, rows_name(rows, row.group));
        else if (row.kind == ROW_CONNECTOR)
            text = mem_format("%s '%s'", before, rows_name(rows, row.connector));
        else
            text =
                mem_format("%s %u%s", before, row_depth(&row), model_target(model, row.target)->spec.domain);
        free(before);
    }
    return text;
}

static void assert_tree(const struct rows *rows, const struct model *model, const char *expected)
{
    char *is = tree_of(rows, model);
    size_t i, index;

    assert_string_equal(is, expected);
    free(is);
    for (i = 0; i < rows_count(rows); i++) {
        struct row row = rows_at(rows, i), same = row;

        assert_true(rows_locate(rows, &same, &index));
        assert_int_equal(index, i);
        assert_true(row_equal(&row, &same));
    }
}

static void sync(struct rows *rows, struct model *model)
{
    size_t count;
    uint32_t *changed = model_take_changed(model, &count);

    rows_sync(rows, changed, count);
    free(changed);
}

struct tree {
    struct model *model;
    struct rows *rows;
    struct target *a, *b, *c, *plain, *other;
};

static void make(struct tree *t)
{
    t->model = sample_empty();
    t->a = add(t->model, "a.example", "First", CLASS_PARTNER);
    t->b = add(t->model, "b.example", "Second", CLASS_PARTNER);
    t->plain = add(t->model, "p.example", NULL, CLASS_PARTNER);
    t->c = add(t->model, "c.example", "First", CLASS_PARTNER);
    t->other = add(t->model, "o.example", "First", CLASS_OPPORTUNISTIC);
    t->rows = rows_new(t->model);
}

static void unmake(struct tree *t)
{
    rows_free(t->rows);
    model_free(t->model);
}

#define WHOLE                                                                                                \
    " Partners 'First' 2a.example 2c.example 'Second' 2b.example 1p.example Opportunistic 1o.example"

static void partners_stand_below_connectors(void **state)
{
    struct row row = {.kind = ROW_CONNECTOR};
    struct tree t;
    size_t index;

    (void)state;
    make(&t);
    assert_tree(t.rows, t.model, WHOLE);
    row = rows_at(t.rows, 1);
    assert_int_equal(rows_verdicts(t.rows, row.connector)[VERDICT_PENDING], 2);
    assert_ptr_equal(rows_next_target(t.rows, row.connector, t.a), t.c);
    assert_null(rows_next_target(t.rows, row.connector, t.c));
    assert_int_equal(rows_parent(t.rows, &row).kind, ROW_GROUP);
    row = rows_at(t.rows, 2);
    assert_int_equal(rows_parent(t.rows, &row).kind, ROW_CONNECTOR);
    rows_fold_to_depth(t.rows, 1);
    assert_tree(t.rows, t.model, " Partners Opportunistic");
    rows_fold_to_depth(t.rows, 2);
    assert_tree(t.rows, t.model, WHOLE);
    row = rows_at(t.rows, 1);
    rows_set_open(t.rows, &row, false);
    assert_tree(t.rows, t.model, " Partners 'First' 'Second' 2b.example 1p.example Opportunistic 1o.example");
    row = (struct row){.kind = ROW_TARGET, .target = t.c->id};
    assert_true(rows_locate(t.rows, &row, &index));
    assert_int_equal(row.kind, ROW_CONNECTOR);
    assert_int_equal(index, 1);
    row = (struct row){.kind = ROW_TARGET, .target = t.c->id};
    assert_int_equal(rows_reveal(t.rows, &row, NULL), 0);
    assert_int_equal(rows_parent(t.rows, &row).kind, ROW_CONNECTOR);
    assert_tree(t.rows, t.model, WHOLE);
    unmake(&t);
}

static void steps_go_round_both_ways(void **state)
{
    struct row row = {0}, seen[32];
    struct tree t;
    size_t i, count;

    (void)state;
    make(&t);
    count = rows_count(t.rows);
    for (i = 0; i < count; i++) {
        struct row there = rows_at(t.rows, i);

        row = seen[i] = rows_step(t.rows, &row, true, ROW_TARGET);
        assert_true(row_equal(&row, &there));
    }
    row = rows_step(t.rows, &row, true, ROW_TARGET);
    assert_true(row_equal(&row, &seen[0]));
    for (i = count; i-- > 0;) {
        row = rows_step(t.rows, &row, false, ROW_TARGET);
        assert_true(row_equal(&row, &seen[i]));
    }
    unmake(&t);
}

static void targets_come_and_go(void **state)
{
    struct tree t;

    (void)state;
    make(&t);
    model_reclass(t.model, t.a, CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    sync(t.rows, t.model);
    assert_tree(
        t.rows, t.model,
        " Partners 'First' 2c.example 'Second' 2b.example 1p.example Opportunistic 1a.example 1o.example");
    model_remove(t.model, t.b);
    sync(t.rows, t.model);
    assert_tree(t.rows, t.model,
                " Partners 'First' 2c.example 1p.example Opportunistic 1a.example 1o.example");
    model_reclass(t.model, t.a, CLASS_PARTNER, REQUIREMENT_NONE);
    add(t.model, "b.example", "Second", CLASS_PARTNER);
    add(t.model, "d.example", "Third", CLASS_PARTNER);
    sync(t.rows, t.model);
    assert_tree(t.rows, t.model,
                " Partners 'First' 2a.example 2c.example 'Second' 2b.example 'Third' 2d.example 1p.example "
                "Opportunistic 1o.example");
    unmake(&t);
}

/* Two files may call different connectors by one name. */
static void one_name_is_not_one_connector(void **state)
{
    struct target_spec spec;
    struct tree t;

    (void)state;
    make(&t);
    target_spec_init(&spec);
    spec.domain = mem_string("e.example");
    spec.unicode = mem_string("e.example");
    spec.connector = mem_string("First");
    spec.class = CLASS_PARTNER;
    spec.requirement = REQUIREMENT_CHAIN;
    model_add(t.model, &spec, NULL);
    target_spec_release(&spec);
    sync(t.rows, t.model);
    assert_tree(t.rows, t.model,
                " Partners 'First' 2a.example 2c.example 'Second' 2b.example 'First' 2e.example 1p.example "
                "Opportunistic 1o.example");
    unmake(&t);
}

static bool keeps(void *context, const struct target *target)
{
    return strcmp(target->spec.domain, context) == 0;
}

static void a_filter_hides_empty_connectors(void **state)
{
    static char wanted[] = "b.example";
    struct row row;
    struct tree t;

    (void)state;
    make(&t);
    rows_set_filter(t.rows, keeps, wanted);
    assert_tree(t.rows, t.model, " Partners 'Second' 2b.example");
    row = (struct row){.kind = ROW_TARGET, .target = t.b->id};
    assert_int_equal(rows_step(t.rows, &row, true, ROW_TARGET).kind, ROW_GROUP);
    rows_set_filter(t.rows, NULL, NULL);
    assert_tree(t.rows, t.model, WHOLE);
    unmake(&t);
}

/* Done in a moment when a step costs O(log n); not in minutes when it costs O(n). */
static void a_hundred_thousand_connectors(void **state)
{
    struct model *model = sample_empty();
    struct rows *rows;
    size_t i, index;

    (void)state;
    for (i = 0; i < 100000; i++) {
        char *domain = mem_format("d%zu.example", i), *connector = mem_format("To %zu", i);

        add(model, domain, connector, CLASS_PARTNER);
        free(domain);
        free(connector);
    }
    rows = rows_new(model);
    assert_int_equal(rows_count(rows), 200001);
    for (i = 0; i < 100000; i++) {
        uint32_t id = model_target_at(model, (i * 7919u) % 100000)->id;
        struct row row = {.kind = ROW_TARGET, .target = id}, there;

        rows_sync(rows, &id, 1);
        assert_true(rows_locate(rows, &row, &index));
        there = rows_at(rows, index);
        assert_true(row_equal(&row, &there));
    }
    rows_free(rows);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(partners_stand_below_connectors),
        cmocka_unit_test(steps_go_round_both_ways),
        cmocka_unit_test(targets_come_and_go),
        cmocka_unit_test(one_name_is_not_one_connector),
        cmocka_unit_test(a_filter_hides_empty_connectors),
        cmocka_unit_test(a_hundred_thousand_connectors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
