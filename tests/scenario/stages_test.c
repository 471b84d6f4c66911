/* What a server told before it failed is kept: banner, capabilities and certificate outlive whatever comes
 * after them, and so does the word that ended it. */
#include "engine/base/mem.h"
#include "engine/base/words.h"
#include "tests/scenario/world.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof array / sizeof array[0])

struct row {
    const char *persona;
    enum stage stage;
    enum probe_error error;
    const char *banner; /* a part of it; NULL: there was none */
    const char *ehlo;   /* one of the capabilities; NULL: there are none */
    enum starttls_state starttls;
    int code;
    const char *detail; /* a part of the server's words; NULL: there are none */
    bool tls;           /* a handshake completed */
};

static const struct row rows[] = {
    {"ehlo-throttled", STAGE_EHLO, PROBE_THROTTLED, "ESMTP", NULL, STARTTLS_UNKNOWN, 421, "busy", false},
    {"ehlo-later", STAGE_EHLO, PROBE_GREYLISTED, "ESMTP", NULL, STARTTLS_UNKNOWN, 451, "later", false},
    {"ehlo-rejects", STAGE_EHLO, PROBE_SMTP_REJECTED, "ESMTP", NULL, STARTTLS_UNKNOWN, 550, "denied", false},
    {"ehlo-endless", STAGE_EHLO, PROBE_REPLY_TOO_LONG, "ESMTP", NULL, STARTTLS_UNKNOWN, 0, "more", false},
    {"ehlo-endless-line", STAGE_EHLO, PROBE_REPLY_TOO_LONG, "ESMTP", NULL, STARTTLS_UNKNOWN, 0, "more",
     false},
    {"tarpit", STAGE_EHLO, PROBE_IO_TIMEOUT, "ESMTP", NULL, STARTTLS_UNKNOWN, 0, NULL, false},
    {"tarpit-banner", STAGE_BANNER, PROBE_BANNER_TIMEOUT, NULL, NULL, STARTTLS_UNKNOWN, 0, NULL, false},
    {"endless-line", STAGE_BANNER, PROBE_REPLY_TOO_LONG, NULL, NULL, STARTTLS_UNKNOWN, 0, "more", false},
    {"tls-throttled", STAGE_STARTTLS, PROBE_THROTTLED, "ESMTP", "STARTTLS", STARTTLS_OFFERED, 421, "busy",
     false},
    {"tls-later", STAGE_STARTTLS, PROBE_GREYLISTED, "ESMTP", "STARTTLS", STARTTLS_OFFERED, 454, "temporary",
     false},
    {"tls-454", STAGE_STARTTLS, PROBE_GREYLISTED, "ESMTP", "STARTTLS", STARTTLS_OFFERED, 454, "local problem",
     false},
    {"tls-no", STAGE_STARTTLS, PROBE_STARTTLS_REJECTED, "ESMTP", "STARTTLS", STARTTLS_REJECTED, 501,
     "not for you", false},
    {"tls-502", STAGE_STARTTLS, PROBE_STARTTLS_REJECTED, "ESMTP", "STARTTLS", STARTTLS_REJECTED, 502,
     "not implemented", false},
    {"tls-554", STAGE_STARTTLS, PROBE_STARTTLS_REJECTED, "ESMTP", "STARTTLS", STARTTLS_REJECTED, 554,
     "not for you", false},
    {"tls-hang-up", STAGE_STARTTLS, PROBE_CLOSED, "ESMTP", "STARTTLS", STARTTLS_OFFERED, 0, NULL, false},
    {"tls-silence", STAGE_STARTTLS, PROBE_IO_TIMEOUT, "ESMTP", "STARTTLS", STARTTLS_OFFERED, 0, NULL, false},
    {"hello-silence", STAGE_HELLO, PROBE_IO_TIMEOUT, "ESMTP", "STARTTLS", STARTTLS_OFFERED, 0, NULL, false},
    {"hello-garbage", STAGE_HELLO, PROBE_NOT_TLS, "ESMTP", "STARTTLS", STARTTLS_OFFERED, 0, NULL, false},
    {"alert-only", STAGE_HELLO, PROBE_TLS_ALERT, "ESMTP", "STARTTLS", STARTTLS_OFFERED, 0,
     "handshake_failure", false},
    {"quit-silence", STAGE_DONE, PROBE_OK, "ESMTP", "STARTTLS", STARTTLS_OFFERED, 0, NULL, true},
    {"quit-close", STAGE_DONE, PROBE_OK, "ESMTP", "STARTTLS", STARTTLS_OFFERED, 0, NULL, true},
    {"proxy", STAGE_DONE, PROBE_OK, "proxy.", "STARTTLS", STARTTLS_OFFERED, 0, NULL, true},
    {"teaser", STAGE_DONE, PROBE_OK, "house rules", "STARTTLS", STARTTLS_OFFERED, 0, NULL, true},
    {"asterisks", STAGE_DONE, PROBE_OK, "********", NULL, STARTTLS_MASKED, 0, NULL, false},
    {"tls-first", STAGE_DONE, PROBE_OK, "ESMTP", NULL, STARTTLS_OFFERED, 0, NULL, true},
};

static bool among(const struct strings *lines, const char *word)
{
    for (size_t i = 0; i < lines->count; i++)
        if (strcmp(lines->items[i], word) == 0)
            return true;
    return false;
}

/* NULL in `part`: nothing may be there. */
static void check_text(const struct row *row, const char *what, const char *text, const char *part)
{
    if (part ? !text || !strstr(text, part) : text != NULL)
        fail_msg("%s: the %s is \"%s\"", row->persona, what, text ? text : "(none)");
}

static bool starttls_answered(const struct row *row)
{
    if (row->stage == STAGE_STARTTLS)
        return row->error != PROBE_IO_TIMEOUT && row->error != PROBE_CLOSED;
    return row->stage > STAGE_STARTTLS && row->starttls == STARTTLS_OFFERED;
}

/* Lines bear the time that they came, so none is older than the one before it. */
static void check_times(const struct facts *facts)
{
    int before = facts->connect_ms;

    for (size_t i = 0; i < facts->transcript.count; i++) {
        assert_true(facts->transcript.lines[i].at_ms >= before);
        before = facts->transcript.lines[i].at_ms;
    }
}

static void check(const struct row *row, const struct facts *facts)
{
    print_message("%s\n", row->persona);
    check_text(row, "banner", facts->banner, row->banner);
    check_text(row, "detail", facts->error_detail, row->detail);
    if (row->ehlo)
        assert_true(among(&facts->ehlo, row->ehlo));
    else
        assert_int_equal(facts->ehlo.count, 0);
    assert_int_equal(facts->starttls, row->starttls);
    assert_int_equal(facts->stage, row->stage);
    assert_int_equal(facts->error, row->error);
    assert_int_equal(facts->code, row->code);
    assert_int_equal(facts->handshake_completed, row->tls);
    assert_int_equal(facts->certificate != NULL, row->tls);
    assert_int_equal(facts->banner_ms >= 0, row->banner != NULL);
    assert_int_equal(facts->starttls_ms >= 0, starttls_answered(row));
    assert_true(facts->connect_ms >= 0 && facts->transcript.count > 0);
    check_times(facts);
    for (int v = 0; v < TLS_VERSIONS && !row->tls && row->stage < STAGE_HELLO; v++)
        assert_int_not_equal(facts->versions[v].state, VERSION_REFUSED);
}

static void test_earlier_stages_survive(void **unused)
{
    struct target *targets[COUNT(rows)];
    struct world world;

    (void)unused;
    world_start(&world);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *domain = mem_format("%s.lab-kind.example", rows[i].persona);

        targets[i] = world_add_text(&world, domain);
        free(domain);
    }
    while (world_step(&world))
        continue;
    for (size_t i = 0; i < COUNT(rows); i++)
        check(&rows[i], world_facts(targets[i]));
    world_end(&world);
}

/* A step down the ladder that the server puts off takes nothing back of what was seen before. */
static void test_a_later_failure_takes_nothing_back(void **unused)
{
    static const char *const zone = "mx.turns.example A 127.77.0.1\nserver 127.77.0.1 turns\n"
                                    "turns.example MX 10 mx.turns.example\n";
    static const char *const personas = "persona good min=TLSv1.0\npersona busy greeting-code=421\n"
                                        "persona turns like=busy first=2:good\n";
    const struct lab_options lab = {.zone = zone, .personas = personas};
    const struct facts *facts;
    struct target *target;
    struct world world;

    (void)unused;
    world_start_in(&world, &lab, NULL);
    target = world_add_text(&world, "turns.example");
    while (world_step(&world))
        continue;
    facts = world_facts(target);
    assert_int_equal(target->judgement.verdict, VERDICT_READY);
    assert_int_equal(facts->versions[TLS_1_3].state, VERSION_ACCEPTED);
    assert_int_equal(facts->versions[TLS_1_2].state, VERSION_ACCEPTED);
    assert_int_equal(facts->versions[TLS_1_1].state, VERSION_UNKNOWN);
    assert_int_equal(facts->versions[TLS_1_1].error, PROBE_THROTTLED);
    check_text(&(struct row){.persona = "turns"}, "banner", facts->banner, "ESMTP");
    assert_true(among(&facts->ehlo, "STARTTLS"));
    assert_true(facts->handshake_completed && facts->certificate && facts->ehlo_tls.count);
    assert_int_equal(facts->error, PROBE_OK);
    assert_int_equal(facts->code, 0);
    assert_int_equal(facts->log[facts->log_count - 1].error, PROBE_THROTTLED);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_earlier_stages_survive),
        cmocka_unit_test(test_a_later_failure_takes_nothing_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
