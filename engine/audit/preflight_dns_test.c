/* A resolver that changes in the middle of a run, and what is made of it. Nothing is probed. */
#include "engine/audit/audit.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/net/dns_fake.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define TOO_LATE_MS 60000

struct fixture {
    struct fake_dns *dns;
    char *server;
    struct model *model;
    struct audit *audit;
};

static void start_with(struct fixture *f, enum fake_manner manner)
{
    struct audit_options options;
    char *error = NULL;

    f->dns = fake_dns_new(manner);
    f->server = mem_format("127.0.0.1:%u", fake_dns_port(f->dns));
    f->model = fixture_model("exchange-online");
    audit_options_init(&options);
    options.baseline = model_baseline(f->model);
    options.dns_servers = (const char *const *)&f->server;
    options.dns_server_count = 1;
    options.dns_timeout = 1.5;
    options.world4 = "127.0.0.1";
    options.world6 = "::1";
    options.resolve_only = true;
    f->audit = audit_new(&options, &error);
    if (!f->audit)
        fail_msg("%s", error);
}

static void start(struct fixture *f)
{
    start_with(f, FAKE_BY_NAME);
}

static void end(struct fixture *f)
{
    audit_free(f->audit);
    model_free(f->model);
    fake_dns_free(f->dns);
    free(f->server);
}

static void run(struct fixture *f)
{
    struct pollfd wait = {audit_descriptor(f->audit), POLLIN, 0};
    bool idle = false;
    struct event event;

    while (!idle) {
        while (!audit_next(f->audit, &event))
            if (poll(&wait, 1, TOO_LATE_MS) <= 0)
                fail_msg("no event");
        idle = event.type == EVENT_IDLE && !audit_busy(f->audit);
        model_apply(f->model, &event);
        event_release(&event);
    }
}

static struct target *look_up(struct fixture *f, const char *domain)
{
    struct target *target = fixture_target(f->model, domain, CLASS_PARTNER, REQUIREMENT_ENCRYPTION);

    audit_add(f->audit, target->id, &target->spec);
    run(f);
    return target;
}

static void assert_resolver(const struct fixture *f, enum check_state state, const char *says)
{
    const struct preflight_check *is = &model_preflight(f->model)->checks[CHECK_RESOLVER];

    if (is->state != state || (says && (!is->detail || !strstr(is->detail, says))))
        fail_msg("%s: %s", check_state_name(is->state), is->detail ? is->detail : "");
}

/* What failed while it was away stays its failure when it is back, until that is asked for again. */
static void it_falls_silent_and_comes_back(void **state)
{
    struct target *lost;
    struct fixture f;

    (void)state;
    start(&f);
    look_up(&f, "one.test");
    assert_resolver(&f, CHECK_OK, NULL);
    fake_dns_turn(f.dns, FAKE_SILENT);
    lost = look_up(&f, "two.test");
    assert_resolver(&f, CHECK_TROUBLE, "The resolver stopped answering");
    assert_int_equal(lost->judgement.reason, REASON_DNS_TIMEOUT);
    assert_true(model_names_lost(f.model));
    fake_dns_turn(f.dns, FAKE_BY_NAME);
    look_up(&f, "three.test");
    assert_resolver(&f, CHECK_TROUBLE, "The resolver stopped answering");
    audit_reprobe_target(f.audit, lost->id);
    run(&f);
    assert_resolver(&f, CHECK_OK, NULL);
    assert_false(model_names_lost(f.model));
    end(&f);
}

/* A cancel ends the wait for the resolver, and what is asked for behind it begins that again. */
static void it_falls_silent_behind_a_cancel(void **state)
{
    struct target *lost;
    struct fixture f;

    (void)state;
    start(&f);
    look_up(&f, "one.test");
    audit_cancel(f.audit);
    run(&f);
    fake_dns_turn(f.dns, FAKE_SILENT);
    lost = look_up(&f, "two.test");
    assert_resolver(&f, CHECK_TROUBLE, "The resolver stopped answering");
    fake_dns_turn(f.dns, FAKE_BY_NAME);
    for (int i = 0; i < 100; i++)
        audit_reprobe_target(f.audit, lost->id);
    run(&f);
    assert_resolver(&f, CHECK_OK, NULL);
    end(&f);
}

/* One domain that fails may well be the domain's own matter; another one of somebody else is too much. */
static void it_fails_for_all(void **state)
{
    struct fixture f;

    (void)state;
    start(&f);
    look_up(&f, "one.test");
    fake_dns_turn(f.dns, FAKE_SERVFAIL);
    look_up(&f, "two.example");
    look_up(&f, "mx.two.example");
    assert_resolver(&f, CHECK_OK, NULL);
    look_up(&f, "three.invalid");
    assert_resolver(&f, CHECK_TROUBLE, "the root included (SERVFAIL)");
    assert_true(model_names_lost(f.model));
    end(&f);
}

/* Others' failures, however many: the root is known whenever it is asked about. */
static void others_fail(void **state)
{
    struct fixture f;

    (void)state;
    start(&f);
    look_up(&f, "servfail.one.test");
    look_up(&f, "servfail.two.example");
    look_up(&f, "refused.three.invalid");
    look_up(&f, "drop.four.local");
    assert_resolver(&f, CHECK_OK, NULL);
    assert_false(model_names_lost(f.model));
    end(&f);
}

/* Some resolvers are told to say nothing of the root; when others fail that proves nothing, but silence does.
 */
static void it_keeps_the_root_to_itself(void **state)
{
    struct fixture f;

    (void)state;
    start_with(&f, FAKE_NO_ROOT);
    look_up(&f, "one.test");
    look_up(&f, "servfail.two.example");
    look_up(&f, "refused.three.invalid");
    look_up(&f, "drop.four.local");
    assert_resolver(&f, CHECK_UNKNOWN, "not about the root: the resolver refused the query");
    assert_false(model_names_lost(f.model));
    fake_dns_turn(f.dns, FAKE_SILENT);
    look_up(&f, "five.test");
    assert_resolver(&f, CHECK_TROUBLE, "did not answer within");
    assert_true(model_names_lost(f.model));
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_falls_silent_and_comes_back),
        cmocka_unit_test(it_falls_silent_behind_a_cancel),
        cmocka_unit_test(it_fails_for_all),
        cmocka_unit_test(others_fail),
        cmocka_unit_test(it_keeps_the_root_to_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
