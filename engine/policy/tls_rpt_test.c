#include "engine/policy/tls_rpt.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/buf.h"

#include <stdlib.h>
#include <string.h>

struct row {
    const char *record, *uris; /* with spaces between; NULL: the record is broken */
};

static void records(void **state)
{
    static const struct row rows[] = {
        {"v=TLSRPTv1; rua=mailto:tls@contoso.com", "mailto:tls@contoso.com"},
        {"v=TLSRPTv1;rua=mailto:tls@contoso.com;", "mailto:tls@contoso.com"},
        {"v=TLSRPTv1 ;\trua=mailto:tls@contoso.com , https://r.contoso.com/v1?a=b ; ",
         "mailto:tls@contoso.com https://r.contoso.com/v1?a=b"},
        {"v=TLSRPTv1; later=1; rua=https://r.contoso.com/v1", "https://r.contoso.com/v1"},
        {"v=TLSRPTv1; rua=mailto:a%2Cb@contoso.com,mailto:c@contoso.com", "mailto:c@contoso.com"},
        {"v=TLSRPTv1; rua=ftp://contoso.com/,mailto:c@contoso.com,mailto:c@contoso.com",
         "mailto:c@contoso.com"},
        {"v=TLSRPTv1; rua=", NULL},
        {"v=TLSRPTv1;", NULL},
        {"v=TLSRPTv1; rua=tls@contoso.com", NULL},
        {"v=TLSRPTv1; RUA=mailto:tls@contoso.com", NULL},
        {"v=TLSRPTv1; rua=https:///x", NULL},
        {"v=TLSRPTv1; rua=https://r.contoso.com/\\027[31m", NULL},
        {"v=TLSRPTv1; rua=https://r.contoso.com/a b", NULL},
        {"v=TLSRPTv1; rua=mailto:tls@contoso.com; what is this", NULL},
        {"v=TLSRPTv1; =x; rua=mailto:tls@contoso.com", NULL},
        {"v=TLSRPTv2; rua=mailto:tls@contoso.com", NULL},
        {"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strings uris = {0};
        bool read = tls_rpt_read(rows[i].record, &uris);
        struct buf text;

        buf_init(&text, 0);
        for (size_t u = 0; u < uris.count; u++)
            buf_printf(&text, "%s%s", u ? " " : "", uris.items[u]);
        if (read != (rows[i].uris != NULL) || strcmp(buf_string(&text), read ? rows[i].uris : "") != 0)
            fail_msg("%s gives %s", rows[i].record, buf_string(&text));
        buf_release(&text);
        strings_release(&uris);
    }
}

static void one_record_is_chosen(void **state)
{
    const char *one[] = {"v=spf1 -all", "v=TLSRPTv1; rua=mailto:a@contoso.com", "TLSRPTv1;"};
    const char *two[] = {"v=TLSRPTv1; rua=mailto:a@contoso.com", "v=TLSRPTv1; rua=mailto:b@contoso.com"};
    const char *none[] = {"v=TLSRPTv10; rua=mailto:a@contoso.com", " v=TLSRPTv1;", "v=tlsrptv1;",
                          "v=TLSRPTv1"};

    (void)state;
    assert_ptr_equal(tls_rpt_choose(one, 3), one[1]);
    assert_null(tls_rpt_choose(two, 2));
    assert_null(tls_rpt_choose(none, 4));
    assert_null(tls_rpt_choose(NULL, 0));
}

static void what_is_endless_is_none(void **state)
{
    struct strings uris = {0};
    struct buf text;

    (void)state;
    buf_init(&text, 0);
    buf_add_string(&text, "v=TLSRPTv1; rua=");
    for (int i = 0; i < 100; i++)
        buf_printf(&text, "%smailto:a%d@contoso.com", i ? "," : "", i);
    assert_true(tls_rpt_read(buf_string(&text), &uris));
    assert_int_equal(uris.count, 16);
    strings_release(&uris);
    while (text.length <= TLS_RPT_MOST)
        buf_add_string(&text, ",mailto:b@contoso.com");
    assert_false(tls_rpt_read(buf_string(&text), &uris));
    assert_int_equal(uris.count, 0);
    buf_release(&text);
}

static void name_of_the_record(void **state)
{
    char *name = tls_rpt_name("contoso.com");

    (void)state;
    assert_string_equal(name, "_smtp._tls.contoso.com");
    free(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records),
        cmocka_unit_test(one_record_is_chosen),
        cmocka_unit_test(what_is_endless_is_none),
        cmocka_unit_test(name_of_the_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
