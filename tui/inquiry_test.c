#include "tui/inquiry.h"

#include "engine/model/fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void asks_once_about_who_falls_short(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *ready = fixture_simple(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION,
                                          "192.0.2.1", fixture_facts("rrraa"));
    struct target *below = fixture_simple(model, "b.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE,
                                          "192.0.2.2", fixture_facts("rrrar"));
    struct inquiry inquiry = {.on = false};
    char *error = NULL;

    (void)state;
    model_set_baseline(model, baseline_load("tls1.3", &error));
    assert_int_equal(below->judgement.verdict, VERDICT_NOT_READY);
    assert_false(inquiry_takes(&inquiry, below)); /* no baseline was chosen */
    inquiry.on = true;
    assert_false(inquiry_takes(&inquiry, ready));
    assert_true(inquiry_takes(&inquiry, below));
    assert_false(inquiry_takes(&inquiry, below));
    assert_int_equal(inquiry.taken, 1);
    inquiry_release(&inquiry);
    model_free(model);
}

static void asks_not_about_who_is_known(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *known = fixture_simple(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION,
                                          "192.0.2.1", fixture_facts("rarrr"));
    struct target *gone = fixture_simple(model, "b.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION,
                                         "192.0.2.2", fixture_facts("rarrr"));
    struct event event = {.type = EVENT_CONTACTS, .target = known->id, .directory = directory_new()};
    struct inquiry inquiry = {.on = true};

    (void)state;
    model_remove(model, gone);
    assert_false(inquiry_takes(&inquiry, gone));
    event.directory->zone_status = DNS_NO_DATA;
    model_apply(model, &event);
    event_release(&event);
    assert_false(inquiry_takes(&inquiry, known));
    inquiry_release(&inquiry);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_once_about_who_falls_short),
        cmocka_unit_test(asks_not_about_who_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
