#include "engine/lab/session_private.h"

#include "engine/base/mem.h"
#include "engine/lab/tls_server.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MOST    4096
#define ENDLESS_MOST (64UL * 1024 * 1024)

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
void session_reply(struct session *session)
{
    struct mail *mail = session->server->mail;
    const struct persona *persona = session->persona;
    unsigned delay = session->greeted ? persona->reply_ms : persona->greeting_ms;

    if (mail->shake_ms)
        delay += (unsigned)rand_r(&mail->shake_seed) % (mail->shake_ms + 1);
    if (persona->late && (unsigned)rand_r(&mail->shake_seed) % 100 < persona->late)
        delay += persona->late_ms;
    if (!session->wire.waiting)
        atomic_fetch_add_explicit(&mail->counts->waited_ms, delay, memory_order_relaxed);
    wire_send(&session->wire, delay);
}

void session_end_after(struct session *session, enum wire_after after)
{
    session->mode = MODE_DEAF;
    session->wire.after = after;
    if (session->tls && after == WIRE_CLOSE && tls_server_established(session->tls))
        tls_server_close(session->tls, &session->wire.output);
    session_reply(session);
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
    session_reply(session);
}

static void act(struct session *session, enum talk_action action, const struct buf *text)
{
    if (text->length)
        say(session, text);
    switch (action) {
    case TALK_ON:
        if (text->length)
            session_reply(session);
        return;
    case TALK_TLS:
        await_hello(session);
        return;
    case TALK_QUIT:
        atomic_fetch_add_explicit(&session->server->mail->counts->quits, 1, memory_order_relaxed);
        session_end_after(session, WIRE_CLOSE);
        return;
    case TALK_CLOSE:
        session_end_after(session, WIRE_CLOSE);
        return;
    case TALK_RESET:
        session_end_after(session, WIRE_RESET);
        return;
    case TALK_SILENCE:
        session->mode = MODE_DEAF;
        return;
    case TALK_FLOOD:
        buf_add(&session->flood, text->bytes, text->length);
        session->mode = MODE_DEAF;
        session_reply(session);
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

void session_greet(struct session *session)
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
    session_end_after(session, WIRE_CLOSE);
}

void session_take_lines(struct session *session)
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
        session_take_lines(session);
        return;
    case MODE_HELLO:
        buf_add(&session->input, bytes, length);
        session_take_hello(session);
        return;
    case MODE_TLS:
        session_take_tls(session, bytes, length);
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

static bool has_hung_up(const struct session *session)
{
    struct pollfd peer = {.events = POLLRDHUP};

    return uv_fileno((const uv_handle_t *)&session->wire.tcp, &peer.fd) == 0 && poll(&peer, 1, 0) > 0;
}

/* A client that hung up counts no longer, though its end may not have been read here yet. */
static unsigned clients_of(const struct mail_server *server)
{
    const struct session *session;
    unsigned count = 0;

    TAILQ_FOREACH(session, &server->mail->sessions, next)
    count += session->server == server && !has_hung_up(session);
    return count;
}

static void count_connection(struct session *session)
{
    struct mail_counts *counts = session->server->mail->counts;
    unsigned long most = atomic_load_explicit(&counts->most_at_once, memory_order_relaxed);
    unsigned open;

    atomic_fetch_add_explicit(&counts->connections, 1, memory_order_relaxed);
    if (session->server->open <= most)
        return;
    open = clients_of(session->server);
    if (open > most)
        atomic_store_explicit(&counts->most_at_once, open, memory_order_relaxed);
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
        session_end_after(session, WIRE_CLOSE);
    } else if (protocol_is_direct_tls(session->talk.protocol)) {
        session->greeted = true;
        session->mode = MODE_HELLO;
    } else {
        session_greet(session);
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
