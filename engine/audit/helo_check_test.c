#include "engine/audit/helo_check.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

/* What DNS says, in words: a status, or an address or name. */
static const struct row {
    const char *name, *from, *forward, *reverse, *back;
    enum check_state state;
    const char *says; /* part of the sentence; NULL: there is none */
} rows[] = {
    {"mx.test", "", NULL, NULL, NULL, CHECK_UNKNOWN, NULL},
    {"mx.test", "10.0.0.1", NULL, NULL, NULL, CHECK_UNKNOWN, "10.0.0.1, a private address"},
    {"mx.test", "100.64.0.1", NULL, NULL, NULL, CHECK_UNKNOWN, "a private address"},
    {"mx.test", "127.0.0.1", NULL, NULL, NULL, CHECK_UNKNOWN, "this machine itself"},
    {"[127.0.0.1]", "127.0.0.1", NULL, NULL, NULL, CHECK_UNKNOWN, "this machine itself"},
    {"[192.0.2.1]", "192.0.2.1", NULL, NULL, NULL, CHECK_OK, NULL},
    {"[IPv6:2001:db8::1]", "2001:db8::1", NULL, NULL, NULL, CHECK_OK, NULL},
    {"[192.0.2.2]", "192.0.2.1", NULL, NULL, NULL, CHECK_TROUBLE, "[192.0.2.2]"},
    {"mx.test", "192.0.2.1", "192.0.2.1", "mx.test", NULL, CHECK_OK, NULL},
    {"MX.Test.", "192.0.2.1", "192.0.2.1", "mx.test", NULL, CHECK_OK, NULL},
    {"mx.test", "2001:db8::1", "2001:db8::1", "mx.test", NULL, CHECK_OK, NULL},
    {"mx.test", "192.0.2.1", "nxdomain", "mx.test", NULL, CHECK_TROUBLE, "has no address in DNS"},
    {"mx.test", "192.0.2.1", "no-data", "mx.test", NULL, CHECK_TROUBLE, "has no address in DNS"},
    {"mx.test", "192.0.2.1", "192.0.2.9", "mx.test", NULL, CHECK_TROUBLE, "does not lead to 192.0.2.1"},
    {"mx.test", "192.0.2.1", "2001:db8::1", "mx.test", NULL, CHECK_TROUBLE, "does not lead to 192.0.2.1"},
    {"mx.test", "192.0.2.1", "timeout", "mx.test", NULL, CHECK_UNKNOWN, "no answer in time"},
    {"mx.test", "192.0.2.1", "192.0.2.1", "nxdomain", NULL, CHECK_TROUBLE, "No name in reverse DNS"},
    {"mx.test", "192.0.2.1", "192.0.2.1", "servfail", NULL, CHECK_UNKNOWN, "reverse DNS is not known"},
    {"mx.test", "192.0.2.1", "192.0.2.1", "other.test", NULL, CHECK_TROUBLE, "other.test, not mx.test"},
    {"mx.test", "192.0.2.1", "192.0.2.1", "other.test", "192.0.2.1", CHECK_OK, "leads back"},
    {"mx.test", "192.0.2.1", "192.0.2.1", "other.test", "192.0.2.7", CHECK_TROUBLE, "does not lead back"},
    {"mx.test", "192.0.2.1", "192.0.2.1", NULL, NULL, CHECK_UNKNOWN, NULL},
};

static const struct address_answer *forward_of(const char *text, struct address_answer *answer,
                                               struct net_address *address)
{
    memset(answer, 0, sizeof *answer);
    if (!text)
        return NULL;
    answer->status4 = answer->status6 = DNS_NO_DATA;
    if (net_address_parse(text, address)) {
        answer->status = DNS_OK;
        *(address->family == 4 ? &answer->status4 : &answer->status6) = DNS_OK;
        answer->addresses = address;
        answer->count = 1;
    } else {
        assert_true(dns_status_parse(text, &answer->status));
        answer->status4 = answer->status6 = answer->status;
    }
    return answer;
}

static const struct names_answer *reverse_of(const char *const *text, struct names_answer *answer,
                                             const char **name)
{
    memset(answer, 0, sizeof *answer);
    if (!*text)
        return NULL;
    if (!dns_status_parse(*text, &answer->status)) {
        *name = *text;
        *answer = (struct names_answer){.status = DNS_OK, .names = name, .count = 1};
    }
    return answer;
}

static void every_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        struct address_answer forward, back;
        struct net_address forward_address, back_address;
        struct names_answer reverse;
        const char *name;
        struct helo_view view = {.name = row->name,
                                 .forward = forward_of(row->forward, &forward, &forward_address),
                                 .reverse = reverse_of(&row->reverse, &reverse, &name),
                                 .back = forward_of(row->back, &back, &back_address)};
        enum check_state got;
        char *detail;

        net_address_parse(row->from, &view.from);
        got = helo_judge(&view, &detail);
        if (got != row->state || !row->says != !detail || (row->says && !strstr(detail, row->says)))
            fail_msg("row %zu: %s, %s", i, check_state_name(got), detail ? detail : "no sentence");
        free(detail);
    }
}

static void domains(void **state)
{
    static const char *const pairs[][2] = {
        {"example.co.uk", "example.co.uk"},    {"mx.example.co.uk", "example.co.uk"},
        {"a.b.example.com", "example.com"},    {"example.com", "example.com"},
        {"Probe.Example.COM.", "example.com"}, {"host", "host"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char *domain = helo_domain(pairs[i][0]);

        assert_string_equal(domain, pairs[i][1]);
        free(domain);
    }
    assert_null(helo_domain("[192.0.2.1]"));
    assert_null(helo_domain("[IPv6:2001:db8::1]"));
    assert_null(helo_domain("192.0.2.1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row),
        cmocka_unit_test(domains),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
