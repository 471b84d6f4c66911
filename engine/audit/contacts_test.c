/* Whom to write to is looked up for those who will be written to, once it is known, and for nobody else. */
#include "engine/audit/audit.h"

#include "engine/audit/mail_fake.h"
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
#define MANY        60

/* "a" and "b" take mail in clear only, "c" and "d" hang up before they say anything, "e" and "f" put off whom
 * they do not know yet, and then are as "a". */
static const enum mail_manner manners[] = {MAIL_PLAIN, MAIL_PLAIN,  MAIL_CLOSE,
                                           MAIL_CLOSE, MAIL_GREYER, MAIL_GREYER};

struct fixture {
    struct fake_dns *dns;
    struct mail_fake *mail;
    char *server;
    struct audit_options options;
    struct model *model;
    struct audit *audit;
    unsigned contacts; /* events */
    bool facts_since;  /* facts came behind the first of them */
};

static void begin(struct fixture *f)
{
    char *error = NULL;

    memset(f, 0, sizeof *f);
    f->dns = fake_dns_new(FAKE_BY_NAME);
    f->mail = mail_fake_new(manners, sizeof manners / sizeof manners[0]);
    f->server = mem_format("127.0.0.1:%u", fake_dns_port(f->dns));
    f->model = fixture_model("tls1.2");
    audit_options_init(&f->options);
    f->options.baseline = model_baseline(f->model);
    f->options.dns_servers = (const char *const *)&f->server;
    f->options.dns_server_count = 1;
    f->options.smtp_port = mail_fake_port(f->mail);
    f->options.helo_name = "probe.test.example";
    f->options.world4 = "127.0.0.1";
    f->options.world6 = "::1";
    f->options.per_host_gap = 0;
    f->options.per_operator = 0;
    f->options.retry_later = 0;
    f->audit = audit_new(&f->options, &error);
    if (!f->audit)
        fail_msg("%s", error);
}

static void end(struct fixture *f)
{
    audit_free(f->audit);
    model_free(f->model);
    mail_fake_free(f->mail);
    fake_dns_free(f->dns);
    free(f->server);
}

static enum event_type take(struct fixture *f)
{
    struct pollfd wait = {audit_descriptor(f->audit), POLLIN, 0};
    enum event_type type;
    struct event event;

    while (!audit_next(f->audit, &event))
        if (poll(&wait, 1, TOO_LATE_MS) <= 0)
            fail_msg("no event in %d ms", TOO_LATE_MS);
    type = event.type;
    f->contacts += type == EVENT_CONTACTS;
    f->facts_since |= type == EVENT_FACTS && f->contacts;
    model_apply(f->model, &event);
    event_release(&event);
    return type;
}

/* All that was asked for is answered; the engine may have been at rest between two commands. */
static void until_rest(struct fixture *f)
{
    while (take(f) != EVENT_IDLE || audit_busy(f->audit))
        continue;
}

static const char *address_of(const struct fixture *f, char server)
{
    return mail_fake_address(f->mail, (size_t)(server - 'a'));
}

/* `gateways`: servers by their letters. */
static struct target *add(struct fixture *f, const char *domain, const char *connector, const char *gateways,
                          enum target_class class)
{
    struct target_spec spec;
    struct target *target;

    target_spec_init(&spec);
    spec.domain = mem_string(domain);
    spec.unicode = mem_string(domain);
    spec.connector = mem_string(connector);
    spec.class = class;
    spec.requirement = class == CLASS_PARTNER ? REQUIREMENT_ENCRYPTION : REQUIREMENT_NONE;
    spec.protocol = PROTOCOL_SMTP;
    for (; *gateways; gateways++)
        target_spec_add_host(&spec, address_of(f, *gateways), 0, true);
    target = model_add(f->model, &spec, NULL);
    audit_add(f->audit, target->id, &spec);
    target_spec_release(&spec);
    return target;
}

/* A domain whose MX is server `mx`. */
static struct target *add_with_mx(struct fixture *f, char mx, enum target_class class)
{
    char *domain = mem_format("ip.%s.test", address_of(f, mx));
    struct target *target = add(f, domain, NULL, "", class);

    free(domain);
    return target;
}

static void both_questions_are_answered(void **state)
{
    const struct directory *directory;
    struct fixture f;

    (void)state;
    begin(&f);
    directory = add(&f, "zoned.test", NULL, "a", CLASS_PARTNER)->directory;
    assert_null(directory);
    until_rest(&f);
    assert_int_equal(f.contacts, 1);
    directory = model_target_at(f.model, 0)->directory;
    assert_int_equal(directory->zone_status, DNS_OK);
    assert_string_equal(directory->zone, "zoned.test");
    assert_string_equal(directory->mailbox, "host-master@mail.test");
    assert_int_equal(directory->report_status, DNS_OK);
    assert_string_equal(directory->record, "v=TLSRPTv1; rua=mailto:tls@mail.test");
    assert_int_equal(directory->uris.count, 1);
    assert_string_equal(directory->uris.items[0], "mailto:tls@mail.test");
    end(&f);
}

/* The zone of all that is registered below it is nobody's. */
static void a_public_suffix_speaks_for_none(void **state)
{
    const struct directory *directory;
    struct fixture f;

    (void)state;
    begin(&f);
    add_with_mx(&f, 'a', CLASS_PARTNER);
    until_rest(&f);
    directory = model_target_at(f.model, 0)->directory;
    assert_non_null(directory);
    assert_int_equal(directory->zone_status, DNS_NO_DATA);
    assert_null(directory->zone);
    assert_null(directory->mailbox);
    end(&f);
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
    until_rest(&f);
    assert_int_equal(short_of->judgement.verdict, VERDICT_PLAINTEXT);
    assert_int_equal(silent->judgement.verdict, VERDICT_UNREACHABLE);
    assert_non_null(short_of->directory);
    assert_null(silent->directory);
    assert_non_null(partner->directory);
    assert_null(pattern->directory);
    assert_int_equal(f.contacts, 2);
    audit_contacts(f.audit, silent->id);
    until_rest(&f);
    assert_non_null(silent->directory);
    end(&f);
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
    until_rest(&f);
    assert_int_equal(f.contacts, 0);
    audit_reprobe_host(f.audit, &by_host->hosts[0].host->key);
    until_rest(&f);
    assert_int_equal(by_host->judgement.verdict, VERDICT_PLAINTEXT);
    assert_non_null(by_host->directory);
    assert_int_equal(f.contacts, 1);
    audit_reprobe_endpoint(f.audit, &by_address->hosts[0].host->endpoints[0]->key);
    until_rest(&f);
    assert_int_equal(by_address->judgement.verdict, VERDICT_PLAINTEXT);
    assert_non_null(by_address->directory);
    assert_int_equal(f.contacts, 2);
    end(&f);
}

static void readiness_comes_first(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    add(&f, "zoned.test", NULL, "a", CLASS_PARTNER);
    add_with_mx(&f, 'b', CLASS_PARTNER);
    add_with_mx(&f, 'c', CLASS_PARTNER);
    until_rest(&f);
    assert_int_equal(f.contacts, 3);
    assert_false(f.facts_since);
    end(&f);
}

/* What failed just now is not asked more, and stays unknown. */
static void a_domain_that_can_not_be_looked_up_is_let_alone(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    add(&f, "servfail.test", NULL, "", CLASS_PARTNER);
    until_rest(&f);
    assert_int_equal(f.contacts, 0);
    assert_null(model_target_at(f.model, 0)->directory);
    end(&f);
}

static void a_domain_that_is_not_there_costs_one_question(void **state)
{
    const struct directory *directory;
    struct fixture f;
    unsigned before;

    (void)state;
    begin(&f);
    add(&f, "nx.test", NULL, "", CLASS_OPPORTUNISTIC);
    until_rest(&f);
    before = fake_dns_queries(f.dns);
    audit_contacts(f.audit, model_target_at(f.model, 0)->id);
    until_rest(&f);
    assert_int_equal(fake_dns_queries(f.dns), before + 1);
    directory = model_target_at(f.model, 0)->directory;
    assert_int_equal(directory->report_status, DNS_NXDOMAIN);
    assert_null(directory->record);
    end(&f);
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
    until_rest(&f);
    before = fake_dns_queries(f.dns);
    two = add(&f, "zoned.test", "Two", "a", CLASS_PARTNER);
    until_rest(&f);
    assert_int_equal(fake_dns_queries(f.dns), before);
    assert_string_equal(two->directory->mailbox, one->directory->mailbox);
    audit_reprobe_target(f.audit, one->id);
    until_rest(&f);
    assert_int_equal(fake_dns_queries(f.dns), before + 3);
    assert_int_equal(f.contacts, 3);
    end(&f);
}

/* All get their turn, and no idle moment is told before. */
static void many_wait_in_line(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    audit_pause(f.audit);
    for (unsigned i = 0; i < MANY; i++) {
        char *domain = mem_format("zoned.n%u.test", i);

        add(&f, domain, NULL, "a", CLASS_PARTNER);
        free(domain);
    }
    audit_resume(f.audit);
    while (f.contacts < MANY) {
        enum event_type type = take(&f);

        if (type == EVENT_IDLE)
            fail_msg("idle after %u of %u", f.contacts, MANY);
    }
    until_rest(&f);
    end(&f);
}

/* An answer that is under way when all is called off is nobody's, and the end is told all the same. */
static void cancelled_while_it_is_asked(void **state)
{
    struct target *target;
    struct fixture f;

    (void)state;
    begin(&f);
    target = add(&f, "zoned.test", NULL, "a", CLASS_PARTNER);
    until_rest(&f);
    fake_dns_turn(f.dns, FAKE_SILENT);
    audit_reprobe_target(f.audit, target->id);
    audit_cancel(f.audit);
    until_rest(&f);
    assert_int_equal(f.contacts, 1);
    fake_dns_turn(f.dns, FAKE_BY_NAME);
    audit_contacts(f.audit, target->id);
    audit_contacts(f.audit, target->id + 100);
    audit_remove(f.audit, target->id);
    end(&f);
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
