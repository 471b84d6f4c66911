#include "tui/against.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/report/compare.h"
#include "engine/store/writer.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROUNDS 400

struct desk {
    char *path; /* of the earlier session */
    struct model *model;
    struct rows *rows;
    struct against against;
};

static struct facts *facts_of(const char *versions)
{
    struct facts *facts = fixture_facts(*versions == '!' ? "-----" : versions);

    if (*versions == '!') {
        facts->stage = STAGE_CONNECT;
        facts->error = PROBE_CONNECT_TIMEOUT;
    }
    facts->ended = true;
    facts->probed_at = FIXTURE_NOW;
    return facts;
}

static void add(struct model *model, const char *domain, unsigned number, const char *versions)
{
    char *address = mem_format("192.0.2.%u", number);

    fixture_simple(model, domain, CLASS_PARTNER, REQUIREMENT_ENCRYPTION, address, facts_of(versions));
    free(address);
}

static void save(const char *path, struct model *model)
{
    const struct store_session session = {.started_at = FIXTURE_NOW, .finished_at = FIXTURE_NOW + 1};
    char *error = NULL;
    struct store *store = store_open(path, STORE_WRITE, &error);
    struct store_writer *writer;

    assert_non_null(store);
    writer = store_writer_new(store, model, false, &session, &error);
    assert_non_null(writer);
    assert_true(store_writer_end(writer, model, &session, &error));
    model_free(model);
}

static int make(void **state)
{
    const char *base = getenv("TEST_TMPDIR");
    struct desk *desk = mem_alloc(sizeof *desk);
    struct model *before = fixture_model("tls1.2");

    desk->path = mem_format("%s/old-%d.mxscope", base ? base : "/tmp", (int)getpid());
    unlink(desk->path);
    add(before, "worse.example", 1, "rrraa");
    add(before, "better.example", 2, "rarrr");
    add(before, "lost.example", 3, "rarrr");
    add(before, "same.example", 4, "rrraa");
    add(before, "gone.example", 5, "rrraa");
    add(before, "moved.example", 6, "rrraa");
    save(desk->path, before);
    desk->model = fixture_model("tls1.2");
    add(desk->model, "worse.example", 1, "rarrr");
    add(desk->model, "better.example", 2, "rrraa");
    add(desk->model, "lost.example", 3, "!");
    add(desk->model, "same.example", 4, "rrraa");
    add(desk->model, "come.example", 7, "rrraa");
    add(desk->model, "moved.example", 8, "rrraa");
    desk->rows = rows_new(desk->model);
    rows_set_grouping(desk->rows, GROUP_BY_CHANGE);
    *state = desk;
    return 0;
}

static int clear(void **state)
{
    struct desk *desk = *state;

    against_release(&desk->against);
    rows_free(desk->rows);
    model_free(desk->model);
    unlink(desk->path);
    free(desk->path);
    free(desk);
    return 0;
}

static void take_changes(struct desk *desk)
{
    size_t count;
    uint32_t *changed = model_take_changed(desk->model, &count);

    rows_sync(desk->rows, changed, count);
    against_changed(&desk->against, changed, count);
    free(changed);
}

/* All that is under way, a little at a time; the last news that were any. */
static enum against_news settle(struct desk *desk, char **error)
{
    enum against_news last = AGAINST_QUIET, news;

    *error = NULL;
    take_changes(desk);
    while (against_busy(&desk->against) || against_descriptor(&desk->against) >= 0) {
        struct pollfd wait = {against_descriptor(&desk->against), POLLIN, 0};

        if (!against_busy(&desk->against))
            poll(&wait, 1, -1);
        news = against_go_on(&desk->against, 2, error);
        last = news == AGAINST_QUIET || last == AGAINST_DONE ? last : news;
    }
    return last;
}

static void hold(struct desk *desk)
{
    char *error;

    assert_true(against_begin(&desk->against, desk->model, desk->rows, desk->path, &error));
    assert_int_equal(settle(desk, &error), AGAINST_DONE);
}

static void follow(struct desk *desk)
{
    char *error;

    assert_int_not_equal(settle(desk, &error), AGAINST_DONE);
    assert_null(error);
}

static struct target *named(const struct desk *desk, const char *domain)
{
    for (size_t i = 0; i < model_target_count(desk->model); i++)
        if (strcmp(model_target_at(desk->model, i)->spec.domain, domain) == 0)
            return model_target_at(desk->model, i);
    return NULL;
}

static enum since since(const struct desk *desk, const char *domain)
{
    return rows_since(desk->rows, named(desk, domain)->id);
}

static unsigned count_of(const struct desk *desk, enum change change)
{
    return desk->against.counts[since_of(change)];
}

/* The rows' names from top to bottom, with commas; the caller frees. */
static char *shown(const struct desk *desk)
{
    char *all = mem_string("");

    for (size_t i = 0; i < rows_count(desk->rows); i++) {
        struct row row = rows_at(desk->rows, i), same = row;
        const struct target *target = rows_target(desk->rows, row.target);
        const char *name = row.kind == ROW_GROUP ? rows_name(desk->rows, row.group) : target->spec.domain;
        char *longer = mem_format("%s%s%s", all, i ? "," : "", name);
        size_t index;

        assert_true(rows_locate(desk->rows, &same, &index));
        assert_int_equal(index, i);
        assert_true(row_equal(&row, &same));
        free(all);
        all = longer;
    }
    return all;
}

static void assert_shown(const struct desk *desk, const char *expected)
{
    char *names = shown(desk);

    assert_string_equal(names, expected);
    free(names);
}

static void is_held(void **state)
{
    struct desk *desk = *state;

    hold(desk);
    assert_shown(desk, "Regressed,worse.example,Newly unknown,lost.example,Improved,better.example,"
                       "Appeared,come.example,Gone,gone.example,mx.moved.example 192.0.2.6,Changed facts,"
                       "moved.example,The same,same.example");
    assert_int_equal(count_of(desk, CHANGE_REGRESSED), 1);
    assert_int_equal(count_of(desk, CHANGE_GONE), 1);
    assert_int_equal(desk->against.servers_gone, 1);
    assert_int_equal(rows_targets(desk->rows), 6);
    assert_int_equal(rows_shown(desk->rows), 6);
    rows_set_grouping(desk->rows, GROUP_BY_CLASS);
    assert_shown(desk, "Partners,worse.example,better.example,lost.example,same.example,come.example,"
                       "moved.example,gone.example");
}

static void facts_come(void **state)
{
    struct desk *desk = *state;

    hold(desk);
    fixture_probed(desk->model, "mx.worse.example", "192.0.2.1", facts_of("rrraa"));
    fixture_probed(desk->model, "mx.same.example", "192.0.2.4", facts_of("rrrar"));
    follow(desk);
    assert_int_equal(since(desk, "worse.example"), SINCE_SAME);
    assert_int_equal(since(desk, "same.example"), since_of(CHANGE_FACTS)); /* by its server's best version */
    assert_int_equal(
        against_endpoint(&desk->against, named(desk, "same.example")->hosts[0].host->endpoints[0]),
        since_of(CHANGE_FACTS));
    assert_int_equal(count_of(desk, CHANGE_REGRESSED), 0);
}

static void targets_go_and_come(void **state)
{
    struct desk *desk = *state;

    hold(desk);
    model_remove(desk->model, named(desk, "same.example"));
    add(desk->model, "gone.example", 5, "rrraa");
    fixture_addresses(desk->model, "mx.moved.example", DNS_OK, "192.0.2.6");
    fixture_probed(desk->model, "mx.moved.example", "192.0.2.6", facts_of("rrraa"));
    follow(desk);
    assert_shown(desk, "Regressed,worse.example,Newly unknown,lost.example,Improved,better.example,"
                       "Appeared,come.example,Gone,same.example,The same,moved.example,gone.example");
    assert_int_equal(desk->against.servers_gone, 0);
    model_bring_back(desk->model, named(desk, "same.example"));
    follow(desk);
    assert_int_equal(count_of(desk, CHANGE_GONE), 0);
    assert_int_equal(since(desk, "same.example"), SINCE_SAME);
}

static void another_baseline(void **state)
{
    struct desk *desk = *state;
    char *error;

    hold(desk);
    model_set_baseline(desk->model, baseline_load("tls1.3", &error));
    fixture_probed(desk->model, "mx.worse.example", "192.0.2.1", facts_of("rrrar"));
    follow(desk);
    assert_int_equal(since(desk, "worse.example"), since_of(CHANGE_REGRESSED)); /* by the new floor */
}

static void ends(void **state)
{
    struct desk *desk = *state;

    hold(desk);
    against_end(&desk->against);
    assert_int_equal(since(desk, "worse.example"), SINCE_NOT_COMPARED);
    assert_shown(desk, "Not compared,worse.example,better.example,lost.example,same.example,come.example,"
                       "moved.example");
    hold(desk);
    hold(desk); /* once more, in place of itself */
    assert_int_equal(count_of(desk, CHANGE_GONE), 1);
    assert_int_equal(desk->against.servers_gone, 1);
}

static void is_cancelled(void **state)
{
    struct desk *desk = *state;
    char *error;

    assert_true(against_begin(&desk->against, desk->model, desk->rows, desk->path, &error));
    against_cancel(&desk->against);
    assert_int_equal(settle(desk, &error), AGAINST_QUIET);
    assert_null(error);
    assert_int_equal(since(desk, "worse.example"), SINCE_NOT_COMPARED);
    hold(desk);
    assert_true(against_begin(&desk->against, desk->model, desk->rows, desk->path, &error));
    against_cancel(&desk->against);
    settle(desk, &error);
    assert_int_equal(since(desk, "worse.example"), since_of(CHANGE_REGRESSED)); /* what was held stays */
}

static void is_no_snapshot(void **state)
{
    struct desk *desk = *state;
    char *error;

    hold(desk);
    assert_true(against_begin(&desk->against, desk->model, desk->rows, "/dev/null", &error));
    assert_int_equal(settle(desk, &error), AGAINST_FAILED);
    assert_non_null(error);
    free(error);
    assert_int_equal(count_of(desk, CHANGE_REGRESSED), 1);
}

static unsigned draw(uint32_t *seed, unsigned limit)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 16) % limit;
}

static void disturb(struct desk *desk, uint32_t *seed)
{
    static const char *const versions[] = {"rrraa", "rarrr", "!", "rrrar", "aaaaa"};
    static const char *const names[] = {"gone.example", "fresh.example", "other.example"};
    struct target *target =
        model_target_at(desk->model, draw(seed, (unsigned)model_target_count(desk->model)));
    char *host = mem_format("mx.%s", target->spec.domain);
    char *address = mem_format("192.0.2.%u", 1 + draw(seed, 9));

    switch (draw(seed, 6)) {
    case 0:
        if (!target->removed)
            model_remove(desk->model, target);
        break;
    case 1:
        if (target->removed)
            model_bring_back(desk->model, target);
        break;
    case 2:
        add(desk->model, names[draw(seed, 3)], 5 + draw(seed, 3), versions[draw(seed, 5)]);
        break;
    case 3:
        fixture_addresses(desk->model, host, DNS_OK, address);
        break;
    case 4:
        fixture_route(desk->model, target, ROUTE_MX, DNS_OK,
                      draw(seed, 2) ? "10 mx.same.example" : "10 mx.moved.example");
        break;
    default:
        fixture_probed(desk->model, host, address, facts_of(versions[draw(seed, 5)]));
        break;
    }
    free(address);
    free(host);
}

/* Servers that are gone while somebody is there who used them. */
static unsigned servers_gone(const struct desk *desk)
{
    const struct model *before = desk->against.earlier.model;
    struct difference difference;
    unsigned gone = 0;

    for (size_t i = 0; i < model_endpoint_count(before); i++) {
        const struct endpoint *then = model_endpoint_at(before, i);
        bool stays = false;

        if (!compare_gone_endpoint(before, desk->model, then, &difference))
            continue;
        difference_release(&difference);
        for (size_t t = 0; t < then->hosts[0]->target_count; t++)
            stays |= compare_like(desk->model, then->hosts[0]->targets[t]) != NULL;
        gone += stays;
    }
    return gone;
}

/* What was followed a little at a time is what comparing all of it says. */
static void assert_as_whole(const struct desk *desk)
{
    const struct against *against = &desk->against;
    struct comparison comparison;
    unsigned rest = against->counts[SINCE_SAME] + count_of(desk, CHANGE_FACTS);

    compare_models(against->earlier.model, desk->model, &comparison);
    for (unsigned i = 0; i < change_count; i++)
        if (i != CHANGE_FACTS)
            assert_int_equal(count_of(desk, (enum change)i), comparison.target_changes[i]);
    assert_int_equal(rest, comparison.target_changes[CHANGE_FACTS] + comparison.targets_unchanged);
    assert_int_equal(against->servers_gone, servers_gone(desk));
    comparison_release(&comparison);
}

static void follows_everything(void **state)
{
    struct desk *desk = *state;
    uint32_t seed = 1;

    hold(desk);
    for (int i = 0; i < ROUNDS; i++) {
        unsigned times = 1 + draw(&seed, 4);

        while (times--)
            disturb(desk, &seed);
        follow(desk);
        assert_as_whole(desk);
        free(shown(desk));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(is_held, make, clear),
        cmocka_unit_test_setup_teardown(facts_come, make, clear),
        cmocka_unit_test_setup_teardown(targets_go_and_come, make, clear),
        cmocka_unit_test_setup_teardown(another_baseline, make, clear),
        cmocka_unit_test_setup_teardown(ends, make, clear),
        cmocka_unit_test_setup_teardown(is_cancelled, make, clear),
        cmocka_unit_test_setup_teardown(is_no_snapshot, make, clear),
        cmocka_unit_test_setup_teardown(follows_everything, make, clear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
