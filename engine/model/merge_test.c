#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/model/merge.h"

#include <stdlib.h>
#include <string.h>

static struct facts *facts_at(const char *versions, int64_t when, bool ended)
{
    struct facts *facts = fixture_facts(versions);

    facts->probed_at = when;
    facts->ended = ended;
    return facts;
}

/* contoso.com as one place saw it. */
static struct model *look(const char *versions, int64_t when, const char *address)
{
    struct model *model = fixture_model("tls1.2");

    model_keep_past(model, false);
    fixture_simple(model, "contoso.com", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, address,
                   facts_at(versions, when, true));
    return model;
}

static struct model *merged(struct model *one, const char *from, struct model *two, const char *and_from)
{
    const struct merge_source sources[] = {{one, from, 0, FIXTURE_NOW}, {two, and_from, 0, FIXTURE_NOW + 60}};
    struct model *model = merge_models(sources, 2);

    model_free(one);
    model_free(two);
    return model;
}

static char *warned(const struct model *model)
{
    struct strings warnings = {0};
    char *text;

    model_warnings(model, model_target_at(model, 0), &warnings);
    text = mem_string(warnings.count ? warnings.items[0] : "");
    for (size_t i = 1; i < warnings.count; i++) {
        char *longer = mem_format("%s | %s", text, warnings.items[i]);

        free(text);
        text = longer;
    }
    strings_release(&warnings);
    return text;
}

static void looks(void **state)
{
    static const struct {
        const char *versions[2];
        int64_t when[2];
        const char *vantage[2], *address[2];
        enum verdict verdict;
        const char *warning; /* a part of it; "": there is none */
    } rows[] = {
        {{"rrraa", "rarrr"}, {10, 20}, {"a", "a"}, {"192.0.2.1", "192.0.2.1"}, VERDICT_NOT_READY, ""},
        {{"rrraa", "rarrr"}, {20, 10}, {"a", "a"}, {"192.0.2.1", "192.0.2.1"}, VERDICT_READY, ""},
        {{"rrraa", "rarrr"},
         {10, 20},
         {"a", "b"},
         {"192.0.2.1", "192.0.2.1"},
         VERDICT_NOT_READY,
         "mx.contoso.com (192.0.2.1): from a at 1970-01-01T00:00:10Z: ready (a version at or above"},
        {{"rrraa", "rarrr"},
         {20, 10},
         {"a", NULL},
         {"192.0.2.1", "192.0.2.1"},
         VERDICT_READY,
         "from elsewhere at 1970-01-01T00:00:10Z: not ready (every version at or above the floor is "
         "refused); TLS 1.0 at best"},
        {{"rrrar", "rrraa"},
         {10, 20},
         {"a", "b"},
         {"192.0.2.1", "192.0.2.1"},
         VERDICT_READY,
         "mx.contoso.com (192.0.2.1): from a at 1970-01-01T00:00:10Z: TLS 1.2 at best"},
        {{"rrraa", "rrraa"}, {10, 20}, {"a", "b"}, {"192.0.2.1", "192.0.2.1"}, VERDICT_READY, ""},
        {{"rrraa", "rarrr"},
         {10, 20},
         {"a", "b"},
         {"192.0.2.1", "192.0.2.2"},
         VERDICT_AT_RISK,
         "mx.contoso.com: from a at 2026-11-18T11:06:40Z: 192.0.2.1"},
        {{"rrraa", "rarrr"}, {10, 20}, {"a", "a"}, {"192.0.2.1", "192.0.2.2"}, VERDICT_NOT_READY, ""},
    };
    (void)state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct model *model =
            merged(look(rows[i].versions[0], rows[i].when[0], rows[i].address[0]), rows[i].vantage[0],
                   look(rows[i].versions[1], rows[i].when[1], rows[i].address[1]), rows[i].vantage[1]);
        char *warning = warned(model);

        assert_int_equal(model_target_count(model), 1);
        if (model_target_at(model, 0)->judgement.verdict != rows[i].verdict)
            fail_msg("row %zu: %s", i, verdict_name(model_target_at(model, 0)->judgement.verdict));
        if (*rows[i].warning ? !strstr(warning, rows[i].warning) : *warning)
            fail_msg("row %zu: '%s', not '%s'", i, warning, rows[i].warning);
        free(warning);
        model_free(model);
    }
}

/* A probe that was cut short takes nothing from one that ended. */
static void cut_short(void **state)
{
    struct model *one = look("rrraa", 10, "192.0.2.1"), *two = look("-----", 20, "192.0.2.1"), *model;
    (void)state;

    model_endpoint_at(two, 0)->facts->ended = false;
    model = merged(one, "a", two, "a");
    assert_int_equal(model_target_at(model, 0)->judgement.verdict, VERDICT_READY);
    assert_int_equal(model_endpoint_at(model, 0)->activity, STAGE_DONE);
    model_free(model);
}

static void lookup_failed(void **state)
{
    struct model *one = look("rrraa", 10, "192.0.2.1"), *two = fixture_model("tls1.2"), *model;
    struct target *target = fixture_target(two, "contoso.com", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    char *warning;
    (void)state;

    fixture_route(two, target, ROUTE_NONE, DNS_SERVFAIL, "");
    model = merged(one, "a", two, "b");
    assert_int_equal(model_target_at(model, 0)->judgement.verdict, VERDICT_READY);
    warning = warned(model);
    assert_non_null(strstr(warning, "from b at 2026-11-18T11:07:40Z: the name servers failed"));
    free(warning);
    model_free(model);
}

static void set_note(struct model *model, const char *note, const char *owner)
{
    model_set_notes(model, model_target_at(model, 0),
                    &(struct target_notes){
                        .note = note, .owner = owner, .state = owner ? CONTACT_PROMISED : CONTACT_NONE});
}

static void notes_stay(void **state)
{
    struct model *one = look("rrraa", 10, "192.0.2.1"), *two = look("rrraa", 20, "192.0.2.1"), *model;
    char *warning;
    (void)state;

    set_note(one, "called them", "Ana");
    set_note(two, "wrote to them", NULL);
    model = merged(one, "a", two, "a");
    assert_string_equal(model_target_at(model, 0)->spec.note, "wrote to them");
    assert_string_equal(model_target_at(model, 0)->spec.owner, "Ana");
    assert_int_equal(model_target_at(model, 0)->spec.contact_state, CONTACT_PROMISED);
    warning = warned(model);
    assert_string_equal(warning, "from a at 2026-11-18T11:06:40Z: note: called them");
    free(warning);
    model_free(model);
}

/* The same domain under the class that one of the two sessions was given by hand, whichever is the newer; and
 * what was emptied there stays empty. */
static void what_people_set_stays(void **state)
{
    (void)state;
    for (int newer = 0; newer < 2; newer++) {
        struct model *models[] = {look("rrraa", 10, "192.0.2.1"), look("rrraa", 20, "192.0.2.1")}, *model;
        struct target *set = model_target_at(models[newer], 0);
        const struct target_spec *spec;

        set_note(models[!newer], "called them", "Ana");
        model_reclass(models[newer], set, CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
        model_set_by_hand(models[newer], set, BY_HAND(HAND_CLASS) | BY_HAND(HAND_OWNER));
        model = merged(models[0], "a", models[1], "a");
        assert_int_equal(model_target_count(model), 1);
        spec = &model_target_at(model, 0)->spec;
        assert_int_equal(spec->class, CLASS_OPPORTUNISTIC);
        assert_int_equal(spec->requirement, REQUIREMENT_NONE);
        assert_int_equal(spec->by_hand, BY_HAND(HAND_CLASS) | BY_HAND(HAND_OWNER));
        assert_string_equal(spec->note, "called them");
        assert_int_equal(spec->owner == NULL, newer);
        model_free(model);
    }
}

static void set_all(struct model *model, const struct target_notes *notes, enum requirement requirement)
{
    struct target *target = model_target_at(model, 0);

    model_reclass(model, target, CLASS_PARTNER, requirement);
    model_set_notes(model, target, notes);
}

static const struct target_notes first_words = {"called", "Ana", "a@contoso.com", CONTACT_PROMISED, 20800};
static const struct target_notes last_words = {"called", "Bo", "b@contoso.com", CONTACT_FIXED, 20900};

/* Whoever wrote last is believed, and nobody's words are lost. */
static void words_of_two(void **state)
{
    static const char *const expected[] = {"owner: Ana", "contact: a@contoso.com",
                                           "state: ", "due: 2026-12-13", "what is asked of it: "};
    struct model *one = look("rrraa", 10, "192.0.2.1"), *two = look("rrraa", 20, "192.0.2.1"), *model;
    const struct target_spec *spec;
    (void)state;

    set_all(one, &first_words, REQUIREMENT_NAME);
    set_all(two, &last_words, REQUIREMENT_ENCRYPTION);
    model = merged(one, "a", two, "a");
    spec = &model_target_at(model, 0)->spec;
    assert_string_equal(spec->owner, "Bo");
    assert_int_equal(spec->contact_state, CONTACT_FIXED);
    assert_int_equal(spec->due, 20900);
    assert_int_equal(spec->requirement, REQUIREMENT_ENCRYPTION);
    assert_int_equal(spec->remarks.count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < spec->remarks.count; i++) {
        if (strncmp(spec->remarks.items[i], "from a at 2026-11-18T11:06:40Z: ", 32) != 0 ||
            strncmp(spec->remarks.items[i] + 32, expected[i], strlen(expected[i])) != 0)
            fail_msg("%s, not %s", spec->remarks.items[i], expected[i]);
    }
    model_free(model);
}

/* What one session had there earlier is no other's word. */
static void words_of_one_session(void **state)
{
    struct model *one = look("rrraa", 10, "192.0.2.1"), *two = look("rrraa", 20, "192.0.2.1");
    const struct merge_source sources[] = {{one, "a", 5, FIXTURE_NOW}, {two, "a", 5, FIXTURE_NOW + 60}};
    struct model *model;
    (void)state;

    set_all(one, &first_words, REQUIREMENT_NAME);
    set_all(two, &last_words, REQUIREMENT_ENCRYPTION);
    model = merge_models(sources, 2);
    assert_int_equal(model_target_at(model, 0)->spec.remarks.count, 0);
    model_free(one);
    model_free(two);
    model_free(model);
}

/* Of three places, joined two by two, all are heard. */
static void merged_again(void **state)
{
    struct model *one = look("rarrr", 10, "192.0.2.1"), *two = look("rrraa", 20, "192.0.2.1"),
                 *three = look("rrraa", 30, "192.0.2.1"), *model;
    char *warning;
    (void)state;

    set_note(one, "called them", "Ana");
    set_note(two, "wrote to them", "Bo");
    model = merged(merged(one, "a", two, "b"), "a, b", three, "c");
    assert_string_equal(model_target_at(model, 0)->spec.owner, "Bo");
    warning = warned(model);
    assert_non_null(strstr(warning, "from a at 2026-11-18T11:06:40Z: note: called them"));
    assert_non_null(strstr(warning, "owner: Ana"));
    assert_non_null(strstr(warning, "from a at 1970-01-01T00:00:10Z: not ready"));
    free(warning);
    model_free(model);
}

/* A later look of the same place takes the place of what a merge told of it. */
static void looked_again(void **state)
{
    struct model *one = look("rarrr", 10, "192.0.2.1"), *two = look("rrraa", 20, "192.0.2.1"),
                 *three = look("rrraa", 30, "192.0.2.1"), *model;
    char *warning;
    (void)state;

    model = merged(merged(one, "a", two, "b"), "a, b", three, "a");
    warning = warned(model);
    assert_string_equal(warning, "");
    free(warning);
    model_free(model);
}

static void certificates(void **state)
{
    struct model *one = look("rrraa", 10, "192.0.2.1"), *two = look("rrraa", 20, "192.0.2.1"), *model;
    struct certificate *certificate = fixture_certificate("old.contoso.com", false, 10);
    char *warning;
    (void)state;

    certificate->sha256[0] ^= 1;
    model_endpoint_at(one, 0)->facts->certificate = certificate;
    model_endpoint_at(two, 0)->facts->certificate = fixture_certificate("mx.contoso.com", true, 90);
    model = merged(one, "a", two, "b");
    warning = warned(model);
    assert_non_null(strstr(warning, "from a at 1970-01-01T00:00:10Z: another certificate, "));
    assert_non_null(strstr(warning, "; the certificate is not trusted"));
    free(warning);
    model_free(model);
}

/* That STARTTLS does not show from a place whose way out rewrites it says nothing of the server. */
static void doubt_stays(void **state)
{
    struct event event = {.type = EVENT_PREFLIGHT};
    struct model *one = look("-----", 20, "192.0.2.1"), *two = look("-----", 10, "192.0.2.1"), *model;
    (void)state;

    preflight_set(&event.preflight, CHECK_STARTTLS_PATH, CHECK_TROUBLE, "rewritten");
    model_apply(one, &event);
    event_release(&event);
    model_endpoint_at(one, 0)->facts->starttls = STARTTLS_NOT_OFFERED;
    model = merged(one, "a", two, "b");
    assert_int_equal(model_target_at(model, 0)->judgement.verdict, VERDICT_UNKNOWN);
    assert_string_equal(model_preflight(model)->checks[CHECK_STARTTLS_PATH].detail, "rewritten");
    model_free(model);
}

/* What one knows of the place is not lost beside one that found nothing out. */
static void details_stay(void **state)
{
    for (int turn = 0; turn < 2; turn++) {
        struct event event = {.type = EVENT_PREFLIGHT};
        struct model *one = look("---aa", turn ? 20 : 10, "192.0.2.1"),
                     *two = look("---aa", turn ? 10 : 20, "192.0.2.1"), *model;

        (void)state;
        preflight_set(&event.preflight, CHECK_IPV6, CHECK_UNKNOWN, "left out");
        preflight_set(&event.preflight, CHECK_RESOLVER_PACE, CHECK_OK, NULL);
        model_apply(one, &event);
        preflight_set(&event.preflight, CHECK_IPV6, CHECK_UNKNOWN, NULL);
        preflight_set(&event.preflight, CHECK_RESOLVER_PACE, CHECK_UNKNOWN, "asked too little");
        model_apply(two, &event);
        event_release(&event);
        model = merged(one, "a", two, "b");
        assert_string_equal(model_preflight(model)->checks[CHECK_IPV6].detail, "left out");
        assert_int_equal(model_preflight(model)->checks[CHECK_RESOLVER_PACE].state, CHECK_OK);
        model_free(model);
    }
}

static void histories_join(void **state)
{
    struct model *one = look("rrraa", FIXTURE_NOW, "192.0.2.1"),
                 *two = look("rarrr", FIXTURE_NOW + 50, "192.0.2.1"), *model;
    const struct past first = {{VERDICT_AT_RISK, REASON_NO_SHARED_SUITE, PROBE_OK}, 10};
    const struct past second = {{VERDICT_READY, REASON_ALL_READY, PROBE_OK}, 20};
    const struct past third = {{VERDICT_NOT_READY, REASON_VERSION_BELOW_FLOOR, PROBE_OK}, 30};
    const struct target *target;
    (void)state;

    model_restore_past(model_target_at(one, 0), &first);
    model_restore_past(model_target_at(two, 0), &first);
    model_restore_past(model_target_at(one, 0), &third);
    model_restore_past(model_target_at(two, 0), &second);
    model = merged(one, "a", two, "a");
    target = model_target_at(model, 0);
    assert_int_equal(target->past_count, 3);
    assert_int_equal(target->past[0].judgement.verdict, VERDICT_AT_RISK);
    assert_int_equal(target->past[1].judgement.verdict, VERDICT_READY);
    assert_int_equal(target->past[2].judgement.verdict, VERDICT_NOT_READY);
    assert_int_equal(target->past[2].when, 30);
    model_free(model);
}

/* A copy of a session and what became of it are one history, also where two verdicts came in one second. */
static void one_second_twice(void **state)
{
    static const struct past past[] = {{{VERDICT_AT_RISK, REASON_NO_SHARED_SUITE, PROBE_OK}, 10},
                                       {{VERDICT_READY, REASON_ALL_READY, PROBE_OK}, 10},
                                       {{VERDICT_NOT_READY, REASON_VERSION_BELOW_FLOOR, PROBE_OK}, 30}};
    struct model *one = look("rrraa", FIXTURE_NOW, "192.0.2.1"),
                 *two = look("rarrr", FIXTURE_NOW + 50, "192.0.2.1"), *model;
    const struct target *target;
    (void)state;

    for (size_t i = 0; i < 3; i++) {
        if (i < 2)
            model_restore_past(model_target_at(one, 0), &past[i]);
        model_restore_past(model_target_at(two, 0), &past[i]);
    }
    model = merged(one, "a", two, "a");
    target = model_target_at(model, 0);
    assert_int_equal(target->past_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(target->past[i].judgement.verdict, past[i].judgement.verdict);
    model_free(model);
}

static void tell_contacts(struct model *model, enum dns_status zone, const char *mailbox,
                          enum dns_status report)
{
    struct event event = {.type = EVENT_CONTACTS, .target = model_target_at(model, 0)->id};

    event.directory = directory_new();
    event.directory->zone_status = zone;
    event.directory->mailbox = mem_string(mailbox);
    event.directory->report_status = report;
    model_apply(model, &event);
    event_release(&event);
}

/* The newest answer to each question, and no failure in place of one. */
static void contacts_join(void **state)
{
    struct model *older = look("rrraa", FIXTURE_NOW, "192.0.2.1"), *newer, *model;
    const struct directory *directory;

    (void)state;
    newer = look("rrraa", FIXTURE_NOW + 60, "192.0.2.1");
    tell_contacts(older, DNS_OK, "hostmaster@contoso.com", DNS_TIMEOUT);
    tell_contacts(newer, DNS_SERVFAIL, NULL, DNS_NXDOMAIN);
    model = merged(older, "a", newer, "b");
    directory = model_target_at(model, 0)->directory;
    assert_int_equal(directory->zone_status, DNS_OK);
    assert_string_equal(directory->mailbox, "hostmaster@contoso.com");
    assert_int_equal(directory->report_status, DNS_NXDOMAIN);
    model_free(model);
}

static void shards(void **state)
{
    struct model *one = look("rrraa", 10, "192.0.2.1"), *two = fixture_model("tls1.2"), *model;
    struct target *removed;
    (void)state;

    fixture_simple(two, "fabrikam.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.9",
                   facts_at("rarrr", 10, true));
    removed = fixture_target(two, "contoso.com", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    model_remove(two, removed);
    model = merged(one, "a", two, "b");
    assert_int_equal(model_target_count(model), 2);
    assert_string_equal(model_target_at(model, 0)->spec.domain, "contoso.com");
    assert_int_equal(model_target_at(model, 0)->judgement.verdict, VERDICT_READY);
    assert_int_equal(model_target_at(model, 0)->spec.remarks.count, 1);
    assert_string_equal(model_target_at(model, 0)->spec.remarks.items[0],
                        "from b at 2026-11-18T11:07:40Z: removed");
    assert_int_equal(model_target_at(model, 1)->judgement.verdict, VERDICT_NOT_READY);
    model_free(model);
}

/* It comes back with all that was known of it. */
static void removed_ones(void **state)
{
    struct model *one = look("rrraa", 10, "192.0.2.1"), *two = look("rarrr", 20, "192.0.2.1"), *model;
    const struct past past = {{VERDICT_READY, REASON_ALL_READY, PROBE_OK}, 10};
    struct target *target;
    bool existed;
    (void)state;

    set_note(one, "called them", "Ana");
    model_restore_past(model_target_at(one, 0), &past);
    model_remove(one, model_target_at(one, 0));
    model_remove(two, model_target_at(two, 0));
    model = merged(one, "a", two, "a");
    assert_int_equal(model_target_count(model), 1);
    target = model_target_at(model, 0);
    assert_true(target->removed);
    assert_int_equal(target->past_count, 1);
    assert_ptr_equal(model_add(model, &target->spec, &existed), target);
    assert_false(existed);
    assert_string_equal(target->spec.owner, "Ana");
    assert_int_equal(target->judgement.verdict, VERDICT_NOT_READY);
    model_free(model);
}

static void what_a_merge_told(void **state)
{
    static const struct {
        const char *line;
        bool told;
    } rows[] = {
        {"from a.example at 2026-11-18T11:06:40Z: note: called them", true},
        {"from look at me at 2026-11-18T11:06:40Z: ready (all)", true},
        {"from elsewhere at 2026-11-18T11:06:40Z: ", true},
        {"from a.example at 2026-11-18T11:06:40Z", false},
        {"from a.example at noon: note", false},
        {"from a.example: at 2026-11-18T11:06:40Z: note", false},
        {"from a.example at 2026-11-18T11:06:40Z and longer than any time: note", false},
        {"mx.a.example: from a.example at 2026-11-18T11:06:40Z: note", false},
        {"", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(merge_told(rows[i].line), rows[i].told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_merge_told), cmocka_unit_test(looks),
        cmocka_unit_test(cut_short),         cmocka_unit_test(lookup_failed),
        cmocka_unit_test(notes_stay),        cmocka_unit_test(what_people_set_stays),
        cmocka_unit_test(words_of_two),      cmocka_unit_test(words_of_one_session),
        cmocka_unit_test(merged_again),      cmocka_unit_test(looked_again),
        cmocka_unit_test(certificates),      cmocka_unit_test(doubt_stays),
        cmocka_unit_test(details_stay),      cmocka_unit_test(shards),
        cmocka_unit_test(removed_ones),      cmocka_unit_test(histories_join),
        cmocka_unit_test(one_second_twice),  cmocka_unit_test(contacts_join),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
