#include "engine/input/input.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/input/told.h"

#include <stdlib.h>
#include <string.h>

/* A text, and what is told of it: all of it, or a part of the only problem. */
struct row {
    const char *text, *expected;
};

static char *read_text(const char *text, size_t *problems)
{
    struct input input = {0};
    char *is;

    input_read("x", text, strlen(text), &input);
    input_finish(&input);
    *problems = input.problem_count;
    is = told(&input);
    input_release(&input);
    return is;
}

static void same(const struct row *rows, size_t count)
{
    size_t i, problems;

    for (i = 0; i < count; i++) {
        char *is = read_text(rows[i].text, &problems);

        assert_string_equal(is, rows[i].expected);
        free(is);
    }
}

static void refused(const struct row *rows, size_t count)
{
    size_t i, problems;

    for (i = 0; i < count; i++) {
        char *is = read_text(rows[i].text, &problems);

        if (problems != 1 || !strstr(is, rows[i].expected))
            fail_msg("row %zu: expected %s, is %s", i, rows[i].expected, is);
        free(is);
    }
}

#define SAME(rows)    same(rows, sizeof rows / sizeof rows[0])
#define REFUSED(rows) refused(rows, sizeof rows / sizeof rows[0])

#define A "a.example encryption - via MX; A; x:"

static void reads_csv(void **state)
{
    static const struct row rows[] = {
        {"Name,Enabled,TestMode,UseMXRecord,RecipientDomains,TlsSettings\nA,True,False,True,a.example,"
         "EncryptionOnly\n",
         A "2, connector 1\n"},
        /* columns in another order, another delimiter, names in another case */
        {"TLSSETTINGS;recipientdomains;usemxrecord;testmode;enabled;name\r\n"
         "EncryptionOnly;a.example;True;False;True;A\r\n",
         A "2, connector 1\n"},
        {"#TYPE "
         "X\n\"Name\"\t\"Enabled\"\t\"TestMode\"\t\"UseMXRecord\"\t\"RecipientDomains\"\t\"TlsSettings\"\n"
         "\"A\"\t\"$true\"\t\"false\"\t\"TRUE\"\t\"a.example\nb.example\"\t\"1\"\n",
         A "3, connector 1\nb.example encryption - via MX; A; x:3, connector 1\n"},
        {"Name,Comment,Enabled,TestMode,UseMXRecord,RecipientDomains,TlsSettings\n"
         "\"A\",\"say \"\"hello\"\",\nthen\",True,False,True,a.example,EncryptionOnly\n",
         A "2, connector 1\n"},
    };
    static const struct row bad[] = {
        {"Name,RecipientDomains\nA\n", "x:2: record 1: expected 2 cells as in the header, got 1"},
        {"Name,RecipientDomains\nA,b,c\n", "expected 2 cells as in the header, got 3"},
        {"Name,RecipientDomains\nA,\"a.example\n", "a quote is not closed"},
        {"Name,RecipientDomains\n", "no record in it"},
        {"Name,RecipientDomains,Name\nA,a.example,B\n", "column 'Name' stands twice in the header"},
    };

    (void)state;
    SAME(rows);
    REFUSED(bad);
}

#define HEAD                                                                                                 \
    "Name             : A\r\nEnabled          : True\r\nTestMode         : False\r\nUseMXRecord      : "     \
    "True\r\n"

static void reads_format_list(void **state)
{
    static const struct row rows[] = {
        {"\r\n\r\n" HEAD "RecipientDomains : {a.example}\r\nTlsSettings      : EncryptionOnly\r\n\r\n\r\n",
         A "3, connector 1\n"},
        {"WARNING: The output does not list test mode connectors.\n\n" HEAD
         "RecipientDomains : {a.example,\r\n                   b.example}\r\nTlsSettings      : "
         "EncryptionOnly\r\n\r\n",
         A "3, connector 1\nb.example encryption - via MX; A; x:3, connector 1\n"},
        /* a name that was longer than the line */
        {HEAD
         "RecipientDomains : {a.exa\r\n                   mple}\r\nTlsSettings      : EncryptionOnly\r\n\r\n",
         A "1, connector 1\n"},
        {HEAD "RecipientDomains : {}\r\nTlsSettings      :\r\n\r\n",
         "note x:1: connector \"A\": it has no recipient domain, so left out\n"},
    };
    static const struct row bad[] = {
        {HEAD "RecipientDomains : {a.example, b.ex\r\n\r\n",
         "RecipientDomains begins with { and does not end with }"},
        {HEAD "RecipientDomains : {a.example}\r\nTlsSettings      : EncryptionOnly",
         "the file ends within a line"},
        {"\r\n" HEAD "RecipientDomains : {a.example}\r\n", "no empty line follows it"},
        {HEAD "RecipientDomains : {a.example}\r\nwhat is this\r\n\r\n",
         "x:6: record 1: this line is neither"},
        {HEAD "RecipientDomains : {a.example...}\r\nTlsSettings      :\r\n\r\n",
         "a list was cut short at export"},
        {HEAD "RecipientDomains : {a.example\xe2\x80\xa6}\r\nTlsSettings      :\r\n\r\n",
         "a list was cut short at export"},
        {HEAD
         "RecipientDomains : {a.example}\r\nTlsSettings      :\r\n\r\nName             : B\r\nEnabled        "
         "  : True\r\n\r\n",
         "it has 2 properties, the record before it 6"},
        {"\nName   Enabled RecipientDomains\n----   ------- ----------------\nA      True    {a.example}\n",
         "this is a table as Format-Table prints it"},
    };

    (void)state;
    SAME(rows);
    REFUSED(bad);
}

#define OBJS  "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">"
#define FLAGS "<B N=\"Enabled\">true</B><B N=\"TestMode\">false</B><B N=\"UseMXRecord\">true</B>"

static void reads_clixml(void **state)
{
    static const struct row rows[] = {
        {OBJS
         "<Obj RefId=\"0\"><ToString>x</ToString><Props><S N=\"Name\">A</S>" FLAGS
         "<Obj N=\"TlsSettings\" RefId=\"1\"><ToString>EncryptionOnly</ToString><I32>1</I32></Obj>"
         "<Obj N=\"RecipientDomains\" RefId=\"2\"><LST><S>a.example</S></LST></Obj></Props></Obj></Objs>",
         A "1, connector 1\n"},
        /* a list of records, properties of a PSCustomObject, an escape, a declared encoding that is not so */
        {"<?xml version=\"1.0\" encoding=\"utf-16\"?>\n" OBJS
         "\n<Obj RefId=\"9\"><LST>\n<Obj RefId=\"0\"><MS><S "
         "N=\"Name\">A_x000A_B_x005F_x</S>" FLAGS "<S N=\"TlsSettings\">EncryptionOnly</S><S "
         "N=\"RecipientDomains\">a.example, b.example</S></MS></Obj>"
         "</LST></Obj></Objs>",
         "a.example encryption - via MX; A\\x0aB_x; x:4, connector 1\n"
         "b.example encryption - via MX; A\\x0aB_x; x:4, connector 1\n"},
    };
    static const struct row bad[] = {
        {"<!DOCTYPE Objs>" OBJS "</Objs>", "it declares a document type"},
        {"<?xml version=\"1.0\"?><!DOCTYPE Objs [<!ENTITY a \"b\">]>" OBJS "</Objs>",
         "it declares a document type"},
        {OBJS "</Objs>", "no record in it"},
        {OBJS "<Obj RefId=\"0\"><Props><S N=\"Name\">A</S>", "not whole XML: no element found"},
        {OBJS "<Obj RefId=\"0\"><Props><S N=\"Name\">A</S>" FLAGS
              "<Obj N=\"RecipientDomains\" RefId=\"2\"><Props/></Obj></Props></Obj></Objs>",
         "RecipientDomains was lost at export"},
    };

    (void)state;
    SAME(rows);
    REFUSED(bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_csv),
        cmocka_unit_test(reads_format_list),
        cmocka_unit_test(reads_clixml),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
