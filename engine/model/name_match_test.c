#include "engine/model/name_match.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

/* A certificate with SANs (spaces between them) and a common name. */
static void make(struct certificate *certificate, const char *names, const char *common_name)
{
    char *list = mem_string(names), *rest = NULL, *name;

    memset(certificate, 0, sizeof *certificate);
    for (name = strtok_r(list, " ", &rest); name; name = strtok_r(NULL, " ", &rest))
        strings_add(&certificate->names, name);
    certificate->common_name = mem_string(common_name);
    free(list);
}

static void unmake(struct certificate *certificate)
{
    strings_release(&certificate->names);
    free(certificate->common_name);
}

struct row {
    const char *tls_domain, *names, *common_name;
    bool exchange;
    enum name_answer strict;
};

static void exchange_and_rfc_6125(void **state)
{
    static const struct row rows[] = {
        {"mail.contoso.com", "mail.contoso.com", NULL, true, NAME_YES},
        {"mail.contoso.com", "MAIL.Contoso.com", NULL, true, NAME_YES},
        {"mail.contoso.com", "*.contoso.com", NULL, true, NAME_YES},
        {"a.b.contoso.com", "*.contoso.com", NULL, false, NAME_NO},
        {"contoso.com", "*.contoso.com", NULL, true, NAME_NO},
        {"*.contoso.com", "contoso.com", NULL, true, NAME_NOT_APPLICABLE},
        {"*.contoso.com", "mail.contoso.com", NULL, true, NAME_NOT_APPLICABLE},
        {"*.contoso.com", "a.b.contoso.com", NULL, false, NAME_NOT_APPLICABLE},
        {"*.contoso.com", "*.contoso.com", NULL, true, NAME_NOT_APPLICABLE},
        {"*.contoso.com", "contoso.com.example", NULL, false, NAME_NOT_APPLICABLE},
        {"contoso.com", "xcontoso.com", NULL, false, NAME_NO},
        {"mail.contoso.com", "other.example", "mail.contoso.com", true, NAME_NO},
        {"mail.contoso.com", "", "mail.contoso.com", true, NAME_YES},
        {"mail.contoso.com", "", "Contoso Ltd.", false, NAME_NO},
        {"mail.contoso.com", "", NULL, false, NAME_NO},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct certificate certificate;

        make(&certificate, rows[i].names, rows[i].common_name);
        if (name_match_exchange(&certificate, rows[i].tls_domain, false) != rows[i].exchange ||
            name_match_strict(&certificate, rows[i].tls_domain) != rows[i].strict)
            fail_msg("row %zu: %s", i, rows[i].tls_domain);
        unmake(&certificate);
    }
}

static void postfix(void **state)
{
    static const struct {
        const char *patterns, *names, *common_name;
        bool met;
        enum name_answer strict;
    } rows[] = {
        {"contoso.com", "contoso.com", NULL, true, NAME_YES},
        {"contoso.com:.contoso.com", "mail.contoso.com", NULL, true, NAME_NOT_APPLICABLE},
        {"contoso.com:.contoso.com", "contoso.com", NULL, true, NAME_YES},
        {"mx.example", "192.0.2.1", "mx.example", true, NAME_YES},
        {"contoso.com:.contoso.com", "a.b.contoso.com", NULL, true, NAME_NOT_APPLICABLE},
        {".contoso.com", "contoso.com", NULL, false, NAME_NOT_APPLICABLE},
        {".contoso.com", "*.contoso.com", NULL, true, NAME_NOT_APPLICABLE},
        {".contoso.com", "xcontoso.com", NULL, false, NAME_NOT_APPLICABLE},
        {"mail.contoso.com", "*.contoso.com", NULL, true, NAME_YES},
        {"contoso.com", "*.contoso.com", NULL, false, NAME_NO},
        {"a.b.contoso.com", "*.contoso.com", NULL, false, NAME_NO},
        {"hostname", "mx.example", NULL, true, NAME_NOT_APPLICABLE},
        {"hostname", "other.example", NULL, false, NAME_NOT_APPLICABLE},
        {"other.example:HOSTNAME", "mx.example", NULL, true, NAME_NOT_APPLICABLE},
        {"mx.example", "other.example", "mx.example", false, NAME_NO},
        {"mx.example", "", "mx.example", true, NAME_YES},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct certificate certificate;

        make(&certificate, rows[i].names, rows[i].common_name);
        if (name_match_postfix(&certificate, rows[i].patterns, "mx.example") != rows[i].met ||
            name_match_strict(&certificate, rows[i].patterns) != rows[i].strict)
            fail_msg("row %zu: %s", i, rows[i].patterns);
        unmake(&certificate);
    }
}

static void a_domain_stands_for_names_below_it(void **state)
{
    struct certificate certificate;

    (void)state;
    make(&certificate, "mail.contoso.com", NULL);
    assert_false(name_match_exchange(&certificate, "contoso.com", false));
    assert_true(name_match_exchange(&certificate, "contoso.com", true));
    assert_false(name_match_exchange(&certificate, "example.com", true));
    unmake(&certificate);
}

static void without_a_host_nothing_is_it(void **state)
{
    struct certificate certificate;

    (void)state;
    make(&certificate, "mx.example", NULL);
    assert_false(name_match_postfix(&certificate, "hostname", NULL));
    unmake(&certificate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exchange_and_rfc_6125),
        cmocka_unit_test(postfix),
        cmocka_unit_test(a_domain_stands_for_names_below_it),
        cmocka_unit_test(without_a_host_nothing_is_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
