#include "engine/lab/session.h"

#include "engine/base/mem.h"
#include "engine/lab/client_hello.h"
#include "engine/lab/talk.h"
#include "engine/lab/tls_server.h"

#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MOST   (128 * 1024)
#define OUTPUT_MOST  (1024 * 1024)
#define LINE_MOST    4096
#define ENDLESS_MOST (64UL * 1024 * 1024)

enum mode {
    MODE_TALK,  /* lines in, replies out, in clear or inside TLS */
    MODE_HELLO, /* collects the ClientHello */
    MODE_TLS,   /* hands bytes to TLS, which may hold lines */
    MODE_DEAF,  /* reads and ignores */
};

/* What happens when all output is sent. */
enum after { AFTER_NOTHING, AFTER_CLOSE, AFTER_RESET, AFTER_MORE };

struct session {
    TAILQ_ENTRY(session) next;
    struct mail_server *server;
    const struct persona *persona;
    struct talk talk;
    uv_tcp_t tcp;
    uv_timer_t timer; /* sends what waits */
    uv_write_t write;
    bool writing, waiting, greeted, closing;
    unsigned handles; /* not closed yet */
    enum mode mode;
    enum after after;
    struct tls_server *tls;
    struct buf input;   /* of the present mode */
    struct buf output;  /* not sent yet */
    struct buf flight;  /* being written */
    uint64_t touched;   /* milliseconds of the loop */
    unsigned long sent; /* bytes */
};

static void on_closed(uv_handle_t *handle)
{
    struct session *session = handle->data;

    if (--session->handles)
        return;
    tls_server_free(session->tls);
    buf_release(&session->input);
    buf_release(&session->output);
    buf_release(&session->flight);
    free(session);
}

static void close_session(struct session *session, bool reset)
{
    struct mail *mail = session->server->mail;

    if (session->closing)
        return;
    session->closing = true;
    session->server->open--;
    mail->session_count--;
    TAILQ_REMOVE(&mail->sessions, session, next);
    if (!reset || session->writing || uv_tcp_close_reset(&session->tcp, on_closed) != 0)
        uv_close((uv_handle_t *)&session->tcp, on_closed);
    uv_close((uv_handle_t *)&session->timer, on_closed);
}

static void touch(struct session *session)
{
    struct mail *mail = session->server->mail;

    session->touched = uv_now(mail->loop);
    TAILQ_REMOVE(&mail->sessions, session, next);
    TAILQ_INSERT_TAIL(&mail->sessions, session, next);
}

static void send_some(struct session *session);

static void on_timer(uv_timer_t *timer)
{
    struct session *session = timer->data;

    session->waiting = false;
    send_some(session);
}

static void wait_then_send(struct session *session, unsigned milliseconds)
{
    session->waiting = true;
    uv_timer_start(&session->timer, on_timer, milliseconds, 0);
}

/* All is sent. */
static void settle(struct session *session)
{
    session->greeted = true;
    switch (session->after) {
    case AFTER_NOTHING:
        return;
    case AFTER_CLOSE:
    case AFTER_RESET:
        close_session(session, session->after == AFTER_RESET);
        return;
    case AFTER_MORE:
        if (session->sent > ENDLESS_MOST)
            close_session(session, false);
        else
            talk_greet(&session->talk, &session->output);
        wait_then_send(session, 1);
        return;
    }
}

static void on_written(uv_write_t *write, int status)
{
    struct session *session = write->data;

    session->writing = false;
    buf_reset(&session->flight);
    if (session->closing)
        return;
    if (status != 0)
        close_session(session, false);
    else
        send_some(session);
}

/* The kernel took only a part: the rest goes when it can. */
static void send_rest(struct session *session, size_t length)
{
    uv_buf_t piece;

    buf_add(&session->flight, session->output.bytes, length);
    buf_consume(&session->output, length);
    piece = uv_buf_init((char *)session->flight.bytes, (unsigned)session->flight.length);
    session->write.data = session;
    session->writing = true;
    if (uv_write(&session->write, (uv_stream_t *)&session->tcp, &piece, 1, on_written) != 0) {
        session->writing = false;
        close_session(session, false);
    }
}

static void send_some(struct session *session)
{
    unsigned drip = session->persona->drip_bytes;
    size_t length = session->output.length;
    uv_buf_t piece;
    int sent;

    if (session->closing || session->writing || session->waiting)
        return;
    if (!length) {
        settle(session);
        return;
    }
    if (drip && length > drip)
        length = drip;
    piece = uv_buf_init((char *)session->output.bytes, (unsigned)length);
    sent = uv_try_write((uv_stream_t *)&session->tcp, &piece, 1);
    if (sent < 0 && sent != UV_EAGAIN) {
        close_session(session, false);
        return;
    }
    if (sent > 0)
        buf_consume(&session->output, (size_t)sent);
    session->sent += length;
    if (sent < (int)length)
        send_rest(session, length - (size_t)(sent > 0 ? sent : 0));
    else if (session->output.length && drip)
        wait_then_send(session, session->persona->drip_ms);
    else
        send_some(session);
}

/* Sends what is in `output` after the persona's delay. */
static void reply(struct session *session)
{
    unsigned delay = session->greeted ? session->persona->reply_ms : session->persona->greeting_ms;

    if (delay && !session->waiting && !session->writing)
        wait_then_send(session, delay);
    else
        send_some(session);
}

static void end_after(struct session *session, enum after after)
{
    session->mode = MODE_DEAF;
    session->after = after;
    if (session->tls && after == AFTER_CLOSE && tls_server_established(session->tls))
        tls_server_close(session->tls, &session->output);
    reply(session);
}

static void say(struct session *session, const struct buf *text)
{
    if (session->tls)
        tls_server_write(session->tls, text->bytes, text->length, &session->output);
    else
        buf_add(&session->output, text->bytes, text->length);
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
        buf_reset(&session->input); /* what came before TLS must not count after (CVE-2011-0411) */
        session->mode = MODE_HELLO;
        reply(session);
        return;
    case TALK_QUIT:
        atomic_fetch_add_explicit(&session->server->mail->counts->quits, 1, memory_order_relaxed);
        end_after(session, AFTER_CLOSE);
        return;
    case TALK_CLOSE:
        end_after(session, AFTER_CLOSE);
        return;
    case TALK_RESET:
        end_after(session, AFTER_RESET);
        return;
    case TALK_SILENCE:
        session->mode = MODE_DEAF;
        return;
    }
}

static void greet(struct session *session)
{
    struct buf text;
    enum talk_action action;

    buf_init(&text, OUTPUT_MOST);
    action = talk_greet(&session->talk, &text);
    if (session->persona->greeting == GREETING_ENDLESS)
        session->after = AFTER_MORE;
    act(session, action, &text);
    buf_release(&text);
}

static bool talks_early(const struct session *session)
{
    return session->persona->sync && !session->tls &&
           (!session->greeted || session->output.length || session->input.length);
}

static void reject_early(struct session *session)
{
    uv_timer_stop(&session->timer);
    session->waiting = false;
    session->greeted = true;
    buf_reset(&session->output);
    buf_add_string(&session->output, "554 5.5.0 SMTP synchronization error\r\n");
    end_after(session, AFTER_CLOSE);
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

static void take_lines(struct session *session)
{
    char *line;

    while (!session->closing && session->mode != MODE_DEAF && session->mode != MODE_HELLO &&
           (line = take_line(&session->input))) {
        if (talks_early(session)) {
            reject_early(session);
        } else {
            struct buf text;
            enum talk_action action;

            buf_init(&text, OUTPUT_MOST);
            action = talk_line(&session->talk, line, &text);
            act(session, action, &text);
            buf_release(&text);
        }
        free(line);
    }
    if (!session->closing && session->input.length > LINE_MOST && session->mode != MODE_HELLO)
        close_session(session, false);
}

static void take_tls(struct session *session, const void *bytes, size_t length)
{
    bool was_up = tls_server_established(session->tls);
    bool good = tls_server_feed(session->tls, bytes, length, &session->output, &session->input);

    if (session->output.length)
        reply(session);
    if (session->closing)
        return;
    if (!was_up && tls_server_established(session->tls)) {
        session->talk.tls = true;
        if (protocol_is_direct_tls(session->talk.protocol))
            greet(session);
    }
    take_lines(session);
    if (!good && !session->closing && session->after == AFTER_NOTHING)
        end_after(session, AFTER_CLOSE);
}

static void start_tls(struct session *session)
{
    SSL_CTX *context = mail_server_context(session->server, session->persona);
    struct buf hello = session->input;

    if (!context) {
        close_session(session, false);
        return;
    }
    buf_init(&session->input, INPUT_MOST);
    session->tls = tls_server_new(context);
    session->mode = MODE_TLS;
    take_tls(session, hello.bytes, hello.length);
    buf_release(&hello);
}

static void answer_by_script(struct session *session, const struct client_hello *hello)
{
    SSL_CTX *context = mail_server_context(session->server, session->persona);
    uint8_t *der = NULL;
    int length = context ? i2d_X509(SSL_CTX_get0_certificate(context), &der) : -1;

    if (length > 0)
        hello_script(session->persona->choices, session->persona->choice_count, hello, der, (size_t)length,
                     &session->output);
    OPENSSL_free(der);
    /* What the client sends next (its key exchange) is not for us: it meets a closed door. */
    end_after(session, AFTER_CLOSE);
}

static void answer_hello(struct session *session, const struct client_hello *hello)
{
    const struct persona *persona = session->persona;

    if (persona->hello_bytes && hello->length > persona->hello_bytes) {
        session->mode = MODE_DEAF;
        return;
    }
    if (persona->tolerates >= 0 && hello->highest > tls_version_wire((enum tls_version)persona->tolerates)) {
        end_after(session, AFTER_CLOSE);
        return;
    }
    if (persona->alert >= 0) {
        hello_alert((uint8_t)persona->alert, &session->output);
        end_after(session, AFTER_CLOSE);
        return;
    }
    switch ((enum persona_hello)persona->hello) {
    case HELLO_TLS:
        start_tls(session);
        return;
    case HELLO_SCRIPT:
        answer_by_script(session, hello);
        return;
    case HELLO_GARBAGE:
        buf_add_string(&session->output, "500 5.5.1 What was that?\r\n");
        end_after(session, AFTER_CLOSE);
        return;
    case HELLO_CLOSE:
        end_after(session, AFTER_CLOSE);
        return;
    case HELLO_RESET:
        end_after(session, AFTER_RESET);
        return;
    case HELLO_SILENT:
        session->mode = MODE_DEAF;
        return;
    }
}

static void take_hello(struct session *session)
{
    struct client_hello hello;
    enum client_hello_status status = client_hello_read(&hello, session->input.bytes, session->input.length);

    if (status == CLIENT_HELLO_READ) {
        answer_hello(session, &hello);
    } else if (status == CLIENT_HELLO_BAD) {
        hello_alert(10, &session->output); /* unexpected_message */
        end_after(session, AFTER_CLOSE);
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
    struct session *session = handle->data;
    struct mail *mail = session->server->mail;

    (void)suggested;
    *buffer = uv_buf_init(mail->buffer, sizeof mail->buffer);
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer)
{
    struct session *session = stream->data;

    if (length > 0)
        take_bytes(session, buffer->base, (size_t)length);
    if (length < 0 || session->input.failed)
        close_session(session, false);
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
    session->handles = 2;
    session->touched = uv_now(server->mail->loop);
    buf_init(&session->input, INPUT_MOST);
    buf_init(&session->output, OUTPUT_MOST);
    buf_init(&session->flight, OUTPUT_MOST);
    uv_tcp_init(server->mail->loop, &session->tcp);
    uv_timer_init(server->mail->loop, &session->timer);
    session->tcp.data = session->timer.data = session;
    TAILQ_INSERT_TAIL(&server->mail->sessions, session, next);
    server->mail->session_count++;
    server->open++;
    return session;
}

static void begin(struct session *session)
{
    const char *busy = "421 4.7.0 Too many connections from your address\r\n";

    if (session->persona->most && session->server->open > session->persona->most) {
        buf_add_string(&session->output, busy);
        session->greeted = true;
        end_after(session, AFTER_CLOSE);
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

    if (uv_accept(listener, (uv_stream_t *)&session->tcp) != 0 ||
        server->mail->session_count > SESSIONS_MOST ||
        uv_read_start((uv_stream_t *)&session->tcp, on_buffer, on_read) != 0) {
        close_session(session, false);
        return;
    }
    count_connection(session);
    uv_tcp_nodelay(&session->tcp, 1);
    begin(session);
}

void sessions_sweep(struct mail *mail, uint64_t now)
{
    struct session *session;

    while ((session = TAILQ_FIRST(&mail->sessions)) && now - session->touched > SESSION_IDLE_MS)
        close_session(session, false);
}

void sessions_close(struct mail *mail)
{
    struct session *session;

    while ((session = TAILQ_FIRST(&mail->sessions)))
        close_session(session, false);
}
