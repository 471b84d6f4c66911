#include "tui/addition.h"

#include "engine/base/buf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

/* What was read as "domain class, …", or the error. */
static void assert_read(const char *text, const char *expected)
{
    struct addition addition = {0};
    char *error = NULL;
    struct buf out;
    size_t i;

    buf_init(&out, 0);
    if (addition_read(&addition, text, "here", &error)) {
        assert_null(error);
        for (i = 0; i < addition.input.count; i++)
            buf_printf(&out, "%s%s %s", i ? ", " : "", addition.input.specs[i].domain,
                       target_class_name(addition.input.specs[i].class));
        if (addition.addressed)
            buf_printf(&out, " of %s", addition.addressed);
    } else {
        buf_add_string(&out, error);
    }
    assert_string_equal(buf_string(&out), expected);
    free(error);
    buf_release(&out);
    addition_release(&addition);
}

static void test_targets(void **state)
{
    (void)state;
    assert_read("contoso.com", "contoso.com opportunistic");
    assert_read(" contoso.com,fabrikam.com ; litware.com\tadatum.com, ",
                "contoso.com opportunistic, fabrikam.com opportunistic, litware.com opportunistic, "
                "adatum.com opportunistic");
    assert_read("smtp://[2001:db8::1]:25, contoso.com",
                "smtp://[2001:db8::1]:25 relay, contoso.com opportunistic");
}

static void test_classes(void **state)
{
    (void)state;
    assert_read("fabrikam.com partner", "fabrikam.com partner");
    assert_read("contoso.com opportunistic fabrikam.com partner, litware.com",
                "contoso.com opportunistic, fabrikam.com partner, litware.com opportunistic");
    assert_read("partner", "'partner': expected a domain before it, as in contoso.com partner");
    assert_read("a.com partner partner", "'partner': expected a domain before it, as in contoso.com partner");
}

static void test_addresses(void **state)
{
    (void)state;
    assert_read("Bob@contoso.com", "contoso.com opportunistic of Bob@contoso.com");
    assert_read("<bob@contoso.com>, fabrikam.com partner",
                "contoso.com opportunistic, fabrikam.com partner of bob@contoso.com");
    assert_read("\"a@b\"@contoso.com", "contoso.com opportunistic of \"a@b\"@contoso.com");
}

static void assert_refused(const char *text, const char *named)
{
    struct addition addition = {0};
    char *error = NULL;

    assert_false(addition_read(&addition, text, "here", &error));
    assert_non_null(error);
    if (!strstr(error, named))
        fail_msg("\"%s\" does not name %s", error, named);
    free(error);
    addition_release(&addition);
}

static void test_refused(void **state)
{
    (void)state;
    assert_refused("", "expected a domain such as contoso.com");
    assert_refused(" ,; ", "expected a domain such as contoso.com");
    assert_refused("contoso.com, not..good", "'not..good'");
    assert_refused("contoso.com friend", "'friend'");
    assert_refused("contoso.com relay", "'relay'");
    assert_refused("bob@", "'bob@'");
    assert_refused("@contoso.com", "'@contoso.com'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_targets),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
