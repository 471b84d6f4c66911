#include "tui/detail.h"

#include "engine/base/day.h"
#include "engine/base/mem.h"
#include "tests/tui/sample.h"
#include "tui/painter.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1795514400

static char *text_of(const struct model *model, struct rows *rows, const struct row *row, int width)
{
    struct page page;
    char *text;

    page_init(&page, width, false);
    detail_build(&page, model, rows, row, NOW);
    text = page_text(&page);
    page_release(&page);
    return text;
}

static void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is missing in:\n%s", part, text);
}

static struct row find(const struct model *model, const struct rows *rows, const char *domain,
                       enum row_kind kind)
{
    struct row row = {0};
    unsigned i;

    for (i = 0; i < 100; i++) {
        row = rows_step(rows, &row, true, ROW_ENDPOINT);
        if (row.kind == kind && strcmp(model_target(model, row.target)->spec.domain, domain) == 0)
            return row;
    }
    fail();
    return row;
}

static void test_people(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct row row = find(model, rows, "fabrikam.example", ROW_TARGET);
    struct target *target = model_target(model, row.target);
    char *text = text_of(model, rows, &row, 80);

    (void)state;
    assert_says(text, "postmaster@fabrikam.example (none is noted)");
    free(text);
    model_restore_past(target, &(struct past){{VERDICT_UNREACHABLE, REASON_DNS_TIMEOUT, PROBE_OK}, NOW});
    model_restore_past(target, &(struct past){{VERDICT_READY, REASON_ALL_READY, PROBE_OK}, NOW + 86400});
    model_set_notes(model, target, &(struct target_notes){.contact = "it@x", .due = day_of(NOW) - 2});
    text = text_of(model, rows, &row, 80);
    assert_null(strstr(text, "postmaster@"));
    assert_says(text, "it@x");
    assert_says(text, "overdue by 2 days");
    assert_says(text, "History\n");
    assert_says(text, "unreachable: the name servers did not answer in time");
    assert_true(strstr(text, "2026-11-25    ready") < strstr(text, "2026-11-24    unreachable"));
    free(text);
    model_set_notes(model, target, &(struct target_notes){.due = day_of(NOW) - 2, .state = CONTACT_FIXED});
    text = text_of(model, rows, &row, 80);
    assert_null(strstr(text, "overdue"));
    free(text);
    rows_free(rows);
    model_free(model);
}

static void test_state_of_contact(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct row row = find(model, rows, "fabrikam.example", ROW_TARGET);
    struct target *target = model_target(model, row.target);
    char *text;

    (void)state;
    model_set_notes(model, target, &(struct target_notes){.state = CONTACT_TO_CONTACT});
    text = text_of(model, rows, &row, 80);
    assert_says(text, "State         to contact\n");
    assert_says(text, "Contact       postmaster@fabrikam.example (none is noted)\n");
    free(text);
    model_set_notes(model, target, &(struct target_notes){.contact = "it@x", .state = CONTACT_TO_CONTACT});
    text = text_of(model, rows, &row, 80);
    assert_says(text, "Contact       it@x, to contact\n");
    free(text);
    rows_free(rows);
    model_free(model);
}

static void apply_contacts(struct model *model, uint32_t id, enum dns_status zone, const char *mailbox,
                           enum dns_status reports, const char *uri)
{
    struct event event = {.type = EVENT_CONTACTS, .target = id, .directory = directory_new()};

    event.directory->zone_status = zone;
    event.directory->zone = mem_string(zone == DNS_OK ? "fabrikam.example" : NULL);
    event.directory->mailbox = mem_string(mailbox);
    event.directory->report_status = reports;
    if (uri)
        strings_add(&event.directory->uris, uri);
    model_apply(model, &event);
    event_release(&event);
}

/* What is not known is not said to be none. */
static void test_contacts_of_dns(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct row row = find(model, rows, "fabrikam.example", ROW_TARGET);
    char *text;

    (void)state;
    apply_contacts(model, row.target, DNS_TIMEOUT, NULL, DNS_NXDOMAIN, NULL);
    text = text_of(model, rows, &row, 80);
    assert_says(text, "DNS zone      not known: no answer in time\n");
    assert_says(text, "TLS reports   none asked for\n");
    free(text);
    apply_contacts(model, row.target, DNS_NO_DATA, NULL, DNS_SERVFAIL, NULL);
    text = text_of(model, rows, &row, 80);
    assert_says(text, "DNS zone      none that speaks for the domain\n");
    assert_says(text, "TLS reports   none asked for\n");
    free(text);
    apply_contacts(model, row.target, DNS_OK, NULL, DNS_OK, "mailto:tls%2Brua@fabrikam.example");
    text = text_of(model, rows, &row, 80);
    assert_says(text, "DNS zone      its SOA names no address\n");
    assert_says(text, "TLS reports   tls+rua@fabrikam.example (TLS-RPT)\n");
    free(text);
    apply_contacts(model, row.target, DNS_OK, "a.nurse@fabrikam.example", DNS_OK, "https://\x1b[31m");
    text = text_of(model, rows, &row, 80);
    assert_says(text, "DNS zone      a.nurse@fabrikam.example (SOA of fabrikam.example)\n");
    free(text);
    rows_free(rows);
    model_free(model);
}

/* Where the resolver here is at fault, nobody there is to be told. */
static void test_fault_is_here(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct row row = find(model, rows, "wingtip.example", ROW_ENDPOINT);
    static const enum probe_error errors[] = {PROBE_CONNECT_TIMEOUT, PROBE_LOCAL_LIMIT};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct sample_endpoint endpoint = {"192.0.2.40", -1, -1, errors[i]};
        char *text;

        sample_facts(model, "mx.wingtip.example", &endpoint);
        text = text_of(model, rows, &row, 80);
        assert_true((strstr(text, "To tell the operator") || strstr(text, "To tell the partner")) == !i);
        free(text);
    }
    rows_free(rows);
    model_free(model);
}

static void test_target(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct row row = find(model, rows, "fabrikam.example", ROW_TARGET);
    char *text = text_of(model, rows, &row, 80);

    (void)state;
    assert_memory_equal(text, "✗ not ready\n", strlen("✗ not ready\n"));
    assert_says(text, "mail stops");
    assert_says(text, "TLS 1.0  ✓ accepted    TLS_ECDHE_RSA");
    assert_says(text, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA");
    assert_says(text, "TLS 1.3  ✗ refused     protocol_version");
    assert_says(text, "50 days left");
    assert_says(text, "gw.fabrikam.example");
    assert_says(text, "  +31 ms  C EHLO probe.example");
    assert_says(text, "handshake 44 ms");
    free(text);
    rows_free(rows);
    model_free(model);
}

static void test_other_rows(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct row row = rows_at(rows, 0);
    char *text = text_of(model, rows, &row, 80);

    (void)state;
    assert_says(text, "1  ✗ not ready");
    assert_says(text, "Go through those that need a look");
    free(text);
    row = find(model, rows, "contoso.example", ROW_HOST);
    text = text_of(model, rows, &row, 80);
    assert_says(text, "✓ ready");
    assert_says(text, "2001:db8::10");
    free(text);
    row = find(model, rows, "fabrikam.example", ROW_HOST);
    text = text_of(model, rows, &row, 80);
    assert_says(text, "\ngw.fabrikam.example (192.0.2.14) accepts TLS 1.0 only");
    assert_says(text, "Mail          stops\n\nWhat to do next\n");
    free(text);
    row = find(model, rows, "contoso.example", ROW_TARGET);
    text = text_of(model, rows, &row, 80);
    assert_says(text, "\nBoth servers of contoso.example");
    free(text);
    row = find(model, rows, "fabrikam.example", ROW_TARGET);
    text = text_of(model, rows, &row, 80);
    assert_says(text, "\ngw.fabrikam.example (192.0.2.14)");
    free(text);
    row = find(model, rows, "wingtip.example", ROW_ENDPOINT);
    text = text_of(model, rows, &row, 80);
    assert_says(text, "⊘ unreachable");
    assert_says(text, "the connection was not answered in time");
    free(text);
    row = find(model, rows, "proseware.example", ROW_TARGET);
    text = text_of(model, rows, &row, 80);
    assert_says(text, "· pending");
    assert_says(text, "not resolved yet");
    free(text);
    rows_free(rows);
    model_free(model);
}

/* Wrapped text never passes the width, however narrow. */
static void test_widths(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct row row = {0};
    int i, width;

    (void)state;
    for (i = 0; i < 26; i++) {
        row = rows_step(rows, &row, true, ROW_ENDPOINT);
        for (width = -1; width < 120; width += 7)
            free(text_of(model, rows, &row, width));
    }
    rows_free(rows);
    model_free(model);
}

static void test_wrapping(void **state)
{
    struct page page;
    char *text;

    (void)state;
    page_init(&page, 20, false);
    page_field(&page, "Label", STYLE_TEXT, "one two three");
    page_field(&page, "Nothing", STYLE_TEXT, NULL);
    page_field(&page, "Long", STYLE_TEXT, "abcdefghijklmnopqrst");
    text = page_text(&page);
    assert_string_equal(text,
                        "Label     one two\n          three\nLong      abcdefghij\n          klmnopqrst\n");
    free(text);
    page_release(&page);
}

static void test_titles(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct row row = find(model, rows, "contoso.example", ROW_ENDPOINT);
    char *title = detail_title(model, rows, &row, false);

    (void)state;
    assert_string_equal(title, "192.0.2.10");
    free(title);
    row = rows_at(rows, 0);
    title = detail_title(model, rows, &row, false);
    assert_string_equal(title, "Partners");
    free(title);
    rows_free(rows);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_people),          cmocka_unit_test(test_state_of_contact),
        cmocka_unit_test(test_fault_is_here),   cmocka_unit_test(test_target),
        cmocka_unit_test(test_other_rows),      cmocka_unit_test(test_widths),
        cmocka_unit_test(test_wrapping),        cmocka_unit_test(test_titles),
        cmocka_unit_test(test_contacts_of_dns),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
