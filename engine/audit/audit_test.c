#include "engine/audit/trial.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static void test_plain_server(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN};
    struct trial trial;
    struct audit_progress progress;

    (void)unused;
    trial_prepare(&trial, manners, 1);
    trial_start(&trial);
    trial_add(&trial, 0, 1);
    trial_rest(&trial);
    assert_int_equal(trial.routes, 1);
    assert_int_equal(trial.addresses, 1);
    assert_int_equal(trial.facts_events[0], 1);
    assert_int_equal(trial.facts[0]->starttls, STARTTLS_NOT_OFFERED);
    assert_int_equal(trial.facts[0]->stage, STAGE_DONE);
    assert_int_equal(trial.facts[0]->error, PROBE_OK);
    assert_int_equal(trial.facts[0]->tally.not_offered, TRIAL_SURE);
    assert_string_equal(trial.facts[0]->banner, "fake.test ESMTP");
    assert_int_equal(trial_counts(&trial, 0).connections, TRIAL_SURE);
    assert_int_equal(trial_counts(&trial, 0).quits, TRIAL_SURE);
    audit_progress(trial.audit, &progress);
    assert_int_equal(progress.targets, 1);
    assert_int_equal(progress.targets_resolved, 1);
    assert_int_equal(progress.endpoints, 1);
    assert_int_equal(progress.ready_done, 1);
    assert_int_equal(progress.full_done, 1);
    assert_int_equal(progress.running + progress.queued, 0);
    assert_int_equal(progress.connections, TRIAL_SURE);
    trial_end(&trial);
}

/* Many targets lead to few servers: each is probed once. */
static void test_shared_endpoints(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN, MAIL_PLAIN, MAIL_PLAIN};
    struct trial trial;

    (void)unused;
    trial_prepare(&trial, manners, 3);
    trial_start(&trial);
    audit_pause(trial.audit);
    for (int i = 0; i < 500; i++)
        trial_add(&trial, 0, 3);
    audit_resume(trial.audit);
    trial_rest(&trial);
    assert_int_equal(trial.routes, 500);
    assert_int_equal(trial.addresses, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(trial.facts_events[i], 1);
        assert_int_equal(trial_counts(&trial, i).connections, TRIAL_SURE);
    }
    trial_end(&trial);
}

static void test_one_at_a_time_with_a_gap(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_ALERT, MAIL_ALERT};
    struct trial trial;
    double began, took;
    unsigned made;

    (void)unused;
    trial_prepare(&trial, manners, 2);
    trial.options.per_host_gap = 0.03;
    trial_start(&trial);
    began = trial_clock();
    trial_add(&trial, 0, 2);
    trial_rest(&trial);
    took = trial_clock() - began;
    for (size_t i = 0; i < 2; i++) {
        made = trial_counts(&trial, i).connections;
        assert_true(made > 5); /* the whole ladder of a server that refuses everything */
        assert_true(took >= 0.75 * 0.03 * (made - 1)); /* the shortest that chance may make them all */
        assert_int_equal(trial_counts(&trial, i).most_at_once, 1);
        assert_int_equal(trial.facts[i]->connections, made);
        for (int v = 0; v < TLS_VERSIONS; v++)
            assert_int_equal(trial.facts[i]->versions[v].state, VERSION_REFUSED);
        assert_int_equal(trial.facts[i]->error, PROBE_TLS_ALERT);
        assert_string_equal(trial.facts[i]->error_detail, "handshake_failure");
    }
    trial_end(&trial);
}

static void test_concurrency_limit(void **unused)
{
    enum mail_manner manners[30];
    struct trial trial;
    struct audit_progress progress;

    (void)unused;
    for (size_t i = 0; i < 30; i++)
        manners[i] = MAIL_SILENT;
    trial_prepare(&trial, manners, 30);
    trial.options.concurrency = 4;
    trial.options.retries = 0;
    trial.options.banner_timeout = 0.05;
    trial.options.io_timeout = 0.05;
    trial_start(&trial);
    trial_add(&trial, 0, 30);
    while (!trial.idles) {
        audit_progress(trial.audit, &progress);
        assert_true(progress.running <= 4);
        trial_step(&trial);
    }
    for (size_t i = 0; i < 30; i++) {
        assert_int_equal(trial.facts[i]->error, PROBE_BANNER_TIMEOUT);
        assert_int_equal(trial.facts[i]->versions[TLS_1_2].state, VERSION_UNKNOWN);
    }
    trial_end(&trial);
}

/* What may pass is tried again; what is said for good is not. */
static void test_retries(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_THROTTLE, MAIL_GREYLIST, MAIL_CLOSE, MAIL_PLAIN};
    static const enum probe_error errors[] = {PROBE_THROTTLED, PROBE_OK, PROBE_CLOSED, PROBE_OK};
    static const unsigned events[] = {3, 2, 3, 1};
    static const unsigned tries[] = {3, 1 + TRIAL_SURE, 3, TRIAL_SURE};
    struct trial trial;

    (void)unused;
    trial_prepare(&trial, manners, 4);
    trial.options.retries = 2;
    trial_start(&trial);
    trial_add(&trial, 0, 4);
    trial_rest(&trial);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(trial_counts(&trial, i).connections, tries[i]);
        assert_int_equal(trial.facts[i]->attempts, tries[i]);
        assert_int_equal(trial.facts[i]->error, errors[i]);
        assert_int_equal(trial.facts[i]->log_count, tries[i]);
        assert_int_equal(trial.facts_events[i], events[i]);
    }
    assert_int_equal(trial.facts[1]->starttls, STARTTLS_NOT_OFFERED);
    trial_end(&trial);
}

/* Who drips is given three times the time-out, not more. */
static void test_drip(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_DRIP};
    struct trial trial;

    (void)unused;
    trial_prepare(&trial, manners, 1);
    trial.options.retries = 0;
    trial.options.banner_timeout = trial.options.io_timeout = 0.05;
    trial_start(&trial);
    trial_add(&trial, 0, 1);
    trial_rest(&trial);
    assert_true(trial.facts[0]->error == PROBE_BANNER_TIMEOUT || trial.facts[0]->error == PROBE_NOT_SMTP);
    trial_end(&trial);
}

/* Readiness of all comes before the rest of any: with one connection at a time, the verdicts come first. */
static void test_readiness_first(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_ALERT, MAIL_ALERT, MAIL_ALERT};
    struct trial trial;

    (void)unused;
    trial_prepare(&trial, manners, 3);
    trial.options.concurrency = 1;
    trial_start(&trial);
    trial_add(&trial, 0, 3);
    while (!trial.idles) {
        struct event event;

        trial_next(&trial, &event);
        if (event.type == EVENT_FACTS && trial.facts_events[trial_index(&trial, event.endpoint.address)] == 2)
            for (size_t i = 0; i < 3; i++)
                assert_true(trial.facts_events[i] >= 1);
        event_release(&event);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(trial.facts_events[i], 2);
        assert_true(trial.facts[i]->full);
    }
    trial_end(&trial);
}

static void test_depth_readiness(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_ALERT};
    struct trial trial;

    (void)unused;
    trial_prepare(&trial, manners, 1);
    trial.options.depth = DEPTH_READINESS;
    trial_start(&trial);
    trial_add(&trial, 0, 1);
    trial_rest(&trial);
    assert_int_equal(trial.facts_events[0], 1);
    assert_false(trial.facts[0]->full);
    assert_int_equal(trial.facts[0]->versions[TLS_1_2].state, VERSION_REFUSED);
    assert_int_equal(trial.facts[0]->versions[TLS_1_0].state, VERSION_NOT_TESTED);
    trial_end(&trial);
}

static void test_two_audits(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN, MAIL_ALERT};
    struct trial one, two;

    (void)unused;
    trial_prepare(&one, manners, 2);
    trial_prepare(&two, manners, 2);
    trial_start(&one);
    trial_start(&two);
    trial_add(&one, 0, 2);
    trial_add(&two, 0, 2);
    trial_rest(&two);
    trial_rest(&one);
    assert_int_equal(one.facts[0]->starttls, STARTTLS_NOT_OFFERED);
    assert_int_equal(two.facts[1]->versions[TLS_1_2].state, VERSION_REFUSED);
    trial_end(&one);
    trial_end(&two);
}

static void expect_error(struct audit_options *options, const char *part)
{
    char *error = NULL;

    assert_null(audit_new(options, &error));
    assert_non_null(error);
    assert_non_null(strstr(error, part));
    free(error);
}

static void test_bad_options(void **unused)
{
    static const char *const bad[] = {"no address"};
    static const enum mail_manner manners[] = {MAIL_PLAIN};
    const char *const *servers;
    struct trial trial;

    (void)unused;
    trial_prepare(&trial, manners, 1);
    servers = trial.options.dns_servers;
    trial.options.dns_servers = bad;
    expect_error(&trial.options, "no address");
    trial.options.dns_servers = servers;
    trial.options.source_address = "mail.example";
    expect_error(&trial.options, "source address");
    trial.options.source_address = "192.0.2.77";
    expect_error(&trial.options, "can't send from it");
    trial.options.source_address = "127.0.0.1";
    trial.options.no_ipv4 = true;
    expect_error(&trial.options, "left out");
    trial.options.no_ipv4 = false;
    trial.options.source_address = NULL;
    trial.options.helo_name = "nodot";
    expect_error(&trial.options, "EHLO name");
    trial.options.helo_name = NULL;
    trial.options.trust_store = "/nonexistent/bundle.pem";
    expect_error(&trial.options, "/nonexistent/bundle.pem");
    mail_fake_free(trial.mail);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_server),
        cmocka_unit_test(test_shared_endpoints),
        cmocka_unit_test(test_one_at_a_time_with_a_gap),
        cmocka_unit_test(test_concurrency_limit),
        cmocka_unit_test(test_retries),
        cmocka_unit_test(test_drip),
        cmocka_unit_test(test_readiness_first),
        cmocka_unit_test(test_depth_readiness),
        cmocka_unit_test(test_two_audits),
        cmocka_unit_test(test_bad_options),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
