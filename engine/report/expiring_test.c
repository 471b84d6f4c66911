#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/report/expiring.h"

#include "engine/model/fixture.h"

#include <stdlib.h>

static void add(struct model *model, const char *domain, enum requirement requirement, int days)
{
    struct facts *facts = fixture_facts("rrraa");

    facts->certificate = fixture_certificate("mx.a.example", true, days);
    fixture_simple(model, domain, CLASS_PARTNER, requirement, domain[0] == 'a' ? "192.0.2.1" : "192.0.2.2",
                   facts);
}

static void is_first(struct model *model, size_t expected, const char *domain, int left)
{
    size_t count;
    const struct target **list = report_expiring(model, &count);

    assert_int_equal(count, expected);
    assert_string_equal(list[0]->spec.domain, domain);
    assert_int_equal(expiring_days_left(model, list[0]), left);
    free(list);
}

/* Where any certificate will do none ends too soon; what ended is a problem already. */
static void who_has_one_that_ends(void **state)
{
    struct model *model = fixture_model("tls1.2");
    size_t count;

    (void)state;
    add(model, "any.example", REQUIREMENT_ENCRYPTION, 5);
    add(model, "over.example", REQUIREMENT_CHAIN, -1);
    add(model, "later.example", REQUIREMENT_CHAIN, 31);
    assert_null(report_expiring(model, &count));
    assert_int_equal(count, 0);
    add(model, "soon.example", REQUIREMENT_CHAIN, 30);
    is_first(model, 1, "soon.example", 30);
    add(model, "first.example", REQUIREMENT_NAME, 3);
    is_first(model, 2, "first.example", 3);
    model_remove(model, model_target_at(model, 4));
    is_first(model, 1, "soon.example", 30);
    model_free(model);
}

static void how_many(void **state)
{
    char *one = expiring_words(1), *two = expiring_words(2);

    (void)state;
    assert_string_equal(one, "1 target has to have a valid certificate and has one that ends within 30 days; "
                             "when it ends, mail stops.");
    assert_string_equal(two, "2 targets have to have a valid certificate and have one that ends within 30 "
                             "days; when it ends, mail stops.");
    free(one);
    free(two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_one_that_ends),
        cmocka_unit_test(how_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
