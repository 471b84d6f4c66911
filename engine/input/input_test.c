#include "engine/input/input.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/input/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct accepted {
    const char *text, *domain, *unicode;
    enum target_class class;
    enum protocol protocol;
    const char *host;
    unsigned port;
};

static void accepts_targets(void **state)
{
    static const struct accepted rows[] = {
        {"contoso.com", "contoso.com", "contoso.com", CLASS_PARTNER, PROTOCOL_SMTP, NULL, 0},
        {"Contoso.COM.", "contoso.com", "contoso.com", CLASS_PARTNER, PROTOCOL_SMTP, NULL, 0},
        {"b\xc3\xbc"
         "cher.example",
         "xn--bcher-kva.example",
         "b\xc3\xbc"
         "cher.example",
         CLASS_PARTNER, PROTOCOL_SMTP, NULL, 0},
        {"xn--bcher-kva.example", "xn--bcher-kva.example",
         "b\xc3\xbc"
         "cher.example",
         CLASS_PARTNER, PROTOCOL_SMTP, NULL, 0},
        {"smtp://Mail.contoso.com", "smtp://mail.contoso.com", NULL, CLASS_RELAY, PROTOCOL_SMTP,
         "mail.contoso.com", 0},
        {"smtp://mail.contoso.com:2525", "smtp://mail.contoso.com:2525", NULL, CLASS_RELAY, PROTOCOL_SMTP,
         "mail.contoso.com", 2525},
        {"submission://192.0.2.1", "submission://192.0.2.1", NULL, CLASS_RELAY, PROTOCOL_SUBMISSION,
         "192.0.2.1", 0},
        {"HTTPS://[2001:DB8:0::1]:8443", "https://[2001:db8::1]:8443", NULL, CLASS_SERVICE, PROTOCOL_HTTPS,
         "2001:db8::1", 8443},
        {"imap://printer", "imap://printer", NULL, CLASS_SERVICE, PROTOCOL_IMAP, "printer", 0},
        {"pop3s://mail_1.contoso.com", "pop3s://mail_1.contoso.com", NULL, CLASS_SERVICE, PROTOCOL_POP3S,
         "mail_1.contoso.com", 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct target_spec spec;
        char *error = NULL;

        assert_true(input_target(rows[i].text, CLASS_PARTNER, "test", &spec, &error));
        assert_string_equal(spec.domain, rows[i].domain);
        assert_string_equal(spec.unicode, rows[i].unicode ? rows[i].unicode : rows[i].domain);
        assert_int_equal(spec.class, rows[i].class);
        assert_int_equal(spec.protocol, rows[i].protocol);
        assert_int_equal(spec.requirement, REQUIREMENT_ENCRYPTION);
        assert_int_equal(spec.host_count, rows[i].host ? 1 : 0);
        if (rows[i].host) {
            assert_string_equal(spec.hosts[0].host, rows[i].host);
            assert_int_equal(spec.hosts[0].port, rows[i].port);
        }
        target_spec_release(&spec);
    }
}

static void refuses_what_is_no_target(void **state)
{
    static const char *const rows[] = {
        "",
        ".",
        "contoso",
        "contoso..com",
        ".contoso.com",
        "con toso.com",
        "contoso_x.com",
        "-contoso.com",
        "192.0.2.1",
        "user@contoso.com",
        "contoso.com/path",
        "ftp://contoso.com",
        "smtp://",
        "smtp://mail.contoso.com:0",
        "smtp://mail.contoso.com:65536",
        "smtp://mail.contoso.com:25x",
        "smtp://mail.contoso.com/x",
        "smtp://[2001:db8::1",
        "smtp://[2001:db8::zz]",
        "smtp://300.1.1.1",
        "smtp://a b",
        "co\x1b[31mntoso.com",
        "a234567890123456789012345678901234567890123456789012345678901234.com",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct target_spec spec;
        char *error = NULL;

        if (input_target(rows[i], CLASS_OPPORTUNISTIC, "here", &spec, &error))
            fail_msg("'%s' was taken as '%s'", rows[i], spec.domain);
        assert_memory_equal(error, "here: '", 7);
        assert_non_null(strstr(error, "expected "));
        assert_null(strchr(error, '\x1b'));
        free(error);
        target_spec_release(&spec);
    }
}

static void read_text(const char *text, struct input *input)
{
    memset(input, 0, sizeof *input);
    input_read("list", text, strlen(text), input);
}

static void reads_a_list(void **state)
{
    struct input input;

    (void)state;
    read_text("# partners\r\ncontoso.com partner # the big "
              "one\r\n\r\nfabrikam.example\topportunistic\nlitware.example",
              &input);
    assert_int_equal(input.problem_count, 0);
    assert_int_equal(input.count, 3);
    assert_int_equal(input.specs[0].class, CLASS_PARTNER);
    assert_int_equal(input.specs[0].requirement, REQUIREMENT_ENCRYPTION);
    assert_string_equal(input.specs[0].source, "list:2");
    assert_int_equal(input.specs[1].class, CLASS_OPPORTUNISTIC);
    assert_string_equal(input.specs[2].source, "list:5");
    input_release(&input);
}

static void names_bad_lines_and_keeps_the_rest(void **state)
{
    struct input input;

    (void)state;
    read_text("a.example\nnot a domain\nb.example friend\nc.example\nd..example\n", &input);
    assert_int_equal(input.count, 2);
    assert_int_equal(input.problem_count, 3);
    assert_int_equal(input.problems[0].line, 2);
    assert_memory_equal(input.problems[0].message, "list:2: ", 8);
    assert_memory_equal(input.problems[1].message, "list:3: ", 8);
    assert_non_null(strstr(input.problems[1].message, "partner or opportunistic"));
    assert_memory_equal(input.problems[2].message, "list:5: ", 8);
    input_release(&input);
}

static void reads_a_table(void **state)
{
    struct input input;
    const struct target_spec *s;

    (void)state;
    read_text("Domain,class,requirement,tls_domain,smart_host,connector,owner,note,extra\n"
              "contoso.com,partner,name,gw.contoso.com,\"gw1.contoso.com:2525, [192.0.2.7]\",\"To "
              "\"\"Contoso\"\"\",Ann,\"two\nlines\",x\n"
              "fabrikam.example,,,,,,,,\n"
              "litware.example,,chain,,,To Litware,,\n"
              "adatum.example,,,*.adatum.example,,,,\n"
              "\n"
              "tailspin.example,partner,none\n",
              &input);
    assert_int_equal(input.problem_count, 0);
    assert_int_equal(input.count, 5);
    s = input.specs;
    assert_int_equal(s[0].requirement, REQUIREMENT_NAME);
    assert_string_equal(s[0].tls_domain, "gw.contoso.com");
    assert_int_equal(s[0].host_count, 2);
    assert_string_equal(s[0].hosts[0].host, "gw1.contoso.com");
    assert_int_equal(s[0].hosts[0].port, 2525);
    assert_string_equal(s[0].hosts[1].host, "192.0.2.7");
    assert_true(s[0].hosts[1].literal);
    assert_string_equal(s[0].connector, "To \"Contoso\"");
    assert_string_equal(s[0].note, "two\\x0alines");
    assert_string_equal(s[0].source, "list:2");
    assert_int_equal(s[1].class, CLASS_OPPORTUNISTIC);
    assert_int_equal(s[1].requirement, REQUIREMENT_NONE);
    assert_string_equal(s[1].source, "list:4");
    assert_int_equal(s[2].class, CLASS_PARTNER);
    assert_int_equal(s[2].requirement, REQUIREMENT_CHAIN);
    assert_int_equal(s[3].class, CLASS_PARTNER);
    assert_int_equal(s[3].requirement, REQUIREMENT_NAME);
    assert_string_equal(s[3].tls_domain, "*.adatum.example");
    assert_int_equal(s[4].class, CLASS_PARTNER);
    assert_int_equal(s[4].requirement, REQUIREMENT_NONE);
    assert_string_equal(s[4].source, "list:8");
    input_release(&input);
}

static void reads_what_people_keep(void **state)
{
    struct input input;
    const struct target_spec *s;

    (void)state;
    read_text("domain,contact,state,due\n"
              "contoso.com,it@contoso.com,promised,2026-12-01\n"
              "fabrikam.example,,,\n"
              "litware.example,,soon,\n"
              "adatum.example,,,1.12.2026\n",
              &input);
    assert_int_equal(input.count, 2);
    assert_int_equal(input.problem_count, 2);
    assert_non_null(strstr(input.problems[0].message, "expected to-contact, contacted"));
    assert_non_null(strstr(input.problems[1].message, "expected a day as in 2026-12-01"));
    s = input.specs;
    assert_string_equal(s[0].contact, "it@contoso.com");
    assert_int_equal(s[0].contact_state, CONTACT_PROMISED);
    assert_int_equal(s[0].due, 20788);
    assert_null(s[1].contact);
    assert_int_equal(s[1].due, 0);
    input_release(&input);
}

static void reads_other_delimiters(void **state)
{
    struct input input;

    (void)state;
    read_text("class;domain\npartner;contoso.com\n", &input);
    assert_int_equal(input.count, 1);
    assert_int_equal(input.specs[0].class, CLASS_PARTNER);
    input_release(&input);
    read_text("\"domain\"\ncontoso.com\n", &input);
    assert_int_equal(input.count, 1);
    assert_int_equal(input.problem_count, 0);
    input_release(&input);
}

static void names_bad_cells(void **state)
{
    static const struct {
        const char *record, *says;
    } rows[] = {
        {"contoso.com,friend,,,", "class 'friend': expected partner"},
        {"contoso.com,,maybe,,", "requirement 'maybe': expected none"},
        {"contoso.com,,,a..b,", "tls_domain 'a..b'"},
        {"contoso.com,,,,mx1:99999", "smart_host 'mx1:99999'"},
        {",partner,,,", "the domain is empty"},
        {"a\"b.com,,,,", "RFC 4180"},
        {"\"a.com,,,,", "RFC 4180"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = mem_format("domain,class,requirement,tls_domain,smart_host\n%s\n", rows[i].record);
        struct input input;

        read_text(text, &input);
        assert_int_equal(input.problem_count, 1);
        assert_memory_equal(input.problems[0].message, "list:2: ", 8);
        if (!strstr(input.problems[0].message, rows[i].says))
            fail_msg("%s", input.problems[0].message);
        assert_int_equal(input.count, 0);
        input_release(&input);
        free(text);
    }
}

static void more_smart_hosts_than_any_target_has_are_refused(void **state)
{
    for (size_t more = 0; more < 2; more++) {
        struct input input = {0};
        struct buf text;

        (void)state;
        buf_init(&text, 0);
        buf_add_string(&text, "domain,smart_host\ncontoso.com,");
        for (size_t i = 0; i < TARGET_HOSTS_MOST + more; i++)
            buf_printf(&text, "gw%zu.contoso.com ", i);
        buf_add_string(&text, "\n");
        input_read("list", buf_string(&text), text.length, &input);
        assert_int_equal(input.problem_count, more);
        if (more)
            assert_non_null(strstr(input.problems[0].message, "expected no more than 10000 hosts"));
        else
            assert_int_equal(input.specs[0].host_count, TARGET_HOSTS_MOST);
        input_release(&input);
        buf_release(&text);
    }
}

static void survives_every_cut(void **state)
{
    static const char text[] = "domain;smart_host\n\"a.example\";\"x, [::1]:25\"\nb\xc3\xbc.example;y\n";
    size_t length;

    (void)state;
    for (length = 0; length < sizeof text; length++) {
        struct input input = {0};

        input_read("cut", text, length, &input);
        assert_true(input.count <= 2);
        input_release(&input);
    }
}

static void names_a_missing_file(void **state)
{
    struct input input = {0};
    char *error = NULL;

    (void)state;
    assert_false(input_read_file("no/such/file.csv", &input, &error));
    assert_non_null(strstr(error, "no/such/file.csv: No such file"));
    free(error);
    assert_false(input_read_file("/", &input, &error));
    assert_non_null(strstr(error, "/: "));
    free(error);
}

static void prints_urls(void **state)
{
    struct host_port host;
    char *url;

    (void)state;
    assert_null(host_parse("[mail.contoso.com]:587", &host));
    url = host_url(PROTOCOL_SUBMISSION, &host);
    assert_string_equal(url, "submission://mail.contoso.com:587");
    free(url);
    free(host.host);
    assert_null(host_parse("2001:db8::1", &host));
    assert_true(host.literal);
    url = host_url(PROTOCOL_SMTP, &host);
    assert_string_equal(url, "smtp://[2001:db8::1]");
    free(url);
    free(host.host);
}

/* Each kind of text tells how far it is, and skips the rest when that is not wanted. */
static void is_watched(void **state)
{
    static const char *const texts[] = {
        "a.example\nb.example\nc.example\n",
        "domain\na.example\nb.example\nc.example\n",
        "[{\"Name\": \"To A\", \"RecipientDomains\": [\"a.example\"], \"SmartHosts\": [],\n\"TlsSettings\": "
        "null},\n"
        "{\"Name\": \"To B\", \"RecipientDomains\": [\"b.example\"], \"SmartHosts\": [],\n\"TlsSettings\": "
        "null}]\n",
        "a.example smtp:[gw.example]\nb.example smtp:[gw.example]\n",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct input_watch watch = {.line = 0};
        struct input seen = {.watch = &watch}, skipped = {.watch = &watch};

        input_read("x", texts[i], strlen(texts[i]), &seen);
        input_finish(&seen);
        assert_in_range(watch.line, 2, watch.lines);
        assert_in_range(seen.count, 2, 3);
        input_release(&seen);
        watch.unwanted = true;
        input_read("x", texts[i], strlen(texts[i]), &skipped);
        input_finish(&skipped);
        assert_int_equal(skipped.count, 0);
        input_release(&skipped);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_targets),
        cmocka_unit_test(refuses_what_is_no_target),
        cmocka_unit_test(reads_a_list),
        cmocka_unit_test(names_bad_lines_and_keeps_the_rest),
        cmocka_unit_test(reads_a_table),
        cmocka_unit_test(reads_what_people_keep),
        cmocka_unit_test(reads_other_delimiters),
        cmocka_unit_test(names_bad_cells),
        cmocka_unit_test(more_smart_hosts_than_any_target_has_are_refused),
        cmocka_unit_test(survives_every_cut),
        cmocka_unit_test(names_a_missing_file),
        cmocka_unit_test(prints_urls),
        cmocka_unit_test(is_watched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
