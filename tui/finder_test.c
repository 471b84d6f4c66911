#include "tui/finder.h"

#include "engine/base/mem.h"
#include "engine/model/target.h"
#include "tests/tui/sample.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* The whole walk at once. */
static bool find_next(const struct model *model, const struct rows *rows, const struct row *from,
                      const char *needle, bool forward, bool inclusive, struct row *hit)
{
    struct finder_walk walk;
    enum finder_outcome outcome = finder_begin(&walk, model, rows, from, needle, forward, inclusive, hit);

    if (outcome == FINDER_MORE)
        outcome = finder_go_on(&walk, model, rows, needle, SIZE_MAX, hit);
    return outcome == FINDER_FOUND;
}

/* Row by row, as slowly as can be. */
static bool next_slowly(const struct model *model, const struct rows *rows, const struct row *from,
                        const char *needle, bool forward, struct row *hit)
{
    struct row first = rows_step(rows, from, forward, ROW_ENDPOINT), row = first;

    do {
        *hit = row;
        if (finder_matches(model, rows, &row, needle))
            return true;
        row = rows_step(rows, &row, forward, ROW_ENDPOINT);
    } while (!row_equal(&row, &first));
    return false;
}

static void assert_same_hits(const struct model *model, const struct rows *rows, const char *needle,
                             bool forward)
{
    struct row none = {0}, first = rows_step(rows, &none, true, ROW_ENDPOINT), from = first;

    do {
        struct row fast, slow;
        bool found = next_slowly(model, rows, &from, needle, forward, &slow);

        assert_int_equal(find_next(model, rows, &from, needle, forward, false, &fast), found);
        if (found && !row_equal(&fast, &slow))
            fail_msg("\"%s\": %d %u %u %u instead of %d %u %u %u", needle, fast.kind, fast.target, fast.host,
                     fast.endpoint, slow.kind, slow.target, slow.host, slow.endpoint);
        from = rows_step(rows, &from, true, ROW_ENDPOINT);
    } while (!row_equal(&from, &first));
}

/* Every row is where a search can begin. */
static void test_search_is_in_the_tree_s_order(void **state)
{
    static const char *const needles[] = {"example", "mx",      "192.0.2.2", "2001",   "tailspin",
                                          "o",       "contoso", "nothing",   "gw.fab", "Partners"};
    static const struct sample_endpoint clear = {"192.0.2.77", -1, -1, PROBE_OK};
    struct model *model = sample_model();
    struct rows *rows;
    size_t i;

    (void)state;
    sample_beside(model, model_target_at(model, 0), "mx.contoso.example", 10);
    sample_addresses(model, "mx.contoso.example", &clear, 1);
    rows = rows_new(model);
    for (i = 0; i < sizeof needles / sizeof needles[0]; i++) {
        assert_same_hits(model, rows, needles[i], true);
        assert_same_hits(model, rows, needles[i], false);
    }
    rows_free(rows);
    model_free(model);
}

static void test_a_row_counts_itself_when_told(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct row none = {0}, hit, again;

    (void)state;
    assert_true(find_next(model, rows, &none, "mx1.", true, false, &hit));
    assert_int_equal(hit.kind, ROW_HOST);
    assert_true(find_next(model, rows, &hit, "mx1.", true, true, &again));
    assert_true(row_equal(&hit, &again));
    assert_true(find_next(model, rows, &hit, "mx1.", true, false, &again));
    assert_true(row_equal(&hit, &again)); /* all around */
    rows_free(rows);
    model_free(model);
}

static void add(struct model *model, const char *domain, const char *connector)
{
    struct target_spec spec;

    target_spec_init(&spec);
    spec.domain = mem_string(domain);
    spec.unicode = mem_string(domain);
    spec.class = CLASS_PARTNER;
    spec.requirement = REQUIREMENT_ENCRYPTION;
    spec.connector = mem_string(connector);
    spec.source = mem_string("test");
    model_add(model, &spec, NULL);
    target_spec_release(&spec);
}

/* Its row is the one that shows its name; those below are found by their own. */
static void test_a_connector_is_found_once(void **state)
{
    struct model *model = sample_empty();
    struct row none = {0}, hit, again;
    struct rows *rows;

    (void)state;
    add(model, "a.example", "To Fabrikam");
    add(model, "b.example", "To Fabrikam");
    add(model, "fabrikam.example", "To Fabrikam");
    rows = rows_new(model);
    assert_true(find_next(model, rows, &none, "fabrikam", true, false, &hit));
    assert_int_equal(hit.kind, ROW_CONNECTOR);
    assert_true(find_next(model, rows, &hit, "fabrikam", true, false, &again));
    assert_int_equal(again.kind, ROW_TARGET);
    assert_string_equal(model_target(model, again.target)->spec.domain, "fabrikam.example");
    assert_true(find_next(model, rows, &again, "fabrikam", true, false, &hit));
    assert_int_equal(hit.kind, ROW_CONNECTOR);
    assert_same_hits(model, rows, "fabrikam", true);
    assert_same_hits(model, rows, "fabrikam", false);
    rows_set_grouping(rows, GROUP_BY_VERDICT);
    assert_true(find_next(model, rows, &none, "fabrikam", true, false, &hit));
    assert_string_equal(model_target(model, hit.target)->spec.domain, "a.example");
    rows_free(rows);
    model_free(model);
}

static void test_case_matters_to_capitals(void **state)
{
    (void)state;
    assert_true(finder_holds("mail.CONTOSO.example", "contoso"));
    assert_true(finder_holds("aaab", "aab"));
    assert_true(finder_holds("x", ""));
    assert_true(finder_holds("", ""));
    assert_true(finder_holds("[MX]", "[mx]"));
    assert_false(finder_holds("{mx}", "[mx]"));
    assert_false(finder_holds("contos", "contoso"));
    assert_false(finder_holds("contoso", "Contoso"));
    assert_true(finder_holds("B\xc3\xbc"
                             "cher",
                             "b\xc3\xbc"));
}

/* What a search began at, or came to, may be there no more when it goes on. */
static void test_a_ghost_that_went(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct target ghost = *model_target_at(model, 0);
    struct finder_walk walk;
    struct row at, hit;

    (void)state;
    ghost.id = rows_next_ghost(rows);
    ghost.spec.domain = ghost.spec.unicode = (char[]){"ghost.example"};
    at = (struct row){.kind = ROW_TARGET, .target = ghost.id};
    rows_add_ghost(rows, &ghost, SINCE_CHANGED, false);
    assert_true(find_next(model, rows, &at, "ghost", true, true, &hit));
    assert_true(row_equal(&at, &hit));
    assert_int_equal(finder_begin(&walk, model, rows, &at, "nothing", true, true, &hit), FINDER_MORE);
    walk.at = at;
    rows_drop_ghost(rows, ghost.id);
    assert_int_equal(finder_go_on(&walk, model, rows, "nothing", SIZE_MAX, &hit), FINDER_NOTHING);
    assert_false(find_next(model, rows, &at, "ghost", true, true, &hit));
    assert_true(find_next(model, rows, &at, "tailspin", true, true, &hit));
    rows_free(rows);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_search_is_in_the_tree_s_order),
        cmocka_unit_test(test_a_row_counts_itself_when_told),
        cmocka_unit_test(test_a_connector_is_found_once),
        cmocka_unit_test(test_case_matters_to_capitals),
        cmocka_unit_test(test_a_ghost_that_went),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
