#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/day.h"
#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/report/compare.h"
#include "engine/report/compare_write.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LATER (FIXTURE_NOW + 20 * (int64_t)FIXTURE_DAY)

/* One endpoint at one of two moments. */
struct moment {
    const char
        *versions; /* as fixture_facts; NULL: not there; "": pending; "!": unreachable; "0": no STARTTLS */
    const char *address; /* NULL: 192.0.2.1 */
    uint16_t suite;
    int days; /* of the certificate from FIXTURE_NOW; 0: none */
    const char *issuer, *sha256;
    bool untrusted;
};

static struct facts *facts_of(const struct moment *moment)
{
    bool open = strlen(moment->versions) == TLS_VERSIONS;
    struct facts *facts = fixture_facts(open ? moment->versions : "-----");

    facts->probed_at = FIXTURE_NOW;
    if (*moment->versions == '!') {
        facts->stage = STAGE_CONNECT;
        facts->error = PROBE_CONNECT_TIMEOUT;
        facts->starttls = STARTTLS_UNKNOWN;
    }
    if (*moment->versions == '0')
        facts->starttls = STARTTLS_NOT_OFFERED;
    if (moment->suite)
        fixture_handshake(facts, (enum tls_version)facts_highest(facts), moment->suite, true);
    if (moment->days) {
        facts->certificate = fixture_certificate("mx.contoso.com", !moment->untrusted, moment->days);
        facts->certificate->chain_trusted = !moment->untrusted;
        if (moment->issuer) {
            free(facts->certificate->issuer);
            facts->certificate->issuer = mem_string(moment->issuer);
        }
        snprintf(facts->certificate->sha256, sizeof facts->certificate->sha256, "%s",
                 moment->sha256 ? moment->sha256 : "aa");
    }
    return facts;
}

static struct model *model_of(const struct moment *moment, int64_t now)
{
    struct model *model = fixture_model("tls1.2");
    struct target *target;

    model_set_now(model, now);
    if (!moment->versions)
        return model;
    if (*moment->versions)
        fixture_simple(model, "contoso.com", CLASS_PARTNER, REQUIREMENT_ENCRYPTION,
                       moment->address ? moment->address : "192.0.2.1", facts_of(moment));
    else {
        target = fixture_target(model, "contoso.com", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
        fixture_route(model, target, ROUTE_MX, DNS_OK, "10 mx.contoso.com");
        fixture_addresses(model, "mx.contoso.com", DNS_OK, "192.0.2.1");
    }
    return model;
}

/* "regressed: verdict"; the facts' names behind the change, or "same". */
static char *summed(const struct difference *list, size_t count)
{
    char *text = mem_string(count ? "" : "same"), *longer;

    for (size_t i = 0; i < count; i++) {
        longer = mem_format("%s%s%s", text, i ? "; " : "", change_name(list[i].change));
        free(text);
        text = longer;
        for (size_t f = 0; f < list[i].fact_count; f++) {
            longer = mem_format("%s %s", text, changed_fact_name(list[i].facts[f].fact));
            free(text);
            text = longer;
        }
    }
    return text;
}

static const struct {
    struct moment before, after;
    const char *target, *endpoint;
} moments[] = {
    {{.versions = "rrraa"}, {.versions = "rrraa"}, "same", "same"},
    {{.versions = "rrraa"}, {.versions = "rarrr"}, "regressed", "regressed best-version worst-version"},
    {{.versions = "rarrr"}, {.versions = "rrraa"}, "improved", "improved best-version worst-version"},
    {{.versions = "rrraa"}, {.versions = "0"}, "regressed", "regressed starttls"},
    {{.versions = "0"}, {.versions = "rrraa"}, "improved", "improved starttls"},
    {{.versions = "0"}, {.versions = "rarrr"}, "changed verdict", "changed verdict starttls"},
    {{.versions = "rrraa"}, {.versions = "!"}, "newly-unknown", "newly-unknown"},
    {{.versions = "rrraa"}, {.versions = ""}, "newly-unknown", "newly-unknown"},
    {{.versions = "!"}, {.versions = "rrraa"}, "newly-known", "newly-known"},
    {{.versions = "!"}, {.versions = "rarrr"}, "newly-known", "newly-known"},
    {{.versions = ""}, {.versions = "!"}, "changed verdict", "changed verdict"},
    {{.versions = "!"}, {.versions = "!"}, "same", "same"},
    {{.versions = NULL}, {.versions = "rrraa"}, "appeared", "appeared"},
    {{.versions = "rrraa"}, {.versions = NULL}, "gone", "gone"},
    {{.versions = NULL}, {.versions = NULL}, "same", "same"},
    {{.versions = "aaara"}, {.versions = "rrara"}, "same", "changed worst-version"},
    {{.versions = "rrrar"}, {.versions = "rrraa"}, "same", "changed best-version"},
    /* what is not known is no difference */
    {{.versions = "rrra-"}, {.versions = "rrraa"}, "same", "same"},
    {{.versions = "rrrau"}, {.versions = "rrraa"}, "same", "same"},
    {{.versions = "---aa"}, {.versions = "rrraa"}, "same", "same"},
    {{.versions = "rraaa"}, {.versions = "---aa"}, "same", "same"},
    {{.versions = "rrraa", .suite = 0x1301}, {.versions = "rrraa", .suite = 0x1302}, "same", "changed suite"},
    {{.versions = "rrraa", .suite = 0x1301}, {.versions = "rrraa"}, "same", "same"},
    {{.versions = "rrraa", .address = "192.0.2.1"},
     {.versions = "rrraa", .address = "192.0.2.9"},
     "changed address",
     "appeared; gone"},
    {{.versions = "rrraa", .days = 90},
     {.versions = "rrraa", .days = 180, .sha256 = "bb"},
     "same",
     "changed certificate-renewed"},
    {{.versions = "rrraa", .days = 90, .issuer = "CN=Old"},
     {.versions = "rrraa", .days = 180, .issuer = "CN=New", .sha256 = "bb"},
     "same",
     "changed certificate-renewed certificate-issuer"},
    {{.versions = "rrraa", .days = 90},
     {.versions = "rrraa", .days = 90, .untrusted = true},
     "same",
     "changed certificate-trust"},
    {{.versions = "rrraa", .days = 90}, {.versions = "rrraa"}, "same", "same"},
    {{.versions = "rrraa", .days = 40},
     {.versions = "rrraa", .days = 40},
     "same",
     "changed certificate-expiring"},
    {{.versions = "rrraa", .days = 20}, {.versions = "rrraa", .days = 21}, "same", "same"},
    {{.versions = "rrraa", .days = 10},
     {.versions = "rrraa", .days = 10},
     "same",
     "changed certificate-expired"},
};

static void compare_moments(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        struct model *before = model_of(&moments[i].before, FIXTURE_NOW),
                     *after = model_of(&moments[i].after, LATER);
        struct comparison comparison;
        char *target, *endpoint;

        compare_models(before, after, &comparison);
        target = summed(comparison.targets, comparison.target_count);
        endpoint = summed(comparison.endpoints, comparison.endpoint_count);
        if (strcmp(target, moments[i].target) != 0 || strcmp(endpoint, moments[i].endpoint) != 0)
            fail_msg("row %zu: '%s' and '%s', not '%s' and '%s'", i, target, endpoint, moments[i].target,
                     moments[i].endpoint);
        assert_int_equal(comparison_regressed(&comparison), strncmp(target, "regressed", 9) == 0);
        free(target);
        free(endpoint);
        comparison_release(&comparison);
        model_free(before);
        model_free(after);
    }
}

static void two_certificates(void **state)
{
    const struct moment moment = {.versions = "rrraa", .days = 90};
    struct model *before = model_of(&moment, FIXTURE_NOW), *after = model_of(&moment, FIXTURE_NOW);
    struct facts *facts = model_endpoint_at(after, 0)->facts;
    struct comparison comparison;
    (void)state;

    facts->other_certificate = certificate_copy(facts->certificate);
    strcpy(facts->certificate->sha256, "bb");
    compare_models(before, after, &comparison);
    assert_int_equal(comparison.endpoint_count, 0);
    comparison_release(&comparison);
    model_free(before);
    model_free(after);
}

/* The sentences that a way from one MX to others gives; a failed lookup gives none. */
static void mail_moves(void **state)
{
    struct model *before = fixture_model("tls1.2"), *after = fixture_model("tls1.2");
    struct comparison comparison;
    struct target *target = fixture_target(before, "contoso.com", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    (void)state;

    fixture_route(before, target, ROUTE_MX, DNS_OK, "10 b.example 10 a.example");
    target = fixture_target(after, "contoso.com", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    fixture_route(after, target, ROUTE_MX, DNS_OK, "10 c.example");
    compare_models(before, after, &comparison);
    assert_int_equal(comparison.target_count, 1);
    assert_string_equal(comparison.targets[0].facts[0].sentence,
                        "MX changed from a.example, b.example to c.example");
    assert_string_equal(comparison.targets[0].facts[0].before, "a.example, b.example");
    comparison_release(&comparison);

    fixture_route(after, target, ROUTE_NONE, DNS_SERVFAIL, "");
    compare_models(before, after, &comparison);
    for (size_t i = 0; i < comparison.target_count; i++)
        for (size_t f = 0; f < comparison.targets[i].fact_count; f++)
            assert_int_equal(comparison.targets[i].facts[f].fact, CHANGED_VERDICT);
    comparison_release(&comparison);
    model_free(before);
    model_free(after);
}

static const struct compare_options *options_of(const struct model *model, struct compare_options *options)
{
    *options = (struct compare_options){"mxscope 0.1.0",
                                        model_baseline(model),
                                        "exchange-online",
                                        {"old.mxscope", "a.example", FIXTURE_NOW, FIXTURE_NOW + 1, true},
                                        {"new\x1b[2J.mxscope", NULL, LATER, 0, false}};
    return options;
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no '%s' in:\n%s", part, text);
}

/* A connector's name is a stranger's. */
static void is_written(void **state)
{
    const struct moment then = {.versions = "rrraa"}, now = {.versions = "rarrr"};
    struct model *before = model_of(&then, FIXTURE_NOW), *after = model_of(&now, LATER);
    struct target *target = model_target_at(after, 0);
    struct comparison comparison;
    struct compare_options options;
    char *text;
    json_t *root;
    (void)state;

    compare_models(before, after, &comparison);
    target->spec.connector = mem_string("=cmd|'\x1b[2J<b>\"");
    text = compare_text(&comparison, options_of(after, &options));
    has(text, "then: old.mxscope, 2026-11-18T11:06:41Z, from a.example\n");
    has(text, "now:  new\\x1b[2J.mxscope, 2026-12-08T11:06:40Z, not complete\n");
    has(text, "targets: 1 regressed, 0 unchanged\n");
    has(text,
        "  contoso.com (partner, =cmd|'\\x1b[2J<b>\")\n    It was ready and is not ready: mx.contoso.com");
    has(text, "    - the best version was TLS 1.3 and is TLS 1.0\n");
    assert_null(strchr(text, 0x1b));
    free(text);
    text = compare_markdown(&comparison, &options);
    has(text, "- **contoso.com** (partner, =cmd\\|'\\x1b\\[2J&lt;b&gt;\")\n  It was ready");
    free(text);
    text = compare_csv(&comparison);
    has(text, "\xef\xbb\xbf"
              "change,kind,class,domain,");
    has(text,
        "regressed,target,partner,contoso.com,\"'=cmd|'\\x1b[2J<b>\"\"\",,,,,,,ready,not-ready,\"It was");
    has(text, "best-version,TLSv1.3,TLSv1.0,");
    assert_null(strchr(text, 0x1b));
    free(text);
    text = compare_json(&comparison, &options);
    root = json_loads(text, 0, NULL);
    assert_non_null(root);
    assert_true(json_is_true(json_object_get(root, "regressed")));
    assert_int_equal(json_array_size(json_object_get(root, "targets")), 1);
    json_decref(root);
    free(text);
    comparison_release(&comparison);
    model_free(before);
    model_free(after);
}

/* A certificate that ran out since, and another floor since, are no faults of then. */
static void is_judged_alike(void **state)
{
    const struct moment moment = {.versions = "rrrar", .days = 10};
    struct model *before = model_of(&moment, LATER), *after = fixture_model("tls1.3");
    (void)state;

    model_target_at(before, 0)->spec.requirement = REQUIREMENT_CHAIN;
    compare_align(before, FIXTURE_NOW, model_baseline(after));
    assert_int_equal(model_target_at(before, 0)->judgement.reason, REASON_VERSION_BELOW_FLOOR);
    model_set_baseline(after, baseline_copy(model_baseline(before)));
    assert_true(baseline_same(model_baseline(before), model_baseline(after)));
    assert_int_equal(model_time(before), FIXTURE_NOW);
    compare_align(before, 0, model_baseline(after));
    assert_int_equal(model_time(before), FIXTURE_NOW);
    model_free(before);
    before = model_of(&moment, LATER);
    model_target_at(before, 0)->spec.requirement = REQUIREMENT_CHAIN;
    model_set_now(before, LATER);
    assert_int_equal(model_target_at(before, 0)->judgement.reason, REASON_CERTIFICATE_EXPIRED);
    compare_align(before, FIXTURE_NOW, model_baseline(before));
    assert_int_equal(model_target_at(before, 0)->judgement.verdict, VERDICT_READY);
    model_free(before);
    model_free(after);
}

static void order(void **state)
{
    static const char *const expected[] = {"a.example", "z.example", "b.example", "c.example"};
    struct model *before = fixture_model("tls1.2"), *after = fixture_model("tls1.2");
    struct comparison comparison;
    (void)state;

    fixture_simple(before, "z.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.1",
                   fixture_facts("rrraa"));
    fixture_simple(before, "c.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.2",
                   fixture_facts("rrraa"));
    fixture_simple(before, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.3",
                   fixture_facts("rrraa"));
    fixture_simple(after, "b.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.4",
                   fixture_facts("rrraa"));
    fixture_simple(after, "z.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.1",
                   fixture_facts("rarrr"));
    fixture_simple(after, "a.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.3",
                   fixture_facts("rarrr"));
    compare_models(before, after, &comparison);
    assert_int_equal(comparison.target_count, 4);
    for (size_t i = 0; i < 4; i++) {
        const struct difference *difference = &comparison.targets[i];

        assert_string_equal(
            (difference->target ? difference->target : difference->target_before)->spec.domain, expected[i]);
    }
    comparison_release(&comparison);
    model_free(before);
    model_free(after);
}

/* Sentences of those that are on one side only. */
static void one_side(void **state)
{
    struct model *none = fixture_model("tls1.2"), *one = fixture_model("tls1.2");
    struct target *target = fixture_target(one, "contoso.com", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    struct comparison comparison;

    (void)state;
    fixture_route(one, target, ROUTE_NONE, DNS_NXDOMAIN, "");
    compare_models(none, one, &comparison);
    assert_int_equal(comparison.target_count, 1);
    assert_string_equal(comparison.targets[0].sentence,
                        "It is new and takes no mail: contoso.com does not exist in DNS; no mail flows.");
    comparison_release(&comparison);
    compare_models(one, none, &comparison);
    assert_int_equal(comparison.target_count, 1);
    assert_string_equal(comparison.targets[0].sentence, "It is not there any more; it took no mail.");
    comparison_release(&comparison);
    model_free(none);
    model_free(one);
}

/* What people wrote is told, and says nothing of servers. */
static void words_are_noted(void **state)
{
    static const struct {
        const char *fact, *before, *after, *sentence;
    } expected[] = {
        {"owner", "Ann", "Ben", "the owner was: Ann; and is: Ben"},
        {"contact", NULL, "ops@contoso.com", "the contact is noted now: ops@contoso.com"},
        {"state", "to-contact", "promised", "the state was: to contact; and is: promised"},
        {"due", "2026-12-01", NULL, "the due date is not noted any more; it was: 2026-12-01"},
        {"note", "old", "new\x1b[2J", "the note was: old; and is: new\x1b[2J"},
    };
    const struct moment moment = {.versions = "rrraa"};
    struct model *before = model_of(&moment, FIXTURE_NOW), *after = model_of(&moment, FIXTURE_NOW);
    struct target_spec *then = &model_target_at(before, 0)->spec, *now = &model_target_at(after, 0)->spec;
    struct comparison comparison;
    struct compare_options options;
    const struct difference *difference;
    char *text;
    (void)state;

    now->note = mem_string("");
    compare_models(before, after, &comparison);
    assert_int_equal(comparison.target_count, 0);
    comparison_release(&comparison);
    free(now->note);
    then->owner = mem_string("Ann");
    now->owner = mem_string("Ben");
    now->contact = mem_string("ops@contoso.com");
    then->contact_state = CONTACT_TO_CONTACT;
    now->contact_state = CONTACT_PROMISED;
    assert_true(day_parse("2026-12-01", &then->due));
    then->note = mem_string("old");
    now->note = mem_string("new\x1b[2J");
    compare_models(before, after, &comparison);
    assert_int_equal(comparison.target_changes[CHANGE_NOTED], 1);
    assert_int_equal(comparison.target_count, 1);
    assert_int_equal(comparison.endpoint_count, 0);
    assert_false(comparison_regressed(&comparison));
    difference = &comparison.targets[0];
    assert_int_equal(difference->fact_count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < difference->fact_count; i++) {
        const struct fact_change *fact = &difference->facts[i];

        assert_string_equal(changed_fact_name(fact->fact), expected[i].fact);
        assert_string_equal(fact->before ? fact->before : "-", expected[i].before ? expected[i].before : "-");
        assert_string_equal(fact->after ? fact->after : "-", expected[i].after ? expected[i].after : "-");
        assert_string_equal(fact->sentence, expected[i].sentence);
    }
    text = compare_text(&comparison, options_of(after, &options));
    has(text, "targets: 1 noted, 0 unchanged\n");
    has(text, "Noted (1)\n\n  contoso.com (partner)\n    It is ready as before: ");
    has(text, "    - the note was: old; and is: new\\x1b[2J\n");
    free(text);
    text = compare_markdown(&comparison, &options);
    has(text, "### Noted (1)");
    has(text, "  - the owner was: Ann; and is: Ben\n");
    free(text);
    text = compare_csv(&comparison);
    has(text, "noted,target,partner,contoso.com,,Ben,,,,,owner,Ann,Ben,");
    free(text);
    comparison_release(&comparison);
    model_free(before);
    model_free(after);
}

/* Another measure is no fault of the servers: it is told beside the verdict that follows. */
static void what_is_asked(void **state)
{
    const struct moment moment = {.versions = "rrraa", .days = 90};
    struct model *before = model_of(&moment, FIXTURE_NOW), *after = model_of(&moment, FIXTURE_NOW);
    struct target_spec *now = &model_target_at(after, 0)->spec;
    struct comparison comparison;
    char *target;
    (void)state;

    now->tls_domain = mem_string("other.contoso.com");
    now->floor = TLS_1_3;
    compare_models(before, after, &comparison);
    target = summed(comparison.targets, comparison.target_count);
    assert_string_equal(target, "changed tls-domain floor");
    free(target);
    assert_string_equal(comparison.targets[0].facts[0].sentence,
                        "the name that is asked of its certificate was none and is other.contoso.com");
    assert_null(comparison.targets[0].facts[0].before);
    assert_string_equal(comparison.targets[0].facts[1].sentence,
                        "the lowest version that is asked of it was the baseline's and is TLS 1.3");
    comparison_release(&comparison);
    compare_models(after, before, &comparison);
    assert_string_equal(comparison.targets[0].facts[0].sentence,
                        "the name that is asked of its certificate was other.contoso.com and is none");
    comparison_release(&comparison);
    model_free(before);
    model_free(after);
}

static void a_class_that_was_set(void **state)
{
    const struct moment moment = {.versions = "rrraa"};
    struct model *before = model_of(&moment, FIXTURE_NOW), *after = model_of(&moment, FIXTURE_NOW);
    struct target *set = model_target_at(after, 0);
    struct comparison comparison;
    char *target;
    (void)state;

    model_reclass(after, set, CLASS_OPPORTUNISTIC, REQUIREMENT_ENCRYPTION);
    model_set_by_hand(after, set, BY_HAND(HAND_CLASS));
    compare_models(before, after, &comparison);
    target = summed(comparison.targets, comparison.target_count);
    assert_string_equal(target, "changed class");
    free(target);
    comparison_release(&comparison);
    model_free(before);
    model_free(after);
}

static void assert_moved(const struct model *here, const struct model *there, const struct target *target,
                         bool gone, const char *expected)
{
    char *words = compare_moved_words(here, there, target, gone);

    assert_string_equal(words ? words : "", expected);
    free(words);
}

/* A domain that a connector took stands twice, and both say that it is one. */
static void a_connector_came(void **state)
{
    struct model *before = fixture_model("tls1.2"), *after = fixture_model("tls1.2");
    struct target_spec spec = {.domain = (char *)"contoso.com", .unicode = (char *)"contoso.com"};
    struct comparison comparison;
    (void)state;

    spec.class = CLASS_OPPORTUNISTIC;
    model_add(before, &spec, NULL);
    fixture_target(after, "contoso.org", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    spec.class = CLASS_PARTNER;
    spec.connector = (char *)"To Contoso";
    model_add(after, &spec, NULL);
    compare_models(before, after, &comparison);
    assert_int_equal(comparison.target_count, 3);
    assert_non_null(
        strstr(comparison.targets[0].sentence, " The domain was there before, as opportunistic."));
    assert_moved(after, before, model_target_at(after, 1), false,
                 "The domain was there before, as opportunistic.");
    assert_moved(before, after, model_target_at(before, 0), true,
                 "The domain is there now as partner, To Contoso.");
    assert_moved(after, before, model_target_at(after, 0), false, "");
    assert_null(strstr(comparison.targets[1].sentence, "The domain"));
    assert_non_null(
        strstr(comparison.targets[2].sentence, " The domain is there now as partner, To Contoso."));
    comparison_release(&comparison);
    model_free(before);
    model_free(after);
}

/* They stand behind what is told of servers. */
static void words_beside_facts(void **state)
{
    const struct moment then = {.versions = "rrraa"}, now = {.versions = "rarrr"};
    struct model *before = model_of(&then, FIXTURE_NOW), *after = model_of(&now, FIXTURE_NOW);
    struct comparison comparison;
    char *target;
    (void)state;

    model_target_at(after, 0)->spec.owner = mem_string("Ann");
    compare_models(before, after, &comparison);
    target = summed(comparison.targets, comparison.target_count);
    assert_string_equal(target, "regressed owner");
    free(target);
    comparison_release(&comparison);
    model_target_at(after, 0)->spec.requirement = REQUIREMENT_NONE;
    compare_models(after, before, &comparison);
    target = summed(comparison.targets, comparison.target_count);
    assert_string_equal(target, "improved requirement owner");
    free(target);
    comparison_release(&comparison);
    model_free(before);
    model_free(after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_side),
        cmocka_unit_test(compare_moments),
        cmocka_unit_test(two_certificates),
        cmocka_unit_test(mail_moves),
        cmocka_unit_test(is_written),
        cmocka_unit_test(order),
        cmocka_unit_test(is_judged_alike),
        cmocka_unit_test(words_are_noted),
        cmocka_unit_test(words_beside_facts),
        cmocka_unit_test(what_is_asked),
        cmocka_unit_test(a_class_that_was_set),
        cmocka_unit_test(a_connector_came),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
