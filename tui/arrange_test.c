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

/* Groups and domains in their order: "Partners: contoso fabrikam; …", the domains without ".example". */
static char *told(const struct rows *rows, const struct model *model)
{
    char *text = mem_string("");
    size_t i;

    for (i = 0; i < rows_count(rows); i++) {
        struct row row = rows_at(rows, i);
        char *before = text;

        if (row.kind == ROW_GROUP) {
            text = mem_format("%s%s%s:", before, *before ? "; " : "", rows_name(rows, row.group));
        } else {
            const char *domain = model_target(model, row.target)->spec.domain;

            text = mem_format("%s %.*s", before, (int)strcspn(domain, "."), domain);
        }
        free(before);
    }
    return text;
}

static void assert_told(const struct rows *rows, const struct model *model, const char *expected)
{
    char *is = told(rows, model);

    assert_string_equal(is, expected);
    free(is);
}

struct tree {
    struct model *model;
    struct rows *rows;
};

static int make(void **state)
{
    struct tree *tree = mem_alloc(sizeof *tree);

    tree->model = sample_model();
    tree->rows = rows_new(tree->model);
    *state = tree;
    return 0;
}

static int unmake(void **state)
{
    struct tree *tree = *state;

    rows_free(tree->rows);
    model_free(tree->model);
    free(tree);
    return 0;
}

static void sync(struct tree *tree)
{
    size_t count;
    uint32_t *changed = model_take_changed(tree->model, &count);

    rows_sync(tree->rows, changed, count);
    free(changed);
}

static void groups(void **state)
{
    struct tree *tree = *state;

    assert_told(tree->rows, tree->model,
                "Partners: contoso fabrikam tailspin; "
                "Opportunistic: northwind adatum wingtip litware proseware");
    rows_set_grouping(tree->rows, GROUP_BY_VERDICT);
    assert_told(tree->rows, tree->model,
                "Not ready: fabrikam litware; Plaintext: adatum; At risk: tailspin; Unreachable: wingtip; "
                "Ready: contoso northwind; Pending: proseware");
    rows_set_grouping(tree->rows, GROUP_BY_CONSEQUENCE);
    assert_told(tree->rows, tree->model,
                "Mail stops: fabrikam; Mail goes in clear: adatum; Mail may go in clear: litware; "
                "Mail is delayed or stops at times: tailspin; Not known: wingtip proseware; "
                "Mail goes encrypted: contoso northwind");
}

/* Every domain of the sample has mail servers of its own, and all names are below one public suffix. */
static void operators_by_size(void **state)
{
    static const struct sample_endpoint one[] = {{"198.51.100.7", TLS_1_2, TLS_1_3, PROBE_OK}};
    struct tree *tree = *state;
    unsigned i;

    for (i = 0; i < 3; i++) {
        char *name = mem_format("hosted%u.example", i);
        struct target *target = sample_add(tree->model, name, CLASS_OPPORTUNISTIC);

        sample_route(tree->model, target, "mx.hoster.example", 10);
        free(name);
    }
    sample_addresses(tree->model, "mx.hoster.example", one, 1);
    sync(tree);
    rows_set_grouping(tree->rows, GROUP_BY_OPERATOR);
    assert_told(tree->rows, tree->model,
                "hoster.example:; adatum.example:; contoso.example:; fabrikam.example:; litware.example:; "
                "northwind.example:; tailspin.example:; wingtip.example:; not resolved yet:");
    assert_int_equal(rows_verdicts(tree->rows, rows_at(tree->rows, 0).group)[VERDICT_PENDING], 3);
    rows_set_open(tree->rows, &(struct row){.kind = ROW_GROUP, .group = rows_at(tree->rows, 0).group}, true);
    rows_set_grouping(tree->rows, GROUP_BY_CLASS);
    rows_set_grouping(tree->rows, GROUP_BY_OPERATOR);
    assert_int_equal(rows_at(tree->rows, 1).kind, ROW_TARGET);
}

static struct target *named(const struct model *model, const char *domain)
{
    for (size_t i = 0; i < model_target_count(model); i++)
        if (strcmp(model_target_at(model, i)->spec.domain, domain) == 0)
            return model_target_at(model, i);
    fail_msg("no %s", domain);
    return NULL;
}

static void sorts(void **state)
{
    struct tree *tree = *state;

    rows_set_grouping(tree->rows, GROUP_BY_CLASS);
    rows_set_sorting(tree->rows, SORT_NAME, false);
    assert_told(tree->rows, tree->model,
                "Partners: contoso fabrikam tailspin; "
                "Opportunistic: adatum litware northwind proseware wingtip");
    rows_set_sorting(tree->rows, SORT_NAME, true);
    assert_told(tree->rows, tree->model,
                "Partners: tailspin fabrikam contoso; "
                "Opportunistic: wingtip proseware northwind litware adatum");
    rows_set_sorting(tree->rows, SORT_VERDICT, false);
    assert_told(tree->rows, tree->model,
                "Partners: fabrikam tailspin contoso; "
                "Opportunistic: litware adatum wingtip northwind proseware");
    rows_set_sorting(tree->rows, SORT_TLS, false);
    assert_told(tree->rows, tree->model,
                "Partners: fabrikam tailspin contoso; "
                "Opportunistic: adatum litware northwind proseware wingtip");
    model_set_notes(tree->model, named(tree->model, "proseware.example"),
                    &(struct target_notes){.due = 20800});
    model_set_notes(tree->model, named(tree->model, "litware.example"), &(struct target_notes){.due = 20900});
    sync(tree);
    rows_set_sorting(tree->rows, SORT_DUE, false);
    assert_told(tree->rows, tree->model,
                "Partners: contoso fabrikam tailspin; "
                "Opportunistic: proseware litware adatum northwind wingtip");
    rows_set_sorting(tree->rows, SORT_ADDED, true);
    assert_told(tree->rows, tree->model,
                "Partners: tailspin fabrikam contoso; "
                "Opportunistic: proseware litware wingtip adatum northwind");
}

/* A target whose verdict changes goes to its place, with its folds and its tag; the filter stays. */
static void moves_by_itself(void **state)
{
    struct tree *tree = *state;
    struct target *target;
    struct row row = {.kind = ROW_TARGET};
    size_t index;

    rows_set_grouping(tree->rows, GROUP_BY_VERDICT);
    rows_set_sorting(tree->rows, SORT_NAME, false);
    row.target = rows_at(tree->rows, 1).target;
    target = model_target(tree->model, row.target);
    assert_string_equal(target->spec.domain, "fabrikam.example");
    rows_set_open(tree->rows, &row, true);
    rows_set_tagged(tree->rows, row.target, true);
    model_forget_target(tree->model, target);
    sync(tree);
    assert_true(rows_locate(tree->rows, &row, &index));
    assert_int_equal(row.target, target->id);
    row = rows_parent(tree->rows, &row);
    assert_string_equal(rows_name(tree->rows, row.group), "Pending");
    assert_true(rows_is_open(tree->rows, &(struct row){.kind = ROW_TARGET, .target = target->id}));
    assert_true(rows_is_tagged(tree->rows, target->id));
}

/* Each problem once, the worst first. */
static void problems_by_consequence(void **state)
{
    static const char *const expected[] = {"fabrikam.example", "adatum.example", "litware.example",
                                           "tailspin.example", "wingtip.example"};
    struct tree *tree = *state;
    struct row row = {0}, hit;
    unsigned i;

    for (i = 0; i < 6; i++) {
        assert_true(rows_next_problem(tree->rows, &row, true, &hit));
        assert_string_equal(model_target(tree->model, hit.target)->spec.domain, expected[i % 5]);
        row = hit;
    }
    for (i = 5; i < 10; i++) {
        assert_true(rows_next_problem(tree->rows, &row, false, &hit));
        assert_string_equal(model_target(tree->model, hit.target)->spec.domain, expected[9 - i]);
        row = hit;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(groups, make, unmake),
        cmocka_unit_test_setup_teardown(operators_by_size, make, unmake),
        cmocka_unit_test_setup_teardown(sorts, make, unmake),
        cmocka_unit_test_setup_teardown(moves_by_itself, make, unmake),
        cmocka_unit_test_setup_teardown(problems_by_consequence, make, unmake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
