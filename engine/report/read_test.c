/* Model → JSON or JSONL → model, and what reports leave out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/report/read.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/report/read_testing.h"
#include "engine/report/sample.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOREVER 253402300799 /* the last second of 9999 */

static void comes_back(const char *text, const char *expected)
{
    struct model *model = testing_read(text, NULL);
    char *again = testing_json(model);

    assert_string_equal(again, expected);
    free(again);
    model_free(model);
}

static void add_notes(struct model *model)
{
    struct strings notes = {0};

    strings_add(&notes, "left out: one");
    strings_add(&notes, "left out: two");
    model_add_notes(model, &notes);
    strings_release(&notes);
}

static void json_comes_back(void **state)
{
    struct model *sample = sample_model(), *model;
    struct report_about about;
    char *text, *again;

    (void)state;
    add_notes(sample);
    text = testing_json(sample);
    model = testing_read(text, &about);
    again = testing_json(model);
    assert_string_equal(again, text);
    assert_string_equal(about.generator, "mxscope 0.1.0");
    assert_string_equal(about.vantage, "host.example");
    assert_string_equal(about.options, "audit fabrikam.example");
    assert_int_equal(about.started_at, FIXTURE_NOW - 100);
    assert_int_equal(about.finished_at, FIXTURE_NOW);
    assert_true(about.complete);
    report_about_release(&about);
    free(again);
    free(text);
    model_free(model);
    model_free(sample);
}

static void jsonl_comes_back(void **state)
{
    struct model *sample = sample_model(), *model;
    struct report_options options = sample_options();
    struct report_about about;
    char *text, *again;

    (void)state;
    model_set_now(sample, FIXTURE_NOW);
    text = report_jsonl(sample, &options);
    model = testing_read(text, &about);
    model_set_now(model, FIXTURE_NOW);
    options = (struct report_options){about.generator,
                                      about.vantage,
                                      about.started_at,
                                      about.finished_at,
                                      about.complete,
                                      about.options,
                                      NULL,
                                      0};
    again = report_jsonl(model, &options);
    assert_string_equal(again, text);
    assert_string_equal(about.vantage, "host.example");
    assert_true(about.complete);
    assert_int_equal(model_notes(model)->count, 0);
    free(again);
    free(text);
    report_about_release(&about);
    model_free(model);
    model_free(sample);
}

/* Reads the text as JSONL: whether it is complete, and the only note on it. */
static void lines_say(const char *text, bool complete, const char *said)
{
    struct report_about about;
    struct model *model = testing_read(text, &about);

    assert_int_equal(about.complete, complete);
    assert_int_equal(model_notes(model)->count, 1);
    assert_string_equal(model_notes(model)->items[0], said);
    report_about_release(&about);
    model_free(model);
}

static void lines_that_are_not_of_one_whole_session(void **state)
{
    struct model *sample = sample_model();
    struct report_options options = sample_options();
    char *whole = report_jsonl(sample, &options), *none = report_jsonl(sample, NULL), *other, *both;

    (void)state;
    lines_say(none, false,
              "report.json: its lines say nothing of the vantage point, the times and the options of a "
              "session, nor whether it was complete");
    options.vantage = "other.example";
    other = report_jsonl(sample, &options);
    both = mem_format("%.*s%s", (int)(strchr(whole, '\n') + 1 - whole), whole, strchr(other, '\n') + 1);
    lines_say(both, true,
              "report.json: its lines are from several sessions; the vantage point, the times and the "
              "options are those of the first");
    free(both);
    free(other);
    options.complete = false;
    other = report_jsonl(sample, &options);
    both = mem_format("%.*s%s", (int)(strchr(whole, '\n') + 1 - whole), whole, strchr(other, '\n') + 1);
    lines_say(both, false,
              "report.json: its lines are from several sessions; the vantage point, the times and the "
              "options are those of the first");
    lines_say(strchr(whole, '\n') + 1, false, "report.json: it has 5 lines of the 6 that were written");
    free(both);
    free(other);
    free(none);
    free(whole);
    model_free(sample);
}

/* As tools write it that sort keys, or put each on a line. */
static void keys_stand_in_any_order(void **state)
{
    static const size_t how[] = {JSON_SORT_KEYS | JSON_COMPACT, JSON_SORT_KEYS | JSON_INDENT(2),
                                 JSON_INDENT(1)};
    struct model *sample = sample_model();
    char *text = testing_json(sample);
    json_t *root = json_loads(text, 0, NULL);

    (void)state;
    for (size_t i = 0; i < sizeof how / sizeof *how; i++) {
        char *other = json_dumps(root, how[i]);

        comes_back(other, text);
        free(other);
    }
    json_decref(root);
    free(text);
    model_free(sample);
}

static struct facts *rare_facts(void)
{
    struct facts *facts = fixture_facts("ruu-a");

    fixture_handshake(facts, TLS_1_3, 0x1399, false);
    facts->tls_group = 0x6399;
    facts->client_certificate_requested = true;
    facts->handshake_error = mem_string("bad decrypt");
    facts->handshake_cause = PROBE_IO_TIMEOUT;
    facts->versions[TLS_1_0].error = PROBE_RESET;
    facts->versions[TLS_1_1].alert = 0;
    facts->retry_request = facts->name_refused = facts->sslv2 = facts->unconfirmed = true;
    facts->helo = true;
    facts->injection = INJECTION_YES;
    facts->injected = 17;
    facts->sentinel = SENTINEL_TLS_1_1_OR_BELOW;
    facts->other = VERSION_UNKNOWN;
    facts->offer_baseline = mem_string("tls1.3");
    facts->offer = VERSION_ACCEPTED;
    facts->offer_suite = 0x1301;
    facts->probed_at = FIXTURE_NOW;
    facts->certificate = fixture_certificate("", false, 300);
    facts->certificate->common_name = mem_string("mx.rare.example");
    facts->certificate->not_after = FOREVER;
    facts->certificate->purpose_unread = facts->certificate->names_cut = true;
    facts->certificate->self_signed = facts->certificate->weak_digest = true;
    facts->certificate->key_bits = 0;
    return facts;
}

static void cut_records(struct model *model)
{
    struct event event = {.type = EVENT_ADDRESSES, .dns.status = DNS_OK};

    event.host = (struct host_key){mem_string("mx.cut.example"), 2525, PROTOCOL_SUBMISSION};
    strings_add(&event.addresses, "2001:db8::7");
    strings_add(&event.warnings, "an address that is nobody's");
    for (unsigned i = 0; i <= TRAIL_MOST; i++)
        trail_add(&event.dns.trail, RECORD_AAAA, "mx.cut.example", "2001:db8::7", UINT32_MAX - i);
    model_apply(model, &event);
    event_release(&event);
}

/* A host of a route that nobody knows by its endpoints: it was not resolved yet. */
static void add_unresolved(struct model *model)
{
    struct target *t = fixture_target(model, "cut.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    struct event event = {.type = EVENT_ROUTE, .route = ROUTE_SMART_HOST, .target = t->id, .host_count = 2};

    target_spec_add_host(&t->spec, "mx.cut.example", 2525, false);
    target_spec_add_host(&t->spec, "2001:db8::1", 0, true);
    target_spec_add_host(&t->spec, "2001:db8::2", 26, true);
    target_spec_add_host(&t->spec, "192.0.2.7", 0, true);
    t->spec.never_tls = t->spec.domain_secure = true;
    t->spec.cost = 100;
    event.hosts = mem_array(2, sizeof *event.hosts);
    event.hosts[0] = (struct route_host){{mem_string("mx.cut.example"), 2525, PROTOCOL_SUBMISSION}, -1};
    event.hosts[1] = (struct route_host){{mem_string("later.example"), 26, PROTOCOL_SMTP}, -1};
    strings_add(&event.warnings, "of the route alone");
    model_apply(model, &event);
    event_release(&event);
    cut_records(model);
}

static void deny(struct model *model)
{
    struct event event = {.type = EVENT_PREFLIGHT, .preflight.denies = true};

    preflight_set(&event.preflight, CHECK_RESOLVER, CHECK_TROUBLE, "It knows its own names only.");
    preflight_set(&event.preflight, CHECK_STARTTLS_PATH, CHECK_TROUBLE, NULL);
    model_apply(model, &event);
    event_release(&event);
}

/* What the sample has nothing of. */
static struct model *rare_model(void)
{
    static const char text[] = "name ours\nminimum TLSv1.0\nsuite TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n";
    struct model *model = fixture_model("exchange-online");
    char *error = NULL;
    struct baseline *ours = baseline_parse("ours", text, strlen(text), &error);
    struct target *t;

    if (!ours)
        fail_msg("%s", error);
    model_set_baseline(model, ours);
    deny(model);
    fixture_simple(model, "rare.example", CLASS_PARTNER, REQUIREMENT_NAME, "192.0.2.5", rare_facts());
    t = fixture_target(model, "denied.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    fixture_route(model, t, ROUTE_NONE, DNS_NXDOMAIN, "");
    t = fixture_target(model, "later.example", CLASS_SERVICE, REQUIREMENT_CHAIN);
    fixture_route(model, t, ROUTE_UNRESOLVED, DNS_SERVFAIL, "");
    add_unresolved(model);
    return model;
}

static void rare_things_come_back(void **state)
{
    struct model *rare = rare_model(), *model;
    char *text, *again;
    const struct target *denied;

    (void)state;
    text = testing_json(rare);
    comes_back(text, text);
    free(text);
    text = report_jsonl(rare, NULL);
    model = testing_read(text, NULL);
    model_set_now(model, FIXTURE_NOW);
    again = report_jsonl(model, NULL);
    assert_string_equal(again, text);
    denied = model_target_at(model, 1);
    assert_int_equal(denied->judgement.verdict, VERDICT_UNREACHABLE);
    assert_int_equal(denied->judgement.reason, REASON_DNS_UNTRUSTED);
    free(again);
    free(text);
    model_free(model);
    model_free(rare);
}

/* A word that was taken away, and a class: no list changes them in a report that was read either. */
static void what_people_set_stays_theirs(void **state)
{
    struct model *model = fixture_model("exchange-online"), *again;
    char *text;

    (void)state;
    for (unsigned i = 0; i <= hand_count; i++) {
        struct target *t = fixture_target(model, i < hand_count ? hand_name((enum hand)i) : "all",
                                          CLASS_PARTNER, REQUIREMENT_ENCRYPTION);

        model_set_by_hand(model, t, i < hand_count ? BY_HAND(i) : BY_HAND(hand_count) - 1);
    }
    text = testing_json(model);
    again = testing_read(text, NULL);
    for (size_t i = 0; i < model_target_count(model); i++)
        assert_int_equal(model_target_at(again, i)->spec.by_hand, model_target_at(model, i)->spec.by_hand);
    model_free(again);
    free(text);
    model_free(model);
}

static void what_was_not_probed_has_no_facts(void **state)
{
    struct model *model = fixture_model("tls1.3"), *again;
    struct target *t = fixture_target(model, "new.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    char *text;

    (void)state;
    fixture_route(model, t, ROUTE_MX, DNS_OK, "10 mx.new.example");
    fixture_addresses(model, "mx.new.example", DNS_OK, "192.0.2.1 192.0.2.2");
    fixture_probed(model, "mx.new.example", "192.0.2.2", fixture_facts("rrraa"));
    text = testing_json(model);
    again = testing_read(text, NULL);
    assert_int_equal(model_endpoint_count(again), 2);
    assert_null(model_endpoint_at(again, 0)->facts);
    assert_non_null(model_endpoint_at(again, 1)->facts);
    assert_int_equal(model_endpoint_at(again, 1)->activity, STAGE_QUEUED); /* that probe did not end */
    free(text);
    model_free(again);
    model_free(model);
}

static void other_verdicts_are_noted(void **state)
{
    struct model *sample = sample_model(), *model;
    char *text = testing_json(sample), *other = testing_changed(text, "domains/4/verdict", "\"ready\"");

    (void)state;
    model = testing_read(other, NULL);
    assert_int_equal(model_target_at(model, 4)->judgement.verdict, VERDICT_UNREACHABLE);
    assert_int_equal(model_notes(model)->count, 1);
    assert_string_equal(model_notes(model)->items[0],
                        "report.json: says that dead.example is ready; what it tells of it makes it "
                        "unreachable (greylisted)");
    model_free(model);
    free(other);
    free(text);
    model_free(sample);
}

static void a_report_of_some_targets_is_noted(void **state)
{
    struct model *sample = sample_model(), *model;
    struct report_options options = sample_options();
    char *text;

    (void)state;
    options.selection = "class:partner";
    options.selected_of = 40;
    text = report_json(sample, &options);
    model = testing_read(text, NULL);
    assert_int_equal(model_notes(model)->count, 1);
    assert_string_equal(model_notes(model)->items[0],
                        "the report holds only those of 40 targets that were chosen by: class:partner");
    free(text);
    model_free(model);
    model_free(sample);
}

/* Ready when it was written; its certificate ended long before anyone reads it. */
static void time_that_passed_is_no_other_verdict(void **state)
{
    const int64_t then = 1000000000;
    struct model *model = fixture_model("tls1.2"), *again;
    struct facts *facts = fixture_facts("rrraa");
    struct report_options options = sample_options();
    char *text;

    (void)state;
    facts->certificate = fixture_certificate("mx.contoso.com", true, 1);
    facts->certificate->not_before = then - FIXTURE_DAY;
    facts->certificate->not_after = then + FIXTURE_DAY;
    facts->probed_at = then;
    fixture_simple(model, "contoso.com", CLASS_PARTNER, REQUIREMENT_CHAIN, "192.0.2.1", facts);
    model_set_now(model, then);
    options.finished_at = then;
    text = report_json(model, &options);
    again = testing_read(text, NULL);
    assert_int_equal(model_target_at(model, 0)->judgement.verdict, VERDICT_READY);
    assert_int_equal(model_target_at(again, 0)->judgement.reason, REASON_CERTIFICATE_EXPIRED);
    assert_int_equal(model_notes(again)->count, 0);
    free(text);
    model_free(again);
    model_free(model);
}

/* One of several lines was judged where a resolver denies what others have: then none of its noes counts. */
static void lines_of_several_places(void **state)
{
    struct model *one = fixture_model("tls1.2"), *two = fixture_model("tls1.2"), *both;
    struct target *t = fixture_target(one, "gone.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    char *first, *second, *text;

    (void)state;
    fixture_route(one, t, ROUTE_NONE, DNS_NXDOMAIN, "");
    fixture_target(two, "other.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    deny(two);
    first = report_jsonl(one, NULL);
    second = report_jsonl(two, NULL);
    text = mem_format("%s%s", first, second);
    both = testing_read(text, NULL);
    assert_int_equal(model_target_count(both), 2);
    assert_int_equal(model_target_at(both, 0)->judgement.reason, REASON_DNS_UNTRUSTED);
    free(first);
    free(second);
    free(text);
    model_free(one);
    model_free(two);
    model_free(both);
}

static void a_piece_at_a_time(void **state)
{
    struct model *sample = sample_model(), *model;
    char *text = testing_json(sample), *path = testing_written("pieces.json", text), *error = NULL, *again;
    struct report_about about;
    struct report_reading *reading = report_read_begin(path, &about, &model, &error);
    bool over = false;
    unsigned calls = 0;

    (void)state;
    assert_non_null(reading);
    assert_string_equal(model_baseline(model)->name, "exchange-online");
    assert_int_equal(model_target_count(model), 0);
    for (; !over; calls++) {
        assert_true(report_read_more(reading, 1, &over, &error));
        assert_false(model_any_unsaved(model));
    }
    report_read_end(reading);
    assert_int_equal(calls, model_target_count(model) + 1);
    model_remove(model, model_target_at(model, 0));
    assert_true(model_any_unsaved(model));
    model_bring_back(model, model_target_at(model, 0));
    again = testing_json(model);
    assert_string_equal(again, text);
    free(again);
    report_about_release(&about);
    free(text);
    unlink(path);
    free(path);
    model_free(model);
    model_free(sample);
}

static void which_files_are_json(void **state)
{
    static const struct {
        const char *text;
        bool json;
    } rows[] = {{"{\"format\"", true},
                {"\xef\xbb\xbf\n {", true},
                {"SQLite format 3", false},
                {"", false},
                {"[{", false}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *path = testing_written("which", rows[i].text);

        assert_int_equal(report_is_json(path), rows[i].json);
        unlink(path);
        free(path);
    }
    assert_false(report_is_json("/nowhere/at/all"));
    assert_false(report_is_json("/"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_comes_back),
        cmocka_unit_test(jsonl_comes_back),
        cmocka_unit_test(lines_that_are_not_of_one_whole_session),
        cmocka_unit_test(keys_stand_in_any_order),
        cmocka_unit_test(rare_things_come_back),
        cmocka_unit_test(what_people_set_stays_theirs),
        cmocka_unit_test(what_was_not_probed_has_no_facts),
        cmocka_unit_test(other_verdicts_are_noted),
        cmocka_unit_test(a_report_of_some_targets_is_noted),
        cmocka_unit_test(time_that_passed_is_no_other_verdict),
        cmocka_unit_test(lines_of_several_places),
        cmocka_unit_test(a_piece_at_a_time),
        cmocka_unit_test(which_files_are_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
