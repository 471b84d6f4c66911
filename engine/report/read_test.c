/* Model → JSON or JSONL → model, what reports leave out, and files that are none. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/report/read.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/report/sample.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOREVER 253402300799 /* the last second of 9999 */

static char *path_of(const char *name)
{
    const char *folder = getenv("TEST_TMPDIR");

    return mem_format("%s/%s", folder ? folder : ".", name);
}

static char *written(const char *name, const char *text)
{
    char *path = path_of(name), *error = NULL;

    if (!report_write(path, text, &error))
        fail_msg("%s", error);
    return path;
}

static char *json_of(struct model *model)
{
    struct report_options options = sample_options();

    model_set_now(model, FIXTURE_NOW);
    return report_json(model, &options);
}

/* The model that the text gives; `about` may be NULL. */
static struct model *read_text(const char *text, struct report_about *about)
{
    char *path = written("report.json", text), *error = NULL;
    struct report_about own;
    struct model *model = report_read(path, &own, &error);

    if (!model)
        fail_msg("%s", error);
    if (about)
        *about = own;
    else
        report_about_release(&own);
    unlink(path);
    free(path);
    return model;
}

static void refused(const char *text, const char *expected)
{
    char *path = written("refused.json", text), *error = NULL;
    struct report_about about;
    struct model *model = report_read(path, &about, &error);

    if (model)
        fail_msg("is taken, though: %s", expected);
    assert_non_null(error);
    if (!strstr(error, expected) || strstr(error, path) != error || strchr(error, '\n'))
        fail_msg("\"%s\" does not say \"%s\"", error, expected);
    report_about_release(&about);
    free(error);
    unlink(path);
    free(path);
}

static void comes_back(const char *text, const char *expected)
{
    struct model *model = read_text(text, NULL);
    char *again = json_of(model);

    assert_string_equal(again, expected);
    free(again);
    model_free(model);
}

static void add_notes(struct model *model)
{
    struct strings notes = {0};

    strings_add(&notes, "left out: one");
    strings_add(&notes, "left out: two");
    model_add_notes(model, &notes);
    strings_release(&notes);
}

static void json_comes_back(void **state)
{
    struct model *sample = sample_model(), *model;
    struct report_about about;
    char *text, *again;

    (void)state;
    add_notes(sample);
    text = json_of(sample);
    model = read_text(text, &about);
    again = json_of(model);
    assert_string_equal(again, text);
    assert_string_equal(about.generator, "mxscope 0.1.0");
    assert_string_equal(about.vantage, "host.example");
    assert_string_equal(about.options, "audit fabrikam.example");
    assert_int_equal(about.started_at, FIXTURE_NOW - 100);
    assert_int_equal(about.finished_at, FIXTURE_NOW);
    assert_true(about.complete);
    report_about_release(&about);
    free(again);
    free(text);
    model_free(model);
    model_free(sample);
}

static void jsonl_comes_back(void **state)
{
    struct model *sample = sample_model(), *model;
    struct report_about about;
    char *text, *again;

    (void)state;
    model_set_now(sample, FIXTURE_NOW);
    text = report_jsonl(sample);
    model = read_text(text, &about);
    model_set_now(model, FIXTURE_NOW);
    again = report_jsonl(model);
    assert_string_equal(again, text);
    assert_null(about.vantage);
    assert_int_equal(about.started_at, 0);
    assert_false(about.complete);
    assert_int_equal(model_notes(model)->count, 1);
    assert_non_null(strstr(model_notes(model)->items[0], "report.json: JSONL says nothing of the vantage"));
    free(again);
    free(text);
    report_about_release(&about);
    model_free(model);
    model_free(sample);
}

/* As tools write it that sort keys, or put each on a line. */
static void keys_stand_in_any_order(void **state)
{
    static const size_t how[] = {JSON_SORT_KEYS | JSON_COMPACT, JSON_SORT_KEYS | JSON_INDENT(2),
                                 JSON_INDENT(1)};
    struct model *sample = sample_model();
    char *text = json_of(sample);
    json_t *root = json_loads(text, 0, NULL);

    (void)state;
    for (size_t i = 0; i < sizeof how / sizeof *how; i++) {
        char *other = json_dumps(root, how[i]);

        comes_back(other, text);
        free(other);
    }
    json_decref(root);
    free(text);
    model_free(sample);
}

static struct facts *rare_facts(void)
{
    struct facts *facts = fixture_facts("ruu-a");

    fixture_handshake(facts, TLS_1_3, 0x1399, false);
    facts->tls_group = 0x6399;
    facts->client_certificate_requested = true;
    facts->handshake_error = mem_string("bad decrypt");
    facts->handshake_cause = PROBE_IO_TIMEOUT;
    facts->versions[TLS_1_0].error = PROBE_RESET;
    facts->versions[TLS_1_1].alert = 0;
    facts->retry_request = facts->name_refused = facts->sslv2 = facts->unconfirmed = true;
    facts->helo = true;
    facts->injection = INJECTION_YES;
    facts->injected = 17;
    facts->sentinel = SENTINEL_TLS_1_1_OR_BELOW;
    facts->other = VERSION_UNKNOWN;
    facts->offer_baseline = mem_string("tls1.3");
    facts->offer = VERSION_ACCEPTED;
    facts->offer_suite = 0x1301;
    facts->probed_at = FIXTURE_NOW;
    facts->certificate = fixture_certificate("", false, 300);
    facts->certificate->common_name = mem_string("mx.rare.example");
    facts->certificate->not_after = FOREVER;
    facts->certificate->purpose_unread = facts->certificate->names_cut = true;
    facts->certificate->self_signed = facts->certificate->weak_digest = true;
    facts->certificate->key_bits = 0;
    return facts;
}

static void cut_records(struct model *model)
{
    struct event event = {.type = EVENT_ADDRESSES, .dns.status = DNS_OK};

    event.host = (struct host_key){mem_string("mx.cut.example"), 2525, PROTOCOL_SUBMISSION};
    strings_add(&event.addresses, "2001:db8::7");
    strings_add(&event.warnings, "an address that is nobody's");
    for (unsigned i = 0; i <= TRAIL_MOST; i++)
        trail_add(&event.dns.trail, RECORD_AAAA, "mx.cut.example", "2001:db8::7", UINT32_MAX - i);
    model_apply(model, &event);
    event_release(&event);
}

/* A host of a route that nobody knows by its endpoints: it was not resolved yet. */
static void add_unresolved(struct model *model)
{
    struct target *t = fixture_target(model, "cut.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    struct event event = {.type = EVENT_ROUTE, .route = ROUTE_SMART_HOST, .target = t->id, .host_count = 2};

    target_spec_add_host(&t->spec, "mx.cut.example", 2525, false);
    target_spec_add_host(&t->spec, "2001:db8::1", 0, true);
    target_spec_add_host(&t->spec, "2001:db8::2", 26, true);
    target_spec_add_host(&t->spec, "192.0.2.7", 0, true);
    t->spec.never_tls = t->spec.domain_secure = true;
    t->spec.cost = 100;
    event.hosts = mem_array(2, sizeof *event.hosts);
    event.hosts[0] = (struct route_host){{mem_string("mx.cut.example"), 2525, PROTOCOL_SUBMISSION}, -1};
    event.hosts[1] = (struct route_host){{mem_string("later.example"), 26, PROTOCOL_SMTP}, -1};
    strings_add(&event.warnings, "of the route alone");
    model_apply(model, &event);
    event_release(&event);
    cut_records(model);
}

static void deny(struct model *model)
{
    struct event event = {.type = EVENT_PREFLIGHT, .preflight.denies = true};

    preflight_set(&event.preflight, CHECK_RESOLVER, CHECK_TROUBLE, "It knows its own names only.");
    preflight_set(&event.preflight, CHECK_STARTTLS_PATH, CHECK_TROUBLE, NULL);
    model_apply(model, &event);
    event_release(&event);
}

/* What the sample has nothing of. */
static struct model *rare_model(void)
{
    static const char text[] = "name ours\nminimum TLSv1.0\nsuite TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256\n";
    struct model *model = fixture_model("exchange-online");
    char *error = NULL;
    struct baseline *ours = baseline_parse("ours", text, strlen(text), &error);
    struct target *t;

    if (!ours)
        fail_msg("%s", error);
    model_set_baseline(model, ours);
    deny(model);
    fixture_simple(model, "rare.example", CLASS_PARTNER, REQUIREMENT_NAME, "192.0.2.5", rare_facts());
    t = fixture_target(model, "denied.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE);
    fixture_route(model, t, ROUTE_NONE, DNS_NXDOMAIN, "");
    t = fixture_target(model, "later.example", CLASS_SERVICE, REQUIREMENT_CHAIN);
    fixture_route(model, t, ROUTE_UNRESOLVED, DNS_SERVFAIL, "");
    add_unresolved(model);
    return model;
}

static void rare_things_come_back(void **state)
{
    struct model *rare = rare_model(), *model;
    char *text, *again;
    const struct target *denied;

    (void)state;
    text = json_of(rare);
    comes_back(text, text);
    free(text);
    text = report_jsonl(rare);
    model = read_text(text, NULL);
    model_set_now(model, FIXTURE_NOW);
    again = report_jsonl(model);
    assert_string_equal(again, text);
    denied = model_target_at(model, 1);
    assert_int_equal(denied->judgement.verdict, VERDICT_UNREACHABLE);
    assert_int_equal(denied->judgement.reason, REASON_DNS_UNTRUSTED);
    free(again);
    free(text);
    model_free(model);
    model_free(rare);
}

static void what_was_not_probed_has_no_facts(void **state)
{
    struct model *model = fixture_model("tls1.3"), *again;
    struct target *t = fixture_target(model, "new.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    char *text;

    (void)state;
    fixture_route(model, t, ROUTE_MX, DNS_OK, "10 mx.new.example");
    fixture_addresses(model, "mx.new.example", DNS_OK, "192.0.2.1 192.0.2.2");
    fixture_probed(model, "mx.new.example", "192.0.2.2", fixture_facts("rrraa"));
    text = json_of(model);
    again = read_text(text, NULL);
    assert_int_equal(model_endpoint_count(again), 2);
    assert_null(model_endpoint_at(again, 0)->facts);
    assert_non_null(model_endpoint_at(again, 1)->facts);
    assert_int_equal(model_endpoint_at(again, 1)->activity, STAGE_QUEUED); /* that probe did not end */
    free(text);
    model_free(again);
    model_free(model);
}

/* One report with `value` (JSON) in place of what stands at `path` ("domains/0/class"); NULL takes it away.
 */
static char *changed(const char *text, const char *path, const char *value)
{
    json_t *root = json_loads(text, 0, NULL), *at = root, *next;
    char *copy = mem_string(path), *rest = copy, *key = strsep(&rest, "/"), *out;

    while (rest) {
        next = json_is_array(at) ? json_array_get(at, (size_t)atoi(key)) : json_object_get(at, key);
        if (!next)
            fail_msg("%s: no '%s'", path, key);
        at = next;
        key = strsep(&rest, "/");
    }
    next = value ? json_loads(value, JSON_DECODE_ANY, NULL) : NULL;
    if (json_is_array(at))
        json_array_set_new(at, (size_t)atoi(key), next);
    else if (next)
        json_object_set_new(at, key, next);
    else
        json_object_del(at, key);
    out = json_dumps(root, 0);
    json_decref(root);
    free(copy);
    return out;
}

#define ENDPOINT  "domains/0/hosts/0/endpoints/0/"
#define AT        "domains[0].hosts[0].endpoints[0]."
#define EXPECTED  "; expected "
#define IS_FIVE   ": is 5" EXPECTED
#define A_LIST_OF "\"a list of words that is far longer than what anyone wants to read in an error message\""

static void each_fault_names_its_place(void **state)
{
    static const struct {
        const char *path, *value, *said;
    } rows[] = {
        {"format", "\"mxscope-diff\"", ": format: is \"mxscope-diff\"; expected \"mxscope\""},
        {"format", NULL, ": format: is missing" EXPECTED},
        {"version", "2", ": version: is 2; expected 1; the report was written by a newer mxscope"},
        {"version", "0", ": version: is 0; expected a whole number from 1 to 1"},
        {"version", "\"1\"", ": version: is \"1\"; expected"},
        {"vantage", "5", ": vantage" IS_FIVE "a text or null"},
        {"started_at", "\"2026-02-30T10:00:00Z\"",
         ": started_at: is \"2026-02-30T10:00:00Z\"; expected a time"},
        {"complete", "null", ": complete: is null; expected true or false"},
        {"baseline", "null", ": baseline: is null; expected an object"},
        {"baseline/minimum_version", "\"TLSv1.4\"",
         ": baseline.minimum_version: is \"TLSv1.4\"; expected one of: SSLv3"},
        {"baseline/suites/0", "\"AES\"", ": baseline.suites[0]: is \"AES\"; expected IANA's name"},
        {"preflight/resolver/state", "\"maybe\"",
         ": preflight.resolver.state: is \"maybe\"; expected one of: unknown, ok"},
        {"preflight/ipv6", NULL, ": preflight.ipv6: is missing" EXPECTED},
        {"resolver_denies", NULL, ": resolver_denies: is missing" EXPECTED},
        {"input_notes", "{}", ": input_notes: is an object; expected a list"},
        {"selection", "[]", ": selection: is a list of 0; expected an object or null"},
        {"domains", NULL, ": domains: is missing; expected a list"},
        {"domains", "5", ": has '5'; expected a list of domains"},
        {"domains/0", "5", ": domains[0]" IS_FIVE "an object"},
        {"domains/3", "[]", ": domains[3]: is a list of 0; expected an object"},
        {"domains/1/domain", "\"a b\"", ": domains[1].domain: is \"a b\"; expected a domain in A-labels"},
        {"domains/1/domain", "\"gopher://a\"", ": domains[1].domain: is \"gopher://a\"; expected a domain"},
        {"domains/0/class", "\"friend\"",
         ": domains[0].class: is \"friend\"; expected one of: partner, opportunistic"},
        {"domains/0/class", "null", ": domains[0].class: is null; expected one of"},
        {"domains/0/requirement", NULL, ": domains[0].requirement: is missing"},
        {"domains/0/match", "\"none\"", ": domains[0].match: is \"none\"; expected one of: rule"},
        {"domains/0/due", "\"2026-13-01\"", ": domains[0].due: is \"2026-13-01\"; expected a day"},
        {"domains/0/cost", "0", ": domains[0].cost: is 0; expected a whole number from 1 to 65535, or null"},
        {"domains/0/smart_hosts", "[\"a:b\"]", ": domains[0].smart_hosts[0]: is \"a:b\"; expected a host"},
        {"domains/0/smart_hosts", "[\"[::1\"]", ": domains[0].smart_hosts[0]: is \"[::1\"; expected a host"},
        {"domains/0/smart_hosts", "[\"a:70000\"]",
         ": domains[0].smart_hosts[0]: is \"a:70000\"; expected a host"},
        {"domains/5/smart_hosts", "[]", ": domains[5].smart_hosts: is a list of 0; expected one host"},
        {"domains/0/remarks/0", "5", ": domains[0].remarks[0]" IS_FIVE "a text"},
        {"domains/0/inbound/0/enabled", "5", ": domains[0].inbound[0].enabled" IS_FIVE "true or false"},
        {"domains/0/verdict", "\"good\"", ": domains[0].verdict: is \"good\"; expected one of: pending"},
        {"domains/0/reason", "\"none\"", ": domains[0].reason: is \"none\"; expected a reason"},
        {"domains/0/history", "[{}]", ": domains[0].history[0].reason: is missing"},
        {"domains/0/route", A_LIST_OF,
         ": domains[0].route: is \"a list of words that is far longer than what anyone wants t…; expected "
         "one of: mx, implicit-mx"},
        {"domains/0/dns", "null", ": domains[0].dns: is null; expected an object"},
        {"domains/0/beside", "5", ": domains[0].beside" IS_FIVE "an object or null"},
        {"domains/0/beside/hosts/0/port", "0",
         ": domains[0].beside.hosts[0].port: is 0; expected a whole number"},
        {"domains/0/hosts/0/host", "\"\\u001b[2J\"",
         ": domains[0].hosts[0].host: is \"\\u001B[2J\"; expected a host name"},
        {"domains/0/hosts/0/preference", "65536", ": domains[0].hosts[0].preference: is 65536; expected"},
        {"domains/0/hosts/0/resolved", "false", ": domains[0].hosts[0].resolved: is false; expected true"},
        {"domains/0/hosts/0/dns/records", "{}",
         ": domains[0].hosts[0].dns.records: is an object; expected a list"},
        {ENDPOINT "address", "\"192.0.2\"", AT "address: is \"192.0.2\"; expected an IP address"},
        {ENDPOINT "port", "26", AT "port: is 26; expected its host's, 25"},
        {ENDPOINT "port", "\"25\"", AT "port: is \"25\"; expected"},
        {ENDPOINT "protocol", "\"imap\"", AT "protocol: is \"imap\"; expected its host's, \"smtp\""},
        {ENDPOINT "stage", "\"over\"", AT "stage: is \"over\"; expected one of: queued"},
        {ENDPOINT "error", "\"ok\"", AT "error: is \"ok\"; expected one of: connect-refused"},
        {ENDPOINT "attempts", "-1", AT "attempts: is -1; expected a whole number from 0"},
        {ENDPOINT "attempts", "1.5", AT "attempts: is 1.5; expected a whole number"},
        {ENDPOINT "smtp/code", "1000",
         AT "smtp.code: is 1000; expected a whole number from 1 to 999, or null"},
        {ENDPOINT "smtp/ehlo/0", "null", AT "smtp.ehlo[0]: is null; expected a text"},
        {ENDPOINT "versions/TLSv1.2", "\"yes\"",
         AT "versions.TLSv1.2: is \"yes\"; expected one of: not-tested"},
        {ENDPOINT "versions/SSLv3", NULL, AT "versions.SSLv3: is missing"},
        {ENDPOINT "version_details/TLSv1.2/alert", "256", AT "version_details.TLSv1.2.alert: is 256"},
        {ENDPOINT "ciphers/TLSv1.0", "\"0x12\"", AT "ciphers.TLSv1.0: is \"0x12\"; expected IANA's name"},
        {ENDPOINT "tls/group", "\"25519\"", AT "tls.group: is \"25519\"; expected IANA's name of a group"},
        {ENDPOINT "tls/version", "null", AT "tls.version: is null; expected one of"},
        {ENDPOINT "handshake_cause", "\"ok\"", AT "handshake_cause: is \"ok\"; expected one of"},
        {ENDPOINT "offer/state", "5", AT "offer.state" IS_FIVE "one of: not-tested"},
        {ENDPOINT "tally/full_offers/none", "65536", AT "tally.full_offers.none: is 65536"},
        {ENDPOINT "sentinel", "\"TLSv1.0\"", AT "sentinel: is \"TLSv1.0\"; expected \"TLSv1.2\""},
        {ENDPOINT "unconfirmed", NULL, AT "unconfirmed: is missing"},
        {ENDPOINT "log/0/milliseconds", "null", AT "log[0].milliseconds: is null; expected"},
        {ENDPOINT "transcript/2/side", "\"nobody\"",
         AT "transcript[2].side: is \"nobody\"; expected \"server\""},
        {ENDPOINT "transcript/0/text", "null", AT "transcript[0].text: is null; expected a text"},
        {ENDPOINT "certificate/sha256", "\"ab\"",
         AT "certificate.sha256: is \"ab\"; expected 64 hexadecimal digits"},
        {ENDPOINT "certificate/common_name", NULL, AT "certificate.common_name: is missing"},
        {ENDPOINT "certificate/chain/0/not_after", "0",
         AT "certificate.chain[0].not_after: is 0; expected a time"},
        {ENDPOINT "other_certificate", "[]",
         AT "other_certificate: is a list of 0; expected an object or null"},
        {"domains/1/hosts/0/endpoints/0/probed_at", "null",
         ": domains[1].hosts[0].endpoints[0].probed_at: is null; expected what was said of this endpoint "
         "before"},
        {"domains/1/hosts/0/endpoints", "[]",
         ": domains[1].hosts[0]: has other addresses than were said of this host before"},
    };
    struct model *sample = sample_model();
    char *text = json_of(sample);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *other = changed(text, rows[i].path, rows[i].value);

        refused(other, rows[i].said);
        free(other);
    }
    free(text);
    model_free(sample);
}

/* Stands in for the value at `at`, which is put back behind it. */
static void with_each(json_t *root, json_t *holder, const char *key, size_t index, size_t *taken)
{
    static const char *const values[] = {"null",      "true", "-1", "99999999999", "\"\\u001b[2J\"",
                                         "\"ready\"", "[]",   "{}", "[{}]"};
    json_t *before = json_incref(key ? json_object_get(holder, key) : json_array_get(holder, index));

    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        json_t *value = json_loads(values[i], JSON_DECODE_ANY, NULL);
        char *text, *path, *error = NULL;
        struct report_about about;
        struct model *model;

        if (key)
            json_object_set_new(holder, key, value);
        else
            json_array_set_new(holder, index, value);
        text = json_dumps(root, 0);
        path = written("each.json", text);
        model = report_read(path, &about, &error);
        assert_true(!model == !!error);
        if (model) {
            free(json_of(model));
            ++*taken;
        }
        report_about_release(&about);
        model_free(model);
        free(error);
        free(path);
        free(text);
    }
    if (key)
        json_object_set_new(holder, key, before);
    else
        json_array_set_new(holder, index, before);
}

static size_t walk(json_t *root, json_t *value, size_t *taken)
{
    size_t places = 0, i;
    const char *key;
    json_t *inner;
    void *next;

    json_array_foreach(value, i, inner)
    {
        with_each(root, value, NULL, i, taken);
        places += 1 + walk(root, json_array_get(value, i), taken);
    }
    json_object_foreach_safe(value, next, key, inner)
    {
        char *own = mem_string(key);

        with_each(root, value, own, 0, taken);
        places += 1 + walk(root, json_object_get(value, own), taken);
        free(own);
    }
    return places;
}

/* Whatever stands anywhere, it is refused, or read as what can be told and reported. */
static void any_value_anywhere(void **state)
{
    struct model *sample = sample_model();
    char *text = json_of(sample);
    json_t *root = json_loads(text, 0, NULL), *domains = json_object_get(root, "domains");
    size_t taken = 0, places;

    (void)state;
    while (json_array_size(domains) > 1)
        json_array_remove(domains, json_array_size(domains) - 1);
    json_array_remove(
        json_object_get(json_array_get(json_object_get(json_array_get(domains, 0), "hosts"), 0), "endpoints"),
        1);
    json_object_set_new(json_array_get(domains, 0), "beside", json_null());
    places = walk(root, root, &taken);
    assert_true(places > 200);
    assert_true(taken > places / 4);
    json_decref(root);
    free(text);
    model_free(sample);
}

static void faults_of_lines_name_the_line(void **state)
{
    struct model *sample = sample_model();
    char *text, *second, *other, *all;

    (void)state;
    text = report_jsonl(sample);
    second = strchr(text, '\n') + 1;
    *strchr(second, '\n') = '\0';
    other = changed(second, "hosts/0/port", "70000");
    all = mem_format("%.*s\n%s", (int)(second - text), text, other);
    refused(all, "refused.json:3: hosts[0].port: is 70000; expected");
    free(all);
    free(other);
    other = changed(second, "judged/baseline", "\"tls1.3\"");
    all = mem_format("%.*s%s\n", (int)(second - text), text, other);
    refused(
        all,
        "refused.json:2: judged: has another baseline than the lines before; expected \"exchange-online\"");
    free(all);
    free(other);
    other = changed(second, "judged/baseline", "\"/etc/passwd\"");
    refused(other, "refused.json:1: judged.baseline: is \"/etc/passwd\"; expected the name of a baseline");
    free(other);
    free(text);
    model_free(sample);
}

static void what_is_no_report(void **state)
{
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"", ": is empty; expected a report in JSON or JSONL"},
        {" \n\n", ": is empty; expected"},
        {"[]", ":1: has '['; expected a report in JSON or JSONL, which begins with '{'"},
        {"\xff\xfe{", ":1: has byte 0xff; expected a report"},
        {"\n{", ":2: is cut short; expected a key in quotes"},
        {"{5:1}", ":1: has '5'; expected a key in quotes"},
        {"{\"a\" 1}", ":1: has '1'; expected ':' behind a key"},
        {"{\"a\":1}", ": format: is missing"},
        {"{\"Name\":\"To Contoso\",\n\"Enabled\":true}", ": format: is missing"},
        {"{\"a\":\n1 2}", ":2: has '2'; expected ',' or '}'"},
        {"{\"a\":\n\ntru}", ":3: is no JSON: "},
        {"{\"a\":1,\n\"a\":1}", ":2: is no JSON: the key is there already"},
        {"{\"a\":{\"b\":1,\"b\":2}}", ":1: is no JSON: duplicate object key"},
        {"{\"a\":\"\\u0000\"}", ":1: is no JSON: \\\\u0000 is not allowed"},
        {"{\"a\":1}{", ":1: has '{'; expected nothing more"},
        {"{\"domains\":[1 2]}", ":1: has '2'; expected ',' or ']'"},
        {"{\"domains\":[],\"domains\":[]}", ":1: has ']'; expected no second \"domains\""},
        {"{\"domain\":\"a.example\"}", ":1: judged: is missing"},
        {"{\"domain\":\"a.example\"", ":1: is cut short: a value has no end"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        refused(rows[i].text, rows[i].said);
}

/* Nothing of it is there then, wherever it ends. */
static void a_report_that_is_cut_short(void **state)
{
    struct model *sample = sample_model();
    char *text = json_of(sample);
    size_t length = strlen(text);

    (void)state;
    for (size_t i = 1; i < 40; i++) {
        char *part = mem_string_n(text, (length - 3) * i / 40);

        refused(part, ":");
        free(part);
    }
    text[length - 2] = '\0';
    refused(text, "is cut short");
    free(text);
    model_free(sample);
}

/* Brackets as deep as anyone likes. */
static void a_report_that_is_too_deep(void **state)
{
    struct buf text;

    (void)state;
    buf_init(&text, 0);
    buf_add_string(&text, "{\"a\":");
    for (unsigned i = 0; i < 100000; i++)
        buf_u8(&text, '[');
    for (unsigned i = 0; i < 100000; i++)
        buf_u8(&text, ']');
    buf_add_string(&text, "}");
    refused(buf_string(&text), ":1: is no JSON: maximum parsing depth reached");
    buf_release(&text);
}

static void other_verdicts_are_noted(void **state)
{
    struct model *sample = sample_model(), *model;
    char *text = json_of(sample), *other = changed(text, "domains/4/verdict", "\"ready\"");

    (void)state;
    model = read_text(other, NULL);
    assert_int_equal(model_target_at(model, 4)->judgement.verdict, VERDICT_UNREACHABLE);
    assert_int_equal(model_notes(model)->count, 1);
    assert_string_equal(model_notes(model)->items[0],
                        "report.json: says that dead.example is ready; what it tells of it makes it "
                        "unreachable (greylisted)");
    model_free(model);
    free(other);
    free(text);
    model_free(sample);
}

static void a_report_of_some_targets_is_noted(void **state)
{
    struct model *sample = sample_model(), *model;
    struct report_options options = sample_options();
    char *text;

    (void)state;
    options.selection = "class:partner";
    options.selected_of = 40;
    text = report_json(sample, &options);
    model = read_text(text, NULL);
    assert_int_equal(model_notes(model)->count, 1);
    assert_string_equal(model_notes(model)->items[0],
                        "the report holds only those of 40 targets that were chosen by: class:partner");
    free(text);
    model_free(model);
    model_free(sample);
}

/* Ready when it was written; its certificate ended long before anyone reads it. */
static void time_that_passed_is_no_other_verdict(void **state)
{
    const int64_t then = 1000000000;
    struct model *model = fixture_model("tls1.2"), *again;
    struct facts *facts = fixture_facts("rrraa");
    struct report_options options = sample_options();
    char *text;

    (void)state;
    facts->certificate = fixture_certificate("mx.contoso.com", true, 1);
    facts->certificate->not_before = then - FIXTURE_DAY;
    facts->certificate->not_after = then + FIXTURE_DAY;
    facts->probed_at = then;
    fixture_simple(model, "contoso.com", CLASS_PARTNER, REQUIREMENT_CHAIN, "192.0.2.1", facts);
    model_set_now(model, then);
    options.finished_at = then;
    text = report_json(model, &options);
    again = read_text(text, NULL);
    assert_int_equal(model_target_at(model, 0)->judgement.verdict, VERDICT_READY);
    assert_int_equal(model_target_at(again, 0)->judgement.reason, REASON_CERTIFICATE_EXPIRED);
    assert_int_equal(model_notes(again)->count, 0);
    free(text);
    model_free(again);
    model_free(model);
}

/* One of several lines was judged where a resolver denies what others have: then none of its noes counts. */
static void lines_of_several_places(void **state)
{
    struct model *one = fixture_model("tls1.2"), *two = fixture_model("tls1.2"), *both;
    struct target *t = fixture_target(one, "gone.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    char *first, *second, *text;

    (void)state;
    fixture_route(one, t, ROUTE_NONE, DNS_NXDOMAIN, "");
    fixture_target(two, "other.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    deny(two);
    first = report_jsonl(one);
    second = report_jsonl(two);
    text = mem_format("%s%s", first, second);
    both = read_text(text, NULL);
    assert_int_equal(model_target_count(both), 2);
    assert_int_equal(model_target_at(both, 0)->judgement.reason, REASON_DNS_UNTRUSTED);
    free(first);
    free(second);
    free(text);
    model_free(one);
    model_free(two);
    model_free(both);
}

static void a_piece_at_a_time(void **state)
{
    struct model *sample = sample_model(), *model;
    char *text = json_of(sample), *path = written("pieces.json", text), *error = NULL, *again;
    struct report_about about;
    struct report_reading *reading = report_read_begin(path, &about, &model, &error);
    bool over = false;
    unsigned calls = 0;

    (void)state;
    assert_non_null(reading);
    assert_string_equal(model_baseline(model)->name, "exchange-online");
    assert_int_equal(model_target_count(model), 0);
    for (; !over; calls++) {
        assert_true(report_read_more(reading, 1, &over, &error));
        assert_false(model_any_unsaved(model));
    }
    report_read_end(reading);
    assert_int_equal(calls, model_target_count(model) + 1);
    model_remove(model, model_target_at(model, 0));
    assert_true(model_any_unsaved(model));
    model_bring_back(model, model_target_at(model, 0));
    again = json_of(model);
    assert_string_equal(again, text);
    free(again);
    report_about_release(&about);
    free(text);
    unlink(path);
    free(path);
    model_free(model);
    model_free(sample);
}

static void which_files_are_json(void **state)
{
    static const struct {
        const char *text;
        bool json;
    } rows[] = {{"{\"format\"", true},
                {"\xef\xbb\xbf\n {", true},
                {"SQLite format 3", false},
                {"", false},
                {"[{", false}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *path = written("which", rows[i].text);

        assert_int_equal(report_is_json(path), rows[i].json);
        unlink(path);
        free(path);
    }
    assert_false(report_is_json("/nowhere/at/all"));
    assert_false(report_is_json("/"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_comes_back),
        cmocka_unit_test(jsonl_comes_back),
        cmocka_unit_test(keys_stand_in_any_order),
        cmocka_unit_test(rare_things_come_back),
        cmocka_unit_test(what_was_not_probed_has_no_facts),
        cmocka_unit_test(each_fault_names_its_place),
        cmocka_unit_test(any_value_anywhere),
        cmocka_unit_test(faults_of_lines_name_the_line),
        cmocka_unit_test(what_is_no_report),
        cmocka_unit_test(a_report_that_is_cut_short),
        cmocka_unit_test(a_report_that_is_too_deep),
        cmocka_unit_test(other_verdicts_are_noted),
        cmocka_unit_test(a_report_of_some_targets_is_noted),
        cmocka_unit_test(time_that_passed_is_no_other_verdict),
        cmocka_unit_test(lines_of_several_places),
        cmocka_unit_test(a_piece_at_a_time),
        cmocka_unit_test(which_files_are_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
