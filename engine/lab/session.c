#include "engine/lab/session.h"

#include "engine/base/mem.h"
#include "engine/lab/client_hello.h"
#include "engine/lab/records.h"
#include "engine/lab/talk.h"
#include "engine/lab/tls_server.h"
#include "engine/lab/wire.h"

#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define INPUT_MOST   (128 * 1024)
#define LINE_MOST    4096
#define ENDLESS_MOST (64UL * 1024 * 1024)

#define ALERT_UNRECOGNIZED_NAME 112

enum mode {
    MODE_TALK,  /* lines in, replies out, in clear or inside TLS */
    MODE_HELLO, /* collects the ClientHello */
    MODE_TLS,   /* hands bytes to TLS, which may hold lines */
    MODE_DEAF,  /* reads and ignores */
};

struct session {
    TAILQ_ENTRY(session) next;
    struct mail_server *server;
    const struct persona *persona;
    struct talk talk;
    struct wire wire;
    bool greeted;
    enum mode mode;
    struct tls_server *tls;
    struct buf input;      /* of the present mode */
    struct buf rest;       /* of the greeting, behind its teaser */
    struct buf kept;       /* came in clear behind STARTTLS, to be run inside TLS */
    struct buf flood;      /* is sent again and again */
    uint64_t touched;      /* milliseconds of the loop */
    unsigned long flooded; /* bytes */
};

static void on_gone(void *owner)
{
    struct session *session = owner;

    tls_server_free(session->tls);
    buf_release(&session->input);
    buf_release(&session->rest);
    buf_release(&session->kept);
    buf_release(&session->flood);
    free(session);
}

static void on_closing(void *owner)
{
    struct session *session = owner;
    struct mail *mail = session->server->mail;

    session->server->open--;
    mail->session_count--;
    TAILQ_REMOVE(&mail->sessions, session, next);
}

static void say(struct session *session, const struct buf *text)
{
    if (session->tls)
        tls_server_write(session->tls, text->bytes, text->length, &session->wire.output);
    else
        buf_add(&session->wire.output, text->bytes, text->length);
}

static void on_sent(void *owner)
{
    struct session *session = owner;

    if (session->rest.length) {
        say(session, &session->rest);
        buf_reset(&session->rest);
        wire_send(&session->wire, session->persona->teaser_ms);
        return;
    }
    session->greeted = true;
    if (!session->flood.length)
        return;
    say(session, &session->flood);
    session->flooded += session->flood.length;
    if (session->flooded > ENDLESS_MOST)
        wire_close(&session->wire, false);
    else
        wire_send(&session->wire, 1);
}

static void touch(struct session *session)
{
    struct mail *mail = session->server->mail;

    session->touched = uv_now(mail->loop);
    TAILQ_REMOVE(&mail->sessions, session, next);
    TAILQ_INSERT_TAIL(&mail->sessions, session, next);
}

/* Sends what is in the wire's output after the persona's delay. */
static void reply(struct session *session)
{
    struct mail *mail = session->server->mail;
    unsigned shake = mail->shake_ms ? (unsigned)rand_r(&mail->shake_seed) % (mail->shake_ms + 1) : 0;

    wire_send(&session->wire,
              (session->greeted ? session->persona->reply_ms : session->persona->greeting_ms) + shake);
}

static void end_after(struct session *session, enum wire_after after)
{
    session->mode = MODE_DEAF;
    session->wire.after = after;
    if (session->tls && after == WIRE_CLOSE && tls_server_established(session->tls))
        tls_server_close(session->tls, &session->wire.output);
    reply(session);
}

static void say_text(struct session *session, const char *word)
{
    struct buf text;

    buf_init(&text, 0);
    buf_add_string(&text, word);
    say(session, &text);
    buf_release(&text);
}

/* Takes the next line out of the input; NULL when none is whole. The caller frees. */
static char *take_line(struct buf *input)
{
    uint8_t *end = input->length ? memchr(input->bytes, '\n', input->length) : NULL;
    size_t length = end ? (size_t)(end - input->bytes) : 0;
    char *line;

    if (!end)
        return NULL;
    line = mem_string_n((const char *)input->bytes, length && end[-1] == '\r' ? length - 1 : length);
    buf_consume(input, length + 1);
    return line;
}

static void answer_behind(struct session *session)
{
    char *line;

    while ((line = take_line(&session->input))) {
        talk_line(&session->talk, line, &session->wire.output);
        free(line);
    }
}

/* STARTTLS was granted. What stands behind it in clear must not count after (CVE-2011-0411). */
static void await_hello(struct session *session)
{
    enum persona_behind behind = session->persona->behind;

    if (behind == BEHIND_ANSWER)
        answer_behind(session);
    if (behind == BEHIND_RUN)
        buf_add(&session->kept, session->input.bytes, session->input.length);
    if (behind != BEHIND_HELLO)
        buf_reset(&session->input);
    if (session->persona->drip_clear)
        session->wire.drip_bytes = 0;
    session->mode = MODE_HELLO;
    reply(session);
}

static void act(struct session *session, enum talk_action action, const struct buf *text)
{
    if (text->length)
        say(session, text);
    switch (action) {
    case TALK_ON:
        if (text->length)
            reply(session);
        return;
    case TALK_TLS:
        await_hello(session);
        return;
    case TALK_QUIT:
        atomic_fetch_add_explicit(&session->server->mail->counts->quits, 1, memory_order_relaxed);
        end_after(session, WIRE_CLOSE);
        return;
    case TALK_CLOSE:
        end_after(session, WIRE_CLOSE);
        return;
    case TALK_RESET:
        end_after(session, WIRE_RESET);
        return;
    case TALK_SILENCE:
        session->mode = MODE_DEAF;
        return;
    case TALK_FLOOD:
        buf_add(&session->flood, text->bytes, text->length);
        session->mode = MODE_DEAF;
        reply(session);
        return;
    }
}

/* All but the first line waits until that was sent. */
static void hold_back(struct session *session, struct buf *text)
{
    const uint8_t *end = memchr(text->bytes, '\n', text->length);
    size_t first = end ? (size_t)(end - text->bytes) + 1 : text->length;

    buf_add(&session->rest, text->bytes + first, text->length - first);
    text->length = first;
}

static void greet(struct session *session)
{
    struct buf text;
    enum talk_action action;

    buf_init(&text, WIRE_OUTPUT_MOST);
    action = talk_greet(&session->talk, &text);
    if (session->persona->teaser_ms && text.length)
        hold_back(session, &text);
    act(session, action, &text);
    buf_release(&text);
}

static bool talks_early(const struct session *session)
{
    return session->persona->sync &&
           (!session->greeted || session->wire.output.length || session->input.length);
}

/* Postscreen, which teases, words it in its own way. What TLS has encrypted can't be taken back. */
static void reject_early(struct session *session)
{
    const char *word = session->persona->teaser_ms && !session->greeted
                           ? "521 5.5.1 Protocol error\r\n"
                           : "554 5.5.0 SMTP synchronization error\r\n";

    if (!session->tls)
        wire_hush(&session->wire);
    session->greeted = true;
    say_text(session, word);
    end_after(session, WIRE_CLOSE);
}

static void take_lines(struct session *session)
{
    char *line;

    while (!session->wire.closing && session->mode != MODE_DEAF && session->mode != MODE_HELLO &&
           (line = take_line(&session->input))) {
        if (talks_early(session)) {
            reject_early(session);
        } else {
            struct buf text;
            enum talk_action action;

            buf_init(&text, WIRE_OUTPUT_MOST);
            session->talk.tired =
                session->persona->handshakes_later && mail_server_tired(session->server, session->persona);
            action = talk_line(&session->talk, line, &text);
            act(session, action, &text);
            buf_release(&text);
        }
        free(line);
    }
    if (!session->wire.closing && session->input.length > LINE_MOST && session->mode != MODE_HELLO)
        wire_close(&session->wire, false);
}

/* What came in clear goes before what came inside TLS. */
static void run_kept(struct session *session)
{
    if (!session->kept.length)
        return;
    buf_add(&session->kept, session->input.bytes, session->input.length);
    buf_reset(&session->input);
    buf_add(&session->input, session->kept.bytes, session->kept.length);
    buf_reset(&session->kept);
}

static void take_tls(struct session *session, const void *bytes, size_t length)
{
    bool was_up = tls_server_established(session->tls);
    bool good = tls_server_feed(session->tls, bytes, length, &session->wire.output, &session->input);

    if (session->wire.output.length)
        reply(session);
    if (session->wire.closing)
        return;
    if (!was_up && tls_server_established(session->tls)) {
        session->talk.tls = true;
        run_kept(session);
        if (protocol_is_direct_tls(session->talk.protocol))
            greet(session);
    }
    take_lines(session);
    if (!good && !session->wire.closing && session->wire.after == WIRE_STAY)
        end_after(session, WIRE_CLOSE);
}

static void start_tls(struct session *session, const struct client_hello *said)
{
    SSL_CTX *context = mail_server_context(session->server, session->persona, said);
    struct buf hello = session->input;

    if (!context) {
        wire_close(&session->wire, false);
        return;
    }
    buf_init(&session->input, INPUT_MOST);
    session->tls = tls_server_new(context, session->persona->fragment);
    session->mode = MODE_TLS;
    take_tls(session, hello.bytes, hello.length);
    buf_release(&hello);
}

/* Answers in words of its own, with the certificate that BoringSSL would show. */
static void answer_by_script(struct session *session, const struct client_hello *hello)
{
    static const enum wire_after ways[] = {
        [CHOICE_CLOSE] = WIRE_CLOSE, [CHOICE_RESET] = WIRE_RESET, [CHOICE_SILENCE] = WIRE_STAY};
    const struct persona *persona = session->persona;
    SSL_CTX *context = mail_server_context(session->server, persona, hello);
    struct records records = {.most = persona->fragment};
    struct buf flight;
    uint8_t *der = NULL;
    int length = context ? i2d_X509(SSL_CTX_get0_certificate(context), &der) : 0;

    buf_init(&flight, WIRE_OUTPUT_MOST);
    if (length > 0 && persona->hello == HELLO_AS_SSLV2)
        hello_sslv2(der, (size_t)length, &flight);
    else if (length > 0)
        hello_script(persona, hello, der, (size_t)length, &flight);
    records_cut(&records, flight.bytes, flight.length, &session->wire.output);
    buf_release(&flight);
    OPENSSL_free(der);
    /* What the client sends next (its key exchange) is not for us: it meets a closed door, or nobody. */
    end_after(session, ways[persona->behind_choice]);
}

static void refuse(struct session *session, int alert)
{
    if (alert >= 0)
        hello_alert((uint8_t)alert, &session->wire.output);
    end_after(session, WIRE_CLOSE);
}

/* What the persona can't bear in a hello. */
static bool stumbles(const struct persona *persona, const struct client_hello *hello)
{
    if (persona->tolerates >= 0 && hello->highest > tls_version_wire((enum tls_version)persona->tolerates))
        return true;
    return persona->dislikes_newest && hello->newest;
}

static bool knows_name(const struct persona *persona, const struct client_hello *hello)
{
    if (persona->sni == SNI_IGNORE || persona->sni == SNI_EACH)
        return true;
    return !*hello->server_name ||
           (persona->sni_name && strcasecmp(persona->sni_name, hello->server_name) == 0);
}

static void answer_as_told(struct session *session, const struct client_hello *hello)
{
    static const uint8_t noise[] = {0x07, 0x5a, 0x00, 0xc3, 0x91, 0x0a, 0x7f, 0xee, 0x11, 0x00, 0x42, 0x99};

    switch ((enum persona_hello)session->persona->hello) {
    case HELLO_TLS:
        start_tls(session, hello);
        return;
    case HELLO_SCRIPT:
    case HELLO_AS_SSLV2:
        answer_by_script(session, hello);
        return;
    case HELLO_AS_SSLV2_ERROR:
        hello_sslv2_error(&session->wire.output);
        end_after(session, WIRE_CLOSE);
        return;
    case HELLO_GARBAGE:
        buf_add_string(&session->wire.output, "500 5.5.1 What was that?\r\n");
        end_after(session, WIRE_CLOSE);
        return;
    case HELLO_NOISE:
        buf_add(&session->wire.output, noise, sizeof noise);
        end_after(session, WIRE_CLOSE);
        return;
    case HELLO_CLOSE:
        end_after(session, WIRE_CLOSE);
        return;
    case HELLO_RESET:
        end_after(session, WIRE_RESET);
        return;
    case HELLO_SILENT:
        session->mode = MODE_DEAF;
        return;
    }
}

/* A server name that the persona does not know. */
static void mind_name(struct session *session, const struct client_hello *hello)
{
    unsigned way = session->persona->sni;

    if (way == SNI_WARN) {
        hello_warning(ALERT_UNRECOGNIZED_NAME, &session->wire.output);
        answer_as_told(session, hello);
    } else {
        refuse(session, way == SNI_REJECT ? ALERT_UNRECOGNIZED_NAME : -1);
    }
}

static void answer_hello(struct session *session, const struct client_hello *hello)
{
    const struct persona *persona = session->persona;

    if (mail_server_tired(session->server, persona)) {
        end_after(session, WIRE_CLOSE);
        return;
    }
    mail_server_took(session->server);
    if (persona->hello_bytes && hello->length > persona->hello_bytes)
        session->mode = MODE_DEAF;
    else if (stumbles(persona, hello))
        refuse(session, persona->tolerates_alert);
    else if (persona->alert >= 0)
        refuse(session, persona->alert);
    else if (!knows_name(persona, hello))
        mind_name(session, hello);
    else
        answer_as_told(session, hello);
}

static void take_hello(struct session *session)
{
    struct client_hello hello;
    enum client_hello_status status = client_hello_read(&hello, session->input.bytes, session->input.length);

    if (status == CLIENT_HELLO_READ) {
        answer_hello(session, &hello);
    } else if (status == CLIENT_HELLO_BAD) {
        hello_alert(10, &session->wire.output); /* unexpected_message */
        end_after(session, WIRE_CLOSE);
    }
    client_hello_release(&hello);
}

static void take_bytes(struct session *session, const void *bytes, size_t length)
{
    touch(session);
    switch (session->mode) {
    case MODE_TALK:
        if (!session->greeted && session->persona->sync) {
            reject_early(session);
            return;
        }
        buf_add(&session->input, bytes, length);
        take_lines(session);
        return;
    case MODE_HELLO:
        buf_add(&session->input, bytes, length);
        take_hello(session);
        return;
    case MODE_TLS:
        take_tls(session, bytes, length);
        return;
    case MODE_DEAF:
        return;
    }
}

static void on_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct wire *wire = handle->data;
    struct session *session = wire->owner;
    struct mail *mail = session->server->mail;

    (void)suggested;
    *buffer = uv_buf_init(mail->buffer, sizeof mail->buffer);
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer)
{
    struct wire *wire = stream->data;
    struct session *session = wire->owner;

    if (length > 0)
        take_bytes(session, buffer->base, (size_t)length);
    if (length < 0 || session->input.failed)
        wire_close(&session->wire, false);
}

static void count_connection(struct session *session)
{
    struct mail_counts *counts = session->server->mail->counts;

    atomic_fetch_add_explicit(&counts->connections, 1, memory_order_relaxed);
    if (session->server->open > atomic_load_explicit(&counts->most_at_once, memory_order_relaxed))
        atomic_store_explicit(&counts->most_at_once, session->server->open, memory_order_relaxed);
}

static struct session *new_session(struct mail_server *server, enum protocol protocol)
{
    struct session *session = mem_alloc(sizeof *session);

    session->server = server;
    session->persona = mail_server_turn(server);
    session->talk =
        (struct talk){.persona = session->persona, .protocol = protocol, .host = server->names.items[0]};
    session->touched = uv_now(server->mail->loop);
    session->wire = (struct wire){.drip_bytes = session->persona->drip_bytes,
                                  .drip_ms = session->persona->drip_ms,
                                  .owner = session,
                                  .sent = on_sent,
                                  .closing_now = on_closing,
                                  .gone = on_gone};
    buf_init(&session->input, INPUT_MOST);
    buf_init(&session->rest, WIRE_OUTPUT_MOST);
    buf_init(&session->kept, INPUT_MOST);
    buf_init(&session->flood, WIRE_OUTPUT_MOST);
    wire_init(&session->wire, server->mail->loop);
    TAILQ_INSERT_TAIL(&server->mail->sessions, session, next);
    server->mail->session_count++;
    server->open++;
    return session;
}

static void begin(struct session *session)
{
    const char *busy = "421 4.7.0 Too many connections from your address\r\n";

    if (session->persona->most && session->server->open > session->persona->most) {
        buf_add_string(&session->wire.output, busy);
        session->greeted = true;
        end_after(session, WIRE_CLOSE);
    } else if (protocol_is_direct_tls(session->talk.protocol)) {
        session->greeted = true;
        session->mode = MODE_HELLO;
    } else {
        greet(session);
    }
}

void session_accept(struct mail_server *server, enum protocol protocol, uv_stream_t *listener)
{
    struct session *session = new_session(server, protocol);

    if (uv_accept(listener, (uv_stream_t *)&session->wire.tcp) != 0 ||
        server->mail->session_count > SESSIONS_MOST ||
        uv_read_start((uv_stream_t *)&session->wire.tcp, on_buffer, on_read) != 0) {
        wire_close(&session->wire, false);
        return;
    }
    count_connection(session);
    uv_tcp_nodelay(&session->wire.tcp, 1);
    begin(session);
}

void sessions_sweep(struct mail *mail, uint64_t now)
{
    struct session *session;

    while ((session = TAILQ_FIRST(&mail->sessions)) && now - session->touched > SESSION_IDLE_MS)
        wire_close(&session->wire, false);
}

void sessions_close(struct mail *mail)
{
    struct session *session;

    while ((session = TAILQ_FIRST(&mail->sessions)))
        wire_close(&session->wire, false);
}
