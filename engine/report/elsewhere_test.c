#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/report/elsewhere.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/model/merge.h"

#include <stdlib.h>
#include <string.h>

/* One place saw two addresses, one of them without TLS; the other one saw one, and TLS there. */
static struct model *look(const char *versions, const char *addresses, const char *owner)
{
    struct model *model = fixture_model("tls1.2");
    struct target *t = fixture_target(model, "contoso.com", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);

    t->spec.owner = mem_string(owner);
    fixture_route(model, t, ROUTE_MX, DNS_OK, "10 mx.contoso.com");
    fixture_addresses(model, "mx.contoso.com", DNS_OK, addresses);
    fixture_probed(model, "mx.contoso.com", "192.0.2.1", fixture_facts(versions));
    fixture_target(model, "alike.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    return model;
}

static void is_line(const struct strings *lines, size_t at, const char *begins)
{
    assert_true(at < lines->count);
    if (strncmp(lines->items[at], begins, strlen(begins)) != 0)
        fail_msg("\"%s\" does not begin with \"%s\"", lines->items[at], begins);
}

static void what_another_place_saw(void **state)
{
    struct model *there = look("rarrr", "192.0.2.1 192.0.2.2", "Ann");
    struct model *here = look("rrraa", "192.0.2.1", "Zoe");
    const struct merge_source sources[] = {{there, "berlin.example", 10, FIXTURE_NOW - 60},
                                           {here, "oslo.example", 20, FIXTURE_NOW}};
    struct model *both = merge_models(sources, 2);
    const struct target *target = model_target_at(both, 0);
    const struct host *host = target->hosts[0].host;
    struct strings lines = {0}, own = {0};
    char *text;

    (void)state;
    assert_true(elsewhere_any(target));
    assert_false(elsewhere_any(model_target_at(both, 1)));
    elsewhere_of_target(target, &lines);
    assert_int_equal(lines.count, 3);
    is_line(&lines, 0, "from berlin.example at 2026-11-18T11:05:40Z: owner: Ann");
    is_line(&lines, 1, "mx.contoso.com: from berlin.example at 2026-11-18T11:05:40Z: 192.0.2.2");
    is_line(&lines, 2, "mx.contoso.com (192.0.2.1): from berlin.example at ");
    elsewhere_of_endpoint(host, host->endpoints[0], &own);
    assert_int_equal(own.count, 2);
    is_line(&own, 0, "from berlin.example at 2026-11-18T11:05:40Z: 192.0.2.2");
    is_line(&own, 1, "from berlin.example at ");
    assert_non_null(strstr(own.items[1], "not ready"));
    text = elsewhere_joined(&own);
    assert_non_null(strstr(text, ": 192.0.2.2; from berlin.example at "));
    free(text);
    strings_release(&lines);
    strings_release(&own);
    model_free(both);
    model_free(here);
    model_free(there);
}

/* What a server or an input says of itself is no word of a merge. */
static void other_warnings_are_not_told(void **state)
{
    struct model *model = look("rrraa", "192.0.2.1", NULL);
    struct target *target = model_target_at(model, 0);
    struct strings lines = {0};

    (void)state;
    strings_add(&target->spec.remarks, "from berlin.example: a remark");
    strings_add(&target->warnings, "mx.contoso.com is a CNAME");
    elsewhere_of_target(target, &lines);
    assert_int_equal(lines.count, 0);
    assert_null(elsewhere_joined(&lines));
    model_free(model);
}

static void how_many(void **state)
{
    char *one = elsewhere_words(1), *two = elsewhere_words(2);

    (void)state;
    assert_non_null(strstr(one, "Of 1 target not"));
    assert_non_null(strstr(two, "Of 2 targets not"));
    free(one);
    free(two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_another_place_saw),
        cmocka_unit_test(other_warnings_are_not_told),
        cmocka_unit_test(how_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
