/* Whom to write to, in the lab: what DNS says of it, what it can't say, and what must not be believed. */
#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/model/contact.h"
#include "tests/scenario/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

struct row {
    const char *domain;
    enum dns_status zone_status;
    const char *zone, *mailbox; /* NULL: none */
    enum dns_status report_status;
    const char *contacts; /* all, the best first, with spaces between */
};

static const struct row rows[] = {
    {"contoso.example", DNS_OK, "contoso.example", "hostmaster@contoso.example", DNS_OK,
     "postmaster@contoso.example hostmaster@contoso.example tls-reports@contoso.example"},
    {"fabrikam.example", DNS_OK, "fabrikam.example", "j.bailey@it.fabrikam.example", DNS_OK,
     "postmaster@fabrikam.example j.bailey@it.fabrikam.example tls+rua@fabrikam.example"},
    {"wingtiptoys.example", DNS_OK, "wingtiptoys.example", "hostmaster@dns-provider.example", DNS_SERVFAIL,
     "postmaster@wingtiptoys.example hostmaster@dns-provider.example"},
    {"consolidatedmessenger.example", DNS_SERVFAIL, NULL, NULL, DNS_OK,
     "postmaster@consolidatedmessenger.example"},
    {"schoolofmusic.example", DNS_OK, "schoolofmusic.example", NULL, DNS_NXDOMAIN,
     "postmaster@schoolofmusic.example"},
    {"hostile-contact.example", DNS_OK, "hostile-contact.example", NULL, DNS_OK,
     "postmaster@hostile-contact.example"},
    {"two-records.example", DNS_OK, "two-records.example", "=cmd@two-records.example", DNS_OK,
     "postmaster@two-records.example =cmd@two-records.example"},
    {"below.parent-zone.example", DNS_OK, "parent-zone.example", "hostmaster@parent-zone.example",
     DNS_NXDOMAIN, "postmaster@below.parent-zone.example hostmaster@parent-zone.example"},
    {"no-zone.example", DNS_NO_DATA, NULL, NULL, DNS_MALFORMED, "postmaster@no-zone.example"},
};

#define ROWS (sizeof rows / sizeof *rows)

static struct target *add(struct world *world, const char *domain, enum target_class class)
{
    struct target_spec spec;
    struct target *target;

    target_spec_init(&spec);
    spec.domain = mem_string(domain);
    spec.unicode = mem_string(domain);
    spec.class = class;
    spec.requirement = class == CLASS_PARTNER ? REQUIREMENT_ENCRYPTION : REQUIREMENT_NONE;
    spec.protocol = PROTOCOL_SMTP;
    target = world_add(world, &spec);
    target_spec_release(&spec);
    assert_non_null(target);
    return target;
}

static void assert_text(const char *domain, const char *text, const char *expected)
{
    if (!text != !expected || (text && strcmp(text, expected) != 0))
        fail_msg("%s: %s, not %s", domain, text ? text : "none", expected ? expected : "none");
}

static void assert_contacts(const struct target *target, const char *expected)
{
    struct contacts list;
    struct buf text;

    buf_init(&text, 0);
    contacts_list(&list, &target->spec, target->directory, true);
    for (size_t i = 0; i < list.count; i++)
        buf_printf(&text, "%s%s", i ? " " : "", list.items[i].address);
    assert_text(target->spec.domain, buf_string(&text), expected);
    contacts_release(&list);
    buf_release(&text);
}

static void test_partners(void **unused)
{
    struct target *targets[ROWS];
    struct world world;

    (void)unused;
    world_start(&world);
    for (size_t i = 0; i < ROWS; i++)
        targets[i] = add(&world, rows[i].domain, CLASS_PARTNER);
    while (world_step(&world))
        continue;
    for (size_t i = 0; i < ROWS; i++) {
        const struct directory *directory = targets[i]->directory;

        assert_non_null(directory);
        assert_int_equal(directory->zone_status, rows[i].zone_status);
        assert_text(rows[i].domain, directory->zone, rows[i].zone);
        assert_text(rows[i].domain, directory->mailbox, rows[i].mailbox);
        assert_int_equal(directory->report_status, rows[i].report_status);
        assert_contacts(targets[i], rows[i].contacts);
    }
    assert_text("contoso.example", targets[0]->directory->record,
                "v=TLSRPTv1; rua=mailto:tls-reports@contoso.example");
    assert_int_equal(targets[1]->directory->uris.count, 2);
    assert_text("fabrikam.example", targets[1]->directory->uris.items[1],
                "https://tlsrpt.fabrikam.example/v1");
    assert_null(targets[5]->directory->record);
    assert_null(targets[6]->directory->record);
    world_end(&world);
}

/* Of others only those who are asked for something. */
static void test_everyone_else(void **unused)
{
    struct target *ready, *clear, *mixed, *dead;
    struct world world;

    (void)unused;
    world_start(&world);
    ready = add(&world, "contoso.example", CLASS_OPPORTUNISTIC);
    clear = add(&world, "schoolofmusic.example", CLASS_OPPORTUNISTIC);
    mixed = add(&world, "wingtiptoys.example", CLASS_OPPORTUNISTIC);
    dead = add(&world, "olympia-press.example", CLASS_OPPORTUNISTIC);
    while (world_step(&world))
        continue;
    assert_int_equal(ready->judgement.verdict, VERDICT_READY);
    assert_null(ready->directory);
    assert_int_equal(clear->judgement.verdict, VERDICT_PLAINTEXT);
    assert_non_null(clear->directory);
    assert_int_equal(mixed->judgement.verdict, VERDICT_AT_RISK);
    assert_non_null(mixed->directory);
    assert_int_equal(dead->judgement.verdict, VERDICT_UNREACHABLE);
    assert_null(dead->directory);
    audit_contacts(world.audit, ready->id);
    while (world_step(&world))
        continue;
    assert_text("contoso.example", ready->directory->mailbox, "hostmaster@contoso.example");
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_partners),
        cmocka_unit_test(test_everyone_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
