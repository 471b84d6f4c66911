#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/report/letter.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <stdlib.h>
#include <string.h>

static struct target *fabrikam(struct model *model)
{
    struct facts *facts = fixture_facts("rarrr");

    facts->certificate = fixture_certificate("mx.fabrikam.example", true, 300);
    facts->probed_at = FIXTURE_NOW - 3600;
    return fixture_simple(model, "fabrikam.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.14",
                          facts);
}

static void says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no \"%s\" in:\n%s", part, text);
}

static char *built_in(const struct model *model, const struct target *target)
{
    struct letter *letter = letter_builtin();
    char *text;

    assert_non_null(letter);
    text = letter_text(letter, model, target, "probe.example");
    letter_free(letter);
    return text;
}

static void within_width(const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");

        if (length > 72)
            fail_msg("%.*s", (int)length, text);
        text += length + 1;
    }
}

static void test_built_in(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *target = fabrikam(model);
    char *text = built_in(model, target);

    (void)state;
    assert_true(letter_is_due(model, target));
    assert_memory_equal(text, "To: postmaster@fabrikam.example\nSubject: ", 41);
    says(text,
         "- mx.fabrikam.example, address 192.0.2.14, port 25, asked on 2026-11-18\n  at 10:06:40 UTC\n");
    says(text, "\n  offers TLS 1.0 only\n");
    says(text, "\n  accepted: TLS 1.0\n");
    says(text, "\n  refused: TLS 1.3, TLS 1.2, TLS 1.1, SSL 3.0\n");
    says(text, "  certificate: ");
    says(text, "\n- Enable TLS 1.2 or newer.\n");
    says(text, "What we saw from probe.example:\n");
    says(text, "\n  openssl s_client -starttls smtp -connect 192.0.2.14:25 -tls1_2\n");
    says(text,
         "\nSubject: TLS on the mail servers of fabrikam.example: please change soon\nMIME-Version: 1.0\n"
         "Content-Type: text/plain; charset=utf-8\n");
    says(text, "\n- Postfix: OpenSSL 1.0.1 or newer");
    says(text, "\nPlease change it soon, and let us know when it is done or");
    says(text, "\nThe mail team\n");
    within_width(text);
    free(text);
    model_free(model);
}

static void test_who_is_written_to(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *target = fabrikam(model), *fine, *other;

    (void)state;
    fine = fixture_simple(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.1",
                          fixture_facts("rrraa"));
    other = fixture_simple(model, "b.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, "192.0.2.2",
                           fixture_facts("rarrr"));
    assert_false(letter_is_due(model, fine));
    assert_false(letter_is_due(model, other));
    model_set_notes(model, target, &(struct target_notes){.state = CONTACT_WAIVED});
    assert_false(letter_is_due(model, target));
    model_set_notes(model, target, &(struct target_notes){.state = CONTACT_PROMISED});
    assert_true(letter_is_due(model, target));
    model_remove(model, target);
    assert_false(letter_is_due(model, target));
    model_free(model);
}

/* No line of a header but the template's own, whatever is noted. */
static void test_hostile(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *target = fabrikam(model);
    char *text, *at;

    (void)state;
    model_set_notes(
        model, target,
        &(struct target_notes){.owner = "A\n\nB\x1b[31m \xe2\x80\xae\xff \\x41",
                               .contact = "a@b.example\r\nBcc: c@d.example and so on, as long as it takes to "
                                          "wrap Bcc: e@f.example within the header of that letter"});
    text = built_in(model, target);
    assert_null(strstr(text, "\nBcc"));
    assert_null(strchr(text, '\r'));
    assert_null(strchr(text, '\x1b'));
    says(text, "\\x0d\\x0aBcc: c@d.example");
    says(text, "A\\x0a\\x0aB\\x1b[31m \\u{202e}\\xff \\x41");
    at = strstr(text, "\n\n");
    assert_true(strstr(text, "\nSubject: ") < at);
    for (char *line = text; line < at; line = strchr(line, '\n') + 1)
        assert_true(*line == ' ' || strncmp(line, "To: ", 4) == 0 || strncmp(line, "Subject: ", 9) == 0 ||
                    strncmp(line, "MIME-Version: ", 14) == 0 || strncmp(line, "Content-T", 9) == 0);
    within_width(at);
    free(text);
    model_free(model);
}

static void test_templates(void **state)
{
    static const struct {
        const char *text, *error;
    } bad[] = {
        {"To: {contact}\n\n{nonsense}\n", "t:3: there is no placeholder {nonsense}"},
        {"a\n{domain\n", "t:2: {domain is not closed"},
        {"{evidence}\n", "t:1: {evidence} is a list"},
        {"a\n\nsee {what_to_change}\n", "t:3: {what_to_change} is a list"},
        {"a\n\n\xff\n", "t:3: not valid UTF-8"},
        {"{}", "t:1: there is no placeholder {}"},
        {"{Domain}", "t:1: there is no placeholder {Domain}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char *error = NULL;

        assert_null(letter_read("t", bad[i].text, &error));
        if (strncmp(error, bad[i].error, strlen(bad[i].error)) != 0)
            fail_msg("%s", error);
        free(error);
    }
}

static void test_every_placeholder(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *target = fabrikam(model);
    char *error = NULL, *text;
    struct letter *letter = letter_read("t",
                                        "{domain} {unicode} {contact} {owner} {connector}\n\n{verdict}, "
                                        "{consequence}, {date}, {due}, {baseline} {{x} {by} {vantage}\n",
                                        &error);

    (void)state;
    assert_non_null(letter);
    model_set_notes(model, target, &(struct target_notes){.owner = "Ann", .contact = "it@x", .due = 20800});
    text = letter_text(letter, model, target, "probe.example");
    assert_string_equal(
        text,
        "fabrikam.example fabrikam.example it@x Ann our mail server\n\n"
        "not ready, mail stops, 2026-11-18, 2026-12-13, exchange-online {x} by\n2026-12-13 probe.example\n");
    letter_free(letter);
    free(text);
    model_free(model);
}

/* A person before a machine; who takes no mail has no postmaster. */
static void test_contacts_of_dns(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *target = fabrikam(model);
    struct event event = {.type = EVENT_CONTACTS, .target = target->id, .directory = directory_new()};
    char *error = NULL, *text;
    struct letter *letter = letter_read("t", "To: {contact}\n\n{contacts}\n", &error);

    (void)state;
    event.directory->zone_status = event.directory->report_status = DNS_OK;
    event.directory->mailbox = mem_string("hostmaster@fabrikam.example");
    strings_add(&event.directory->uris, "mailto:tls@fabrikam.example");
    model_apply(model, &event);
    event_release(&event);
    text = letter_text(letter, model, target, "probe.example");
    assert_string_equal(text, "To: postmaster@fabrikam.example\n\n"
                              "- postmaster@fabrikam.example (every mail domain's postmaster)\n"
                              "- hostmaster@fabrikam.example (who runs its DNS zone)\n"
                              "- tls@fabrikam.example (where it wants TLS reports)\n");
    free(text);
    target->judgement.verdict = VERDICT_NO_MAIL;
    text = letter_text(letter, model, target, "probe.example");
    says(text, "To: hostmaster@fabrikam.example\n");
    free(text);
    letter_free(letter);
    model_free(model);
}

static const char *const kinds[] = {"no-starttls", "version", "expired", "untrusted", "name", "suite"};

static struct facts *facts_of(const char *kind)
{
    bool version = strcmp(kind, "version") == 0, suite = strcmp(kind, "suite") == 0;
    struct facts *facts = fixture_facts(version ? "rarrr" : "---ar");

    fixture_handshake(facts, version ? TLS_1_0 : TLS_1_2, version ? 0xc014 : suite ? 0xcca8 : 0xc02f, true);
    facts->certificate =
        fixture_certificate(strcmp(kind, "name") == 0 ? "x.example" : "mx.a.example",
                            strcmp(kind, "untrusted") != 0, strcmp(kind, "expired") == 0 ? -3 : 90);
    if (strcmp(kind, "no-starttls") == 0)
        facts->starttls = STARTTLS_NOT_OFFERED;
    if (suite) {
        facts->offer_baseline = mem_string("exchange-online");
        facts->offer = VERSION_REFUSED;
    }
    return facts;
}

/* Each kind of fault has its own advice, and none of another's. */
static void test_common_servers(void **state)
{
    static const char *const parts[] = {"smtpd_tls_security_level", "openssl_options",
                                        "postfix reload",           "intermediate",
                                        "subjectAltNames",          "smtpd_tls_ciphers"};

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct model *model = fixture_model("exchange-online");
        struct target *target = fixture_simple(model, "a.example", CLASS_PARTNER, REQUIREMENT_NAME,
                                               "2001:db8::1", facts_of(kinds[i]));
        char *text;

        target->spec.tls_domain = mem_string("mx.a.example");
        text = built_in(model, target);
        for (size_t j = 0; j < sizeof parts / sizeof *parts; j++)
            if (!strstr(text, parts[j]) != (i != j))
                fail_msg("%s: %s in\n%s", kinds[i], parts[j], text);
        says(text, " -connect [2001:db8::1]:25");
        within_width(strstr(text, "\n\n"));
        free(text);
        model_free(model);
    }
}

static void test_due(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *target = fabrikam(model);
    char *text;

    (void)state;
    model_set_notes(model, target, &(struct target_notes){.due = 20774});
    text = built_in(model, target);
    says(text, "\nPlease change it now (it was to be done by 2026-11-17), and let us know");
    free(text);
    model_free(model);
}

static void test_names(void **state)
{
    struct target target = {.spec.domain = (char *)"../../etc/passwd\n\xff"};
    char *name = letter_file_name(&target);

    (void)state;
    assert_string_equal(name, "_._.._etc_passwd__.txt");
    free(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_built_in),
        cmocka_unit_test(test_who_is_written_to),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_templates),
        cmocka_unit_test(test_every_placeholder),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_contacts_of_dns),
        cmocka_unit_test(test_common_servers),
        cmocka_unit_test(test_due),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
