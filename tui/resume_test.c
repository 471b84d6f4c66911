/* Which endpoints are left alone when a session is gone on with. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/resume.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <stdlib.h>
#include <string.h>

/* In place of the engine's: notes what it is told. */
struct audit {
    unsigned added, kept, removed, asked; /* asked: about contacts */
};

void audit_add(struct audit *audit, uint32_t id, const struct target_spec *spec)
{
    (void)id;
    assert_non_null(spec->domain);
    audit->added++;
}

void audit_contacts(struct audit *audit, uint32_t id)
{
    assert_true(id && audit->added);
    audit->asked++;
}

void audit_remove(struct audit *audit, uint32_t id)
{
    (void)id;
    audit->removed++;
}

void audit_keep(struct audit *audit, const struct endpoint_key *key)
{
    assert_string_equal(key->address, "192.0.2.1");
    assert_int_equal(audit->added, 0); /* before any target that leads there */
    audit->kept++;
}

#define SINCE 1000

static struct facts *done(const char *versions)
{
    struct facts *facts = fixture_facts(versions);

    facts->ended = facts->full = true;
    facts->probed_at = SINCE;
    return facts;
}

static struct model *model_with(const char *baseline, struct facts *facts)
{
    struct model *model = fixture_model(baseline);

    fixture_simple(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, "192.0.2.1", facts);
    return model;
}

/* True when the endpoint is left alone. */
static bool kept(struct model *model, enum depth depth)
{
    struct audit audit = {0};

    resume(model, &audit, depth, SINCE);
    assert_int_equal(audit.added, 1);
    model_free(model);
    return audit.kept;
}

static unsigned asked(struct model *model)
{
    struct audit audit = {0};

    resume(model, &audit, DEPTH_FULL, SINCE);
    model_free(model);
    return audit.asked;
}

/* Of whom something is asked and nobody knows whom to ask. */
static void test_contacts(void **unused)
{
    struct model *known = model_with("tls1.2", done("rrarr"));
    struct event event = {.type = EVENT_CONTACTS, .target = model_target_at(known, 0)->id};

    (void)unused;
    event.directory = directory_new();
    event.directory->zone_status = DNS_OK;
    model_apply(known, &event);
    event_release(&event);
    assert_int_equal(asked(known), 0);
    assert_int_equal(asked(model_with("tls1.2", done("rrarr"))), 1);
    assert_int_equal(asked(model_with("tls1.2", done("rrraa"))), 0);
}

static void test_done_and_cut_short(void **unused)
{
    struct facts *cut = done("rrraa");

    (void)unused;
    cut->ended = false;
    assert_true(kept(model_with("tls1.2", done("rrraa")), DEPTH_FULL));
    assert_true(kept(model_with("tls1.2", done("rrrrr")), DEPTH_FULL));
    assert_false(kept(model_with("tls1.2", cut), DEPTH_FULL));
    assert_false(kept(model_with("tls1.2", NULL), DEPTH_FULL));
}

/* The session's targets were to be asked anew, and these were not yet. */
static void test_from_before(void **unused)
{
    struct facts *facts = done("rrraa");

    (void)unused;
    facts->probed_at = SINCE - 1;
    assert_false(kept(model_with("tls1.2", facts), DEPTH_FULL));
}

static void test_depth(void **unused)
{
    struct facts *facts = done("---aa");

    (void)unused;
    facts->full = false;
    assert_true(kept(model_with("tls1.2", facts_copy(facts)), DEPTH_READINESS));
    assert_false(kept(model_with("tls1.2", facts), DEPTH_FULL));
    assert_true(kept(model_with("tls1.2", done("rrraa")), DEPTH_READINESS));
}

static void failed_by(enum probe_error error, bool is_kept)
{
    struct facts *facts = done("-----");

    facts->error = error;
    facts->stage = STAGE_CONNECT;
    assert_int_equal(kept(model_with("tls1.2", facts), DEPTH_FULL), is_kept);
}

static void test_failures(void **unused)
{
    (void)unused;
    failed_by(PROBE_CONNECT_TIMEOUT, true);
    failed_by(PROBE_GREYLISTED, true);
    failed_by(PROBE_NO_ROUTE, false);
    failed_by(PROBE_LOCAL_LIMIT, false);
    failed_by(PROBE_PORT_BLOCKED, false);
}

/* This machine had no room for the last of its connections: what they would have told is asked. */
static void test_broken_off(void **unused)
{
    struct attempt last = {.purpose = (char *)(uintptr_t) "TLS 1.1", .error = PROBE_LOCAL_LIMIT};
    struct facts *facts = done("---aa");

    (void)unused;
    facts_add_attempt(facts, &last);
    assert_false(kept(model_with("tls1.2", facts_copy(facts)), DEPTH_READINESS));
    last.error = PROBE_OK;
    facts_add_attempt(facts, &last);
    assert_true(kept(model_with("tls1.2", facts), DEPTH_READINESS));
}

/* A floor that was met by versions whose suites nobody asked about. */
static void test_suites_of_another_baseline(void **unused)
{
    struct facts *asked = done("rrrar");

    (void)unused;
    asked->versions[TLS_1_2].suite = 0x0067; /* DHE: none of Exchange Online's */
    assert_false(kept(model_with("exchange-online", facts_copy(asked)), DEPTH_FULL));
    assert_true(kept(model_with("tls1.2", facts_copy(asked)), DEPTH_FULL));
    asked->offer_baseline = mem_string("exchange-online");
    asked->offer = VERSION_REFUSED;
    assert_true(kept(model_with("exchange-online", asked), DEPTH_FULL));
}

static struct model *behind_a_rewriting_path(enum starttls_state starttls)
{
    struct facts *facts = done(starttls == STARTTLS_OFFERED ? "rrraa" : "-----");
    struct event event = {.type = EVENT_PREFLIGHT};
    struct model *model;

    facts->starttls = starttls;
    model = model_with("tls1.2", facts);
    preflight_set(&event.preflight, CHECK_STARTTLS_PATH, CHECK_TROUBLE, "The way out takes STARTTLS away.");
    model_apply(model, &event);
    event_release(&event);
    return model;
}

/* What was said there of the server was the way's; elsewhere it would read as the server's own. */
static void test_path(void **unused)
{
    struct model *model = behind_a_rewriting_path(STARTTLS_NOT_OFFERED);
    struct audit audit = {0};

    (void)unused;
    resume(model, &audit, DEPTH_FULL, SINCE);
    assert_int_equal(audit.kept, 0);
    assert_int_equal(model_target_at(model, 0)->judgement.verdict, VERDICT_PENDING);
    assert_int_equal(model_preflight(model)->checks[CHECK_STARTTLS_PATH].state, CHECK_UNKNOWN);
    model_free(model);
    assert_true(kept(behind_a_rewriting_path(STARTTLS_OFFERED), DEPTH_FULL));
}

static void test_removed(void **unused)
{
    struct model *model = model_with("tls1.2", done("rrraa"));
    struct audit audit = {0};

    (void)unused;
    model_remove(model, model_target_at(model, 0));
    resume(model, &audit, DEPTH_FULL, SINCE);
    assert_int_equal(audit.added, 0);
    model_free(model);
}

/* One thing with each call; what comes and goes meanwhile is minded. */
static void test_pieces(void **unused)
{
    struct model *model = model_with("tls1.2", done("rrraa"));
    struct resume_walk walk = {0};
    struct audit audit = {0};
    struct target *second = fixture_target(model, "b.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);

    (void)unused;
    assert_false(resume_go_on(&walk, model, &audit, DEPTH_FULL, 0, 1));
    assert_int_equal(audit.kept, 1);
    assert_int_equal(audit.added, 0);
    assert_false(resume_go_on(&walk, model, &audit, DEPTH_FULL, 0, 1));
    assert_int_equal(audit.added, 1);
    assert_false(resume_go_on(&walk, model, &audit, DEPTH_FULL, 0, 0));
    fixture_target(model, "c.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    assert_false(resume_go_on(&walk, model, &audit, DEPTH_FULL, 0, 1));
    model_remove(model, second);
    assert_true(resume_go_on(&walk, model, &audit, DEPTH_FULL, 0, 1));
    assert_int_equal(audit.added, 3);
    assert_int_equal(audit.kept, 1);
    assert_int_equal(audit.removed, 1);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_done_and_cut_short),
        cmocka_unit_test(test_from_before),
        cmocka_unit_test(test_contacts),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_broken_off),
        cmocka_unit_test(test_suites_of_another_baseline),
        cmocka_unit_test(test_path),
        cmocka_unit_test(test_removed),
        cmocka_unit_test(test_pieces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
