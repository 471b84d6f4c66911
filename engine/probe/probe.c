#include "engine/probe/probe.h"

#include "engine/base/mem.h"
#include "engine/net/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define QUIT_MS     5000
#define LEAVE_MS    2000 /* for the goodbye of a probe that is called off */
#define STAGE_WAITS 3    /* io time-outs that a stage may take in all, against those who drip */
#define DETAIL_SIZE 48

enum mode {
    MODE_CONNECT,
    MODE_TALK,      /* the dialogue in clear */
    MODE_HANDSHAKE, /* BoringSSL's */
    MODE_TALK_TLS,  /* the dialogue inside TLS */
    MODE_HELLO,     /* the hello is out */
};

struct probe {
    const struct probe_setup *setup;
    struct probe_place place;
    struct step step;
    struct probe_callbacks callbacks;
    void *context;
    struct net_stream *stream;
    struct net_timer *timer;
    struct dialogue *dialogue;
    struct tls_session *session;
    struct hello_reader reader;
    struct buf out, plain; /* TLS bytes to send; decrypted bytes */
    enum mode mode;
    enum dialogue_phase phase; /* the dialogue's, when last looked at */
    bool looked;               /* `phase` is set */
    bool over;                 /* nothing more will be done: `settle` ends it */
    bool leaving;              /* called off: only QUIT is still to be said */
    enum probe_error end;      /* what ended the connection or TLS, other than words of the server */
    uint64_t began_us, stage_began_us;
    uint64_t stage_due_ms; /* when the present stage must be through */
    char detail[DETAIL_SIZE];
    struct probe_result result;
};

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

static void established(struct probe *probe)
{
    probe->result.handshake_ms = ms_since(probe->stage_began_us);
    probe->mode = MODE_TALK_TLS;
    begin_io_stage(probe, STAGE_CERTIFICATE);
    dialogue_tls_started(probe->dialogue);
    follow(probe);
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

static void answer_hello(struct probe *probe)
{
    const struct hello_answer *said = &probe->reader.answer;
    struct answer *answer = &probe->result.answer;

    probe->result.dh_bits = said->dh_bits;
    probe->result.sslv2 = said->outcome == HELLO_SSLV2;
    if (said->outcome == HELLO_SERVER_HELLO) {
        answer->kind = ANSWER_CHOSE;
        answer->version = said->version;
        answer->suite = said->suite;
        answer->retry_request = said->retry_request;
        answer->sentinel = said->sentinel;
        probe->result.certificate = tls_context_certificate(probe->setup->tls, probe->reader.chain.bytes,
                                                            probe->reader.chain.length, probe->result.at);
    } else if (said->outcome == HELLO_ALERT) {
        answer->kind = ANSWER_ALERT;
        answer->alert = said->alert;
    } else {
        answer->kind = ANSWER_SILENCE;
    }
}

static void answer_handshake(struct probe *probe)
{
    struct tls_session_result *tls = &probe->result.tls;
    struct answer *answer = &probe->result.answer;

    tls_session_result(probe->session, tls);
    probe->result.sslv2 = tls->sslv2;
    if (tls->server_hello) {
        answer->kind = ANSWER_CHOSE;
        answer->version = tls->version;
        answer->suite = tls->suite;
        answer->retry_request = tls->retry_request;
        answer->sentinel = tls->sentinel;
        probe->result.certificate = tls_session_certificate(probe->session, probe->result.at);
    } else if (tls->alert >= 0) {
        answer->kind = ANSWER_ALERT;
    } else {
        answer->kind = ANSWER_SILENCE;
    }
    if (tls->alert >= 0)
        answer->alert = tls->alert;
    if (probe->result.certificate && probe->result.stage < STAGE_CERTIFICATE)
        probe->result.stage = STAGE_CERTIFICATE;
}

static void answer_dialogue(struct probe *probe)
{
    const struct dialogue_result *said = probe->result.dialogue;
    struct answer *answer = &probe->result.answer;
    bool plain = said->starttls == STARTTLS_NOT_OFFERED || said->starttls == STARTTLS_MASKED;

    if (plain && !said->error) { /* however it ended after that */
        answer->kind = ANSWER_NO_TLS;
        answer->error = PROBE_STARTTLS_REJECTED;
        return;
    }
    answer->kind = ANSWER_NONE;
    answer->error = said->error ? said->error : probe->end ? probe->end : PROBE_CLOSED;
    probe->result.error = answer->error;
    probe->result.detail = said->detail;
}

static void name_alert(struct probe *probe, int alert)
{
    const char *name = tls_alert_name((uint8_t)alert);

    if (name)
        snprintf(probe->detail, sizeof probe->detail, "%s", name);
    else
        snprintf(probe->detail, sizeof probe->detail, "alert %d", alert);
    probe->result.detail = probe->detail;
}

static void answer_tls(struct probe *probe)
{
    struct probe_result *result = &probe->result;

    result->answer.alert = -1;
    if (probe->session)
        answer_handshake(probe);
    else
        answer_hello(probe);
    if (result->tls.established || (!probe->session && result->answer.kind == ANSWER_CHOSE))
        return;
    result->error = result->answer.alert >= 0 ? PROBE_TLS_ALERT : probe->end;
    result->answer.error = result->error;
    if (result->answer.alert >= 0)
        name_alert(probe, result->answer.alert);
    else if (result->sslv2)
        result->detail = "it answered in SSLv2";
    else if (probe->session)
        result->detail = result->tls.error;
}

/* close_notify, internal_error and user_canceled may come for any reason. */
static bool names_the_bytes(int alert)
{
    return alert != 0 && alert != 80 && alert != 90;
}

/* Of a handshake behind a command in clear, which worked without it: an alert says that TLS stumbled over
 * the command, so it was not kept. A closed connection may say the same; that is to be seen twice. */
static enum injection_state injection_by_tls(struct probe *probe)
{
    struct probe_result *result = &probe->result;
    bool closed = probe->end == PROBE_TLS_CLOSED || probe->end == PROBE_RESET;

    if (result->tls.established)
        return result->dialogue->injection.state;
    result->error = result->tls.alert >= 0 ? PROBE_TLS_ALERT : probe->end;
    if (result->tls.alert >= 0)
        name_alert(probe, result->tls.alert);
    if (result->tls.alert >= 0)
        return names_the_bytes(result->tls.alert) ? INJECTION_NO : INJECTION_NOT_TESTED;
    return closed ? INJECTION_NO : INJECTION_NOT_TESTED;
}

static const char *injection_words(const struct probe *probe)
{
    if (probe->result.answer.injection == INJECTION_NOT_TESTED)
        return "its answers do not show what became of the command in clear behind STARTTLS";
    if (probe->result.answer.injection == INJECTION_YES)
        return "a command in clear behind STARTTLS was answered inside TLS";
    if (!probe->session)
        return "a command in clear behind STARTTLS is refused";
    return probe->result.tls.established ? "the command in clear behind STARTTLS took no effect"
                                         : "TLS does not begin behind a command in clear";
}

static void answer_injection(struct probe *probe)
{
    struct probe_result *result = &probe->result;
    const struct injection *said = &result->dialogue->injection;
    struct answer *answer = &result->answer;

    answer->injection = said->state;
    if (probe->session) {
        tls_session_result(probe->session, &result->tls);
        answer->injection = injection_by_tls(probe);
        if (result->tls.established && answer->injection == INJECTION_NOT_TESTED)
            result->error = result->dialogue->error;
        answer->error = result->error;
        if (!result->error)
            result->detail = injection_words(probe);
    } else {
        answer_dialogue(probe);
    }
    if (answer->injection == INJECTION_NOT_TESTED || said->by_close || answer->error == PROBE_TLS_CLOSED ||
        answer->error == PROBE_RESET)
        return;
    answer->kind = ANSWER_CHOSE;
    answer->error = result->error = PROBE_OK;
    result->detail = injection_words(probe);
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
    probe->result.dialogue = dialogue_result(probe->dialogue);
    probe->result.milliseconds = (unsigned)ms_since(probe->began_us);
    if (probe->step.kind == STEP_INJECTION)
        answer_injection(probe);
    else if (probe->session || probe->mode == MODE_HELLO)
        answer_tls(probe);
    else
        answer_dialogue(probe);
    net_stream_close(probe->stream);
    probe->stream = NULL;
    probe->callbacks.done(probe->context, &probe->result);
    dispose(probe);
}

static void on_connected(void *context)
{
    struct probe *probe = context;

    probe->result.connect_ms = ms_since(probe->began_us);
    probe->mode = MODE_TALK;
    follow(probe);
    settle(probe);
}

static void on_received(void *context, const void *bytes, size_t length)
{
    struct probe *probe = context;

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
    probe->end = why;
    probe->over = true;
    settle(probe);
}

static void on_time(void *context)
{
    struct probe *probe = context;

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
