/* Whom to write to is looked up for those who will be written to, once it is known, and for nobody else. */
#include "engine/audit/scene.h"

#include "engine/base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#define MANY 60

/* "a" and "b" take mail in clear only, "c" and "d" hang up before they say anything, "e" and "f" put off whom
 * they do not know yet, and then are as "a". */
static const enum mail_manner manners[] = {MAIL_PLAIN, MAIL_PLAIN,  MAIL_CLOSE,
                                           MAIL_CLOSE, MAIL_GREYER, MAIL_GREYER};

struct fixture {
    struct scene scene;
    unsigned contacts; /* events */
    bool facts_since;  /* facts came behind the first of them */
};

static void hear(void *context, const struct event *event)
{
    struct fixture *f = context;

    f->contacts += event->type == EVENT_CONTACTS;
    f->facts_since |= event->type == EVENT_FACTS && f->contacts;
}

static void begin(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    scene_prepare(&f->scene, manners, sizeof manners / sizeof manners[0]);
    f->scene.options.retry_later = 0;
    f->scene.heard = hear;
    f->scene.context = f;
    scene_start(&f->scene);
}

/* `gateways`: servers by their letters. */
static struct target *add(struct fixture *f, const char *domain, const char *connector, const char *gateways,
                          enum target_class class)
{
    const struct scene_target what = {
        .domain = domain, .connector = connector, .gateways = gateways, .class = class};

    return scene_add(&f->scene, &what);
}

/* A domain whose MX is server `mx`. */
static struct target *add_with_mx(struct fixture *f, char mx, enum target_class class)
{
    const struct scene_target what = {.class = class};

    return scene_add_with_mx(&f->scene, mx, &what);
}

static void both_questions_are_answered(void **state)
{
    const struct directory *directory;
    struct fixture f;

    (void)state;
    begin(&f);
    directory = add(&f, "zoned.test", NULL, "a", CLASS_PARTNER)->directory;
    assert_null(directory);
    scene_rest(&f.scene);
    assert_int_equal(f.contacts, 1);
    directory = model_target_at(f.scene.model, 0)->directory;
    assert_int_equal(directory->zone_status, DNS_OK);
    assert_string_equal(directory->zone, "zoned.test");
    assert_string_equal(directory->mailbox, "host-master@mail.test");
    assert_int_equal(directory->report_status, DNS_OK);
    assert_string_equal(directory->record, "v=TLSRPTv1; rua=mailto:tls@mail.test");
    assert_int_equal(directory->uris.count, 1);
    assert_string_equal(directory->uris.items[0], "mailto:tls@mail.test");
    scene_end(&f.scene);
}

/* The zone of all that is registered below it is nobody's. */
static void a_public_suffix_speaks_for_none(void **state)
{
    const struct directory *directory;
    struct fixture f;

    (void)state;
    begin(&f);
    add_with_mx(&f, 'a', CLASS_PARTNER);
    scene_rest(&f.scene);
    directory = model_target_at(f.scene.model, 0)->directory;
    assert_non_null(directory);
    assert_int_equal(directory->zone_status, DNS_NO_DATA);
    assert_null(directory->zone);
    assert_null(directory->mailbox);
    scene_end(&f.scene);
}

static void only_those_who_will_be_written_to(void **state)
{
    struct target *short_of, *silent, *partner, *pattern;
    struct fixture f;

    (void)state;
    begin(&f);
    short_of = add_with_mx(&f, 'a', CLASS_OPPORTUNISTIC);
    silent = add_with_mx(&f, 'c', CLASS_OPPORTUNISTIC);
    partner = add_with_mx(&f, 'd', CLASS_PARTNER);
    pattern = add(&f, "*.zoned.test", NULL, "a", CLASS_PARTNER);
    scene_rest(&f.scene);
    assert_int_equal(short_of->judgement.verdict, VERDICT_PLAINTEXT);
    assert_int_equal(silent->judgement.verdict, VERDICT_UNREACHABLE);
    assert_non_null(short_of->directory);
    assert_null(silent->directory);
    assert_non_null(partner->directory);
    assert_null(pattern->directory);
    assert_int_equal(f.contacts, 2);
    audit_contacts(f.scene.audit, silent->id);
    scene_rest(&f.scene);
    assert_non_null(silent->directory);
    scene_end(&f.scene);
}

/* What falls short only when its host, or its address, is probed again makes its domain one to be written to.
 */
static void probed_again_alone(void **state)
{
    struct target *by_host, *by_address;
    struct fixture f;

    (void)state;
    begin(&f);
    by_host = add_with_mx(&f, 'e', CLASS_OPPORTUNISTIC);
    by_address = add_with_mx(&f, 'f', CLASS_OPPORTUNISTIC);
    scene_rest(&f.scene);
    assert_int_equal(f.contacts, 0);
    audit_reprobe_host(f.scene.audit, &by_host->hosts[0].host->key);
    scene_rest(&f.scene);
    assert_int_equal(by_host->judgement.verdict, VERDICT_PLAINTEXT);
    assert_non_null(by_host->directory);
    assert_int_equal(f.contacts, 1);
    audit_reprobe_endpoint(f.scene.audit, &by_address->hosts[0].host->endpoints[0]->key);
    scene_rest(&f.scene);
    assert_int_equal(by_address->judgement.verdict, VERDICT_PLAINTEXT);
    assert_non_null(by_address->directory);
    assert_int_equal(f.contacts, 2);
    scene_end(&f.scene);
}

static void readiness_comes_first(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    audit_pause(f.scene.audit);
    add(&f, "zoned.test", NULL, "a", CLASS_PARTNER);
    add_with_mx(&f, 'b', CLASS_PARTNER);
    add_with_mx(&f, 'c', CLASS_PARTNER);
    audit_resume(f.scene.audit);
    scene_rest(&f.scene);
    assert_int_equal(f.contacts, 3);
    assert_false(f.facts_since);
    scene_end(&f.scene);
}

/* What failed just now is not asked more, and stays unknown. */
static void a_domain_that_can_not_be_looked_up_is_let_alone(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    add(&f, "servfail.test", NULL, "", CLASS_PARTNER);
    scene_rest(&f.scene);
    assert_int_equal(f.contacts, 0);
    assert_null(model_target_at(f.scene.model, 0)->directory);
    scene_end(&f.scene);
}

static void a_domain_that_is_not_there_costs_one_question(void **state)
{
    const struct directory *directory;
    struct fixture f;
    unsigned before;

    (void)state;
    begin(&f);
    add(&f, "nx.test", NULL, "", CLASS_OPPORTUNISTIC);
    scene_rest(&f.scene);
    before = fake_dns_queries(f.scene.dns);
    audit_contacts(f.scene.audit, model_target_at(f.scene.model, 0)->id);
    scene_rest(&f.scene);
    assert_int_equal(fake_dns_queries(f.scene.dns), before + 1);
    directory = model_target_at(f.scene.model, 0)->directory;
    assert_int_equal(directory->report_status, DNS_NXDOMAIN);
    assert_null(directory->record);
    scene_end(&f.scene);
}

/* Two targets of one name ask once; a re-probe asks anew. */
static void a_name_is_asked_once(void **state)
{
    struct target *one, *two;
    struct fixture f;
    unsigned before;

    (void)state;
    begin(&f);
    one = add(&f, "zoned.test", "One", "a", CLASS_PARTNER);
    scene_rest(&f.scene);
    before = fake_dns_queries(f.scene.dns);
    two = add(&f, "zoned.test", "Two", "a", CLASS_PARTNER);
    scene_rest(&f.scene);
    assert_int_equal(fake_dns_queries(f.scene.dns), before);
    assert_string_equal(two->directory->mailbox, one->directory->mailbox);
    audit_reprobe_target(f.scene.audit, one->id);
    scene_rest(&f.scene);
    assert_int_equal(fake_dns_queries(f.scene.dns), before + 3);
    assert_int_equal(f.contacts, 3);
    scene_end(&f.scene);
}

/* All get their turn, and no idle moment is told before. */
static void many_wait_in_line(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    audit_pause(f.scene.audit);
    for (unsigned i = 0; i < MANY; i++) {
        char *domain = mem_format("zoned.n%u.test", i);

        add(&f, domain, NULL, "a", CLASS_PARTNER);
        free(domain);
    }
    audit_resume(f.scene.audit);
    while (f.contacts < MANY) {
        enum event_type type = scene_take(&f.scene);

        if (type == EVENT_IDLE)
            fail_msg("idle after %u of %u", f.contacts, MANY);
    }
    scene_rest(&f.scene);
    scene_end(&f.scene);
}

/* An answer that is under way when all is called off is nobody's, and the end is told all the same. */
static void cancelled_while_it_is_asked(void **state)
{
    struct target *target;
    struct fixture f;

    (void)state;
    begin(&f);
    target = add(&f, "zoned.test", NULL, "a", CLASS_PARTNER);
    scene_rest(&f.scene);
    fake_dns_turn(f.scene.dns, FAKE_SILENT);
    audit_reprobe_target(f.scene.audit, target->id);
    audit_cancel(f.scene.audit);
    scene_rest(&f.scene);
    assert_int_equal(f.contacts, 1);
    fake_dns_turn(f.scene.dns, FAKE_BY_NAME);
    audit_contacts(f.scene.audit, target->id);
    audit_contacts(f.scene.audit, target->id + 100);
    audit_remove(f.scene.audit, target->id);
    scene_end(&f.scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_questions_are_answered),
        cmocka_unit_test(a_public_suffix_speaks_for_none),
        cmocka_unit_test(only_those_who_will_be_written_to),
        cmocka_unit_test(probed_again_alone),
        cmocka_unit_test(readiness_comes_first),
        cmocka_unit_test(a_domain_that_can_not_be_looked_up_is_let_alone),
        cmocka_unit_test(a_domain_that_is_not_there_costs_one_question),
        cmocka_unit_test(a_name_is_asked_once),
        cmocka_unit_test(many_wait_in_line),
        cmocka_unit_test(cancelled_while_it_is_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
