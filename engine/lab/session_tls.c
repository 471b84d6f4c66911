#include "engine/lab/session_private.h"

#include "engine/lab/client_hello.h"
#include "engine/lab/records.h"
#include "engine/lab/tls_server.h"

#include <openssl/x509.h>
#include <strings.h>

#define ALERT_UNRECOGNIZED_NAME 112

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

void session_take_tls(struct session *session, const void *bytes, size_t length)
{
    bool was_up = tls_server_established(session->tls);
    bool good = tls_server_feed(session->tls, bytes, length, &session->wire.output, &session->input);

    if (session->wire.output.length)
        session_reply(session);
    if (session->wire.closing)
        return;
    if (!was_up && tls_server_established(session->tls)) {
        session->talk.tls = true;
        run_kept(session);
        if (protocol_is_direct_tls(session->talk.protocol))
            session_greet(session);
    }
    session_take_lines(session);
    if (!good && !session->wire.closing && session->wire.after == WIRE_STAY)
        session_end_after(session, WIRE_CLOSE);
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
    session_take_tls(session, hello.bytes, hello.length);
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
    session_end_after(session, ways[persona->behind_choice]);
}

static void refuse(struct session *session, int alert)
{
    if (alert >= 0)
        hello_alert((uint8_t)alert, &session->wire.output);
    session_end_after(session, WIRE_CLOSE);
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
        session_end_after(session, WIRE_CLOSE);
        return;
    case HELLO_GARBAGE:
        buf_add_string(&session->wire.output, "500 5.5.1 What was that?\r\n");
        session_end_after(session, WIRE_CLOSE);
        return;
    case HELLO_NOISE:
        buf_add(&session->wire.output, noise, sizeof noise);
        session_end_after(session, WIRE_CLOSE);
        return;
    case HELLO_CLOSE:
        session_end_after(session, WIRE_CLOSE);
        return;
    case HELLO_RESET:
        session_end_after(session, WIRE_RESET);
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
        session_end_after(session, WIRE_CLOSE);
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

void session_take_hello(struct session *session)
{
    struct client_hello hello;
    enum client_hello_status status = client_hello_read(&hello, session->input.bytes, session->input.length);

    if (status == CLIENT_HELLO_READ) {
        answer_hello(session, &hello);
    } else if (status == CLIENT_HELLO_BAD) {
        hello_alert(10, &session->wire.output); /* unexpected_message */
        session_end_after(session, WIRE_CLOSE);
    }
    client_hello_release(&hello);
}
