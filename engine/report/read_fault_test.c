/* Reports that are none: what is said of them, and that nothing of them stays. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/report/read.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/report/read_testing.h"
#include "engine/report/sample.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define ENDPOINT  "domains/0/hosts/0/endpoints/0/"
#define AT        "domains[0].hosts[0].endpoints[0]."
#define EXPECTED  "; expected "
#define IS_FIVE   ": is 5" EXPECTED
#define A_LIST_OF "\"a list of words that is far longer than what anyone wants to read in an error message\""

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
        path = testing_written("each.json", text);
        model = report_read(path, &about, &error);
        assert_true(!model == !!error);
        if (model) {
            free(testing_json(model));
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
    char *text = testing_json(sample);
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

static const struct {
    const char *path, *value, *said;
} faults[] = {
    {"format", "\"mxscope-diff\"", ": format: is \"mxscope-diff\"; expected \"mxscope\""},
    {"format", NULL, ": format: is missing" EXPECTED},
    {"version", "2", ": version: is 2; expected 1; the report was written by a newer mxscope"},
    {"version", "0", ": version: is 0; expected a whole number from 1 to 1"},
    {"version", "\"1\"", ": version: is \"1\"; expected"},
    {"vantage", "5", ": vantage" IS_FIVE "a text or null"},
    {"started_at", "\"2026-02-30T10:00:00Z\"", ": started_at: is \"2026-02-30T10:00:00Z\"; expected a time"},
    {"complete", "null", ": complete: is null; expected true or false"},
    {"baseline", "null", ": baseline: is null; expected an object"},
    {"baseline/minimum_version", "\"TLSv1.4\"",
     ": baseline.minimum_version: is \"TLSv1.4\"; expected one of: SSLv3"},
    {"baseline/suites/0", "\"AES\"", ": baseline.suites[0]: is \"AES\"; expected IANA's name"},
    {"preflight/resolver/state", "\"maybe\"",
     ": preflight.resolver.state: is \"maybe\"; expected one of: unknown, ok"},
    {"preflight/ipv6/state", NULL, ": preflight.ipv6.state: is missing" EXPECTED},
    {"resolver_denies", "null", ": resolver_denies: is null; expected true or false"},
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
    {"domains/0/set_by_hand/0", "\"colour\"",
     ": domains[0].set_by_hand[0]: is \"colour\"; expected one of: class, note"},
    {"domains/0/set_by_hand/0", "null", ": domains[0].set_by_hand[0]: is null; expected one of: class, note"},
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
    {ENDPOINT "smtp/code", "1000", AT "smtp.code: is 1000; expected a whole number from 1 to 999, or null"},
    {ENDPOINT "smtp/ehlo/0", "null", AT "smtp.ehlo[0]: is null; expected a text"},
    {ENDPOINT "versions/TLSv1.2", "\"yes\"", AT "versions.TLSv1.2: is \"yes\"; expected one of: not-tested"},
    {ENDPOINT "versions/SSLv3", NULL, AT "versions.SSLv3: is missing"},
    {ENDPOINT "version_details/TLSv1.2/alert", "256", AT "version_details.TLSv1.2.alert: is 256"},
    {ENDPOINT "ciphers/TLSv1.0", "\"0x12\"", AT "ciphers.TLSv1.0: is \"0x12\"; expected IANA's name"},
    {ENDPOINT "tls/group", "\"25519\"", AT "tls.group: is \"25519\"; expected IANA's name of a group"},
    {ENDPOINT "tls/version", "null", AT "tls.version: is null; expected one of"},
    {ENDPOINT "handshake_cause", "\"ok\"", AT "handshake_cause: is \"ok\"; expected one of"},
    {ENDPOINT "offer/state", "5", AT "offer.state" IS_FIVE "one of: not-tested"},
    {ENDPOINT "tally/full_offers/none", "65536", AT "tally.full_offers.none: is 65536"},
    {ENDPOINT "sentinel", "\"TLSv1.0\"", AT "sentinel: is \"TLSv1.0\"; expected \"TLSv1.2\""},
    {ENDPOINT "unconfirmed", "null", AT "unconfirmed: is null; expected true or false"},
    {ENDPOINT "log/0/milliseconds", "null", AT "log[0].milliseconds: is null; expected"},
    {ENDPOINT "transcript/2/side", "\"nobody\"", AT "transcript[2].side: is \"nobody\"; expected \"server\""},
    {ENDPOINT "transcript/0/text", "null", AT "transcript[0].text: is null; expected a text"},
    {ENDPOINT "certificate/sha256", "\"ab\"",
     AT "certificate.sha256: is \"ab\"; expected 64 hexadecimal digits"},
    {ENDPOINT "certificate/trusted", NULL, AT "certificate.trusted: is missing"},
    {ENDPOINT "certificate/chain/0/not_after", "0",
     AT "certificate.chain[0].not_after: is 0; expected a time"},
    {ENDPOINT "other_certificate", "[]", AT "other_certificate: is a list of 0; expected an object or null"},
    {"domains/1/hosts/0/endpoints/0/probed_at", "null",
     ": domains[1].hosts[0].endpoints[0].probed_at: is null; expected what was said of this endpoint "
     "before"},
    {"domains/1/hosts/0/endpoints", "[]",
     ": domains[1].hosts[0]: has other addresses than were said of this host before"},
};

static void each_fault_names_its_place(void **state)
{
    struct model *sample = sample_model();
    char *text = testing_json(sample);

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        char *other = testing_changed(text, faults[i].path, faults[i].value);

        testing_refused(other, faults[i].said);
        free(other);
    }
    free(text);
    model_free(sample);
}

static void faults_of_lines_name_the_line(void **state)
{
    struct model *sample = sample_model();
    char *text, *second, *other, *all;

    (void)state;
    text = report_jsonl(sample, NULL);
    second = strchr(text, '\n') + 1;
    *strchr(second, '\n') = '\0';
    other = testing_changed(second, "hosts/0/port", "70000");
    all = mem_format("%.*s\n%s", (int)(second - text), text, other);
    testing_refused(all, "refused.json:3: hosts[0].port: is 70000; expected");
    free(all);
    free(other);
    other = testing_changed(second, "judged/baseline", "\"tls1.3\"");
    all = mem_format("%.*s%s\n", (int)(second - text), text, other);
    testing_refused(
        all,
        "refused.json:2: judged: has another baseline than the lines before; expected \"exchange-online\"");
    free(all);
    free(other);
    other = testing_changed(second, "judged/baseline", "\"/etc/passwd\"");
    testing_refused(other,
                    "refused.json:1: judged.baseline: is \"/etc/passwd\"; expected the name of a baseline");
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
        {"{\"format\":1,\n\"format\":1}", ":2: is no JSON: the key is there already"},
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
        testing_refused(rows[i].text, rows[i].said);
}

/* Nothing of it is there then, wherever it ends. */
static void a_report_that_is_cut_short(void **state)
{
    struct model *sample = sample_model();
    char *text = testing_json(sample);
    size_t length = strlen(text);

    (void)state;
    for (size_t i = 1; i < 40; i++) {
        char *part = mem_string_n(text, (length - 3) * i / 40);

        testing_refused(part, ":");
        free(part);
    }
    text[length - 2] = '\0';
    testing_refused(text, "is cut short");
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
    testing_refused(buf_string(&text), ":1: is no JSON: maximum parsing depth reached");
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_names_its_place),    cmocka_unit_test(any_value_anywhere),
        cmocka_unit_test(faults_of_lines_name_the_line), cmocka_unit_test(what_is_no_report),
        cmocka_unit_test(a_report_that_is_cut_short),    cmocka_unit_test(a_report_that_is_too_deep),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
