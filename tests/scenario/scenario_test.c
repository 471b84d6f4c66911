/* Audits every domain of data/lab/expect.csv against the lab, through engine and model, and compares all that
 * the table says. */
#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/input/input.h"
#include "tests/scenario/expect.h"
#include "tests/scenario/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *expect_path;

struct scenario {
    struct expect expect;
    struct input input;
    struct world world;
    struct target **targets; /* of each row */
    bool ipv6;
    unsigned wrong;
};

static bool has_ipv6(void)
{
    const struct sockaddr_in6 here = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    bool good = fd >= 0 && bind(fd, (const struct sockaddr *)&here, sizeof here) == 0;

    close(fd);
    return good;
}

static void read_table(struct scenario *scenario)
{
    char *error = NULL;

    if (!expect_read(expect_path, &scenario->expect))
        fail_msg("%s is not the table that this test knows", expect_path);
    if (!input_read_file(expect_path, &scenario->input, &error))
        fail_msg("%s", error);
    if (scenario->input.problem_count)
        fail_msg("%s", scenario->input.problems[0].message);
    assert_int_equal(scenario->input.count, scenario->expect.count);
}

static void add_all(struct scenario *scenario)
{
    scenario->targets = mem_array(scenario->expect.count, sizeof *scenario->targets);
    for (size_t i = 0; i < scenario->expect.count; i++) {
        struct target_spec *spec = &scenario->input.specs[i];

        spec->connector = mem_format("row %zu", i); /* one domain may stand there with several requirements */
        scenario->targets[i] = world_add(&scenario->world, spec);
        assert_non_null(scenario->targets[i]);
    }
}

static void finish(struct scenario *scenario)
{
    world_end(&scenario->world);
    free(scenario->targets);
    expect_release(&scenario->expect);
    input_release(&scenario->input);
}

/* A close that crosses our words on the way may show as a reset. */
static bool crossed(const char *want, const char *got, const char *instead)
{
    struct buf text;
    const char *at;
    bool match;

    buf_init(&text, 0);
    while ((at = strstr(got, "reset")) != NULL) {
        buf_add(&text, got, (size_t)(at - got));
        buf_add_string(&text, instead);
        got = at + strlen("reset");
    }
    buf_add_string(&text, got);
    match = expect_match(want, buf_string(&text));
    buf_release(&text);
    return match;
}

/* Notes a difference and goes on: one run shows them all. */
static void compare(struct scenario *scenario, const char *domain, const char *what, const char *want,
                    const char *got)
{
    if (expect_match(want, got) || crossed(want, got, "closed") || crossed(want, got, "tls-closed"))
        return;
    print_error("%s: %s is %s, expected %s\n", domain, what, got, want);
    scenario->wrong++;
}

static const char *reason_text(const struct judgement *judgement)
{
    const char *reason = judgement_reason(judgement);

    return reason ? reason : "";
}

static char *endpoint_text(const struct scenario *scenario, const struct target *target,
                           const struct host *host, const struct endpoint *endpoint)
{
    struct judgement judgement = model_judge_endpoint(scenario->world.model, target, host, endpoint);
    enum probe_error error = endpoint->facts ? endpoint->facts->error : PROBE_OK;

    return mem_format("%s=%s/%s/%s", endpoint->key.address, verdict_name(judgement.verdict),
                      reason_text(&judgement), error ? probe_error_name(error) : "");
}

static char *versions_text(const struct endpoint *endpoint)
{
    enum version_state states[TLS_VERSIONS] = {VERSION_NOT_TESTED};

    for (int v = 0; endpoint->facts && v < TLS_VERSIONS; v++)
        states[v] = endpoint->facts->versions[v].state;
    return mem_format("SSLv3=%s TLSv1.0=%s TLSv1.1=%s TLSv1.2=%s TLSv1.3=%s", version_state_name(states[0]),
                      version_state_name(states[1]), version_state_name(states[2]),
                      version_state_name(states[3]), version_state_name(states[4]));
}

static void compare_endpoint(struct scenario *scenario, const struct target *target, const char *want,
                             const struct host *host, const struct endpoint *endpoint)
{
    char *text = endpoint_text(scenario, target, host, endpoint);

    compare(scenario, target->spec.domain, "an endpoint", want ? want : "not there", text);
    free(text);
}

/* The table may leave versions out that differ from time to time. */
static void compare_versions(struct scenario *scenario, const char *domain, char *want,
                             const struct endpoint *endpoint)
{
    char *got = versions_text(endpoint), *rest = NULL;

    for (char *pair = strtok_r(want, " ", &rest); pair; pair = strtok_r(NULL, " ", &rest))
        if (strcmp(pair, "*") != 0 && !strstr(got, pair))
            compare(scenario, domain, "a version", pair, got);
    free(got);
}

static void compare_endpoints(struct scenario *scenario, const struct expect_row *row,
                              const struct target *target)
{
    size_t index = 0;
    char *beyond;

    for (size_t h = 0; h < target->host_count; h++) {
        const struct host *host = target->hosts[h].host;

        for (size_t e = 0; e < host->endpoint_count; e++, index++) {
            const struct endpoint *endpoint = host->endpoints[e];
            char *want, *versions;

            if (!scenario->ipv6 && strcmp(endpoint->key.address, "::1") == 0)
                continue;
            want = expect_part(row->cells[EXPECT_ENDPOINTS], index);
            versions = expect_part(row->cells[EXPECT_VERSIONS], index);
            compare_endpoint(scenario, target, want, host, endpoint);
            if (versions)
                compare_versions(scenario, target->spec.domain, versions, endpoint);
            free(want);
            free(versions);
        }
    }
    beyond = expect_part(row->cells[EXPECT_ENDPOINTS], index);
    if (beyond && strcmp(beyond, "*") != 0)
        compare(scenario, target->spec.domain, "an endpoint", beyond, "not there");
    free(beyond);
}

static void compare_row(struct scenario *scenario, size_t index)
{
    const struct expect_row *row = &scenario->expect.rows[index];
    const struct target *target = scenario->targets[index];
    const char *domain = target->spec.domain;

    compare(scenario, domain, "the verdict", row->cells[EXPECT_VERDICT],
            verdict_name(target->judgement.verdict));
    compare(scenario, domain, "the reason", row->cells[EXPECT_REASON], reason_text(&target->judgement));
    compare(scenario, domain, "the consequence", row->cells[EXPECT_CONSEQUENCE],
            consequence_name(target->consequence));
    if (*row->cells[EXPECT_ENDPOINTS])
        compare_endpoints(scenario, row, target);
}

/* Each endpoint was probed as one, no address by two connections at once, and goodbyes were said. */
static void check_manners(struct scenario *scenario)
{
    struct lab_counts counts;
    struct audit_progress progress;

    lab_counts(scenario->world.lab, &counts);
    audit_progress(scenario->world.audit, &progress);
    assert_int_equal(counts.most_at_once, 1);
    assert_true(counts.connections <= progress.connections);
    assert_true(counts.quits > progress.endpoints / 2);
    assert_int_equal(progress.endpoints, model_endpoint_count(scenario->world.model));
    assert_int_equal(progress.full_done, progress.endpoints);
    assert_int_equal(progress.ready_done, progress.endpoints);
    assert_int_equal(progress.targets_resolved, progress.targets);
}

static void test_every_domain_of_the_lab(void **unused)
{
    struct scenario scenario = {.ipv6 = has_ipv6()};

    (void)unused;
    read_table(&scenario);
    world_start(&scenario.world);
    add_all(&scenario);
    while (world_step(&scenario.world))
        continue;
    for (size_t i = 0; i < scenario.expect.count; i++)
        compare_row(&scenario, i);
    check_manners(&scenario);
    finish(&scenario);
    assert_int_equal(scenario.wrong, 0);
}

static void test_match(void **unused)
{
    (void)unused;
    assert_true(expect_match("a/b/", "a/b/"));
    assert_true(expect_match("a/*/c", "a/bbb/c"));
    assert_true(expect_match("a/b/*", "a/b/"));
    assert_true(expect_match("*", "anything/at all"));
    assert_false(expect_match("a/*/c", "a/b/d"));
    assert_false(expect_match("a/b", "a/b/"));
    assert_false(expect_match("", "a"));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_match),
        cmocka_unit_test(test_every_domain_of_the_lab),
    };

    if (argc != 2)
        return 2;
    expect_path = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
