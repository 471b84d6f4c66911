#include "engine/input/input.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLE "data/samples/outbound-connectors.json"

/* What a target has only sometimes, a line each. */
static void tell_rest(const struct target_spec *s, struct buf *out)
{
    size_t i;

    if (s->match != MATCH_EXACT)
        buf_printf(out, "  %s %s\n", connector_match_name(s->match), s->pattern ? s->pattern : "-");
    for (i = 0; i < s->other_count; i++)
        buf_printf(out, "  or %s; %s; %s %s\n", s->others[i].name, s->others[i].source,
                   connector_match_name(s->others[i].match), s->others[i].pattern ? s->others[i].pattern : "-");
    for (i = 0; i < s->inbound_count; i++)
        buf_printf(out, "  from %s: %s;%s%s%s%s %s; %s\n", s->inbound[i].connector, s->inbound[i].sender_domain,
                   s->inbound[i].require_tls ? " tls" : "", s->inbound[i].by_certificate ? " certificate" : "",
                   s->inbound[i].by_address ? " address" : "", s->inbound[i].mutual ? " mutual" : "",
                   s->inbound[i].certificate_name ? s->inbound[i].certificate_name : "-", s->inbound[i].source);
    for (i = 0; i < s->remarks.count; i++)
        buf_printf(out, "  remark %s\n", s->remarks.items[i]);
    if (s->never_tls)
        buf_add_string(out, "  never tls\n");
}

/* What was read, a line each: targets, then "note …", then "problem …". */
static char *told(const struct input *input)
{
    struct buf out;
    size_t i, h;

    buf_init(&out, 0);
    for (i = 0; i < input->count; i++) {
        const struct target_spec *s = &input->specs[i];

        assert_int_equal(s->name_rule, NAME_RULE_EXCHANGE);
        assert_int_equal(s->protocol, PROTOCOL_SMTP);
        assert_false(s->is_endpoint);
        buf_printf(&out, "%s %s %s via", s->domain, requirement_name(s->requirement),
                   s->tls_domain ? s->tls_domain : "-");
        for (h = 0; h < s->host_count; h++)
            buf_printf(&out, " %s%s", s->hosts[h].host, s->hosts[h].literal ? "(address)" : "");
        buf_printf(&out, "%s; %s; %s\n", s->host_count ? "" : " MX", s->connector ? s->connector : "-", s->source);
        tell_rest(s, &out);
    }
    for (i = 0; i < input->notes.count; i++)
        buf_printf(&out, "note %s\n", input->notes.items[i]);
    for (i = 0; i < input->problem_count; i++)
        buf_printf(&out, "problem %s\n", input->problems[i].message);
    return buf_take_string(&out);
}

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
         "a.example encryption - via MX" FROM NOTE
         "SmtpDaneMode is Mandatory: it demands more than is judged here\n"},
        {MX DOMAIN "\"TlsSettings\":4",
         BAD "TlsSettings is 4; expected null, EncryptionOnly, CertificateValidation or DomainValidation\n"},
        {MX DOMAIN "\"TlsSettings\":true", BAD
         "TlsSettings is true; expected null, EncryptionOnly, CertificateValidation or DomainValidation\n"},
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
        {SMART "\"SmartHosts\":\"System.Object[]\"",
         BAD "SmartHosts is \"System.Object[]\"; expected a list of texts (ConvertTo-Json needs -Depth 4)\n"},
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
         "recipient domain * is a wildcard that names no domain to probe, so left out\n" NOTE
         "recipient domain *.a.example is a wildcard that names no domain to probe, so left out\n"},
        {ENOUGH "\"RecipientDomains\":[],\"IsTransportRuleScoped\":true", NOTE
         "a transport rule chooses it and Get-TransportRule knows its domains, so left out; name them as "
         "partners\n"},
        {ENOUGH "\"IsTransportRuleScoped\":true", NOTE
         "a transport rule chooses it and Get-TransportRule knows its domains, so left out; name them as "
         "partners\n"},
        {ENOUGH "\"RecipientDomains\":null,\"AllAcceptedDomains\":\"True\"",
         NOTE "it carries all accepted domains, which Get-AcceptedDomain knows, so left out; name them as "
              "partners\n"},
        {ENOUGH DOMAIN "\"AllAcceptedDomains\":true",
         "a.example none - via MX" FROM NOTE "it carries all accepted domains too; those are not shown\n"},
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
        {ENOUGH "\"RecipientDomains\":[7]",
         BAD "RecipientDomains is 7; expected a list of texts (ConvertTo-Json needs -Depth 4)\n"},
        {ENOUGH DOMAIN "\"Enabled\":false",
         "problem x:1: connector 1: not valid JSON in line 1: duplicate object key "
         "near '\"Enabled\"'\n"},
    };

    (void)state;
    check_rows(rows, sizeof rows / sizeof rows[0]);
}

#define ORDER(say)                                                                                           \
    "; expected the JSON of: $c = @(Get-OutboundConnector -ResultSize Unlimited) + @(Get-OutboundConnector " \
    "-IncludeTestModeConnectors $true) + @(Get-OutboundConnector -IsTransportRuleScoped $true); "            \
    "ConvertTo-Json "                                                                                        \
    "-InputObject $c -Depth 4 | Out-File -Encoding utf8 outbound.json" say

static void reads_whole_documents(void **state)
{
    static const struct row rows[] = {
        {"{\"value\":[]}", "problem x: no connector in it" ORDER("\n")},
        {"[]", "problem x: no connector in it" ORDER("\n")},
        {"[{\"Name\":\"A\"}, null]", "problem x:1: connector 1: this is no outbound connector" ORDER("\n") //
         "problem x:1: connector 2: this is no outbound connector\n"},
        {"\n{\"AddressSpaces\":[],\"SmartHosts\":[]}",
         "problem x:2: connector 1: a send connector of Exchange Server, which is not read yet" ORDER("\n")},
        {"[{\"Name\":\"From\\u001bA\",\"SenderDomains\":[\"smtp:*;1\"]}]",
         "note x:1: connector \"From\\x1bA\": inbound: what a partner sends with can't be probed, so left "
         "out\n"},
        {"{\"SmartHosts\":[]}", "problem x:1: connector 1: it has no Name; expected one, since mxscope tells "
                                "connectors apart by it\n"},
        {"{\"Name\":\"A\",\"SmartHosts\":[],\"Enabled\":\"False\"}", NOTE "disabled, so left out\n"},
        {"{\"Name\":\"A\",\"SmartHosts\":[],\"TestMode\":true}", NOTE "in test mode, so left out\n"},
        {"{\"Name\":\"A\",\"SmartHosts\":[],\"TestMode\":5}", BAD "TestMode is 5; expected true or false\n"},
        {"{\"Name\":\"A\"," MX DOMAIN "\"TlsSettings\":null}",
         "a.example none - via MX" FROM NOTE
         "the export does not say Enabled; taken as one that carries mail\n"},
        {"[{\"SmartHosts\":[]},\n{\"Name\":\"\\q\"}]",
         "problem x:1: connector 1: it has no Name; expected one, since mxscope tells connectors apart by "
         "it\n"
         "problem x:2: connector 2: not valid JSON in line 2: invalid escape near '\"\\\\q'\n"},
        {"[{\"Name\":\"A\"},\n{\"Name\":\"B\"",
         "problem x:2: not whole JSON: the file ends in the middle" ORDER("\n")},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(rows[i].fields, rows[i].expected);
}

#define FULL(name, guid, rest)                                                                               \
    "{\"Name\":\"" name "\",\"Guid\":\"" guid "\",\"Enabled\":true,\"TestMode\":false," ENOUGH               \
    "\"RecipientDomains\":[\"a.example\"]" rest "}"

static void merges_and_tells_conflicts(void **state)
{
    (void)state;
    check("[" FULL("A", "1", "") "," FULL("A", "1", "") "]", "a.example none - via MX" FROM);
    check("[" FULL("A", "1", "") "," FULL("A", "1", ",\"AllAcceptedDomains\":true") "]",
          "a.example none - via MX" FROM NOTE
          "listed before with the same Guid and other settings; the first is used, this one left out\n");
    check("[" FULL("A", "1", "") "," FULL("B", "2", "") "]",
          "a.example none - via MX" FROM "a.example none - via MX; B; x:1, connector 2\n"
          "note x:1: connector \"B\": a.example has connector \"A\" too (x:1, connector 1); mail takes one "
          "of them, "
          "both are judged\n");
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
    assert_int_equal(input.notes.count, 1);
    assert_non_null(strstr(input.notes.items[0], "a.example has connector \"Theirs\" too (t:2)"));
    input_release(&input);
}

static void read_sample(struct buf *bytes)
{
    FILE *file = fopen(SAMPLE, "rb");
    char chunk[4096];
    size_t got;

    assert_non_null(file);
    buf_init(bytes, 0);
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0)
        buf_add(bytes, chunk, got);
    fclose(file);
}

static const char sample_says[] =
    "fabrikam.example name gw.fabrikam.example via gw.fabrikam.example; To Fabrikam; x:2, connector 1\n"
    "contoso.example name *.contoso.example via MX; To Contoso; x:36, connector 2\n"
    "litware.example encryption - via MX; To Litware, \"both\" names; x:66, connector 3\n"
    "cpandl.example encryption - via MX; To Litware, \"both\" names; x:66, connector 3\n"
    "northwindtraders.example chain - via MX; To Northwind Traders; x:97, connector 4\n"
    "wingtiptoys.example none - via MX; To Wingtip Toys; x:127, connector 5\n"
    "adatum.example chain - via 127.77.2.3(address); To A. Datum; x:155, connector 6\n"
    "litware.example none - via MX; To Litware (second); x:339, connector 12\n"
    "note x:97: connector \"To Northwind Traders\": SmtpDaneMode is Mandatory: it demands more than is "
    "judged here\n"
    "note x:155: connector \"To A. Datum\": smart host 192.0.2.0/24 is a network, not a host, so left out\n"
    "note x:155: connector \"To A. Datum\": recipient domain *.adatum.example is a wildcard that names no "
    "domain to probe, so left out\n"
    "note x:189: connector \"To Fabrikam (old)\": disabled, so left out\n"
    "note x:219: connector \"Everything else\": recipient domain * is a wildcard that names no domain to "
    "probe, so left out\n"
    "note x:251: connector \"Encrypt by rule\": a transport rule chooses it and Get-TransportRule knows its "
    "domains, so left out; name them as partners\n"
    "note x:279: connector \"Hybrid\": it carries all accepted domains, which Get-AcceptedDomain knows, so "
    "left out; name them as partners\n"
    "note x:309: connector \"To Tailspin Toys (trial)\": in test mode, so left out\n"
    "note x:339: connector \"To Litware (second)\": litware.example has connector \"To Litware, \"both\" "
    "names\" too (x:66, connector 3); mail takes one of them, both are judged\n";

static void reads_the_sample(void **state)
{
    struct buf bytes;

    (void)state;
    read_sample(&bytes);
    check(buf_string(&bytes), sample_says);
    buf_release(&bytes);
}

static void reads_the_sample_in_utf16(void **state)
{
    struct input input = {0};
    struct buf bytes, wide;
    size_t i;
    char *is;

    (void)state;
    read_sample(&bytes);
    buf_init(&wide, 0);
    buf_add(&wide, "\xff\xfe", 2);
    for (i = 0; i < bytes.length; i++) {
        if (bytes.bytes[i] == '\n')
            buf_add(&wide, "\r", 2);
        buf_u8(&wide, bytes.bytes[i]);
        buf_u8(&wide, 0);
    }
    input_read("x", wide.bytes, wide.length, &input);
    input_finish(&input);
    is = told(&input);
    assert_string_equal(is, sample_says);
    free(is);
    input_release(&input);
    buf_release(&wide);
    buf_release(&bytes);
}

/* Whatever is missing, nothing is probed and one error says so. */
static void refuses_every_cut(void **state)
{
    struct buf bytes;
    size_t length;

    (void)state;
    read_sample(&bytes);
    for (length = 1; length < bytes.length - 1; length++) {
        struct input input = {0};

        input_read("cut", bytes.bytes, length, &input);
        input_finish(&input);
        assert_int_equal(input.count, 0);
        assert_int_equal(input.notes.count, 0);
        assert_int_equal(input.problem_count, 1);
        assert_non_null(strstr(input.problems[0].message, "not whole JSON: the file ends in the middle"));
        input_release(&input);
    }
    buf_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_it_demands),      cmocka_unit_test(reads_where_mail_goes),
        cmocka_unit_test(reads_whose_mail_it_is),     cmocka_unit_test(reads_whole_documents),
        cmocka_unit_test(merges_and_tells_conflicts), cmocka_unit_test(knows_other_inputs),
        cmocka_unit_test(reads_the_sample),           cmocka_unit_test(reads_the_sample_in_utf16),
        cmocka_unit_test(refuses_every_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
