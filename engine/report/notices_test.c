#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/report/notices.h"

#include "engine/model/fixture.h"

#include <stdlib.h>
#include <string.h>

static struct facts *dead_facts(void)
{
    struct facts *facts = fixture_facts("-----");

    facts->stage = STAGE_CONNECT;
    facts->error = PROBE_CONNECT_TIMEOUT;
    return facts;
}

static size_t count_of(struct model *model, const struct target *target, bool all)
{
    struct strings list = {0};
    size_t count;

    if (all)
        model_warnings(model, target, &list);
    else
        report_notices(model, target, &list);
    count = list.count;
    strings_release(&list);
    return count;
}

/* The only server does not answer: the explanation says so. */
static void what_is_explained_is_no_notice(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *target =
        fixture_simple(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.1", dead_facts());

    (void)state;
    assert_int_equal(count_of(model, target, true), 1);
    assert_int_equal(count_of(model, target, false), 0);
    strings_add(&target->warnings, "a.example is a CNAME");
    assert_int_equal(count_of(model, target, false), 1);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_explained_is_no_notice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
