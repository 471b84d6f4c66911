#include "engine/input/input.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"
#include "engine/input/told.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(const char *text, const char *expected)
{
    struct input input = {0};
    char *is;

    input_read("x", text, strlen(text), &input);
    input_finish(&input);
    is = told(&input);
    assert_string_equal(is, expected);
    free(is);
    input_release(&input);
}

/* One connector that says all the rest, with `fields` last. */
static void check_fields(const char *fields, const char *expected)
{
    char *text = mem_format("{\"Name\":\"A\",\"Enabled\":true,\"TestMode\":false,%s}", fields);

    check(text, expected);
    free(text);
}

#define MX     "\"UseMXRecord\":true,"
#define DOMAIN "\"RecipientDomains\":[\"a.example\"],"
#define FROM   "; A; x:1, connector 1\n"
#define NOTE   "note x:1: connector \"A\": "
#define BAD    "problem x:1: connector 1 \"A\": "

#define ORDER                                                                                                \
    "$c = @(Get-OutboundConnector -ResultSize Unlimited) + @(Get-OutboundConnector "                         \
    "-IncludeTestModeConnectors $true) + @(Get-OutboundConnector -IsTransportRuleScoped $true); "            \
    "ConvertTo-Json -InputObject $c -Depth 4 | Out-File -Encoding utf8 outbound.json"

struct row {
    const char *fields, *expected;
};

static void check_rows(const struct row *rows, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        check_fields(rows[i].fields, rows[i].expected);
}

static void reads_what_it_demands(void **state)
{
    static const struct row rows[] = {
        {MX DOMAIN "\"TlsSettings\":null", "a.example none - via MX" FROM},
        {MX DOMAIN "\"TlsSettings\":\"\"", "a.example none - via MX" FROM},
        {MX DOMAIN "\"TlsSettings\":\"EncryptionOnly\"", "a.example encryption - via MX" FROM},
        {MX DOMAIN "\"TlsSettings\":\"certificatevalidation\"", "a.example chain - via MX" FROM},
        {MX DOMAIN "\"TlsSettings\":1", "a.example encryption - via MX" FROM},
        {MX DOMAIN "\"TlsSettings\":2", "a.example chain - via MX" FROM},
        {MX DOMAIN "\"TlsSettings\":\"3\",\"TlsDomain\":\"GW.a.example\"",
         "a.example name gw.a.example via MX" FROM},
        {MX DOMAIN "\"TlsAuthLevel\":3,\"TlsDomain\":\"*.a.example\"",
         "a.example name *.a.example via MX" FROM},
        {MX DOMAIN "\"TlsSettings\":{\"value\":2,\"Value\":\"CertificateValidation\"}",
         "a.example chain - via MX" FROM},
        {MX DOMAIN "\"TlsSettings\":null,\"TlsDomain\":\"gw.a.example\"",
         "a.example none - via MX" FROM NOTE
         "TlsDomain has no effect, since TlsSettings is not DomainValidation\n"},
        {MX DOMAIN "\"x\":1", "a.example encryption - via MX" FROM NOTE
                              "the export does not say TlsSettings; taken as EncryptionOnly\n"},
        {MX DOMAIN "\"TlsDomain\":\"gw.a.example\"",
         "a.example name gw.a.example via MX" FROM NOTE
         "the export does not say TlsSettings; taken as DomainValidation, since it has a TlsDomain\n"},
        {MX DOMAIN "\"TlsSettings\":1,\"SmtpDaneMode\":\"Mandatory\"",
         "a.example encryption - via MX" FROM
         "  remark SmtpDaneMode of connector \"A\" is Mandatory: it demands more than is judged here\n"},
        {MX DOMAIN "\"TlsSettings\":4", BAD
         "TlsSettings is \"4\"; expected null, EncryptionOnly, CertificateValidation or DomainValidation\n"},
        {MX DOMAIN "\"TlsSettings\":true", BAD "TlsSettings is \"true\"; expected null, EncryptionOnly, "
                                               "CertificateValidation or DomainValidation\n"},
        {MX DOMAIN "\"TlsSettings\":3",
         BAD "TlsSettings is DomainValidation and TlsDomain is missing; expected the "
             "name that the certificate must have\n"},
        {MX DOMAIN "\"TlsSettings\":3,\"TlsDomain\":\"a b\"",
         BAD "TlsDomain 'a b': a name has letters, digits and inner hyphens only; expected a name such as "
             "mail.contoso.com "
             "or *.contoso.com\n"},
    };

    (void)state;
    check_rows(rows, sizeof rows / sizeof rows[0]);
}

#define PLAIN "\"TlsSettings\":null,"
#define SMART PLAIN DOMAIN "\"UseMXRecord\":false,"

static void reads_where_mail_goes(void **state)
{
    static const struct row rows[] = {
        {SMART "\"SmartHosts\":[\"GW.a.example\",\"[192.0.2.1]\",\"192.0.2.2\",\"gw.a.example\"]",
         "a.example none - via gw.a.example 192.0.2.1(address) 192.0.2.2(address)" FROM},
        {SMART "\"SmartHosts\":\"gw.a.example\"", "a.example none - via gw.a.example" FROM},
        {SMART "\"SmartHosts\":\"gw1.a.example, gw2.a.example\"",
         "a.example none - via gw1.a.example gw2.a.example" FROM},
        {SMART "\"SmartHosts\":{\"value\":[\"gw.a.example\"],\"Count\":1}",
         "a.example none - via gw.a.example" FROM},
        {SMART "\"SmartHosts\":[\"gw.a.example\",\"192.0.2.0/24\"]",
         "a.example none - via gw.a.example" FROM NOTE
         "smart host 192.0.2.0/24 is a network, not a host, so left out\n"},
        {SMART "\"SmartHosts\":[\"192.0.2.0/24\"]",
         NOTE "smart host 192.0.2.0/24 is a network, not a host, so left out\n" NOTE
              "no smart host is left that could be probed, so left out\n"},
        {PLAIN DOMAIN MX "\"SmartHosts\":[\"gw.a.example\"]",
         "a.example none - via MX" FROM NOTE "UseMXRecord is True, so its SmartHosts are not looked at\n"},
        {PLAIN DOMAIN "\"SmartHosts\":[\"gw.a.example\"]",
         "a.example none - via gw.a.example" FROM NOTE
         "the export does not say UseMXRecord; taken as False, since it has SmartHosts\n"},
        {PLAIN DOMAIN "\"UseMXRecord\":null",
         "a.example none - via MX" FROM NOTE "the export does not say UseMXRecord; taken as True\n"},
        {SMART "\"SmartHosts\":[]",
         BAD "UseMXRecord is False and SmartHosts is missing or empty; expected a host to send to\n"},
        {SMART "\"SmartHosts\":[\"gw a/b\"]", BAD "SmartHosts 'a/b': a path, query or user has no meaning "
                                                  "here; expected a host such as mail.contoso.com "
                                                  "or 192.0.2.1\n"},
        {SMART "\"SmartHosts\":\"System.Object[]\"", BAD
         "SmartHosts was lost at export (there stands \"System.Object[]\"); export again with: " ORDER "\n"},
    };

    (void)state;
    check_rows(rows, sizeof rows / sizeof rows[0]);
}

#define ENOUGH PLAIN MX

static void reads_whose_mail_it_is(void **state)
{
    static const struct row rows[] = {
        {ENOUGH "\"RecipientDomains\":[\"A.example.\",\"a.example\",\"b.example\"]",
         "a.example none - via MX" FROM "b.example none - via MX" FROM},
        {ENOUGH "\"RecipientDomains\":\"a.example b.example\"",
         "a.example none - via MX" FROM "b.example none - via MX" FROM},
        {ENOUGH "\"RecipientDomains\":[\"b\u00fccher.example\"]", "xn--bcher-kva.example none - via MX" FROM},
        {ENOUGH "\"RecipientDomains\":[\"*\",\"*.a.example\",\"a.example\"]",
         "a.example none - via MX" FROM NOTE
         "* is a wildcard that names no domain to probe, and it carries none of the given ones\n" NOTE
         "*.a.example is a wildcard that names no domain to probe, and it carries none of the given ones\n"},
        {ENOUGH "\"RecipientDomains\":[],\"IsTransportRuleScoped\":true",
         NOTE "a transport rule chooses it, and no rule among the inputs says for which domains; give the "
              "output of "
              "Get-TransportRule too, or name them as partners\n"},
        {ENOUGH "\"IsTransportRuleScoped\":true", NOTE "a transport rule chooses it, and no rule among the "
                                                       "inputs says for which domains; give the output of "
                                                       "Get-TransportRule too, or name them as partners\n"},
        {ENOUGH "\"RecipientDomains\":null,\"AllAcceptedDomains\":\"True\"", NOTE
         "it carries all accepted domains, which no input names; give the output of Get-AcceptedDomain too, "
         "or name them as partners\n"},
        {ENOUGH DOMAIN "\"AllAcceptedDomains\":true",
         "a.example none - via MX" FROM NOTE
         "it carries all accepted domains, which no input names; give the output "
         "of Get-AcceptedDomain too, or name them as partners\n"},
        {ENOUGH DOMAIN "\"RouteAllMessagesViaOnPremises\":true",
         "a.example none - via MX" FROM NOTE
         "RouteAllMessagesViaOnPremises is True: mail for other domains takes it too; those are not shown\n"},
        {ENOUGH "\"RecipientDomains\":[]", NOTE "it has no recipient domain, so left out\n"},
        {ENOUGH "\"SmartHosts\":[]", BAD "RecipientDomains is missing; expected a list of domains\n"},
        {ENOUGH "\"RecipientDomains\":[\"a.example\",\"b.*.example\"]",
         BAD "RecipientDomains 'b.*.example': a name has letters, digits and inner hyphens only; expected a "
             "domain "
             "such as "
             "contoso.com, or *.contoso.com\n"},
        {ENOUGH "\"RecipientDomains\":[7]", BAD
         "RecipientDomains '7': it has no dot; expected a domain such as contoso.com, or *.contoso.com\n"},
        {ENOUGH DOMAIN "\"Enabled\":false",
         "problem x:1: record 1: Enabled stands there twice; expected each name once\n"},
    };

    (void)state;
    check_rows(rows, sizeof rows / sizeof rows[0]);
}

static void reads_whole_documents(void **state)
{
    static const struct row rows[] = {
        {"{\"value\":[]}", "problem x:1: no record in it; export again with: " ORDER "\n"},
        {"[]", "problem x:1: no record in it; export again with: " ORDER "\n"},
        {"[{\"Name\":\"A\"}, null]",
         "problem x:1: record 1 \"A\": this is no connector, accepted domain or transport rule; expected the "
         "output of: " ORDER "\nproblem x:1: record 2: this is no connector, accepted domain or transport "
         "rule; expected the output of the "
         "command above\n"},
        {"[{\"Name\":\"From\\u001bA\",\"SenderDomains\":[\"smtp:*;1\"]}]",
         "note x:1: inbound connector \"From\\x1bA\": sender domain * is no target's here, so it is shown "
         "beside "
         "none; what a partner sends can't be probed\n"},
        {"{\"SmartHosts\":[]}", "problem x:1: connector 1: it has no Name; expected one, since mxscope tells "
                                "connectors apart by it\n"},
        {"{\"Name\":\"A\",\"SmartHosts\":[],\"Enabled\":\"False\"}", NOTE "disabled, so left out\n"},
        {"{\"Name\":\"A\",\"SmartHosts\":[],\"TestMode\":true}", NOTE "in test mode, so left out\n"},
        {"{\"Name\":\"A\",\"SmartHosts\":[],\"TestMode\":5}",
         BAD "TestMode is \"5\"; expected true or false\n"},
        {"{\"Name\":\"A\"," MX DOMAIN "\"TlsSettings\":null}",
         "a.example none - via MX" FROM NOTE
         "the export does not say Enabled; taken as one that carries mail\n"},
        {"[{\"SmartHosts\":[]},\n{\"Name\":\"\\q\"}]",
         "problem x:1: connector 1: it has no Name; expected one, since mxscope tells connectors apart by "
         "it\n"
         "problem x:2: record 2: not valid JSON in line 2: invalid escape near '\"\\\\q'\n"},
        {"[{\"Name\":\"A\"},\n{\"Name\":\"B\"",
         "problem x:2: not whole JSON: the file ends in the middle; export again with: " ORDER "\n"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(rows[i].fields, rows[i].expected);
}

#define FULL(name, guid, rest)                                                                               \
    "{\"Name\":\"" name "\",\"Guid\":\"" guid "\",\"Enabled\":true,\"TestMode\":false," ENOUGH               \
    "\"RecipientDomains\":[\"a.example\"]" rest "}"

#define TIE                                                                                                  \
    "  remark more than one connector names this domain; which of them mail takes is not documented, so "    \
    "each is judged\n"

static void merges_and_tells_conflicts(void **state)
{
    (void)state;
    check("[" FULL("A", "1", "") "," FULL("A", "1", "") "]", "a.example none - via MX" FROM);
    check("[" FULL("A", "1", "") "," FULL("A", "1", ",\"AllAcceptedDomains\":true") "]",
          "a.example none - via MX" FROM NOTE
          "listed before with the same Guid and other settings; the first is used, this one left out\n");
    check("[" FULL("A", "1", "") "," FULL("B", "2", "") "]",
          "a.example none - via MX" FROM "  or B; x:1, connector 2; exact -\n" TIE
          "a.example none - via MX; B; x:1, connector 2\n  or A; x:1, connector 1; exact -\n" TIE);
    check("[" FULL("A", "", "") "," FULL("A", "", "") "]", "a.example none - via MX" FROM);
    check("[" FULL("A", "", "") ",\n{\"Name\":\"A\",\"Enabled\":true,\"TestMode\":false," MX DOMAIN
                                "\"TlsSettings\":1}]",
          "a.example none - via MX" FROM
          "note x:2: connector \"A\": a.example stands with another requirement or "
          "route at x:1, connector 1; that one is used\n");
}

static void knows_other_inputs(void **state)
{
    static const char table[] = "domain,connector\na.example,Theirs\n";
    struct input input = {0};

    (void)state;
    input_read("t", table, strlen(table), &input);
    input_read("x", FULL("A", "1", ""), strlen(FULL("A", "1", "")), &input);
    input_finish(&input);
    assert_int_equal(input.count, 2);
    assert_int_equal(input.specs[0].other_count, 1);
    assert_string_equal(input.specs[0].others[0].name, "A");
    assert_string_equal(input.specs[1].others[0].name, "Theirs");
    assert_string_equal(input.specs[1].others[0].source, "t:2");
    input_release(&input);
}

#define CONNECTOR(name, domains, rest)                                                                       \
    "{\"Name\":\"" name "\",\"Enabled\":true,\"TestMode\":false," ENOUGH "\"RecipientDomains\":[" domains    \
    "]" rest "}"

/* Domains given by themselves beside connectors: one connector's, a wildcard's, or nobody's. */
static void selects_for_given_domains(void **state)
{
    static const char list[] = "a.example\nmail.b.example\nb.example\nx.y.b.example partner\nc.example\n";
    static const char connectors[] =
        "[" CONNECTOR("A", "\"a.example\"", "") "," CONNECTOR("Below", "\"*.b.example\"", "") "," CONNECTOR(
            "Deeper", "\"*.y.b.example\"", "") "," CONNECTOR("Off", "\"*\"", ",\"x\":1") "]";
    struct input input = {0};
    char *is;

    (void)state;
    input_read("l", list, strlen(list), &input);
    input_read("x", connectors, strlen(connectors), &input);
    input_finish(&input);
    is = told(&input);
    assert_string_equal(
        is, "mail.b.example none - via MX; Below; l:2; connector at x:1, connector 2\n"
            "  wildcard *.b.example\n"
            "  or Off; x:1, connector 4; wildcard *\n"
            "b.example none - via MX; Off; l:3; connector at x:1, connector 4\n"
            "  class opportunistic\n"
            "  wildcard *\n"
            "  or Below; x:1, connector 2; wildcard *.b.example\n"
            "  remark whether *.b.example of connector \"Below\" carries b.example itself is documented both "
            "ways; it "
            "is judged without\n"
            "x.y.b.example none - via MX; Deeper; l:4; connector at x:1, connector 3\n"
            "  wildcard *.y.b.example\n"
            "  or Below; x:1, connector 2; wildcard *.b.example\n"
            "  or Off; x:1, connector 4; wildcard *\n"
            "c.example none - via MX; Off; l:5; connector at x:1, connector 4\n"
            "  class opportunistic\n"
            "  wildcard *\n"
            "a.example none - via MX; A; x:1, connector 1\n"
            "  or Off; x:1, connector 4; wildcard *\n"
            "note l:1: a.example is carried by connector \"A\" (x:1, connector 1) and judged there\n"
            "note x:1: connector \"Below\": *.b.example is a wildcard; of the given domains it carries "
            "mail.b.example\n"
            "note x:1: connector \"Deeper\": *.y.b.example is a wildcard; of the given domains it carries "
            "x.y.b.example\n"
            "note x:1: connector \"Off\": * is a wildcard; of the given domains it carries b.example, "
            "c.example\n");
    free(is);
    input_release(&input);
}

/* Exact before all accepted before wildcard; with costs the cheapest. */
static void selects_as_exchange_does(void **state)
{
    static const char accepted[] = "[{\"DomainName\":\"a.example\",\"DomainType\":\"Authoritative\"},"
                                   "{\"DomainName\":\"b.example\",\"DomainType\":\"Authoritative\"}]";
    static const char connectors[] = "[" CONNECTOR("Every", "", ",\"AllAcceptedDomains\":true") "," CONNECTOR(
        "A", "\"a.example\"", "") "]";
    struct input input = {0};
    char *is;

    (void)state;
    input_read("x", connectors, strlen(connectors), &input);
    input_read("d", accepted, strlen(accepted), &input);
    input_finish(&input);
    is = told(&input);
    assert_string_equal(is, "a.example none - via MX; A; x:1, connector 2\n"
                            "  or Every; x:1, connector 1; all-accepted -\n"
                            "b.example none - via MX; Every; x:1, connector 1\n"
                            "  all-accepted -\n");
    free(is);
    input_release(&input);
}

/* A list that says by which smart host mail goes is not overruled by a wildcard. */
static void a_way_that_was_said_stands(void **state)
{
    static const char table[] = "domain,smart_host\na.example,gw.a.example\n";
    static const char connectors[] = CONNECTOR("All", "\"*\"", "");
    struct input input = {0};
    char *is;

    (void)state;
    input_read("l", table, strlen(table), &input);
    input_read("x", connectors, strlen(connectors), &input);
    input_finish(&input);
    is = told(&input);
    assert_non_null(strstr(is, "a.example encryption - via gw.a.example; -; l:2\n"));
    assert_non_null(strstr(is, "  or All; x:1, connector 1; wildcard *\n"));
    free(is);
    input_release(&input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_it_demands),      cmocka_unit_test(reads_where_mail_goes),
        cmocka_unit_test(reads_whose_mail_it_is),     cmocka_unit_test(reads_whole_documents),
        cmocka_unit_test(selects_for_given_domains),  cmocka_unit_test(selects_as_exchange_does),
        cmocka_unit_test(a_way_that_was_said_stands), cmocka_unit_test(merges_and_tells_conflicts),
        cmocka_unit_test(knows_other_inputs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
