#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/report/campaign.h"

#include "engine/base/day.h"
#include "engine/model/fixture.h"
#include "engine/report/select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OLD  "rarrr"
#define NEW  "rrraa"
#define DARK "-----"

static struct target *add(struct model *model, const char *domain, const char *versions,
                          const struct target_notes *notes)
{
    char address[32];
    struct facts *facts = fixture_facts(versions);
    struct target *target;

    if (strcmp(versions, DARK) == 0) {
        facts->stage = STAGE_CONNECT;
        facts->error = PROBE_CONNECT_TIMEOUT;
        facts->starttls = STARTTLS_UNKNOWN;
    }
    snprintf(address, sizeof address, "192.0.2.%zu", model_target_count(model) + 1);
    target = fixture_simple(model, domain, CLASS_PARTNER, REQUIREMENT_ENCRYPTION, address, facts);
    model_set_notes(model, target, notes);
    return target;
}

static struct model *campaign_model(void)
{
    struct model *model = fixture_model("exchange-online");
    int32_t today = day_of(FIXTURE_NOW);
    struct target *other;

    add(model, "late.example", OLD,
        &(struct target_notes){.owner = "Ann", .state = CONTACT_PROMISED, .due = today - 1});
    add(model, "today.example", OLD,
        &(struct target_notes){.owner = "Ann", .state = CONTACT_CONTACTED, .due = today});
    add(model, "week.example", DARK, &(struct target_notes){.owner = "Bob", .due = today + 7});
    add(model, "later.example", OLD,
        &(struct target_notes){.owner = " ", .state = CONTACT_TO_CONTACT, .due = today + 8});
    add(model, "done.example", NEW,
        &(struct target_notes){.owner = "Bob", .state = CONTACT_FIXED, .due = today - 30});
    add(model, "claimed.example", OLD, &(struct target_notes){.owner = "Ann", .state = CONTACT_FIXED});
    add(model, "quiet.example", NEW,
        &(struct target_notes){.owner = "Bob", .state = CONTACT_PROMISED, .due = today - 1});
    add(model, "waived.example", OLD, &(struct target_notes){.state = CONTACT_WAIVED, .due = today - 1});
    add(model, "never.example", NEW, &(struct target_notes){.state = CONTACT_NONE});
    other = fixture_target(model, "stranger.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    assert_false(campaign_has(other));
    model_remove(model, add(model, "removed.example", OLD, &(struct target_notes){.due = today - 1}));
    return model;
}

static void assert_count(const struct campaign_count *count, unsigned all, unsigned open, unsigned stops,
                         unsigned overdue, unsigned soon)
{
    assert_int_equal(count->all, all);
    assert_int_equal(count->open, open);
    assert_int_equal(count->stops, stops);
    assert_int_equal(count->overdue, overdue);
    assert_int_equal(count->soon, soon);
}

static void test_counts(void **state)
{
    struct model *model = campaign_model();
    struct campaign campaign;
    char *words;

    (void)state;
    campaign_look(model, &campaign);
    assert_count(&campaign.total, 9, 5, 4, 1, 2);
    assert_count(&campaign.states[CONTACT_NONE], 2, 1, 0, 0, 1);
    assert_count(&campaign.states[CONTACT_TO_CONTACT], 1, 1, 1, 0, 0);
    assert_count(&campaign.states[CONTACT_CONTACTED], 1, 1, 1, 0, 1);
    assert_count(&campaign.states[CONTACT_PROMISED], 2, 1, 1, 1, 0);
    assert_count(&campaign.states[CONTACT_FIXED], 2, 1, 1, 0, 0);
    assert_count(&campaign.states[CONTACT_WAIVED], 1, 0, 0, 0, 0);
    words = campaign_words(&campaign);
    assert_string_equal(words, "9 targets, 5 of them open: 1 overdue, 2 due within 7 days");
    free(words);
    campaign_release(&campaign);
    model_free(model);
}

static void test_owners(void **state)
{
    struct model *model = campaign_model();
    struct campaign campaign;

    (void)state;
    campaign_look(model, &campaign);
    assert_int_equal(campaign.owner_count, 3);
    assert_string_equal(campaign.owners[0].name, "Ann");
    assert_count(&campaign.owners[0].count, 3, 3, 3, 1, 1);
    assert_string_equal(campaign.owners[1].name, "Bob");
    assert_count(&campaign.owners[1].count, 1, 1, 0, 0, 1);
    assert_null(campaign.owners[2].name);
    assert_count(&campaign.owners[2].count, 1, 1, 1, 0, 0);
    campaign_release(&campaign);
    model_free(model);
}

static void assert_domains(const struct target *const *list, size_t count, const char *const *domains)
{
    for (size_t i = 0; i < count; i++)
        assert_string_equal(list[i]->spec.domain, domains[i]);
    assert_null(domains[count]);
}

static void test_lists(void **state)
{
    struct model *model = campaign_model();
    struct campaign campaign;

    (void)state;
    campaign_look(model, &campaign);
    assert_domains(campaign.due, campaign.due_count,
                   (const char *const[]){"late.example", "today.example", "week.example", NULL});
    assert_domains(campaign.contradictions, campaign.contradiction_count,
                   (const char *const[]){"claimed.example", "quiet.example", NULL});
    assert_string_equal(campaign_contradiction(campaign.contradictions[0]),
                        "noted as fixed, and still falls short");
    assert_string_equal(campaign_contradiction(campaign.contradictions[1]), "ready, and not noted as fixed");
    assert_int_equal(campaign_days_left(model, campaign.due[2]), 7);
    campaign_release(&campaign);
    model_free(model);
}

static void test_nothing(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct campaign campaign;
    char *words;

    (void)state;
    campaign_look(model, &campaign);
    assert_int_equal(campaign.total.all, 0);
    words = campaign_words(&campaign);
    assert_string_equal(words, "0 targets, none of them open");
    free(words);
    campaign_release(&campaign);
    model_free(model);
}

static void test_history(void **state)
{
    struct model *model = fixture_model("exchange-online");
    struct target *target = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    char *text = campaign_history(target);

    (void)state;
    assert_null(text);
    for (int i = 0; i < 8; i++) {
        struct past past = {{i % 2 ? VERDICT_READY : VERDICT_NOT_READY, REASON_NONE, PROBE_OK},
                            FIXTURE_NOW + i * 86400};

        model_restore_past(target, &past);
    }
    text = campaign_history(target);
    assert_string_equal(text, "2 earlier, 2026-11-20 not ready, 2026-11-21 ready, 2026-11-22 not ready, "
                              "2026-11-23 ready, 2026-11-24 not ready, 2026-11-25 ready");
    free(text);
    model_free(model);
}

static bool is_open(const struct target *target, const void *data)
{
    (void)data;
    return campaign_is_open(target);
}

static void test_selection(void **state)
{
    struct model *model = campaign_model();
    struct model_counts counts;

    (void)state;
    assert_int_equal(report_select(model, is_open, NULL), 10);
    model_counts(model, &counts);
    assert_int_equal(counts.targets, 5);
    assert_int_equal(counts.endpoints, 5);
    assert_int_equal(counts.verdicts[CLASS_PARTNER][VERDICT_NOT_READY], 4);
    assert_int_equal(counts.verdicts[CLASS_OPPORTUNISTIC][VERDICT_PENDING], 0);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),  cmocka_unit_test(test_owners),  cmocka_unit_test(test_lists),
        cmocka_unit_test(test_nothing), cmocka_unit_test(test_history), cmocka_unit_test(test_selection),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
