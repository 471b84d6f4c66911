#include "engine/report/csv.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/report/sample.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <csv.h>
#include <stdlib.h>
#include <string.h>

/* All cells of a text as libcsv reads them. */
struct table {
    struct strings cells;
    size_t columns, rows;
};

static void on_cell(void *text, size_t length, void *data)
{
    struct table *table = data;

    strings_give(&table->cells, mem_string_n(text, length));
}

static void on_row(int end, void *data)
{
    struct table *table = data;

    (void)end;
    if (!table->rows++)
        table->columns = table->cells.count;
    assert_int_equal(table->cells.count, table->columns * table->rows);
}

static struct table read_table(char *text)
{
    struct table table = {.rows = 0};
    struct csv_parser parser;

    assert_memory_equal(text, "\xef\xbb\xbf", 3);
    assert_int_equal(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI), 0);
    assert_int_equal(csv_parse(&parser, text + 3, strlen(text + 3), on_cell, on_row, &table),
                     strlen(text + 3));
    assert_int_equal(csv_fini(&parser, on_cell, on_row, &table), 0);
    csv_free(&parser);
    free(text);
    return table;
}

static char *text_of(const struct model *model,
                     void (*write)(const struct model *, const struct report_options *, struct out *))
{
    struct report_options options = sample_options();
    struct out out;

    out_init(&out, NULL, NULL);
    write(model, &options, &out);
    return out_text(&out);
}

/* The cell of that column in the first record whose first cell is `domain`. */
static const char *cell(const struct table *table, const char *domain, const char *column)
{
    for (size_t c = 0; c < table->columns; c++)
        for (size_t r = 1; r < table->rows && strcmp(table->cells.items[c], column) == 0; r++)
            if (strcmp(table->cells.items[r * table->columns], domain) == 0)
                return table->cells.items[r * table->columns + c];
    fail_msg("no %s of %s", column, domain);
    return NULL;
}

static void test_domains(void **state)
{
    struct model *model = sample_model();
    struct table table = read_table(text_of(model, csv_domains_write));

    (void)state;
    assert_int_equal(table.rows, 7);
    assert_int_equal(table.columns, 25);
    assert_string_equal(cell(&table, "fabrikam.example", "connector"), "To \"Fabrikam\"");
    assert_string_equal(cell(&table, "fabrikam.example", "owner"), "J\xc3\xb6rg");
    assert_string_equal(cell(&table, "fabrikam.example", "note"), "broken \\xff byte");
    assert_string_equal(cell(&table, "fabrikam.example", "contact_state"), "promised");
    assert_string_equal(cell(&table, "fabrikam.example", "contacts"),
                        "postmaster@it.example (noted); postmaster@fabrikam.example (postmaster); "
                        "=hostmaster@fabrikam.example (soa); tls@fabrikam.example (tls-rpt)");
    assert_string_equal(cell(&table, "fabrikam.example", "verdict"), "not-ready");
    assert_string_equal(cell(&table, "fabrikam.example", "consequence"), "stops");
    assert_string_equal(cell(&table, "fabrikam.example", "weakest_version"), "none");
    assert_string_equal(cell(&table, "fabrikam.example", "strongest_version"), "TLSv1.0");
    assert_string_equal(cell(&table, "fabrikam.example", "certificate_expiry"), "2027-09-14");
    assert_string_equal(cell(&table, "fabrikam.example", "operator"), "fabrikam.example");
    assert_non_null(strstr(cell(&table, "fabrikam.example", "message"), "Please enable TLS 1.2 or newer."));
    assert_string_equal(cell(&table, "shared.example", "hosts"), "gw.fabrikam.example mx2.shared.example");
    assert_string_equal(cell(&table, "pending.example", "route"), "");
    assert_string_equal(cell(&table, "pending.example", "weakest_version"), "");
    assert_string_equal(cell(&table, "gone.example", "reason"), "nxdomain");
    strings_release(&table.cells);
    model_free(model);
}

static void test_endpoints(void **state)
{
    struct model *model = sample_model();
    struct table table = read_table(text_of(model, csv_endpoints_write));

    (void)state;
    assert_int_equal(table.columns, 43);
    assert_int_equal(table.rows, 1 + 3 + 2 + 1 + 1);
    assert_string_equal(cell(&table, "fabrikam.example", "address"), "192.0.2.14");
    assert_string_equal(cell(&table, "fabrikam.example", "beside"), "no");
    assert_string_equal(cell(&table, "fabrikam.example", "preference"), "");
    assert_string_equal(cell(&table, "fabrikam.example", "tlsv1.0"), "accepted");
    assert_string_equal(cell(&table, "fabrikam.example", "tlsv1.2"), "refused");
    assert_string_equal(cell(&table, "fabrikam.example", "cipher"), "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA");
    assert_string_equal(cell(&table, "fabrikam.example", "banner"),
                        "220 gw.fabrikam.example \\x1B[31m ESMTP");
    assert_string_equal(cell(&table, "fabrikam.example", "probed_at"), "2026-11-18 11:05:40");
    assert_string_equal(cell(&table, "shared.example", "preference"), "10");
    assert_string_equal(cell(&table, "dead.example", "verdict"), "unreachable");
    strings_release(&table.cells);
    model_free(model);
}

static const struct {
    const char *note, *expected;
} hostile[] = {
    {"=1+1", "'=1+1"},
    {"+1", "'+1"},
    {"-1", "'-1"},
    {"@SUM(A1)", "'@SUM(A1)"},
    {"\tx", "'\tx"},
    {"\rx", "'\rx"},
    {"\nx", "'\nx"},
    {"  =1", "'  =1"},
    {"\xef\xbc\x9d"
     "1",
     "'\xef\xbc\x9d"
     "1"},
    {"a=1", "a=1"},
    {"a,b;\"c\"\r\nd", "a,b;\"c\"\r\nd"},
    {"\",=cmd|' /C calc'!A0", "\",=cmd|' /C calc'!A0"},
    {" padded ", " padded "},
    {"\x1b]0;x\x07", "\\x1b]0;x\\x07"},
    {"\xe2\x80\xae", "\\u{202e}"},
};

static void test_hostile_cells(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct model *model = fixture_model("tls1.2");
        struct target *target = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_NONE);
        struct table table;

        model_set_notes(model, target, &(struct target_notes){.note = hostile[i].note});
        table = read_table(text_of(model, csv_domains_write));
        assert_int_equal(table.rows, 2);
        assert_string_equal(cell(&table, "a.example", "note"), hostile[i].expected);
        strings_release(&table.cells);
        model_free(model);
    }
}

/* Every line ends in CR and LF. */
static void test_line_ends(void **state)
{
    struct model *model = sample_model();
    char *text = text_of(model, csv_domains_write), *at;

    (void)state;
    for (at = text; (at = strchr(at, '\n')); at++)
        assert_true(at[-1] == '\r');
    assert_string_equal(text + strlen(text) - 2, "\r\n");
    free(text);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_domains),
        cmocka_unit_test(test_endpoints),
        cmocka_unit_test(test_hostile_cells),
        cmocka_unit_test(test_line_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
