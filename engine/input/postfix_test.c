#include "engine/input/postfix.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"
#include "engine/input/told.h"

#include <stdlib.h>
#include <string.h>

static void tells_what_it_is(void **state)
{
    static const struct {
        const char *text;
        enum postfix_kind kind;
    } rows[] = {
        {"a.example\nb.example partner\n", POSTFIX_NONE},
        {"a.example partner\n", POSTFIX_NONE},
        {"smtp://a.example:25\n", POSTFIX_NONE},
        {"smtp://a.example:25 partner\n", POSTFIX_NONE},
        {"domain,class\na.example,partner\n", POSTFIX_NONE},
        {"", POSTFIX_NONE},
        {"# only a comment\n", POSTFIX_NONE},
        {"a.example smtp:[gw.example]\n", POSTFIX_TRANSPORT},
        {"# first\n\n.a.example\n  :[gw.example]:25\n", POSTFIX_TRANSPORT},
        {"* smtp:gw.example\n", POSTFIX_TRANSPORT},
        {"a.example encrypt\n", POSTFIX_POLICY},
        {"[a.example]:587\tsecure match=a.example\n", POSTFIX_POLICY},
        {"gw.example user:secret\n", POSTFIX_NONE},
        {"a.example slow:[gw.example]\n", POSTFIX_TRANSPORT},
        {"relayhost = [a.example]\n", POSTFIX_MAIN},
        {"myhostname=mail.a.example\n", POSTFIX_MAIN},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (postfix_detect(rows[i].text) != rows[i].kind)
            fail_msg("row %zu: %s", i, rows[i].text);
}

static char *read_text(const char *text)
{
    struct input input = {0};
    char *is;

    input_read("x", text, strlen(text), &input);
    input_finish(&input);
    is = told(&input);
    input_release(&input);
    return is;
}

/* One bad entry is one problem that names its line; the others stand. */
static void a_bad_entry_is_one_problem(void **state)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"a.example smtp:[gw.example]\nb.example\n",
         "problem x:2: 'b.example': expected a key and transport:nexthop"},
        {"a.example smtp:[gw.example]\nb.example smtp:[gw.example\n",
         "problem x:2: 'b.example': the closing ] is missing; expected a domain and a next-hop"},
        {"a.example smtp:[gw.example]\nb.example smtp:[gw.example]:99999\n",
         "problem x:2: 'b.example': the port is not a number from 1 to 65535"},
        {"a.example smtp:[gw.example]\na..example smtp:[gw.example]\n",
         "problem x:2: 'a..example': the name has an empty label"},
        {"a.example smtp:[gw.example]\nA.example smtp:[gw2.example]\n",
         "note x:2: a.example stands in the table before; the first entry is used"},
        {"a.example encrypt\nb.example encrypted\n", "problem x:2: 'encrypted': expected none, may, encrypt, "
                                                     "dane, dane-only, fingerprint, verify or secure"},
        {"a.example encrypt\nb.example\n", "problem x:2: 'b.example': expected none, may, encrypt"},
        {"a.example encrypt\nb.example encrypt protocols=TLSv9\n",
         "problem x:2: 'protocols=TLSv9': expected protocols such as"},
        {"a.example encrypt\nb.example encrypt sure\n",
         "problem x:2: 'sure': expected attributes such as match=nexthop"},
        {"a.example encrypt\nb.example encrypt sure=1\n",
         "problem x:2: 'sure=1': the attribute is not known"},
        {"a.example encrypt\n[b.example encrypt\n", ""},
        {"relayhost = [a.example]\nsmtp_tls_security_level = most\n",
         "problem x:2: 'most': expected none, may"},
        {"relayhost = $other\n", "problem x:1: '$other': a value with $ is not looked up"},
        {"relayhost = [a.example\n", "problem x:1: relayhost can't be read; expected a host"},
        {"relayhost = [a.example]\nno parameter\n",
         "problem x:2: 'no parameter': expected parameter = value"},
        {"a.example smtp:[gw.example]\nb.example smtp:[g\x1b[2J]\n",
         "problem x:2: 'b.example smtp:[g\\x1b[2J]"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *is = read_text(rows[i].text);

        if (!strstr(is, rows[i].expected))
            fail_msg("row %zu: expected %s, is %s", i, rows[i].expected, is);
        free(is);
    }
}

static void reads_levels_and_protocols(void **state)
{
    static const struct {
        const char *entry, *expected;
    } rows[] = {
        {"encrypt protocols=!SSLv2:!SSLv3", "encryption - via MX"},
        {"encrypt protocols=!SSLv3:!TLSv1:!TLSv1.1", "floor TLSv1.2"},
        {"encrypt protocols=TLSv1.2:TLSv1.3", "floor TLSv1.2"},
        {"encrypt protocols=>=TLSv1.1", "floor TLSv1.1"},
        {"encrypt protocols=TLSv1.2", "remark its protocols leave out newer versions of TLS"},
        {"encrypt protocols=<=TLSv1.2", "remark its protocols leave out newer versions of TLS"},
        {"verify", "name hostname via MX"},
        {"secure", "name a.example:.a.example via MX"},
        {"secure match=mail.b.example:dot-nexthop", "name mail.b.example:.a.example via MX"},
        {"verify match=hostname match=.b.example", "name hostname:.b.example via MX"},
        {"fingerprint match=aa:bb", "remark level fingerprint compares fingerprints"},
        {"dane-only", "remark level dane-only demands TLSA records too"},
        {"Encrypt", "encryption - via MX"},
        {"SECURE,match=mail.b.example", "name mail.b.example via MX"},
        {"may", "none - via MX"},
        {"none", "  never tls"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = mem_format("a.example %s\n", rows[i].entry), *is = read_text(text);

        if (!strstr(is, rows[i].expected))
            fail_msg("row %zu: expected %s, is %s", i, rows[i].expected, is);
        free(is);
        free(text);
    }
}

/* What stands behind the last line end may have been cut. */
static void says_when_the_end_is_open(void **state)
{
    char *is = read_text("a.example encrypt");

    (void)state;
    assert_non_null(strstr(is, "note x: it ends within a line; if it was cut, its last entry is wrong"));
    free(is);
}

/* A key in brackets is no JSON. */
static void brackets_may_come_first(void **state)
{
    char *is = read_text("[relay.example]:587 encrypt\n");

    (void)state;
    assert_non_null(strstr(is, "smtp://relay.example:587 encryption"));
    free(is);
}

#define MAIN_CF "smtp_tls_security_level = may\n"

/* Tables together, as they are looked up. */
static void looks_up_as_postfix_does(void **state)
{
    static const struct {
        const char *main, *transport, *policy, *given, *expected;
    } rows[] = {
        /* each next-hop of a list has a policy, and names, of its own */
        {MAIN_CF, "a.example smtp:[gw1.example], [gw2.example]\n",
         "[gw1.example] secure\n[gw2.example] secure\n", "",
         "name gw1.example:.gw1.example via gw1.example; smtp:[gw1.example], [gw2.example];"},
        {MAIN_CF, "a.example smtp:[gw1.example], [gw2.example]\n", "x.example may\n", "",
         "none - via gw1.example gw2.example;"},
        {MAIN_CF, "a.example smtp:[gw1.example], [gw2.example]\n", "[gw1.example] secure\n", "",
         "remark further next-hops of the list, which have demands of their own, are not judged"},
        {MAIN_CF, "a.example smtp:a.example:587\n", "", "", "remark its mail goes to port 587 of the MX"},
        {MAIN_CF, "a.example smtp\n* smtp:[gw.example]\n", "", "", "a.example none - via MX; smtp;"},
        /* ":" changes nothing */
        {MAIN_CF "relayhost = [r.example]\n", "a.example :\n", "", "", "a.example none - via r.example; :;"},
        /* not sent, whatever "*" says */
        {MAIN_CF, "a.example error:no\n* smtp:[gw.example]\n", "", "a.example\n",
         "a.example none - via MX; -; l:1"},
        /* what a list says stands */
        {MAIN_CF "relayhost = [r.example]\n", "", "", "domain,smart_host\na.example,gw.a.example\n",
         "a.example encryption - via gw.a.example; -; l:2"},
        {"", "b.example smtp:\n", "", "a.example partner\n", "a.example encryption - via MX; -; l:1"},
        {"smtp_use_tls = yes\nsmtp_enforce_tls = yes\n", "", "", "a.example\n",
         "a.example name hostname via MX; -; l:1"},
        {MAIN_CF "default_transport = smtp:[o.example]\n", "", "", "a.example\n",
         "note m:2: default_transport is not looked at"},
        /* the policy of a domain whose mail goes elsewhere has no effect */
        {MAIN_CF, "a.example smtp:[gw.example]\n", "a.example secure\n", "",
         "note p:1: a.example: no mail takes it as next-hop, so its level has no effect"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct input input = {0};
        char *is;

        input_read("m", rows[i].main, strlen(rows[i].main), &input);
        input_read("t", rows[i].transport, strlen(rows[i].transport), &input);
        input_read("p", rows[i].policy, strlen(rows[i].policy), &input);
        input_read("l", rows[i].given, strlen(rows[i].given), &input);
        input_finish(&input);
        is = told(&input);
        if (!strstr(is, rows[i].expected))
            fail_msg("row %zu: expected %s, is %s", i, rows[i].expected, is);
        free(is);
        input_release(&input);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_it_is),           cmocka_unit_test(a_bad_entry_is_one_problem),
        cmocka_unit_test(reads_levels_and_protocols), cmocka_unit_test(says_when_the_end_is_open),
        cmocka_unit_test(brackets_may_come_first),    cmocka_unit_test(looks_up_as_postfix_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
