#include "engine/input/format_list.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"
#include "engine/input/record_told.h"

#include <stdlib.h>
#include <string.h>

#define SAMPLE "data/samples/outbound-connectors-list.txt"

static void check(const char *text, const char *expected)
{
    char *told = record_told(format_list_read, text, NULL);

    assert_string_equal(told, expected);
    free(told);
}

static void tells_lists_from_others(void **state)
{
    (void)state;
    assert_true(format_list_detect("\r\n\r\nName    : A\r\nEnabled : True\r\n"));
    assert_true(format_list_detect("Comment : x\n          y\nName    :\nEnabled : True\n"));
    assert_true(format_list_detect("PS C:\\> Get-OutboundConnector | fl\n\nName    : A\nEnabled : True\n"));
    assert_true(
        format_list_detect("WARNING: The output doesn't include\nconnectors.\nName : A\nState : x\n"));
    assert_true(format_list_detect("AVERTISSEMENT : La sortie\nest courte.\n\nName : A\nState : x\n"));
    assert_false(format_list_detect("contoso.com\nName : A\nEnabled : True\n"));
    assert_false(format_list_detect("Name : A\nAge  : 7\n\nEnabled : True\n"));
    assert_false(format_list_detect("Name : A\nEnabled: True\n"));
    assert_false(format_list_detect("Name,Enabled\nA : b,c\n"));
    assert_false(format_list_detect("contoso.com encrypt\nfabrikam.com\n"));
    assert_false(format_list_detect("\n\n"));
    assert_false(format_list_detect(""));
}

static void knows_tables(void **state)
{
    (void)state;
    assert_true(format_table_detect("\r\nName        RecipientDomains Enabled\r\n"
                                    "----        ---------------- -------\r\n"
                                    "To Contoso  {contoso.com}    True\r\n"));
    assert_true(format_table_detect("PS C:\\> Get-OutboundConnector\nName Port\n---- ----\n"));
    assert_false(format_table_detect("Name Age\n---- ---\n"));
    assert_false(format_table_detect("Name Port\n--- - ----\n"));
    assert_false(format_table_detect("Name Port\n---- x\n"));
    assert_false(format_table_detect("Name Port"));
    assert_false(format_table_detect("Name : A\nEnabled : True\n"));
    assert_false(format_table_detect(""));
}

static void reads_values(void **state)
{
    (void)state;
    check("Name      : A : b\nOther     : x\nEnabled   :\nTlsDomain : \nState     : True\n",
          "record 1:1 Name=A : b Enabled=- TlsDomain=- State=True\n");
    check("Name : A\nSmartHosts : {}\nRecipientDomains : {a.example, *.a.example}\n",
          "record 1:1 Name=A SmartHosts=[] RecipientDomains=[a.example|*.a.example]\n");
    check("Name : A\nSmartHosts : {a.example...}\nRecipientDomains : {a, b, c, d\xe2\x80\xa6}\n",
          "record 1:1 Name=A SmartHosts=[a.example|... RecipientDomains=[a|b|c|d|...\n");
    check("Name : A\nSmartHosts : {...}\nRecipientDomains : {a, ...}\n",
          "record 1:1 Name=A SmartHosts=[|... RecipientDomains=[a|...\n");
    check("Name : A\nSmartHosts : System.Object[]\n", "record 1:1 Name=A SmartHosts=?System.Object[]\n");
}

static void parts_records(void **state)
{
    (void)state;
    check("Name : A\nPort : 1\n\n\nName : B\nPort : 2\n",
          "record 1:1 Name=A Port=1\nrecord 5:2 Name=B Port=2\n");
    check("Name : A\nPort : 1\nname : B\nPort : 2\n\n",
          "record 1:1 Name=A Port=1\nrecord 3:2 name=B Port=2\n");
    check("Name : A\nNote : long\n\n       y\n       \nPort : 1\n", "record 1:1 Name=A Port=1\n");
    check("Name : A\nPort : 1\n\nDomainName : b\nState      : x\n",
          "record 1:1 Name=A Port=1\nrecord 4:2 DomainName=b State=x\n");
}

#define WIDE "Comment : 0123456789012345678901234567\n"

static void joins_wrapped_values(void **state)
{
    (void)state;
    check("Name : A\nRecipientDomains : {a.example,\n                   b.example, \n"
          "                   c.exam\n                   ple}\n",
          "record 1:1 Name=A RecipientDomains=[a.example|b.example|c.example]\n");
    check("Name : A\nSmartHosts : {a-\n             b.example, c...\n             }\n",
          "record 1:1 Name=A SmartHosts=[a-b.example|c|...\n");
    check(WIDE "Name    : To Contoso \n          and others\nPort    : 1\n",
          "record 1:1 Name=To Contoso and others Port=1\n");
    check(WIDE "Name    : To Contoso\n          and others\nPort    : 1\n",
          "record 1:1 Name=To Contoso and others Port=1\n");
    check(WIDE "Name    : 0123456789012345678901234567\n          89\nPort    : 1\n",
          "record 1:1 Name=012345678901234567890123456789 Port=1\n");
    check(WIDE "Name    : adventure-\n          works\nPort    : 1\n",
          "record 1:1 Name=adventure-works Port=1\n");
}

static void passes_over_the_console(void **state)
{
    (void)state;
    check(
        "PS C:\\> Get-OutboundConnector | fl Name,Port\nWARNING: some\nare missing\n\nName : A\nPort : 1\n\n"
        "WARNING: more\nPS C:\\> Get-OutboundConnector | fl\n\nName : B\nPort : 2\n\nPS C:\\>",
        "record 5:1 Name=A Port=1\nrecord 11:2 Name=B Port=2\n");
    check("AVERTISSEMENT : La sortie\nest courte.\n\nName : A\nPort : 1\n\nAVERTISSEMENT : x\ny\n\n",
          "record 4:1 Name=A Port=1\n");
}

static void names_what_is_wrong(void **state)
{
    (void)state;
    check("Name : A\nSmartHosts : {a.example, *.b\n\nName : B\nSmartHosts : {}\n",
          "problem 2:1 SmartHosts begins with { and does not end with }; expected the whole list\n"
          "record 4:2 Name=B SmartHosts=[]\n");
    check("Name : A\nPort : 1\nanything\n\nName : B\nPort : 1\n",
          "problem 3:1 this line is neither \"Name : value\" nor the rest of a value; expected the output of "
          "Format-List\nrecord 5:2 Name=B Port=1\n");
    check("Name : A\nPort : 1\n 2\n",
          "problem 3:1 this line is neither \"Name : value\" nor the rest of a value; expected the output of "
          "Format-List\n");
    check(
        "Name : A\nPort : 1\n\ncontoso.com\nName : B\n",
        "record 1:1 Name=A Port=1\nproblem 4:0 expected a line \"Name : value\" as Format-List writes it\n");
    check("contoso.com\n", "problem 0:0 no record in it\n");
    check("", "problem 0:0 no record in it\n");
}

static void sees_that_a_file_is_cut(void **state)
{
    (void)state;
    check("Name : A\nPort : 1\n\nName : B\nPort : 2",
          "record 1:1 Name=A Port=1\n"
          "problem 5:2 the file ends within a line; expected the whole output of Format-List\n");
    check("Name : A\nPort : 1\nMode : x\n\nName : B\nPort : 2\n",
          "record 1:1 Name=A Port=1 Mode=x\n"
          "problem 6:2 it has 2 properties, the record before it 3; the file is cut short\n");
    check("Host : x\nName : A\n\nHost : x\n", "record 1:1 Name=A\nproblem 4:2 it has 1 properties, the "
                                              "record before it 2; the file is cut short\n");
    check("\nName : A\nPort : 1\n", "problem 3:1 no empty line follows it, as one does in the output of "
                                    "Format-List; the file is cut short\n");
    check("Name : To \n",
          "problem 1:1 no empty line follows it, as one does in the output of Format-List; the "
          "file is cut short\n");
}

static void bounds_properties(void **state)
{
    struct buf text;
    int i;

    (void)state;
    buf_init(&text, 0);
    for (i = 0; i < 501; i++)
        buf_printf(&text, "P%d : x\n", i);
    check(buf_string(&text), "problem 501:1 it has more than 500 properties\n");
    buf_release(&text);
}

static void reads_the_sample(void **state)
{
    static const char *const names[] = {"Name",        "RecipientDomains", "UseMXRecord", "SmartHosts",
                                        "TlsSettings", "TlsDomain",        NULL};
    char *text = record_sample(SAMPLE), *told;

    (void)state;
    assert_non_null(text);
    assert_true(format_list_detect(text));
    told = record_told(format_list_read, text, names);
    assert_string_equal(
        told,
        "record 3:1 Name=To Fabrikam RecipientDomains=[fabrikam.example] UseMXRecord=False "
        "SmartHosts=[gw.fabrikam.example] TlsSettings=DomainValidation TlsDomain=gw.fabrikam.example\n"
        "record 30:2 Name=To Contoso RecipientDomains=[contoso.example] UseMXRecord=True SmartHosts=[] "
        "TlsSettings=DomainValidation TlsDomain=*.contoso.example\n"
        "record 59:3 Name=To Litware, \"both\" names "
        "RecipientDomains=[litware.example|cpandl.example|lucernepublishing.example] UseMXRecord=True "
        "SmartHosts=[] TlsSettings=EncryptionOnly TlsDomain=-\n"
        "record 87:4 Name=To Northwind Traders RecipientDomains=[northwindtraders.example] UseMXRecord=True "
        "SmartHosts=[] TlsSettings=CertificateValidation TlsDomain=-\n"
        "record 114:5 Name=To Wingtip Toys "
        "RecipientDomains=[wingtiptoys.example|adventure-works.example|alpineskihouse.example|woodgrovebank."
        "example|... UseMXRecord=True SmartHosts=[] TlsSettings=- TlsDomain=-\n"
        "record 143:6 Name=To A. Datum RecipientDomains=[adatum.example|*.adatum.example] UseMXRecord=False "
        "SmartHosts=[[127.77.2.3]|192.0.2.0/24] TlsSettings=CertificateValidation TlsDomain=-\n"
        "record 170:7 Name=To Fabrikam (old) RecipientDomains=[fabrikam.example] UseMXRecord=True "
        "SmartHosts=[] TlsSettings=- TlsDomain=-\n"
        "record 197:8 Name=Everything else RecipientDomains=[*] UseMXRecord=False "
        "SmartHosts=[relay.contoso.example] TlsSettings=- TlsDomain=-\n"
        "record 224:9 Name=Encrypt by rule RecipientDomains=[] UseMXRecord=True SmartHosts=[] "
        "TlsSettings=EncryptionOnly TlsDomain=-\n"
        "record 251:10 Name=Hybrid RecipientDomains=[] UseMXRecord=False SmartHosts=[onprem.contoso.example] "
        "TlsSettings=DomainValidation TlsDomain=mail.contoso.example\n"
        "record 278:11 Name=To Tailspin Toys (trial) RecipientDomains=[tailspintoys.example] "
        "UseMXRecord=True SmartHosts=[] TlsSettings=EncryptionOnly TlsDomain=-\n"
        "record 305:12 Name=To Litware (second) RecipientDomains=[litware.example] UseMXRecord=True "
        "SmartHosts=[] TlsSettings=- TlsDomain=-\n"
        "record 332:13 Name=Encrypt by rule RecipientDomains=[] UseMXRecord=True SmartHosts=[] "
        "TlsSettings=EncryptionOnly TlsDomain=-\n");
    free(told);
    free(text);
}

/* Among empty lines, or where one is to follow. */
static bool is_between_records(const char *text, size_t cut)
{
    size_t ends = strspn(text + cut, "\r\n"), before = cut;

    while (before && strchr("\r\n", text[before - 1]))
        before--;
    return before && ends + cut - before >= 4;
}

static void never_believes_half_a_file(void **state)
{
    char *text = record_sample(SAMPLE), *bad, *fourth;

    (void)state;
    assert_non_null(text);
    fourth = strstr(strstr(text, "To Litware"), "\r\n\r\n");
    strcpy(fourth, "\r\n\r\n");
    bad = record_bad_cut(format_list_read, text, is_between_records);
    if (bad)
        fail_msg("%s", bad);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_lists_from_others),
        cmocka_unit_test(knows_tables),
        cmocka_unit_test(reads_values),
        cmocka_unit_test(parts_records),
        cmocka_unit_test(joins_wrapped_values),
        cmocka_unit_test(passes_over_the_console),
        cmocka_unit_test(names_what_is_wrong),
        cmocka_unit_test(sees_that_a_file_is_cut),
        cmocka_unit_test(bounds_properties),
        cmocka_unit_test(reads_the_sample),
        cmocka_unit_test(never_believes_half_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
