#include "engine/input/clixml.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/input/record_told.h"

#include <stdlib.h>
#include <string.h>

#define SAMPLE "data/samples/outbound-connectors.xml"

#define OBJS "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\n"

static void check(const char *text, const char *expected)
{
    char *told = record_told(clixml_read, text, NULL);

    assert_string_equal(told, expected);
    free(told);
}

/* The elements below Objs, which begins in line 1; they in line 2. */
static void check_objs(const char *elements, const char *expected)
{
    char *text = mem_format(OBJS "%s</Objs>", elements);

    check(text, expected);
    free(text);
}

static void check_props(const char *properties, const char *expected)
{
    char *elements = mem_format("<Obj RefId=\"0\"><ToString>x</ToString><Props>%s</Props></Obj>", properties);
    char *told = mem_format("record 2:1%s\n", expected);

    check_objs(elements, told);
    free(elements);
    free(told);
}

static void tells_clixml_from_others(void **state)
{
    (void)state;
    assert_true(clixml_detect("<Objs>"));
    assert_true(
        clixml_detect("\r\n<?xml version=\"1.0\" encoding=\"utf-16\"?>\n<!-- x --> <!-- y -->\n<Objs a"));
    assert_true(clixml_detect("<!DOCTYPE Objs [\n"));
    assert_false(clixml_detect("<Objsx>"));
    assert_false(clixml_detect("<html>"));
    assert_false(clixml_detect("<?xml"));
    assert_false(clixml_detect("contoso.com"));
    assert_false(clixml_detect(""));
}

static void reads_scalars(void **state)
{
    (void)state;
    check_props(
        "<S N=\"Name\">A &amp; B</S><B N=\"Enabled\">true</B><I32 N=\"Port\">25</I32><Nil N=\"TlsDomain\" />"
        "<G N=\"Guid\">0a</G><S N=\"State\"></S><URI N=\"Other\">x</URI><S>y</S>",
        " Name=A & B Enabled=true Port=25 TlsDomain=- Guid=0a State=-");
    check_props("<S N=\"Name\">a_x000A_b_x005F_x_xD83D__xDE00__xD83D_ _x0000_ _x00e4__x00zz_</S>",
                " Name=a\nb_x\xf0\x9f\x98\x80_xD83D_ _x0000_ \xc3\xa4_x00zz_");
    check_props("<S N=\"name\">a</S><S N=\"Name\">b</S><S N=\"SmartHosts\">System.Object[]</S>",
                " name=a SmartHosts=?System.Object[]");
}

static void reads_objects(void **state)
{
    (void)state;
    check_props("<Obj N=\"TlsAuthLevel\" RefId=\"5\"><TNRef RefId=\"2\" /><ToString>CertificateValidation"
                "</ToString><I32>2</I32></Obj>",
                " TlsAuthLevel=CertificateValidation");
    check_props("<Obj N=\"Port\" RefId=\"5\"><I32>2</I32><MS><S N=\"Name\">x</S></MS></Obj>", " Port=2");
    check_props("<Obj N=\"Port\" RefId=\"5\"><I32>2</I32><ToString>two</ToString></Obj>", " Port=two");
    check_props("<Obj N=\"SmartHosts\" RefId=\"5\"><ToString>a</ToString><LST /></Obj>", " SmartHosts=[]");
    check_props("<Obj N=\"SmartHosts\" RefId=\"5\"><LST><S>a</S><Nil /><S>b</S></LST></Obj>",
                " SmartHosts=[a|b]");
    check_props(
        "<Obj N=\"AddressSpaces\" RefId=\"6\"><TN RefId=\"3\"><T>X</T></TN><LST><Obj RefId=\"7\">"
        "<ToString>smtp:*;1</ToString><Props><S N=\"Name\">x</S><Obj N=\"Identity\" RefId=\"8\">"
        "<ToString>y</ToString></Obj></Props></Obj><Obj RefId=\"9\"><ToString>smtp:a;1</ToString></Obj>"
        "</LST></Obj><S N=\"Name\">A</S>",
        " AddressSpaces=[smtp:*;1|smtp:a;1] Name=A");
    check_props(
        "<Obj N=\"SmartHosts\" RefId=\"5\"><QUE><S>a</S></QUE></Obj><Obj N=\"Mode\"><IE><S>a</S></IE></Obj>"
        "<Obj N=\"State\"><STK><S>a</S></STK></Obj>",
        " SmartHosts=[a] Mode=[a] State=[a]");
    check_props("<Obj N=\"State\"><DCT><En><S N=\"Key\">a</S></En></DCT></Obj>"
                "<Obj N=\"Mode\"><LST><S>a</S><Obj><LST><S>b</S></LST></Obj></LST></Obj>",
                " State=?an object without a text Mode=?an object without a text");
}

static void reads_references(void **state)
{
    (void)state;
    check_objs("<Obj RefId=\"0\"><Props><Obj N=\"Other\" RefId=\"1\"><LST><S>a</S><S>b</S></LST></Obj>"
               "<Obj N=\"Mode\" RefId=\"2\"><ToString>t</ToString></Obj></Props></Obj>\n"
               "<Obj RefId=\"3\"><Props><Ref N=\"SmartHosts\" RefId=\"1\" /><Ref N=\"State\" RefId=\"2\" />"
               "<Ref N=\"Mode\" RefId=\"0\" /><Ref N=\"Port\" RefId=\"99\" /><Ref N=\"Name\" />"
               "<Obj N=\"RecipientDomains\" RefId=\"4\"><LST><Ref RefId=\"2\" /><S>c</S></LST></Obj>"
               "<Obj N=\"TlsDomain\" RefId=\"5\"><LST><Ref RefId=\"5\" /></LST></Obj></Props></Obj>",
               "record 2:1 Mode=t\n"
               "record 3:2 SmartHosts=[a|b] State=t Mode=?a reference to an object without a text "
               "Port=?a reference to an object without a text Name=?a reference to an object without a text "
               "RecipientDomains=[t|c] TlsDomain=?an object without a text\n");
}

static void bounds_what_references_repeat(void **state)
{
    struct buf text;
    char *told;
    int i;

    (void)state;
    buf_init(&text, 0);
    buf_printf(&text, OBJS "<Obj RefId=\"0\"><Props><Obj N=\"Mode\" RefId=\"1\"><ToString>");
    for (i = 0; i < 1024; i++)
        buf_printf(&text, "%01024d", 0);
    buf_printf(&text, "</ToString></Obj></Props></Obj>");
    for (i = 0; i < 17; i++)
        buf_printf(&text, "\n<Obj RefId=\"2\"><Props><Ref N=\"Name\" RefId=\"1\" /></Props></Obj>");
    buf_printf(&text, "</Objs>");
    told = record_told(clixml_read, buf_string(&text), NULL);
    assert_non_null(strstr(told, "record 16:15 Name=0"));
    assert_non_null(strstr(told, "record 18:17 Name=?a reference to an object without a text\n"));
    free(told);
    buf_release(&text);
}

static void finds_records(void **state)
{
    (void)state;
    check_objs(
        "<Obj><LST><Obj><Props><S N=\"Name\">A</S></Props></Obj>\n<Obj><MS><S N=\"Name\">B</S></MS></Obj>"
        "</LST><Props><I32 N=\"Port\">4</I32></Props></Obj>",
        "record 2:1 Name=A\nrecord 3:2 Name=B\n");
    check_objs(
        "<Obj><Props><S N=\"Name\">A</S></Props><MS><S N=\"Name\">B</S><S N=\"Identity\">C</S>"
        "<S N=\"PSComputerName\">x</S><Obj N=\"SerializationData\"><Props><BA N=\"Mode\">AA</BA></Props>"
        "</Obj></MS></Obj><Ref RefId=\"0\" /><Nil />",
        "record 2:1 Name=A Identity=C\n");
    check_objs("<Obj><DCT><En><S N=\"Key\">Name</S><S N=\"Value\">A</S></En></DCT></Obj>\n<S>a</S>",
               "problem 2:1 it has no properties; expected an object as a cmdlet gives it\n"
               "problem 3:2 it is a bare value; expected an object with properties\n");
    check_objs("<Obj><LST /></Obj>", "problem 0:0 no record in it\n");
    check_objs("", "problem 0:0 no record in it\n");
}

static void names_what_is_wrong(void **state)
{
    struct buf text;
    int i;

    (void)state;
    check("<?xml version=\"1.0\" encoding=\"utf-16\"?>\n<!DOCTYPE Objs [<!ENTITY a \"b\">]>\n<Objs></Objs>",
          "problem 2:0 it declares a document type, which Export-Clixml never does\n");
    check("<html />", "problem 1:0 expected Objs as its outermost element, as Export-Clixml writes it\n");
    check(OBJS "<Obj><Props><S N=\"Name\">A</S></Props></Obj>\n<Obj><Props></Obj></Objs>",
          "record 2:1 Name=A\n"
          "problem 3:0 not whole XML: mismatched tag; expected the file as Export-Clixml writes it\n");
    check(OBJS "</Objs>\n<Objs>", "problem 3:0 not whole XML: junk after document element; expected the file "
                                  "as Export-Clixml writes it\n");
    check("", "problem 1:0 not whole XML: no element found; expected the file as Export-Clixml writes it\n");
    check("<Objs>&a;</Objs>",
          "problem 1:0 not whole XML: undefined entity; expected the file as Export-Clixml writes it\n");
    buf_init(&text, 0);
    buf_add_string(&text, "<Objs>");
    for (i = 0; i < 63; i++)
        buf_add_string(&text, "<Obj>");
    buf_add_string(&text, "\n<Obj/>");
    check(buf_string(&text), "problem 2:0 more than 64 elements are nested in one another\n");
    buf_release(&text);
}

static void overrides_the_declared_encoding(void **state)
{
    (void)state;
    check("<?xml version=\"1.0\" encoding=\"utf-16\"?><Objs><Obj><Props><S "
          "N=\"Name\">\xc3\xa4</S></Props></Obj></Objs>",
          "record 1:1 Name=\xc3\xa4\n");
}

static void reads_the_sample(void **state)
{
    static const char *const names[] = {"Name",        "RecipientDomains", "UseMXRecord", "SmartHosts",
                                        "TlsSettings", "TlsDomain",        NULL};
    char *text = record_sample(SAMPLE), *told;

    (void)state;
    assert_non_null(text);
    assert_true(clixml_detect(text));
    told = record_told(clixml_read, text, names);
    assert_string_equal(
        told,
        "record 2:1 Name=To Fabrikam RecipientDomains=[fabrikam.example] UseMXRecord=false "
        "SmartHosts=[gw.fabrikam.example] TlsSettings=DomainValidation TlsDomain=gw.fabrikam.example\n"
        "record 102:2 Name=To Contoso RecipientDomains=[contoso.example] UseMXRecord=true SmartHosts=[] "
        "TlsSettings=DomainValidation TlsDomain=*.contoso.example\n"
        "record 165:3 Name=To Litware, \"both\" names RecipientDomains=[litware.example|cpandl.example] "
        "UseMXRecord=true SmartHosts=[] TlsSettings=EncryptionOnly TlsDomain=-\n"
        "record 226:4 Name=To Northwind Traders RecipientDomains=[northwindtraders.example] UseMXRecord=true "
        "SmartHosts=[] TlsSettings=CertificateValidation TlsDomain=-\n"
        "record 286:5 Name=To Wingtip Toys RecipientDomains=[wingtiptoys.example] UseMXRecord=true "
        "SmartHosts=[] TlsSettings=- TlsDomain=-\n"
        "record 342:6 Name=To A. Datum RecipientDomains=[adatum.example|*.adatum.example] UseMXRecord=false "
        "SmartHosts=[[127.77.2.3]|192.0.2.0/24] TlsSettings=CertificateValidation TlsDomain=-\n"
        "record 421:7 Name=To Fabrikam (old) RecipientDomains=[fabrikam.example] UseMXRecord=true "
        "SmartHosts=[] TlsSettings=- TlsDomain=-\n"
        "record 477:8 Name=Everything else RecipientDomains=[*] UseMXRecord=false "
        "SmartHosts=[relay.contoso.example] TlsSettings=- TlsDomain=-\n"
        "record 544:9 Name=Encrypt by rule RecipientDomains=[] UseMXRecord=true SmartHosts=[] "
        "TlsSettings=EncryptionOnly TlsDomain=-\n"
        "record 599:10 Name=Hybrid RecipientDomains=[] UseMXRecord=false SmartHosts=[onprem.contoso.example] "
        "TlsSettings=DomainValidation TlsDomain=mail.contoso.example\n"
        "record 665:11 Name=To Tailspin Toys (trial) RecipientDomains=[tailspintoys.example] "
        "UseMXRecord=true SmartHosts=[] TlsSettings=EncryptionOnly TlsDomain=-\n"
        "record 725:12 Name=To Litware (second) RecipientDomains=[litware.example] UseMXRecord=true "
        "SmartHosts=[] TlsSettings=- TlsDomain=-\n"
        "record 781:13 Name=Encrypt by rule RecipientDomains=[] UseMXRecord=true SmartHosts=[] "
        "TlsSettings=EncryptionOnly TlsDomain=-\n");
    free(told);
    free(text);
}

static bool is_whole(const char *text, size_t cut)
{
    return cut >= 7 && memcmp(text + cut - 7, "</Objs>", 7) == 0;
}

static void never_believes_half_a_file(void **state)
{
    char *text = record_sample(SAMPLE), *bad, *fourth;
    int i;

    (void)state;
    assert_non_null(text);
    for (fourth = text, i = 0; i < 4; i++)
        fourth = strstr(fourth + 1, "\r\n  <Obj ");
    strcpy(fourth, "\r\n</Objs>");
    bad = record_bad_cut(clixml_read, text, is_whole);
    if (bad)
        fail_msg("%s", bad);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_clixml_from_others),
        cmocka_unit_test(reads_scalars),
        cmocka_unit_test(reads_objects),
        cmocka_unit_test(reads_references),
        cmocka_unit_test(bounds_what_references_repeat),
        cmocka_unit_test(finds_records),
        cmocka_unit_test(names_what_is_wrong),
        cmocka_unit_test(overrides_the_declared_encoding),
        cmocka_unit_test(reads_the_sample),
        cmocka_unit_test(never_believes_half_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
