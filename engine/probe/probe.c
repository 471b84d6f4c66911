#include "engine/probe/probe.h"

#include "engine/base/mem.h"
#include "engine/probe/probe_private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define QUIT_MS     5000
#define LEAVE_MS    2000 /* for the goodbye of a probe that is called off */
#define SOON_MS     10   /* a handshake was quicker: so is what follows it */
#define STAGE_WAITS 3    /* io time-outs that a stage may take in all, against those who drip */

static int ms_since(uint64_t us)
{
    return (int)((net_clock_us() - us) / 1000);
}

/* Waits for the next bytes, but never beyond the end of the stage. */
static void wait_for(struct probe *probe, unsigned milliseconds)
{
    uint64_t now = net_loop_now_ms(probe->setup->loop);
    uint64_t due = now + milliseconds;

    if (due > probe->stage_due_ms)
        due = probe->stage_due_ms;
    net_timer_start(probe->timer, due > now ? due - now : 0);
}

static void begin_stage(struct probe *probe, enum stage stage, unsigned first_ms, unsigned most_ms)
{
    probe->stage_due_ms = net_loop_now_ms(probe->setup->loop) + most_ms;
    probe->stage_began_us = net_clock_us();
    wait_for(probe, first_ms);
    if (stage <= probe->result.stage)
        return;
    probe->result.stage = stage;
    probe->callbacks.staged(probe->context, stage);
}

static void begin_io_stage(struct probe *probe, enum stage stage)
{
    begin_stage(probe, stage, probe->setup->io_ms, probe->setup->io_ms * STAGE_WAITS);
}

static void send_tls(struct probe *probe)
{
    if (probe->out.length)
        net_stream_write(probe->stream, probe->out.bytes, probe->out.length);
    buf_reset(&probe->out);
}

static void send_dialogue(struct probe *probe)
{
    struct buf *said = dialogue_output(probe->dialogue);

    if (!said->length)
        return;
    if (probe->mode == MODE_TALK_TLS) {
        tls_session_write(probe->session, said->bytes, said->length, &probe->out);
        send_tls(probe);
    } else {
        net_stream_write(probe->stream, said->bytes, said->length);
    }
    buf_reset(said);
}

static const char *server_name(const struct probe *probe)
{
    return *probe->place.server_name && !probe->step.nameless ? probe->place.server_name : NULL;
}

static void start_hello(struct probe *probe)
{
    struct hello_request request = {.lowest = probe->step.lowest,
                                    .highest = probe->step.highest,
                                    .suites = probe->step.suites,
                                    .suite_count = probe->step.suite_count,
                                    .server_name = server_name(probe),
                                    .shape = probe->step.shape,
                                    .auth = probe->step.auth};
    uint8_t random[sizeof request.random + sizeof request.session_id + sizeof request.key_share];
    size_t at = 0;

    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        memset(random, 0x5a, sizeof random); /* nothing secret hangs on it */
    memcpy(request.random, random, sizeof request.random);
    at += sizeof request.random;
    memcpy(request.session_id, random + at, sizeof request.session_id);
    at += sizeof request.session_id;
    memcpy(request.key_share, random + at, sizeof request.key_share);
    probe->mode = MODE_HELLO;
    probe->reader.wants_chain = probe->step.wants_chain;
    probe->reader.wants_prime = true;
    hello_write(&request, &probe->out);
    send_tls(probe);
}

static void start_handshake(struct probe *probe)
{
    probe->mode = MODE_HANDSHAKE;
    probe->session = tls_session_new(probe->setup->tls, server_name(probe), probe->step.auth);
    if (tls_session_start(probe->session, &probe->out) == TLS_FAILED)
        probe->over = true;
    send_tls(probe);
}

static void start_tls(struct probe *probe)
{
    begin_io_stage(probe, STAGE_HELLO);
    if (probe->step.kind == STEP_HELLO)
        start_hello(probe);
    else
        start_handshake(probe);
}

static void close_talk(struct probe *probe)
{
    if (probe->mode == MODE_TALK_TLS) {
        tls_session_close(probe->session, &probe->out);
        send_tls(probe);
    }
    probe->over = true;
}

static void note_time(struct probe *probe)
{
    const struct dialogue_result *said = dialogue_result(probe->dialogue);

    if (!probe->looked || probe->mode != MODE_TALK)
        return;
    if (probe->phase == PHASE_BANNER && said->banner)
        probe->result.banner_ms = ms_since(probe->stage_began_us);
    else if (probe->phase == PHASE_STARTTLS && said->error != PROBE_IO_TIMEOUT)
        probe->result.starttls_ms = ms_since(probe->stage_began_us);
}

static void begin_phase(struct probe *probe)
{
    unsigned io = probe->setup->io_ms, banner = probe->setup->banner_ms;
    unsigned quit = io < QUIT_MS ? io : QUIT_MS;

    switch (probe->phase) {
    case PHASE_BANNER:
        begin_stage(probe, STAGE_BANNER, banner, banner + io * STAGE_WAITS);
        break;
    case PHASE_EHLO:
        begin_io_stage(probe, STAGE_EHLO);
        break;
    case PHASE_STARTTLS:
        begin_io_stage(probe, STAGE_STARTTLS);
        break;
    case PHASE_TLS_READY:
        start_tls(probe);
        break;
    case PHASE_EHLO_TLS:
        begin_io_stage(probe, STAGE_CERTIFICATE);
        break;
    case PHASE_QUIT:
        if (!probe->leaving)
            begin_stage(probe, STAGE_QUEUED, quit, quit);
        break;
    case PHASE_OVER:
        close_talk(probe);
        break;
    }
}

/* Sends what the dialogue wants to say and does what its phase asks for. */
static void follow(struct probe *probe)
{
    enum dialogue_phase phase = dialogue_phase(probe->dialogue);

    send_dialogue(probe);
    if (probe->looked && phase == probe->phase)
        return;
    note_time(probe);
    probe->phase = phase;
    probe->looked = true;
    begin_phase(probe);
}

static void talk(struct probe *probe, const void *bytes, size_t length)
{
    enum dialogue_phase before = probe->phase;

    dialogue_feed(probe->dialogue, bytes, length);
    follow(probe);
    if (probe->phase == before && before != PHASE_QUIT)
        wait_for(probe, before == PHASE_BANNER ? probe->setup->banner_ms : probe->setup->io_ms);
}

/* The end will answer anew. */
static void show(struct probe *probe)
{
    struct probe_result shown;

    probe->result.dialogue = dialogue_result(probe->dialogue);
    probe->result.milliseconds = (unsigned)ms_since(probe->began_us);
    probe_answer(probe);
    shown = probe->result;
    probe->result.certificate = NULL;
    shown.talk = dialogue_so_far(probe->dialogue);
    shown.dialogue = dialogue_result(shown.talk);
    probe->callbacks.shown(probe->context, &shown);
    probe_result_release(&shown);
}

static bool is_worth_showing(const struct probe *probe)
{
    return probe->callbacks.shown && probe->step.kind == STEP_HANDSHAKE && probe->step.auth == AUTH_ANY &&
           !probe->over && probe->result.handshake_ms >= SOON_MS;
}

static void established(struct probe *probe)
{
    probe->result.handshake_ms = ms_since(probe->stage_began_us);
    probe->mode = MODE_TALK_TLS;
    begin_io_stage(probe, STAGE_CERTIFICATE);
    dialogue_tls_started(probe->dialogue);
    follow(probe);
    if (is_worth_showing(probe))
        show(probe);
}

static void take_plain(struct probe *probe)
{
    if (!probe->plain.length)
        return;
    talk(probe, probe->plain.bytes, probe->plain.length);
    buf_reset(&probe->plain);
}

/* TLS bytes of the handshake or of the dialogue inside TLS. */
static void take_tls(struct probe *probe, const void *bytes, size_t length)
{
    enum tls_progress progress = tls_session_feed(probe->session, bytes, length, &probe->out, &probe->plain);

    if (progress == TLS_ESTABLISHED && probe->mode == MODE_HANDSHAKE)
        established(probe); /* our Finished leaves with the EHLO behind it */
    send_tls(probe);
    if (progress == TLS_HANDSHAKING) {
        wait_for(probe, probe->setup->io_ms);
        return;
    }
    if (probe->mode == MODE_TALK_TLS)
        take_plain(probe);
    if (progress == TLS_ESTABLISHED)
        return;
    if (probe->mode == MODE_TALK_TLS)
        dialogue_eof(probe->dialogue, progress == TLS_FAILED);
    else if (!probe->end)
        probe->end = progress == TLS_CLOSED ? PROBE_TLS_CLOSED : PROBE_NOT_TLS;
    probe->over = true;
}

static void take_answer(struct probe *probe, const void *bytes, size_t length)
{
    enum hello_outcome outcome = hello_reader_feed(&probe->reader, bytes, length);

    if (!hello_reader_complete(&probe->reader)) {
        wait_for(probe, probe->setup->io_ms);
        return;
    }
    if (outcome == HELLO_SERVER_HELLO) {
        hello_write_close(probe->reader.answer.version, &probe->out);
        send_tls(probe);
    } else if (outcome != HELLO_ALERT) {
        probe->end = PROBE_NOT_TLS;
    }
    probe->over = true;
}

static void dispose(struct probe *probe)
{
    net_stream_close(probe->stream);
    net_timer_free(probe->timer);
    tls_session_free(probe->session);
    dialogue_free(probe->dialogue);
    hello_reader_release(&probe->reader);
    buf_release(&probe->out);
    buf_release(&probe->plain);
    certificate_free(probe->result.certificate);
    free(probe);
}

/* The one end of every probe that was not cancelled; each entry from the loop comes by here last. */
static void settle(struct probe *probe)
{
    if (!probe->over)
        return;
    net_timer_stop(probe->timer);
    probe->result.talk = probe->dialogue;
    probe->result.dialogue = dialogue_result(probe->dialogue);
    probe->result.milliseconds = (unsigned)ms_since(probe->began_us);
    probe_answer(probe);
    net_stream_close(probe->stream);
    probe->stream = NULL;
    probe->callbacks.done(probe->context, &probe->result);
    probe->dialogue = probe->result.talk;
    dispose(probe);
}

/* What is said from here on is said now. */
static void tell_time(struct probe *probe)
{
    dialogue_at(probe->dialogue, ms_since(probe->began_us));
}

static void on_connected(void *context)
{
    struct probe *probe = context;

    tell_time(probe);
    probe->result.connect_ms = ms_since(probe->began_us);
    probe->mode = MODE_TALK;
    follow(probe);
    settle(probe);
}

static void on_received(void *context, const void *bytes, size_t length)
{
    struct probe *probe = context;

    tell_time(probe);
    if (probe->mode == MODE_HELLO)
        take_answer(probe, bytes, length);
    else if (probe->session)
        take_tls(probe, bytes, length);
    else
        talk(probe, bytes, length);
    settle(probe);
}

static void on_ended(void *context, enum probe_error why)
{
    struct probe *probe = context;

    tell_time(probe);
    /* To a SYN a RST says "refused": here the connection stood, and was reset before we could look. */
    if (probe->mode == MODE_CONNECT && why == PROBE_RESET) {
        probe->mode = MODE_TALK;
        probe->result.stage = STAGE_BANNER;
    }
    if (probe->mode == MODE_HANDSHAKE)
        tls_session_eof(probe->session);
    else if (probe->mode == MODE_TALK || probe->mode == MODE_TALK_TLS)
        dialogue_eof(probe->dialogue, why != PROBE_CLOSED);
    if (why == PROBE_CLOSED && (probe->mode == MODE_HANDSHAKE || probe->mode == MODE_HELLO))
        why = PROBE_TLS_CLOSED;
    probe->result.shortage = net_stream_shortage(probe->stream);
    probe->end = why;
    probe->over = true;
    settle(probe);
}

static void on_time(void *context)
{
    struct probe *probe = context;

    tell_time(probe);
    if (probe->mode == MODE_TALK || probe->mode == MODE_TALK_TLS) {
        bool quitting = probe->phase == PHASE_QUIT;

        dialogue_timeout(probe->dialogue);
        follow(probe);
        probe->over |= quitting;
    } else {
        probe->end = probe->mode == MODE_CONNECT ? PROBE_CONNECT_TIMEOUT : PROBE_IO_TIMEOUT;
        probe->over = true;
    }
    settle(probe);
}

static const struct net_stream_callbacks stream_callbacks = {on_connected, on_received, on_ended};

struct probe *probe_start(const struct probe_setup *setup, const struct probe_place *place,
                          const struct step *step, const struct probe_callbacks *callbacks, void *context)
{
    struct probe *probe = mem_alloc(sizeof *probe);

    probe->setup = setup;
    probe->place = *place;
    probe->step = *step;
    probe->callbacks = *callbacks;
    probe->context = context;
    probe->began_us = net_clock_us();
    probe->result.at = time(NULL);
    probe->result.connect_ms = probe->result.banner_ms = -1;
    probe->result.starttls_ms = probe->result.handshake_ms = -1;
    probe->result.tls.alert = -1;
    probe->result.stage = STAGE_CONNECT;
    buf_init(&probe->out, 0);
    buf_init(&probe->plain, 0);
    hello_reader_init(&probe->reader);
    probe->dialogue = dialogue_new(place->protocol, setup->helo_name);
    if (step->kind == STEP_HELLO)
        dialogue_quiet(probe->dialogue); /* facts show a handshake's dialogue (fold.h) */
    if (step->kind == STEP_INJECTION)
        dialogue_check_injection(probe->dialogue);
    probe->timer = net_timer_new(setup->loop, on_time, probe);
    net_timer_start(probe->timer, setup->connect_ms);
    probe->stream =
        net_stream_open(setup->loop, &place->address, place->port, setup->source, &stream_callbacks, probe);
    return probe;
}

bool probe_leave(struct probe *probe)
{
    tell_time(probe);
    if (probe->mode == MODE_TALK || probe->mode == MODE_TALK_TLS)
        dialogue_finish(probe->dialogue);
    if (dialogue_phase(probe->dialogue) != PHASE_QUIT) {
        probe_cancel(probe);
        return false;
    }
    probe->leaving = true;
    begin_stage(probe, STAGE_QUEUED, LEAVE_MS, LEAVE_MS);
    follow(probe);
    return true;
}

void probe_cancel(struct probe *probe)
{
    if (!probe)
        return;
    if (probe->mode == MODE_TALK_TLS)
        close_talk(probe);
    dispose(probe);
}
