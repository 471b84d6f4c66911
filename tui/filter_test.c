#include "tui/filter.h"

#include "engine/base/mem.h"

#include "engine/base/day.h"
#include "engine/model/fixture.h"
#include "tests/tui/sample.h"
#include "tui/filter_terms.h"
#include "tui/finder.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static unsigned kept(struct model *model, const char *text)
{
    char *error = NULL;
    struct filter *filter = filter_parse(text, &error);
    unsigned count = 0;
    size_t i;

    if (!filter)
        fail_msg("%s: %s", text, error);
    filter_look_in(filter, model, NULL);
    for (i = 0; i < model_target_count(model); i++)
        count += filter_keeps(filter, model_target_at(model, i));
    filter_free(filter);
    return count;
}

static void test_terms(void **state)
{
    struct model *model = sample_model();

    (void)state;
    assert_int_equal(kept(model, ""), 8);
    assert_int_equal(kept(model, "contoso"), 1);
    assert_int_equal(kept(model, "CONTOSO"), 0);
    assert_int_equal(kept(model, "!contoso"), 7);
    assert_int_equal(kept(model, "2001:db8"), 1);
    assert_int_equal(kept(model, "gw."), 1);
    assert_int_equal(kept(model, "class:partner"), 3);
    assert_int_equal(kept(model, "class:partner verdict:ready"), 1);
    assert_int_equal(kept(model, "verdict:not"), 2);
    assert_int_equal(kept(model, "consequence:stops"), 1);
    assert_int_equal(kept(model, "route:smart"), 3);
    assert_int_equal(kept(model, "tls<1.2"), 3);
    assert_int_equal(kept(model, "tls<=1.2"), 4);
    assert_int_equal(kept(model, "tls=1.3"), 1);
    assert_int_equal(kept(model, "tls>1.2"), 1);
    assert_int_equal(kept(model, "  !  "), 8);
    model_free(model);
}

/* mail.contoso.example and its like are run by the registrable domain. */
static void test_hosts_and_operators(void **state)
{
    struct model *model = sample_model();

    (void)state;
    assert_int_equal(kept(model, "operator:contoso.example"), 1);
    assert_int_equal(kept(model, "operator:Contoso"), 1);
    assert_int_equal(kept(model, "operator:mail.contoso"), 0);
    assert_int_equal(kept(model, "operator:example"), 7);
    assert_int_equal(kept(model, "!operator:example"), 1);
    assert_int_equal(kept(model, "host:GW."), 1);
    assert_int_equal(kept(model, "host:192.0.2.10"), 0);
    assert_int_equal(kept(model, "address:192.0.2.14"), 2);
    assert_int_equal(kept(model, "address:2001:DB8::10"), 1);
    assert_int_equal(kept(model, "address:contoso"), 0);
    model_free(model);
}

static void test_reasons(void **state)
{
    struct model *model = sample_model();

    (void)state;
    assert_int_equal(kept(model, "reason:version-below-floor"), 2);
    assert_int_equal(kept(model, "reason:no-starttls"), 1);
    assert_int_equal(kept(model, "reason:connect"), 1);
    assert_int_equal(kept(model, "reason:pending"), 1);
    assert_int_equal(kept(model, "reason:some"), 1);
    assert_int_equal(kept(model, "reason:"), 6);
    model_free(model);
}

static void test_contacts(void **state)
{
    struct model *model = sample_model();
    struct event event = {.type = EVENT_CONTACTS, .target = model_target_at(model, 0)->id};

    (void)state;
    assert_int_equal(kept(model, "contact:"), 0);
    event.directory = directory_new();
    strings_add(&event.directory->uris, "https://reports.example/");
    event.directory->report_status = DNS_OK;
    model_apply(model, &event);
    event_release(&event);
    assert_int_equal(kept(model, "contact:"), 0);
    event.directory = directory_new();
    event.type = EVENT_CONTACTS;
    event.target = model_target_at(model, 0)->id;
    event.directory->zone_status = event.directory->report_status = DNS_OK;
    event.directory->mailbox = mem_string("hostmaster@zone.example");
    strings_add(&event.directory->uris, "mailto:tls@reports.example");
    model_apply(model, &event);
    event_release(&event);
    assert_int_equal(kept(model, "contact:"), 1);
    assert_int_equal(kept(model, "contact:zone.example"), 1);
    assert_int_equal(kept(model, "contact:tls@"), 1);
    assert_int_equal(kept(model, "contact:mailto"), 0);
    assert_int_equal(kept(model, "hostmaster@"), 1);
    assert_int_equal(kept(model, "!contact:"), 7);
    model_free(model);
}

static void test_states(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    char *error = NULL;
    struct filter *filter = filter_parse("is:tagged", &error), *other = filter_parse("tagged", &error);
    struct target *first = model_target_at(model, 0);

    (void)state;
    assert_int_equal(kept(model, "is:problem"), 5);
    assert_int_equal(kept(model, "!is:problem"), 3);
    assert_int_equal(kept(model, "is:open"), 2);
    assert_int_equal(kept(model, "is:contradicted"), 0);
    model_set_notes(model, model_target_at(model, 0), &(struct target_notes){.state = CONTACT_PROMISED});
    model_set_notes(model, model_target_at(model, 1), &(struct target_notes){.state = CONTACT_FIXED});
    assert_int_equal(kept(model, "is:contradicted"), 2);
    assert_int_equal(kept(model, "is:contradicted state:fixed"), 1);
    model_set_notes(model, model_target_at(model, 1), &(struct target_notes){.state = CONTACT_WAIVED});
    assert_int_equal(kept(model, "is:open"), 1);
    model_set_notes(model, model_target_at(model, 0), &(struct target_notes){.state = CONTACT_NONE});
    model_set_notes(model, model_target_at(model, 1), &(struct target_notes){.state = CONTACT_NONE});
    assert_int_equal(kept(model, "is:noted"), 0);
    model_set_notes(model, first,
                    &(struct target_notes){.note = "wrote to them",
                                           .contact = "postmaster@contoso.example",
                                           .state = CONTACT_PROMISED});
    assert_int_equal(kept(model, "is:no"), 1);
    assert_int_equal(kept(model, "contact:POST"), 0);
    assert_int_equal(kept(model, "contact:post"), 1);
    assert_int_equal(kept(model, "postmaster@"), 1);
    assert_int_equal(kept(model, "!contact:"), 7);
    assert_int_equal(kept(model, "state:promised"), 1);
    assert_int_equal(kept(model, "state:none"), 7);
    assert_true(filter_minds_tags(filter));
    assert_false(filter_minds_tags(other));
    assert_false(filter_keeps(filter, first));
    filter_look_in(filter, model, rows);
    assert_false(filter_keeps(filter, first));
    rows_set_tagged(rows, first->id, true);
    assert_true(filter_keeps(filter, first));
    assert_false(filter_keeps(filter, model_target_at(model, 1)));
    filter_free(filter);
    filter_free(other);
    rows_free(rows);
    model_free(model);
}

static void test_quoted(void **state)
{
    struct model *model = sample_model();

    (void)state;
    model_set_notes(model, model_target_at(model, 0), &(struct target_notes){.note = "moves in May"});
    model_set_notes(model, model_target_at(model, 1), &(struct target_notes){.note = "May move"});
    assert_int_equal(kept(model, "note:\"in May\""), 1);
    assert_int_equal(kept(model, "!note:\"in May\" note:May"), 1);
    assert_int_equal(kept(model, "note:in May"), 1);
    assert_int_equal(kept(model, "\"May move\""), 1);
    assert_int_equal(kept(model, "note:\"in May\"class:partner"), 1);
    assert_int_equal(kept(model, "note:\"in May\"class:service"), 0);
    assert_int_equal(kept(model, "\"may\""), 2);
    assert_int_equal(kept(model, "note:"), 2);
    assert_int_equal(kept(model, "!note:"), 6);
    model_free(model);
}

static void add_certificate(struct model *model, const char *domain, const char *address, int days)
{
    struct facts *facts = fixture_facts("rraaa");

    facts->certificate = days == INT32_MAX ? NULL : fixture_certificate(domain, true, days);
    fixture_simple(model, domain, CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, address, facts);
}

static void test_certificates(void **state)
{
    struct model *model = fixture_model("exchange-online");

    (void)state;
    add_certificate(model, "a.example", "192.0.2.1", 10);
    add_certificate(model, "b.example", "192.0.2.2", 60);
    add_certificate(model, "c.example", "192.0.2.3", -3);
    add_certificate(model, "d.example", "192.0.2.4", INT32_MAX);
    assert_int_equal(kept(model, "cert<30d"), 2);
    assert_int_equal(kept(model, "cert<10"), 1);
    assert_int_equal(kept(model, "cert<=10d"), 2);
    assert_int_equal(kept(model, "cert=60d"), 1);
    assert_int_equal(kept(model, "cert>30d"), 1);
    assert_int_equal(kept(model, "cert>=-3d"), 3);
    assert_int_equal(kept(model, "cert<0d"), 1);
    assert_int_equal(kept(model, "!cert<30d"), 2);
    assert_int_equal(kept(model, "cert"), 0);
    model_free(model);
}

static void test_soonest_certificate_counts(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *target = fixture_target(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    struct facts *facts = fixture_facts("rraaa");

    (void)state;
    facts->certificate = fixture_certificate("mx.a.example", true, 90);
    facts->other_certificate = fixture_certificate("mx.a.example", true, 5);
    fixture_route(model, target, ROUTE_MX, DNS_OK, "10 mx.a.example");
    fixture_addresses(model, "mx.a.example", DNS_OK, "192.0.2.1");
    fixture_probed(model, "mx.a.example", "192.0.2.1", facts);
    assert_int_equal(kept(model, "cert<30d"), 1);
    assert_int_equal(kept(model, "cert>30d"), 0);
    model_free(model);
}

static bool minds_due(const char *text)
{
    char *error = NULL;
    struct filter *filter = filter_parse(text, &error);
    bool minds;

    assert_non_null(filter);
    minds = filter_minds_due(filter);
    filter_free(filter);
    return minds;
}

static void test_due(void **state)
{
    struct model *model = sample_model();
    int32_t today = day_of(model_time(model));

    (void)state;
    for (int i = 0; i < 3; i++) /* yesterday, in three days, in a week */
        model_set_notes(model, model_target_at(model, (size_t)i),
                        &(struct target_notes){.due = today + (i ? 4 * i - 1 : -1)});
    assert_int_equal(kept(model, "due<0d"), 1);
    assert_int_equal(kept(model, "due<7d"), 2);
    assert_int_equal(kept(model, "due<=7"), 3);
    assert_int_equal(kept(model, "due>=0d"), 2);
    assert_int_equal(kept(model, "due=3d"), 1);
    assert_int_equal(kept(model, "!due<99999d"), 5);
    assert_true(minds_due("owner:ann !due<3d"));
    assert_false(minds_due("owner:due"));
    model_free(model);
}

static void test_errors(void **state)
{
    static const struct {
        const char *text, *expected;
    } bad[] = {
        {"verdict:nonsense", "verdict: takes pending, no-mail, ready"},
        {"class:x", "partner, opportunistic, relay or service"},
        {"consequence:zz", "sometimes-plaintext"},
        {"reason:zz", "Tab lists them"},
        {"is:zz", "tagged"},
        {"tls<9", "tls<1.2"},
        {"tls=", "tls<1.2"},
        {"tls:1.2", "tls<1.2"},
        {"tls<1.2.3.4.5.6", "tls<1.2"},
        {"cert<", "cert<30d"},
        {"cert<30x", "cert<30d"},
        {"cert<-", "cert<30d"},
        {"cert<999999", "cert<30d"},
        {"cert:30d", "cert<30d"},
        {"due:7d", "due<7d"},
        {"due<x", "due<7d"},
        {"verdikt:ready", "no term verdikt:"},
        {"contoso !oner:kim", "owner:"},
        {"a \"b c", "quotation mark is missing behind b c"},
        {"connector:\"", "quotation mark is missing"},
        {"\"", "quotation mark is missing"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char *error = NULL;

        assert_null(filter_parse(bad[i].text, &error));
        if (!strstr(error, bad[i].expected))
            fail_msg("%s: %s", bad[i].text, error);
        free(error);
    }
}

static void test_begun(void **state)
{
    static const char *const begun[] = {"tls<",      "tls>=",  "tls<1", "tls=1.", "cert<",
                                        "a !cert<-", "tls<ss", "due<",  "\"abc",  "a !connector:\"To F",
                                        "\""},
                             *const not_begun[] = {"tls<2",  "tls<1.9", "tls",       "tls<1.2",
                                                   "cert<x", "cert:",   "tls< a",    "x:y tls<",
                                                   "",       "tls<=<",  "verdict:zz"};
    size_t i, whole;

    (void)state;
    assert_true(filter_is_begun("class:partner tls<", &whole));
    assert_int_equal(whole, strlen("class:partner "));
    for (i = 0; i < sizeof begun / sizeof begun[0]; i++)
        if (!filter_is_begun(begun[i], &whole))
            fail_msg("%s", begun[i]);
    for (i = 0; i < sizeof not_begun / sizeof not_begun[0]; i++)
        if (filter_is_begun(not_begun[i], &whole))
            fail_msg("%s", not_begun[i]);
}

/* What looks like a term and is a URL, an address or quoted is text. */
static void test_no_slips(void **state)
{
    static const char *const good[] = {
        "smtp://a.example", "2001:db8::1", "fade:cafe", "\"verdikt:ready\"", "tls", "cert", ":", "10:30"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof good / sizeof good[0]; i++) {
        char *error = NULL;
        struct filter *filter = filter_parse(good[i], &error);

        if (!filter)
            fail_msg("%s: %s", good[i], error);
        filter_free(filter);
    }
}

static void test_pieces(void **state)
{
    const char *text = " a  !note:\"b c\"d tls<1.2", *at = text;
    struct filter_piece piece;

    (void)state;
    assert_true(filter_next_piece(&at, &piece));
    assert_int_equal(piece.start - text, 1);
    assert_int_equal(piece.end - text, 2);
    assert_true(filter_next_piece(&at, &piece));
    assert_true(piece.inverse && piece.quoted);
    assert_int_equal(piece.term->kind, FILTER_NOTE);
    assert_int_equal(piece.length, 3);
    assert_memory_equal(piece.value, "b c", 3);
    assert_true(filter_next_piece(&at, &piece));
    assert_null(piece.term);
    assert_memory_equal(piece.start, "d ", 2);
    assert_true(filter_next_piece(&at, &piece));
    assert_int_equal(piece.term->kind, FILTER_TLS);
    assert_memory_equal(piece.value, "<1.2", 4);
    assert_false(filter_next_piece(&at, &piece));
}

static void test_smart_case(void **state)
{
    (void)state;
    assert_true(finder_holds("Contoso", "con"));
    assert_false(finder_holds("contoso", "Con"));
    assert_true(finder_holds("Contoso", "Con"));
    assert_false(finder_holds(NULL, ""));
}

static void test_problems_go_round(void **state)
{
    struct model *model = sample_model();
    struct rows *rows = rows_new(model);
    struct row row = {0}, hit;
    unsigned i;

    (void)state;
    for (i = 0; i < 5; i++) {
        assert_true(rows_next_problem(rows, &row, true, &hit));
        assert_true(rows_is_problem(model_target(model, hit.target)->judgement.verdict));
        assert_false(row_equal(&row, &hit));
        row = hit;
    }
    assert_true(rows_next_problem(rows, &row, true, &hit));
    assert_string_equal(model_target(model, hit.target)->spec.domain, "fabrikam.example");
    rows_free(rows);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terms),
        cmocka_unit_test(test_hosts_and_operators),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_states),
        cmocka_unit_test(test_contacts),
        cmocka_unit_test(test_quoted),
        cmocka_unit_test(test_certificates),
        cmocka_unit_test(test_soonest_certificate_counts),
        cmocka_unit_test(test_due),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_begun),
        cmocka_unit_test(test_no_slips),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_smart_case),
        cmocka_unit_test(test_problems_go_round),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
