#include "tui/detail_connector.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "tui/detail.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define WIDE 200

static void assert_page(struct page *page, const char *expected)
{
    char *text = page_text(page);

    assert_string_equal(text, expected);
    free(text);
    page_release(page);
}

static void fields(void **state)
{
    static const struct {
        const char *connector, *pattern, *tls_domain;
        enum connector_match match;
        enum tls_version floor;
        bool never;
        const char *expected;
    } rows[] = {
        {"To Contoso", "*.contoso.com", NULL, MATCH_WILDCARD, 0, false,
         "Connector     To Contoso (covered by *.contoso.com)\n"
         "Source        connectors.json:2, connector 1\n"
         "Requirement   TLS required (partner)\n"},
        {"To Contoso", "Secure mail", "gw.contoso.com", MATCH_RULE, TLS_1_2, false,
         "Connector     To Contoso (chosen by the transport rule Secure mail)\n"
         "Source        connectors.json:2, connector 1\n"
         "Requirement   TLS required (partner)\n"
         "Own floor     TLS 1.2 or newer\n"
         "TLS name      gw.contoso.com\n"},
        {"To Contoso", NULL, NULL, MATCH_RULE, TLS_1_3, false,
         "Connector     To Contoso (chosen by a transport rule)\n"
         "Source        connectors.json:2, connector 1\n"
         "Requirement   TLS required (partner)\n"
         "Own floor     TLS 1.3\n"},
        {"To Contoso", NULL, NULL, MATCH_EXACT, 0, true,
         "Connector     To Contoso (named by the connector)\n"
         "Source        connectors.json:2, connector 1\n"
         "Requirement   TLS required (partner)\n"
         "              the sender uses no TLS here, whatever is offered\n"},
        {"To Contoso", NULL, NULL, MATCH_ACCEPTED, 0, false,
         "Connector     To Contoso (one of the accepted domains)\n"
         "Source        connectors.json:2, connector 1\n"
         "Requirement   TLS required (partner)\n"},
        {"List", NULL, NULL, MATCH_NONE, 0, false,
         "Connector     List\n"
         "Source        connectors.json:2, connector 1\n"
         "Requirement   TLS required (partner)\n"},
        {NULL, NULL, NULL, MATCH_NONE, 0, false,
         "Source        connectors.json:2, connector 1\n"
         "Requirement   TLS required (partner)\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct target_spec spec;
        struct page page;

        target_spec_init(&spec);
        spec.class = CLASS_PARTNER;
        spec.requirement = REQUIREMENT_ENCRYPTION;
        spec.connector = mem_string(rows[i].connector);
        spec.source = mem_string("connectors.json:2, connector 1");
        spec.pattern = mem_string(rows[i].pattern);
        spec.tls_domain = mem_string(rows[i].tls_domain);
        spec.match = rows[i].match;
        spec.floor = rows[i].floor;
        spec.never_tls = rows[i].never;
        page_init(&page, WIDE, false);
        detail_connector(&page, &spec);
        assert_page(&page, rows[i].expected);
        target_spec_release(&spec);
    }
}

static void expectations(void **state)
{
    static const struct {
        struct expectation said;
        const char *expected;
    } rows[] = {
        {{(char *)"From Fabrikam", (char *)"connectors.json:40", (char *)"fabrikam.example", true, true,
          (char *)"*.fabrikam.example", false, false, false},
         "From Fabrikam: TLS required, certificate for *.fabrikam.example; at connectors.json:40\n"},
        {{(char *)"From Fabrikam", (char *)"connectors.json:40", (char *)"*.fabrikam.example", true, true,
          (char *)"*.fabrikam.example", true, false, false},
         "From Fabrikam (mail from *.fabrikam.example): TLS required, certificate for *.fabrikam.example "
         "(mail "
         "with another is rejected); at connectors.json:40\n"},
        {{(char *)"All", (char *)"c.json:1", (char *)"*", false, false, NULL, false, true, false},
         "All (mail from *): disabled; TLS not required, from listed addresses only; at c.json:1\n"},
        {{NULL, NULL, NULL, true, true, NULL, true, true, true},
         "A connector without a name: TLS required, only with its certificate, from listed addresses only, "
         "certificates on both sides (Domain Security)\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct target_spec spec;
        struct page page;
        char *expected =
            mem_format("Mail from this partner (inbound, not probed from here)\n%s", rows[i].expected);

        target_spec_init(&spec);
        spec.domain = mem_string("fabrikam.example");
        page_init(&page, WIDE, false);
        detail_inbound(&page, &spec);
        assert_int_equal(page.count, 0);
        target_spec_add_inbound(&spec, &rows[i].said);
        detail_inbound(&page, &spec);
        assert_page(&page, expected);
        free(expected);
        target_spec_release(&spec);
    }
}

static void other_connectors(void **state)
{
    static const struct connector_ref others[] = {
        {(char *)"By rule", (char *)"c.json:9, connector 2", MATCH_RULE, (char *)"Secure mail"},
        {(char *)"All", (char *)"c.json:20, connector 3", MATCH_WILDCARD, (char *)"*"},
        {NULL, NULL, MATCH_NONE, NULL},
    };
    struct target_spec spec;
    struct page page;

    (void)state;
    target_spec_init(&spec);
    page_init(&page, WIDE, false);
    detail_other_connectors(&page, &spec);
    assert_int_equal(page.count, 0);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        target_spec_add_other(&spec, &others[i]);
    detail_other_connectors(&page, &spec);
    assert_page(&page, "Other connectors that could carry it\n"
                       "By rule (chosen by the transport rule Secure mail); at c.json:9, connector 2\n"
                       "All (covered by *); at c.json:20, connector 3\n"
                       "a connector without a name\n");
    target_spec_release(&spec);
}

static void message(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *relay = fixture_simple(model, "b.example", CLASS_RELAY, REQUIREMENT_NONE, "192.0.2.2",
                                          fixture_facts("rarrr"));
    struct target *ready = fixture_simple(model, "a.example", CLASS_PARTNER, REQUIREMENT_NONE, "192.0.2.1",
                                          fixture_facts("rrrar"));
    struct page page;

    (void)state;
    page_init(&page, WIDE, false);
    detail_message(&page, model, ready);
    assert_int_equal(page.count, 0);
    detail_message(&page, model, relay);
    assert_page(&page, "To tell the operator\n"
                       "Your mail server mx.b.example offers TLS 1.0 only; once the rules of Exchange Online "
                       "(Office 365), in force since 2020-10-15, hold for our mail, what our applications "
                       "send there may go in clear.\n"
                       "Please enable TLS 1.2 or newer.\n");
    model_free(model);
}

/* Each part is on the page, in this order. */
static void whole_page(void **state)
{
    static const char *const parts[] = {
        "not ready",
        "Mail          stops",
        "What to do next\n ·  Send the postmaster there the words below.\n",
        "let the connector To A use TLS only where it is offered",
        "To tell the partner\nYour mail server mx.a.example offers TLS 1.0 only; once the rules of Exchange "
        "Online (Office 365), in force since 2020-10-15, hold for our mail, our connector will queue mail",
        "Asked for\nConnector     To A (covered by *.example)",
        "Source        fixture",
        "Requirement   TLS required (partner)",
        "Warnings\n! DANE is not judged",
        "TLS 1.0  ✓ accepted",
        "Way of the mail",
        "Other connectors that could carry it\nAll",
        "Mail from this partner (inbound, not probed from here)\nFrom A",
    };
    const struct connector_ref other = {.name = (char *)"All", .match = MATCH_WILDCARD};
    const struct expectation inbound = {.connector = (char *)"From A", .enabled = true};
    struct model *model = fixture_model("exchange-online");
    struct target *t = fixture_simple(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.1",
                                      fixture_facts("rarrr"));
    struct row row = {.kind = ROW_TARGET, .target = t->id};
    struct page page;
    const char *at;
    char *text;

    (void)state;
    t->spec.connector = mem_string("To A");
    t->spec.name_rule = NAME_RULE_EXCHANGE;
    t->spec.match = MATCH_WILDCARD;
    t->spec.pattern = mem_string("*.example");
    target_spec_add_other(&t->spec, &other);
    target_spec_add_inbound(&t->spec, &inbound);
    strings_add(&t->spec.remarks, "DANE is not judged");
    page_init(&page, WIDE, false);
    detail_build(&page, model, NULL, &row, FIXTURE_NOW);
    at = text = page_text(&page);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *found = strstr(at, parts[i]);

        if (!found)
            fail_msg("\"%s\" is missing or out of order in:\n%s", parts[i], text);
        else
            at = found;
    }
    free(text);
    page_release(&page);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields),  cmocka_unit_test(expectations), cmocka_unit_test(other_connectors),
        cmocka_unit_test(message), cmocka_unit_test(whole_page),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
