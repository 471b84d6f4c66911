/* Reports with a key less: what came later, or can be told from nothing being known, may be missing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/report/read.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/report/read_testing.h"
#include "engine/report/sample.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* What no report can do without. What stands beside a route is as what is on it, another certificate as the
 * first, a host's DNS as a domain's. */
static const char *const needed[] = {
    "format",
    "version",
    "baseline",
    "baseline.name",
    "baseline.minimum_version",
    "preflight.resolver.state",
    "domains",
    "domains[].domain",
    "domains[].class",
    "domains[].requirement",
    "domains[].verdict",
    "domains[].reason",
    "domains[].route",
    "domains[].dns",
    "domains[].dns.status",
    "domains[].dns.records[].type",
    "domains[].dns.records[].name",
    "domains[].dns.records[].data",
    "domains[].history[].since",
    "domains[].history[].verdict",
    "domains[].history[].reason",
    "domains[].zone.status",
    "domains[].policy.tls_rpt.status",
    "domains[].hosts",
    "domains[].hosts[].host",
    "domains[].hosts[].endpoints",
    "domains[].hosts[].endpoints[].address",
    "domains[].hosts[].endpoints[].port",
    "domains[].hosts[].endpoints[].protocol",
    "domains[].hosts[].endpoints[].stage",
    "domains[].hosts[].endpoints[].error",
    "domains[].hosts[].endpoints[].smtp",
    "domains[].hosts[].endpoints[].smtp.starttls",
    "domains[].hosts[].endpoints[].versions",
    "domains[].hosts[].endpoints[].versions.SSLv3",
    "domains[].hosts[].endpoints[].versions.TLSv1.0",
    "domains[].hosts[].endpoints[].versions.TLSv1.1",
    "domains[].hosts[].endpoints[].versions.TLSv1.2",
    "domains[].hosts[].endpoints[].versions.TLSv1.3",
    "domains[].hosts[].endpoints[].tls",
    "domains[].hosts[].endpoints[].tls.version",
    "domains[].hosts[].endpoints[].offer.baseline",
    "domains[].hosts[].endpoints[].offer.state",
    "domains[].hosts[].endpoints[].certificate",
    "domains[].hosts[].endpoints[].certificate.names",
    "domains[].hosts[].endpoints[].certificate.not_before",
    "domains[].hosts[].endpoints[].certificate.not_after",
    "domains[].hosts[].endpoints[].certificate.trusted",
    "domains[].hosts[].endpoints[].log[].stage",
    "domains[].hosts[].endpoints[].log[].error",
    "domains[].hosts[].endpoints[].transcript[].side",
    "domains[].hosts[].endpoints[].transcript[].text",
    "domains[].hosts[].endpoints[].probed_at",
};

struct walk {
    json_t *root;
    struct strings seen; /* places of which one key was taken away already */
    size_t taken;
    bool refused[sizeof needed / sizeof *needed];
};

static void replace(char **text, const char *what, const char *with)
{
    char *at = strstr(*text, what), *whole;

    if (!at)
        return;
    whole = mem_format("%.*s%s%s", (int)(at - *text), *text, with, at + strlen(what));
    free(*text);
    *text = whole;
}

/* Its place in the table, or its end. */
static size_t find_needed(const char *place)
{
    char *same = mem_string(place);
    size_t i = 0;

    replace(&same, ".beside.", ".");
    replace(&same, ".other_certificate.", ".certificate.");
    replace(&same, ".hosts[].dns", ".dns");
    if (strncmp(same, "preflight.", strlen("preflight.")) == 0 && strstr(same, ".state"))
        replace(&same, same, "preflight.resolver.state");
    while (i < sizeof needed / sizeof *needed && strcmp(needed[i], same) != 0)
        i++;
    free(same);
    return i;
}

/* Nothing is claimed that the whole report does not claim. */
static void claims_no_more(const struct model *model, const char *place)
{
    const struct strings *notes = model_notes(model);

    for (size_t i = 0; i < notes->count; i++) {
        const char *now = strstr(notes->items[i], "makes it ");

        if (now && strncmp(now, "makes it unknown", 16) != 0 &&
            strncmp(now, "makes it unreachable", 20) != 0 && strncmp(now, "makes it pending", 16) != 0)
            fail_msg("without %s: %s", place, notes->items[i]);
    }
}

static void without(struct walk *walk, const char *place, const char *expected)
{
    char *text = json_dumps(walk->root, 0), *path;
    size_t at = find_needed(place);
    struct report_about about;
    char *error = NULL;
    struct model *model;

    if (at < sizeof needed / sizeof *needed) {
        testing_refused(text, expected);
        walk->refused[at] = true;
    } else {
        path = testing_written("less.json", text);
        model = report_read(path, &about, &error);
        if (!model)
            fail_msg("%s", error);
        claims_no_more(model, place);
        free(testing_json(model));
        report_about_release(&about);
        model_free(model);
        free(path);
        walk->taken++;
    }
    free(text);
}

static void look(struct walk *walk, json_t *value, const char *place, const char *where);

/* `place` without numbers, `where` with them. */
static void look_at_key(struct walk *walk, json_t *object, const char *key, const char *place,
                        const char *where)
{
    char *inner = mem_format("%s%s%s", place, *place ? "." : "", key);
    char *at = mem_format("%s%s%s", where, *where ? "." : "", key);
    char *expected = mem_format(": %s: is missing", at);
    json_t *value = json_incref(json_object_get(object, key));

    if (strings_add_once(&walk->seen, inner)) {
        json_object_del(object, key);
        without(walk, inner, expected);
        json_object_set(object, key, value);
    }
    look(walk, value, inner, at);
    json_decref(value);
    free(inner);
    free(at);
    free(expected);
}

static void look(struct walk *walk, json_t *value, const char *place, const char *where)
{
    struct strings keys = {0};
    const char *key;
    json_t *inner;
    size_t i;

    json_array_foreach(value, i, inner)
    {
        char *each = mem_format("%s[]", place), *at = mem_format("%s[%zu]", where, i);

        look(walk, inner, each, at);
        free(each);
        free(at);
    }
    json_object_foreach(value, key, inner) strings_add(&keys, key);
    for (i = 0; i < keys.count; i++)
        look_at_key(walk, value, keys.items[i], place, where);
    strings_release(&keys);
}

static void any_key_missing(void **state)
{
    struct model *sample = sample_model();
    char *text = testing_json(sample);
    struct walk walk = {.root = json_loads(text, 0, NULL)};

    (void)state;
    look(&walk, walk.root, "", "");
    assert_true(walk.taken > 150);
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!walk.refused[i])
            fail_msg("the sample has no %s", needed[i]);
    strings_release(&walk.seen);
    json_decref(walk.root);
    free(text);
    model_free(sample);
}

/* As the first builds wrote it: nothing of it was added later. */
static const char first[] =
    "{\"format\": \"mxscope\", \"version\": 1, \"generator\": \"mxscope 0.1.0\", \"vantage\": "
    "\"host.example\","
    "\"started_at\": \"2026-11-23T10:00:00Z\", \"finished_at\": \"2026-11-23T10:01:00Z\", \"complete\": true,"
    "\"baseline\": {\"name\": \"exchange-online\", \"minimum_version\": \"TLSv1.2\"},"
    "\"summary\": {\"targets\": 1, \"endpoints\": 1, \"verdicts\": {\"partner\": {\"not-ready\": 1}}},"
    "\"domains\": [{\"domain\": \"fabrikam.example\", \"unicode\": \"fabrikam.example\", \"class\": "
    "\"partner\","
    "\"requirement\": \"name\", \"tls_domain\": \"gw.fabrikam.example\", \"connector\": \"To Fabrikam\","
    "\"source\": \"connectors.json\", \"note\": null, \"verdict\": \"not-ready\","
    "\"reason\": \"version-below-floor\", \"explanation\": \"It is.\", \"consequence\": \"stops\","
    "\"route\": \"smart-host\", \"dns\": {\"status\": \"ok\", \"authenticated\": false, \"detail\": null},"
    "\"warnings\": [], \"policy\": {\"mta_sts\": null, \"dane\": null, \"tls_rpt\": null},"
    "\"hosts\": [{\"host\": \"gw.fabrikam.example\", \"preference\": null,"
    "\"dns\": {\"status\": \"ok\", \"authenticated\": false, \"detail\": null}, \"verdict\": \"not-ready\","
    "\"reason\": \"version-below-floor\", \"endpoints\": [{\"address\": \"192.0.2.14\", \"port\": 2525,"
    "\"protocol\": \"smtp\", \"verdict\": \"not-ready\", \"reason\": \"version-below-floor\","
    "\"stage\": \"done\", \"error\": null, \"attempts\": 1, \"shared_by\": 1,"
    "\"smtp\": {\"banner\": \"gw\", \"ehlo\": [\"gw\"], \"starttls\": \"offered\", \"code\": null,"
    "\"injection\": \"no\"}, \"versions\": {\"SSLv3\": \"refused\", \"TLSv1.0\": \"accepted\","
    "\"TLSv1.1\": \"refused\", \"TLSv1.2\": \"refused\", \"TLSv1.3\": \"refused\"},"
    "\"tls\": {\"version\": \"TLSv1.0\", \"cipher\": \"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA\","
    "\"group\": null, \"client_certificate_requested\": false},"
    "\"ciphers\": {\"TLSv1.0\": \"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA\"},"
    "\"certificate\": {\"subject\": \"CN=gw.fabrikam.example\", \"names\": [\"gw.fabrikam.example\"],"
    "\"issuer\": \"CN=ca\", \"not_before\": \"2026-01-01T00:00:00Z\", \"not_after\": "
    "\"2027-01-01T00:00:00Z\","
    "\"key\": \"RSA 2048\", \"signature\": \"sha256WithRSAEncryption\", \"sha256\": null, \"trusted\": true,"
    "\"trust_error\": null, \"matches_host\": true, \"matches_tls_domain\": false, \"days_left\": 300},"
    "\"timings_ms\": {\"connect\": 1, \"banner\": 2, \"starttls\": 3, \"handshake\": 4},"
    "\"probed_at\": \"2026-11-23T10:00:30Z\"}]}]}]}";

static void what_the_first_builds_wrote(void **state)
{
    struct report_about about;
    struct model *model = testing_read(first, &about);
    const struct target *target = model_target_at(model, 0);
    const struct facts *facts = model_endpoint_at(model, 0)->facts;

    (void)state;
    assert_int_equal(target->judgement.reason, REASON_VERSION_BELOW_FLOOR);
    assert_int_equal(model_notes(model)->count, 0);
    assert_int_equal(model_baseline(model)->suite_count, 11);
    assert_int_equal(target->hosts[0].host->key.port, 2525);
    assert_true(target->hosts[0].host->resolved);
    assert_true(facts->ended);
    assert_false(facts->full);
    assert_true(facts->handshake_completed);
    assert_int_equal(facts->connections, 1);
    assert_int_equal(facts->offer, VERSION_NOT_TESTED);
    assert_true(about.complete);
    assert_int_equal(model_preflight(model)->checks[CHECK_PORT_25].state, CHECK_UNKNOWN);
    report_about_release(&about);
    model_free(model);
}

/* The host that a URL names is in no list of early builds. */
static void a_url_names_its_host(void **state)
{
    struct model *sample = sample_model(), *model;
    char *text = testing_json(sample), *other, *bad;
    const struct target *target;

    (void)state;
    other = testing_changed(text, "domains/5/smart_hosts", NULL);
    model = testing_read(other, NULL);
    target = model_target_at(model, 5);
    assert_true(target->spec.is_endpoint);
    assert_int_equal(target->spec.host_count, 1);
    free(other);
    model_free(model);
    other = testing_changed(text, "domains/5/smart_hosts", NULL);
    bad = testing_changed(other, "domains/5/domain", "\"smtp://\"");
    testing_refused(bad, ": domains[5].domain: is \"smtp://\"; expected a URL such as");
    free(bad);
    free(other);
    free(text);
    model_free(sample);
}

/* Another floor than that of the one that is built in: nothing is known of its suites. */
static void a_baseline_of_ones_own(void **state)
{
    char *other = testing_changed(first, "baseline/minimum_version", "\"TLSv1.3\"");
    struct model *model = testing_read(other, NULL);

    (void)state;
    assert_int_equal(model_baseline(model)->minimum, TLS_1_3);
    assert_null(model_baseline(model)->suites);
    model_free(model);
    free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_key_missing),
        cmocka_unit_test(what_the_first_builds_wrote),
        cmocka_unit_test(a_url_names_its_host),
        cmocka_unit_test(a_baseline_of_ones_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
