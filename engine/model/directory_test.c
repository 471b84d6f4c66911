#include "engine/model/directory.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"

static struct directory *make(enum dns_status zone, const char *mailbox, enum dns_status report,
                              const char *uri)
{
    struct directory *directory = directory_new();

    directory->zone_status = zone;
    directory->zone = mem_string(mailbox ? "contoso.com" : NULL);
    directory->mailbox = mem_string(mailbox);
    directory->report_status = report;
    directory->record = mem_string(uri ? "v=TLSRPTv1; …" : NULL);
    if (uri)
        strings_add(&directory->uris, uri);
    return directory;
}

static void renew(struct directory *to, struct directory *from)
{
    directory_renew(to, from);
    directory_free(from);
}

static void a_failure_takes_nothing_away(void **state)
{
    struct directory *known = make(DNS_OK, "a@contoso.com", DNS_OK, "mailto:b@contoso.com");

    (void)state;
    renew(known, make(DNS_TIMEOUT, NULL, DNS_SERVFAIL, NULL));
    assert_string_equal(known->mailbox, "a@contoso.com");
    assert_int_equal(known->zone_status, DNS_OK);
    assert_int_equal(known->uris.count, 1);
    renew(known, make(DNS_NOT_QUERIED, NULL, DNS_NOT_QUERIED, NULL));
    assert_string_equal(known->record, "v=TLSRPTv1; …");
    directory_free(known);
}

static void an_answer_replaces(void **state)
{
    struct directory *known = make(DNS_OK, "a@contoso.com", DNS_OK, "mailto:b@contoso.com");

    (void)state;
    renew(known, make(DNS_OK, "c@contoso.com", DNS_NXDOMAIN, NULL));
    assert_string_equal(known->mailbox, "c@contoso.com");
    assert_int_equal(known->report_status, DNS_NXDOMAIN);
    assert_null(known->record);
    assert_int_equal(known->uris.count, 0);
    renew(known, make(DNS_NO_DATA, NULL, DNS_OK, "https://contoso.com/"));
    assert_null(known->mailbox);
    assert_null(known->zone);
    assert_int_equal(known->uris.count, 1);
    directory_free(known);
}

static void a_failure_is_told_where_nothing_is_known(void **state)
{
    struct directory *known = directory_new(), *copy;

    (void)state;
    renew(known, make(DNS_TIMEOUT, NULL, DNS_SERVFAIL, NULL));
    assert_int_equal(known->zone_status, DNS_TIMEOUT);
    assert_int_equal(known->report_status, DNS_SERVFAIL);
    assert_false(directory_told(known->zone_status));
    copy = directory_copy(known);
    assert_int_equal(copy->report_status, DNS_SERVFAIL);
    directory_free(copy);
    directory_free(known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_takes_nothing_away),
        cmocka_unit_test(an_answer_replaces),
        cmocka_unit_test(a_failure_is_told_where_nothing_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
