#include "engine/input/export_csv.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"
#include "engine/input/record_told.h"

#include <stdlib.h>
#include <string.h>

#define SAMPLE "data/samples/outbound-connectors.csv"

static void check(const char *text, const char *expected)
{
    char *told = record_told(export_csv_read, text, NULL);

    assert_string_equal(told, expected);
    free(told);
}

static void tells_exports_from_others(void **state)
{
    (void)state;
    assert_true(export_csv_detect("#TYPE System.Object[]\r\n\"Length\"\r\n"));
    assert_true(export_csv_detect("\"Name\",\"RecipientDomains\"\n"));
    assert_true(export_csv_detect("\r\n\"Comment\";\"Identity\";\"Guid\"\r\n"));
    assert_true(export_csv_detect("tlsdomain\trecipientdomains\n"));
    assert_true(export_csv_detect("DomainName,DomainType"));
    assert_false(export_csv_detect("domain,class,Name,Identity\n"));
    assert_false(export_csv_detect("#TYPE Selected\n\"Domain\",\"Name\",\"Enabled\"\n"));
    assert_false(export_csv_detect("Port,Mode\n"));
    assert_false(export_csv_detect("Name,age\n"));
    assert_false(export_csv_detect("contoso.com\nfabrikam.com partner\n"));
    assert_false(export_csv_detect("Name RecipientDomains\n"));
    assert_false(export_csv_detect("Name : x\nEnabled : True\n"));
    assert_false(export_csv_detect("[{\"Name\":\"a\",\"Identity\":\"b\"}]"));
    assert_false(export_csv_detect(""));
}

static void reads_cells(void **state)
{
    (void)state;
    check("Name,RecipientDomains\nA,a.example\n", "record 2:1 Name=A RecipientDomains=a.example\n");
    check("\"RECIPIENTDOMAINS\",\"name\"\r\n\"a.example, b.example\",\"A\"\r\n",
          "record 2:1 RECIPIENTDOMAINS=a.example, b.example name=A\n");
    check("#TYPE X\n\nName;Other;TlsDomain\n\"A;\"\"B\";x;\n\n;;\nC;;d.example\n",
          "record 4:1 Name=A;\"B TlsDomain=-\nrecord 7:2 Name=C TlsDomain=d.example\n");
    check("Name\tSmartHosts\nA\tSystem.Object[]\nB\tMicrosoft.Exchange.Data.MultiValuedProperty`1[System."
          "String]\n",
          "record 2:1 Name=A SmartHosts=?System.Object[]\n"
          "record 3:2 Name=B SmartHosts=?Microsoft.Exchange.Data.MultiValuedProperty`1[System.String]\n");
    check("Comment,Name,Enabled\n\"1\r\n\r\n2\",A,True\n\"3\",\"B\r\nC\",False\n",
          "record 2:1 Name=A Enabled=True\nrecord 5:2 Name=B\r\nC Enabled=False\n");
    check("Name,Enabled,\nA,True,\n", "record 2:1 Name=A Enabled=True\n");
}

static void names_what_is_wrong(void **state)
{
    (void)state;
    check("Name,Enabled\nA\nB,True,x\nC,True\n", "problem 2:1 expected 2 cells as in the header, got 1\n"
                                                 "problem 3:2 expected 2 cells as in the header, got 3\n"
                                                 "record 4:3 Name=C Enabled=True\n");
    check("Name,Enabled\nA,True\nB,\"True\n\n",
          "record 2:1 Name=A Enabled=True\n"
          "problem 3:0 a quote is not closed or opens within a cell; expected CSV as Export-Csv writes it\n");
    check("Name,Enabled\nA,Tr\"ue\nB,True\n",
          "problem 2:0 a quote is not closed or opens within a cell; expected CSV as Export-Csv writes it\n");
    check("Name,Enabled\r\"x\"y\n",
          "problem 1:0 a quote is not closed or opens within a cell; expected CSV as Export-Csv writes it\n");
    check("Name,Enabled,name\nA,True,B\n",
          "problem 1:0 column 'name' stands twice in the header; expected each name once\n");
    check("\nName,\"E\x1b\",\"e\x1b\"\nA,True,B\n",
          "problem 2:0 column 'e\\x1b' stands twice in the header; expected each name once\n");
    check("Name,Enabled\n", "problem 0:0 no record in it\n");
    check("#TYPE X", "problem 0:0 no record in it\n");
    check("", "problem 0:0 no record in it\n");
}

static void takes_a_last_line_without_end_only_when_it_is_whole(void **state)
{
    static const char early[] =
        "problem 2:1 the file ends within a line; expected the whole output of Export-Csv\n";

    (void)state;
    check("Name,TlsDomain\nA,gw.a.exa", early);
    check("Name,TlsDomain\nA,", early);
    check("Name,TlsDomain\nA,\"gw.a.example\"", "record 2:1 Name=A TlsDomain=gw.a.example\n");
    check("Name,TlsDomain\nA,gw.a.example\r", "record 2:1 Name=A TlsDomain=gw.a.example\n");
    check("TlsDomain,Name\na,\"A \"", early);
    check("Name,IsValid\nA,Tr", "record 2:1 Name=A\n");
}

static void bounds_columns(void **state)
{
    char text[4096];

    (void)state;
    memset(text, ',', 1000);
    strcpy(text + 1000, "\nx\n");
    check(text, "problem 1:0 the header has 1001 columns; expected at most 1000\n");
}

static void reads_the_sample(void **state)
{
    static const char *const names[] = {"Name",        "RecipientDomains", "UseMXRecord", "SmartHosts",
                                        "TlsSettings", "TlsDomain",        NULL};
    char *text = record_sample(SAMPLE), *told;

    (void)state;
    assert_non_null(text);
    assert_true(export_csv_detect(text));
    told = record_told(export_csv_read, text, names);
    assert_string_equal(
        told,
        "record 3:1 Name=To Fabrikam RecipientDomains=fabrikam.example UseMXRecord=False "
        "SmartHosts=gw.fabrikam.example TlsSettings=DomainValidation TlsDomain=gw.fabrikam.example\n"
        "record 4:2 Name=To Contoso RecipientDomains=contoso.example UseMXRecord=True SmartHosts=- "
        "TlsSettings=DomainValidation TlsDomain=*.contoso.example\n"
        "record 6:3 Name=To Litware, \"both\" names RecipientDomains=litware.example, cpandl.example "
        "UseMXRecord=True SmartHosts=- TlsSettings=EncryptionOnly TlsDomain=-\n"
        "record 7:4 Name=To Northwind Traders RecipientDomains=?System.Collections.ArrayList "
        "UseMXRecord=True SmartHosts=- TlsSettings=CertificateValidation TlsDomain=-\n"
        "record 8:5 Name=To Wingtip Toys RecipientDomains=wingtiptoys.example UseMXRecord=True SmartHosts=- "
        "TlsSettings=- TlsDomain=-\n"
        "record 9:6 Name=To A. Datum RecipientDomains=adatum.example *.adatum.example UseMXRecord=False "
        "SmartHosts=[127.77.2.3] 192.0.2.0/24 TlsSettings=CertificateValidation TlsDomain=-\n"
        "record 10:7 Name=To Fabrikam (old) RecipientDomains=fabrikam.example UseMXRecord=True SmartHosts=- "
        "TlsSettings=- TlsDomain=-\n"
        "record 11:8 Name=Everything else RecipientDomains=* UseMXRecord=False "
        "SmartHosts=relay.contoso.example TlsSettings=- TlsDomain=-\n"
        "record 12:9 Name=Encrypt by rule RecipientDomains=- UseMXRecord=True SmartHosts=- "
        "TlsSettings=EncryptionOnly TlsDomain=-\n"
        "record 13:10 Name=Hybrid RecipientDomains=- UseMXRecord=False SmartHosts=onprem.contoso.example "
        "TlsSettings=DomainValidation TlsDomain=mail.contoso.example\n"
        "record 14:11 Name=To Tailspin Toys (trial) RecipientDomains=tailspintoys.example UseMXRecord=True "
        "SmartHosts=- TlsSettings=EncryptionOnly TlsDomain=-\n"
        "record 15:12 Name=To Litware (second) RecipientDomains=litware.example UseMXRecord=True "
        "SmartHosts=- "
        "TlsSettings=- TlsDomain=-\n"
        "record 16:13 Name=Encrypt by rule RecipientDomains=- UseMXRecord=True SmartHosts=- "
        "TlsSettings=EncryptionOnly TlsDomain=-\n");
    free(told);
    free(text);
}

/* Behind a record, or in its last cell, which nobody reads. */
static bool is_behind_record(const char *text, size_t cut)
{
    size_t rest = strcspn(text + cut, "\n");

    if (cut && text[cut - 1] == '\n')
        return true;
    return cut && rest <= strlen("\"True\"\r") && memchr(text + cut, ',', rest) == NULL;
}

static void check_cuts(const char *text)
{
    char *bad = record_bad_cut(export_csv_read, text, is_behind_record);

    if (bad)
        fail_msg("%s", bad);
}

static void never_believes_half_a_file(void **state)
{
    char *text = record_sample(SAMPLE);

    (void)state;
    assert_non_null(text);
    *(strstr(text, "\"To Northwind")) = 0;
    check_cuts(text);
    free(text);
    check_cuts("Name,TlsSettings,TlsDomain\nA,EncryptionOnly,gw.a.example\nB,,gw.b.example\n");
    check_cuts("\"TlsDomain\",\"Name\"\n\"gw.a.example\",\"A \"\"B\"\" C\"\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_exports_from_others),
        cmocka_unit_test(reads_cells),
        cmocka_unit_test(names_what_is_wrong),
        cmocka_unit_test(takes_a_last_line_without_end_only_when_it_is_whole),
        cmocka_unit_test(bounds_columns),
        cmocka_unit_test(reads_the_sample),
        cmocka_unit_test(never_believes_half_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
