#include "tui/demand_words.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

static void assert_words(const struct target *target, const struct target_spec *spec, const char *expected)
{
    char *words = demand_words(target, spec);

    assert_string_equal(words, expected);
    free(words);
}

static void says_what_is_said_anew(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *target = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    struct target_spec spec;

    (void)state;
    target_spec_copy(&spec, &target->spec);
    assert_words(target, &spec, "");
    spec.match = MATCH_RULE;
    assert_words(target, &spec, "what else is said of it");
    spec.requirement = REQUIREMENT_NAME;
    spec.tls_domain = mem_string("gw.a.example");
    target_spec_add_host(&spec, "gw.a.example", 587, false);
    target_spec_add_host(&spec, "192.0.2.1", 0, true);
    assert_words(target, &spec,
                 "name instead of encryption, TLS name gw.a.example instead of none, "
                 "smart host gw.a.example port 587 192.0.2.1 instead of MX");
    target_spec_release(&spec);
    model_free(model);
}

static void says_words_that_people_have_not(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *target = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    struct target_spec spec;

    (void)state;
    target_spec_copy(&spec, &target->spec);
    spec.owner = mem_string("Ann");
    spec.note = mem_string("moves");
    spec.contact_state = CONTACT_PROMISED;
    spec.due = 20800;
    model_set_by_hand(model, target, BY_HAND(HAND_NOTE));
    assert_words(target, &spec, "owner Ann, state promised, due 2026-12-13");
    model_set_notes(model, target, &(struct target_notes){.owner = "Ben", .due = 1});
    assert_words(target, &spec, "state promised");
    target_spec_release(&spec);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_is_said_anew),
        cmocka_unit_test(says_words_that_people_have_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
