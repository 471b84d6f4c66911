#include "tui/row_text.h"

#include "tests/tui/sample.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static void assert_text(const struct model *model, const struct rows *rows, const struct row *row,
                        const char *expected)
{
    struct buf out;

    buf_init(&out, 0);
    row_text(&out, model, rows, row);
    assert_string_equal(buf_string(&out), expected);
    buf_release(&out);
}

/* The first row of a kind. */
static struct row first(const struct rows *rows, enum row_kind kind)
{
    size_t i;

    for (i = 0; i < rows_count(rows); i++)
        if (rows_at(rows, i).kind == kind)
            return rows_at(rows, i);
    fail();
    return (struct row){.kind = ROW_NONE};
}

static void test_each_kind(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct row row;

    (void)state;
    rows_fold_to_depth(rows, 5);
    row = first(rows, ROW_GROUP);
    assert_text(model, rows, &row, "Partners\tnot-ready\t\t\t\t1 not-ready, 1 at-risk, 1 ready");
    row = first(rows, ROW_TARGET);
    assert_text(model, rows, &row, "contoso.example\tready\t1.3\tencrypted\tsmart-host\t");
    row = first(rows, ROW_HOST);
    assert_text(model, rows, &row, "mail.contoso.example\tready\t1.3\t\t\t");
    row = first(rows, ROW_ENDPOINT);
    assert_text(model, rows, &row, "192.0.2.10\tready\t1.3\t\tsmtp\t");
    row = first(rows, ROW_VERSION);
    assert_text(model, rows, &row, "TLS 1.3\taccepted\t\t\t\tTLS_AES_256_GCM_SHA384");
    row = (struct row){.kind = ROW_TARGET, .target = model_target_at(model, 1)->id};
    assert_text(model, rows, &row,
                "fabrikam.example\tnot-ready\t1.0\tstops\tsmart-host\tversion-below-floor");
    rows_free(rows);
    model_free(model);
}

static void test_nothing_breaks_a_line(void **state)
{
    struct model *model = sample_empty();
    struct target *target = sample_add(model, "a\tb\nc\033.example", CLASS_PARTNER);
    struct rows *rows = rows_new(model);
    struct row row = {.kind = ROW_TARGET, .target = target->id};

    (void)state;
    assert_text(model, rows, &row, "a\\x09b\\x0ac\\x1b.example\tpending\t\tunknown\t\tpending");
    rows_free(rows);
    model_free(model);
}

static void test_tagged(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct buf out;

    (void)state;
    rows_set_tagged(rows, model_target_at(model, 0)->id, true);
    rows_set_tagged(rows, model_target_at(model, 4)->id, true);
    buf_init(&out, 0);
    row_text_tagged(&out, model, rows);
    assert_string_equal(buf_string(&out), "contoso.example\tready\t1.3\tencrypted\tsmart-host\t\n"
                                          "adatum.example\tplaintext\tnone\tplaintext\tmx\tno-starttls\n");
    buf_release(&out);
    buf_init(&out, 10);
    row_text_tagged(&out, model, rows);
    assert_true(out.failed);
    buf_release(&out);
    rows_free(rows);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_kind),
        cmocka_unit_test(test_nothing_breaks_a_line),
        cmocka_unit_test(test_tagged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
