/* What the engine is told of a session that was only looked at. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/online.h"

#include "engine/base/buf.h"
#include "engine/model/fixture.h"

/* In place of the engine's: notes what it is told. */
struct audit {
    struct buf told;
};

void audit_add(struct audit *audit, uint32_t id, const struct target_spec *spec)
{
    (void)id;
    buf_printf(&audit->told, "add %s;", spec->domain);
}

void audit_keep(struct audit *audit, const struct endpoint_key *key)
{
    buf_printf(&audit->told, "keep %s;", key->address);
}

static struct model *two_targets(void)
{
    struct model *model = fixture_model("tls1.2");

    fixture_simple(model, "a.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, "192.0.2.1",
                   fixture_facts("rrraa"));
    fixture_simple(model, "b.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, "192.0.2.2",
                   fixture_facts("rrraa"));
    return model;
}

static void told(struct audit *audit, const char *expected)
{
    assert_string_equal(buf_string(&audit->told), expected);
    audit->told.length = 0;
}

static void test_one_by_one(void **state)
{
    struct model *model = two_targets();
    struct target *first = model_target_at(model, 0), *second = model_target_at(model, 1);
    struct audit audit;
    struct online online = {0};

    (void)state;
    buf_init(&audit.told, 0);
    online_begin(&online, model);
    assert_true(online_is_asleep(&online, first) && online_is_asleep(&online, second));
    told(&audit, "");
    online_wake(&online, &audit, first);
    told(&audit, "keep 192.0.2.1;add a.example;");
    online_wake(&online, &audit, first);
    told(&audit, "");
    assert_true(!online_is_asleep(&online, first) && online_is_asleep(&online, second));
    model_forget_target(model, second);
    online_wake(&online, &audit, second);
    told(&audit, "add b.example;");
    online_release(&online);
    buf_release(&audit.told);
    model_free(model);
}

/* Of those that come back, one that nobody asked for stays unasked; what came later never slept. */
static void test_who_comes_back(void **state)
{
    struct model *model = two_targets();
    struct audit audit;
    struct online online = {0};
    struct target *late;

    (void)state;
    buf_init(&audit.told, 0);
    online_begin(&online, model);
    online_add(&online, &audit, model_target_at(model, 0));
    told(&audit, "");
    late = fixture_simple(model, "c.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, "192.0.2.3", NULL);
    assert_false(online_is_asleep(&online, late));
    online_add(&online, &audit, late);
    told(&audit, "add c.example;");
    online_release(&online);
    buf_release(&audit.told);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_by_one),
        cmocka_unit_test(test_who_comes_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
