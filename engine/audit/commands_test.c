/* What is asked of an audit while it runs, in the order that is meant and in any other. */
#include "engine/audit/trial.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <time.h>

#define TOO_LATE 120 /* seconds */

static void test_reprobe(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN, MAIL_PLAIN};
    struct trial trial;
    struct host_key host = {.protocol = PROTOCOL_SMTP};
    struct endpoint_key endpoint = {.protocol = PROTOCOL_SMTP, .server_name = (char *)(uintptr_t) ""};
    uint32_t id;
    unsigned rests;

    (void)unused;
    trial_prepare(&trial, manners, 2);
    trial_start(&trial);
    id = trial_add(&trial, 0, 2);
    trial_rest(&trial);
    rests = trial.rests;
    audit_reprobe_target(trial.audit, id);
    trial_rest(&trial);
    assert_int_equal(trial.rests, rests + 2);
    assert_int_equal(trial_counts(&trial, 0).connections, 2 * TRIAL_SURE);
    assert_int_equal(trial_counts(&trial, 1).connections, 2 * TRIAL_SURE);
    assert_int_equal(trial.routes, 2);
    host.name = (char *)(uintptr_t)mail_fake_address(trial.mail, 0);
    host.port = mail_fake_port(trial.mail);
    audit_reprobe_host(trial.audit, &host);
    trial_rest(&trial);
    assert_int_equal(trial_counts(&trial, 0).connections, 3 * TRIAL_SURE);
    endpoint.address = (char *)(uintptr_t)mail_fake_address(trial.mail, 1);
    endpoint.port = host.port;
    audit_reprobe_endpoint(trial.audit, &endpoint);
    trial_rest(&trial);
    assert_int_equal(trial_counts(&trial, 0).connections, 3 * TRIAL_SURE);
    assert_int_equal(trial_counts(&trial, 1).connections, 3 * TRIAL_SURE);
    assert_int_equal(trial.rests, rests + 4);
    assert_int_equal(trial.facts_events[1], 3);
    assert_int_equal(trial.facts[1]->attempts, TRIAL_SURE);
    trial_end(&trial);
}

/* What an earlier run brought is not asked again, until somebody wants that. */
static void test_keep(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN, MAIL_PLAIN};
    struct trial trial;
    struct endpoint_key key = {.protocol = PROTOCOL_SMTP, .server_name = (char *)(uintptr_t) ""};
    struct audit_progress progress;

    (void)unused;
    trial_prepare(&trial, manners, 2);
    trial_start(&trial);
    key.address = (char *)(uintptr_t)mail_fake_address(trial.mail, 0);
    key.port = mail_fake_port(trial.mail);
    audit_keep(trial.audit, &key);
    trial_add(&trial, 0, 2);
    trial_rest(&trial);
    assert_int_equal(trial_counts(&trial, 0).connections, 0);
    assert_int_equal(trial_counts(&trial, 1).connections, TRIAL_SURE);
    audit_progress(trial.audit, &progress);
    assert_int_equal(progress.endpoints, 2);
    assert_int_equal(progress.full_done, 2);
    audit_reprobe_endpoint(trial.audit, &key);
    trial_rest(&trial);
    assert_int_equal(trial_counts(&trial, 0).connections, TRIAL_SURE);
    audit_progress(trial.audit, &progress);
    assert_int_equal(progress.full_done, 2);
    trial_end(&trial);
}

static void test_cancel(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_SILENT, MAIL_PLAIN};
    struct trial trial;
    struct audit_progress progress;

    (void)unused;
    trial_prepare(&trial, manners, 2);
    trial.options.banner_timeout = 3600;
    trial_start(&trial);
    trial_add(&trial, 0, 1);
    audit_cancel(trial.audit);
    trial_rest(&trial);
    audit_progress(trial.audit, &progress);
    assert_true(progress.cancelled);
    assert_int_equal(progress.running + progress.queued, 0);
    audit_cancel(trial.audit);
    trial_rest(&trial);
    trial_add(&trial, 1, 1);
    trial_rest(&trial);
    assert_int_equal(trial.facts[1]->starttls, STARTTLS_NOT_OFFERED);
    audit_progress(trial.audit, &progress);
    assert_false(progress.cancelled);
    trial_end(&trial);
}

static void until_stage(struct trial *trial, enum stage stage)
{
    struct event event;
    bool there = false;

    while (!there) {
        trial_next(trial, &event);
        there = event.type == EVENT_ACTIVITY && event.stage == stage;
        event_release(&event);
    }
}

/* Whoever is called off says goodbye in its turn, and only then the audit is idle. */
static void test_cancel_says_quit(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_SLOW, MAIL_SILENT};
    struct trial trial;
    double began;

    (void)unused;
    trial_prepare(&trial, manners, 2);
    trial.options.io_timeout = trial.options.banner_timeout = trial.options.per_host_gap = 3600;
    trial_start(&trial);
    trial_add(&trial, 0, 1);
    until_stage(&trial, STAGE_EHLO);
    audit_cancel(trial.audit);
    trial_rest(&trial);
    assert_int_equal(trial_counts(&trial, 0).connections, 1);
    assert_int_equal(trial_counts(&trial, 0).quits, 1);
    trial_add(&trial, 1, 1);
    until_stage(&trial, STAGE_BANNER);
    began = trial_clock();
    audit_cancel(trial.audit);
    trial_rest(&trial);
    assert_true(trial_clock() - began < 10);
    assert_int_equal(trial_counts(&trial, 1).quits, 0);
    trial_end(&trial);
}

/* What is wanted again while a goodbye is said begins behind it, never beside it. */
static void test_wanted_again_while_leaving(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_SLOW};
    struct trial trial;

    (void)unused;
    trial_prepare(&trial, manners, 1);
    trial.options.io_timeout = trial.options.banner_timeout = 60;
    trial_start(&trial);
    trial_add(&trial, 0, 1);
    until_stage(&trial, STAGE_EHLO);
    audit_cancel(trial.audit);
    trial_add(&trial, 0, 1);
    trial_rest(&trial);
    assert_int_equal(trial.facts[0]->starttls, STARTTLS_NOT_OFFERED);
    assert_int_equal(trial_counts(&trial, 0).connections, 1 + TRIAL_SURE);
    assert_int_equal(trial_counts(&trial, 0).quits, 1 + TRIAL_SURE);
    assert_int_equal(trial_counts(&trial, 0).most_at_once, 1);
    audit_reprobe_target(trial.audit, 1);
    until_stage(&trial, STAGE_EHLO);
    audit_remove(trial.audit, 1);
    audit_remove(trial.audit, 2);
    trial_rest(&trial);
    assert_int_equal(trial_counts(&trial, 0).quits, 2 + TRIAL_SURE);
    trial_end(&trial);
}

/* A target that finds everything done already, or nothing to do, still ends in an idle moment. */
static void test_idle_without_work(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN};
    struct trial trial;

    (void)unused;
    trial_prepare(&trial, manners, 1);
    trial_start(&trial);
    trial_add(&trial, 0, 1);
    trial_rest(&trial);
    trial_add(&trial, 0, 1);
    trial_rest(&trial);
    assert_int_equal(trial_counts(&trial, 0).connections, TRIAL_SURE);
    audit_free(trial.audit);
    trial.options.no_ipv4 = true;
    trial_start(&trial);
    trial_add(&trial, 0, 1);
    trial_rest(&trial);
    assert_int_equal(trial_counts(&trial, 0).connections, TRIAL_SURE);
    trial_end(&trial);
}

/* From the command on until the events that tell of its end were taken; one that comes to nothing is answered
 * too. */
static void test_busy(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN};
    struct trial trial;

    (void)unused;
    trial_prepare(&trial, manners, 1);
    trial_start(&trial);
    assert_false(audit_busy(trial.audit));
    trial_add(&trial, 0, 1);
    assert_true(audit_busy(trial.audit));
    trial_rest(&trial);
    assert_false(audit_busy(trial.audit));
    audit_reprobe_target(trial.audit, 4711);
    assert_true(audit_busy(trial.audit));
    trial_rest(&trial);
    assert_false(audit_busy(trial.audit));
    audit_pause(trial.audit);
    audit_resume(trial.audit);
    assert_false(audit_busy(trial.audit));
    assert_int_equal(trial.idles, 2);
    trial_end(&trial);
}

static void test_remove(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_SILENT, MAIL_PLAIN};
    struct trial trial;
    struct audit_progress progress;
    uint32_t id;

    (void)unused;
    trial_prepare(&trial, manners, 2);
    trial.options.banner_timeout = 3600;
    trial_start(&trial);
    id = trial_add(&trial, 0, 2);
    trial_add(&trial, 1, 1);
    while (!trial.facts[1])
        trial_step(&trial);
    audit_remove(trial.audit, id);
    trial_rest(&trial);
    audit_progress(trial.audit, &progress);
    assert_int_equal(progress.targets, 1);
    assert_int_equal(progress.targets_resolved, 1);
    assert_int_equal(progress.endpoints, 1);
    assert_int_equal(progress.full_done, 1);
    trial_end(&trial);
}

static void test_pause(void **unused)
{
    static const enum mail_manner manners[] = {MAIL_PLAIN};
    struct trial trial;
    struct audit_progress progress;

    (void)unused;
    trial_prepare(&trial, manners, 1);
    trial_start(&trial);
    audit_pause(trial.audit);
    trial_add(&trial, 0, 1);
    while (!trial.addresses)
        trial_step(&trial);
    audit_progress(trial.audit, &progress);
    assert_true(progress.paused);
    assert_int_equal(progress.connections, 0);
    audit_resume(trial.audit);
    trial_rest(&trial);
    assert_int_equal(trial_counts(&trial, 0).connections, TRIAL_SURE);
    trial_end(&trial);
}

/* The end may come at any moment; sanitizers see what it leaves. */
static void test_shutdown_at_any_moment(void **unused)
{
    enum mail_manner manners[16];
    unsigned seed = (unsigned)time(NULL);

    (void)unused;
    print_message("seed %u\n", seed);
    for (size_t i = 0; i < 16; i++)
        manners[i] = (enum mail_manner)(i % (MAIL_DRIP + 1));
    for (unsigned round = 0; round < 60; round++) {
        struct trial trial;
        unsigned events = (unsigned)rand_r(&seed) % 60;

        trial_prepare(&trial, manners, 16);
        trial.options.io_timeout = trial.options.banner_timeout = 0.02;
        trial_start(&trial);
        for (size_t i = 0; i < 8; i++)
            trial_add(&trial, i, 8);
        for (; events && !trial.idles; events--)
            trial_step(&trial);
        if (round % 3 == 0)
            audit_cancel(trial.audit);
        if (round % 3 == 1)
            audit_reprobe_target(trial.audit, 1);
        trial_end(&trial);
    }
}

static void command_at_random(struct trial *trial, unsigned *seed)
{
    uint32_t id = 1 + (uint32_t)rand_r(seed) % 12;
    struct host_key host = {.name = (char *)(uintptr_t)mail_fake_address(trial->mail, id),
                            .port = mail_fake_port(trial->mail),
                            .protocol = PROTOCOL_SMTP};
    struct endpoint_key endpoint = {.address = host.name,
                                    .port = host.port,
                                    .protocol = PROTOCOL_SMTP,
                                    .server_name = (char *)(uintptr_t) ""};

    switch (rand_r(seed) % 9) {
    case 0:
        audit_cancel(trial->audit);
        break;
    case 1:
        audit_pause(trial->audit);
        break;
    case 2:
        audit_resume(trial->audit);
        break;
    case 3:
        audit_remove(trial->audit, id);
        break;
    case 4:
        audit_reprobe_target(trial->audit, id);
        break;
    case 5:
        audit_reprobe_host(trial->audit, &host);
        break;
    case 6:
        audit_reprobe_endpoint(trial->audit, &endpoint);
        break;
    default:
        trial_add_as(trial, id, id, 1 + id % 4);
    }
}

static bool settled(const struct trial *trial)
{
    struct audit_progress progress;

    audit_progress(trial->audit, &progress);
    return !progress.running && !progress.queued && progress.targets_resolved == progress.targets &&
           progress.ready_done == progress.endpoints && progress.full_done == progress.endpoints;
}

/* Asks for everything anew: all of it must be done in the end, whatever was cancelled before. */
static void settle_all(struct trial *trial)
{
    double began = trial_clock();

    audit_resume(trial->audit);
    for (uint32_t id = 1; id <= 12; id++)
        audit_reprobe_target(trial->audit, id);
    do {
        trial_look(trial, 10);
        assert_true(trial_clock() - began < TOO_LATE);
    } while (!settled(trial));
}

/* Whatever is asked of it in whatever order: no address sees two connections at once, the counts add up, and
 * it comes to rest. Most times it is freed in the middle instead. */
static void test_commands_in_any_order(void **unused)
{
    enum mail_manner manners[17];
    unsigned seed = (unsigned)time(NULL);

    (void)unused;
    print_message("seed %u\n", seed);
    for (size_t i = 0; i < 17; i++)
        manners[i] = (enum mail_manner)(i % (MAIL_SLOW + 1));
    for (unsigned round = 0; round < 60; round++) {
        struct trial trial;

        trial_prepare(&trial, manners, 17);
        trial.options.io_timeout = trial.options.banner_timeout = 0.05;
        trial.options.per_operator = round % 4;
        trial.options.per_operator_gap = round % 3 * 0.002;
        trial.options.retry_later = round % 5 * 0.01;
        trial_start(&trial);
        for (unsigned i = 0; i < 40; i++) {
            command_at_random(&trial, &seed);
            trial_look(&trial, rand_r(&seed) % 8);
        }
        if (round % 12 == 0)
            settle_all(&trial);
        for (size_t i = 0; i < 17; i++)
            assert_true(trial_counts(&trial, i).most_at_once <= 1);
        if (round % 4)
            assert_true(mail_fake_most_at_once(trial.mail) <= round % 4);
        trial_end(&trial);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reprobe),
        cmocka_unit_test(test_keep),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_cancel_says_quit),
        cmocka_unit_test(test_wanted_again_while_leaving),
        cmocka_unit_test(test_idle_without_work),
        cmocka_unit_test(test_busy),
        cmocka_unit_test(test_remove),
        cmocka_unit_test(test_pause),
        cmocka_unit_test(test_shutdown_at_any_moment),
        cmocka_unit_test(test_commands_in_any_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
