#include "engine/probe/crew.h"

#include "engine/audit/mail_fake.h"
#include "engine/base/mem.h"
#include "engine/base/words.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define VISITS   12
#define TOO_LATE 60 /* seconds */

/* One errand, and what was heard of it. */
struct visit {
    struct fixture *fixture;
    struct errand *errand;
    unsigned begun; /* stages */
    unsigned done;
    bool gone;  /* at once, when it was called off */
    char *text; /* the result as text */
};

struct fixture {
    struct mail_fake *mail;
    struct net_loop *loop;
    struct probe_setup setup;
    struct crew *crew;
    pthread_t owner;
    struct visit visits[VISITS];
    unsigned count, over;
    enum stage leave_at; /* called off when that begins; STAGE_QUEUED: never */
    unsigned turns;      /* of the loop until it is stopped in the middle; 0: at the end */
    bool stopped;
};

static void stop(struct fixture *f)
{
    if (!f->stopped) {
        crew_stop(f->crew);
        net_loop_stop(f->loop);
    }
    f->stopped = true;
}

static void on_wake(void *context)
{
    struct fixture *f = context;

    if (f->stopped)
        return;
    crew_deliver(f->crew);
    if (f->over == f->count || (f->turns && !--f->turns))
        stop(f);
    else if (f->turns)
        net_loop_wake(f->loop);
}

static void one_over(struct fixture *f)
{
    f->over++;
    net_loop_wake(f->loop);
}

static void leave(struct visit *visit)
{
    visit->gone = !errand_leave(visit->errand);
    if (visit->gone)
        one_over(visit->fixture);
}

static void on_staged(void *context, enum stage stage)
{
    struct visit *visit = context;
    struct fixture *f = visit->fixture;

    assert_true(pthread_equal(pthread_self(), f->owner));
    assert_false(f->stopped);
    assert_int_equal(visit->done, 0);
    visit->begun++;
    if (stage == f->leave_at && stage != STAGE_QUEUED)
        leave(visit);
}

static char *result_text(const struct probe_result *result)
{
    const struct dialogue_result *said = result->dialogue;

    return mem_format("%s %s kind %d alert %d, %s; %s %d, %zu lines", stage_name(result->stage),
                      probe_error_name(result->error), (int)result->answer.kind, result->answer.alert,
                      result->detail ? result->detail : "", said->banner ? said->banner : "",
                      (int)said->starttls, said->transcript.count);
}

static void on_done(void *context, struct probe_result *result)
{
    struct visit *visit = context;

    assert_true(pthread_equal(pthread_self(), visit->fixture->owner));
    assert_false(visit->fixture->stopped);
    visit->done++;
    visit->text = result->dialogue ? result_text(result) : NULL;
    one_over(visit->fixture);
}

static const struct probe_callbacks events = {on_staged, on_done, NULL};

static void begin(struct fixture *f, const enum mail_manner *manners, unsigned size, bool quiet)
{
    char *error = NULL;

    memset(f, 0, sizeof *f);
    f->owner = pthread_self();
    f->mail = mail_fake_new(manners, VISITS);
    f->loop = net_loop_new(on_wake, f);
    f->setup = (struct probe_setup){.loop = f->loop,
                                    .tls = tls_context_new(NULL, &error),
                                    .helo_name = "probe.test.example",
                                    .connect_ms = TOO_LATE * 1000,
                                    .banner_ms = TOO_LATE * 1000,
                                    .io_ms = TOO_LATE * 1000};
    f->crew = crew_new(&f->setup, size, quiet);
}

static void visit_all(struct fixture *f, unsigned count)
{
    static const struct step step = {.kind = STEP_HANDSHAKE};

    f->count = count;
    for (unsigned i = 0; i < count; i++) {
        struct probe_place place = {.port = (uint16_t)mail_fake_port(f->mail), .server_name = ""};

        assert_true(net_address_parse(mail_fake_address(f->mail, i), &place.address));
        f->visits[i].fixture = f;
        f->visits[i].errand = crew_probe(f->crew, &place, &step, &events, &f->visits[i]);
    }
}

static void finish(struct fixture *f)
{
    net_loop_run(f->loop);
    crew_free(f->crew);
    net_loop_free(f->loop);
    tls_context_free(f->setup.tls);
    mail_fake_free(f->mail);
    for (unsigned i = 0; i < VISITS; i++)
        free(f->visits[i].text);
}

static unsigned quits(struct fixture *f)
{
    unsigned all = 0;

    for (size_t i = 0; i < VISITS; i++) {
        struct mail_counts counts;

        mail_fake_counts(f->mail, i, &counts);
        all += counts.quits;
    }
    return all;
}

static void take_texts(char *texts[VISITS], unsigned size)
{
    static const enum mail_manner manners[VISITS] = {
        MAIL_PLAIN,    MAIL_ALERT, MAIL_HANG_UP, MAIL_THROTTLE, MAIL_GREYLIST, MAIL_CLOSE,
        MAIL_THROTTLE, MAIL_ALERT, MAIL_PLAIN,   MAIL_GREYLIST, MAIL_HANG_UP,  MAIL_PLAIN,
    };
    struct fixture f;

    begin(&f, manners, size, false);
    assert_int_equal(crew_count(f.crew), size);
    visit_all(&f, VISITS);
    net_loop_run(f.loop);
    for (unsigned i = 0; i < VISITS; i++) {
        assert_int_equal(f.visits[i].done, 1);
        assert_non_null(f.visits[i].text);
        texts[i] = f.visits[i].text;
        f.visits[i].text = NULL;
    }
    finish(&f);
}

/* Whoever makes the connection, what it brought is the same. */
static void test_same_results(void **unused)
{
    char *alone[VISITS], *together[VISITS];

    (void)unused;
    take_texts(alone, 1);
    take_texts(together, 4);
    assert_non_null(strstr(alone[3], "throttled"));
    assert_non_null(strstr(alone[3], "too many"));
    assert_non_null(strstr(alone[1], "handshake_failure"));
    for (unsigned i = 0; i < VISITS; i++) {
        assert_string_equal(alone[i], together[i]);
        free(alone[i]);
        free(together[i]);
    }
}

/* While the owner does something else, two hands make the connections that are theirs; what they brought is
 * told when the owner looks. */
static void test_hands_need_no_owner(void **unused)
{
    static const enum mail_manner manners[VISITS] = {MAIL_PLAIN};
    time_t began = time(NULL);
    struct fixture f;

    (void)unused;
    begin(&f, manners, 3, true);
    visit_all(&f, VISITS);
    while (quits(&f) < VISITS / 2) {
        assert_true(time(NULL) - began < TOO_LATE);
        sched_yield();
    }
    assert_int_equal(f.over, 0);
    finish(&f);
    assert_int_equal(f.over, VISITS);
    assert_int_equal(f.visits[0].begun, 0); /* a hand's, and nobody wants to hear of it */
}

static void check_left(const struct fixture *f)
{
    for (unsigned i = 0; i < VISITS; i++)
        assert_int_equal(f->visits[i].done + f->visits[i].gone, 1);
}

/* QUIT goes out behind the reply that is awaited, on every thread. */
static void test_called_off_in_dialogue(void **unused)
{
    enum mail_manner manners[VISITS];
    struct fixture f;

    (void)unused;
    for (unsigned i = 0; i < VISITS; i++)
        manners[i] = MAIL_SLOW;
    begin(&f, manners, 3, false);
    f.leave_at = STAGE_EHLO;
    visit_all(&f, VISITS);
    net_loop_run(f.loop);
    assert_int_equal(quits(&f), VISITS);
    finish(&f);
    check_left(&f);
}

/* Who was not greeted says nothing, and what was hardly begun ends once all the same. */
static void test_called_off_before_a_word(void **unused)
{
    static const enum stage moments[] = {STAGE_QUEUED, STAGE_BANNER};
    enum mail_manner manners[VISITS];

    (void)unused;
    for (unsigned i = 0; i < VISITS; i++)
        manners[i] = MAIL_SILENT;
    for (size_t moment = 0; moment < 2; moment++) {
        struct fixture f;

        begin(&f, manners, 3, false);
        f.leave_at = moments[moment];
        visit_all(&f, VISITS);
        for (unsigned i = 0; i < VISITS && f.leave_at == STAGE_QUEUED; i++)
            leave(&f.visits[i]);
        net_loop_run(f.loop);
        assert_int_equal(quits(&f), 0);
        finish(&f);
        check_left(&f);
    }
}

/* Sanitizers see what is left. */
static void test_stopped_at_any_moment(void **unused)
{
    unsigned seed = (unsigned)time(NULL);
    enum mail_manner manners[VISITS];

    (void)unused;
    print_message("seed %u\n", seed);
    for (unsigned i = 0; i < VISITS; i++)
        manners[i] = (enum mail_manner)(i % (MAIL_SLOW + 1));
    for (unsigned round = 0; round < 40; round++) {
        struct fixture f;

        begin(&f, manners, 1 + round % 5, round % 2);
        f.leave_at = round % 3 ? STAGE_QUEUED : STAGE_EHLO;
        f.turns = (unsigned)rand_r(&seed) % 100;
        visit_all(&f, VISITS);
        if (!f.turns)
            stop(&f);
        net_loop_wake(f.loop);
        finish(&f);
    }
}

/* Fewer threads than wanted make the same connections. */
static void test_no_room_for_hands(void **unused)
{
    static const enum mail_manner manners[VISITS] = {MAIL_PLAIN};
    struct rlimit before, limit;
    struct fixture f;
    int next = dup(0);

    (void)unused;
    close(next);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    limit = before;
    limit.rlim_cur = (rlim_t)next + VISITS + 16; /* the servers, the owner's loop, and few others */
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    begin(&f, manners, 30, false);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_true(crew_count(f.crew) >= 1 && crew_count(f.crew) < 30);
    visit_all(&f, VISITS);
    net_loop_run(f.loop);
    assert_int_equal(quits(&f), VISITS);
    finish(&f);
    assert_int_equal(f.over, VISITS);
}

static void test_moved_result(void **unused)
{
    struct probe_result from = {.alert_text = "alert 99",
                                .certificate = mem_alloc(sizeof(struct certificate))};
    struct probe_result to;

    (void)unused;
    from.detail = from.alert_text;
    probe_result_move(&to, &from);
    assert_ptr_equal(to.detail, to.alert_text);
    assert_string_equal(to.detail, "alert 99");
    assert_null(from.certificate);
    probe_result_release(&from);
    to.detail = "words of its own";
    probe_result_move(&from, &to);
    assert_string_equal(from.detail, "words of its own");
    probe_result_release(&to);
    probe_result_release(&from);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_results),           cmocka_unit_test(test_hands_need_no_owner),
        cmocka_unit_test(test_called_off_in_dialogue), cmocka_unit_test(test_called_off_before_a_word),
        cmocka_unit_test(test_stopped_at_any_moment),  cmocka_unit_test(test_no_room_for_hands),
        cmocka_unit_test(test_moved_result),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
