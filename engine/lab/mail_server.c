#include "engine/lab/mail_server.h"

#include "engine/base/mem.h"
#include "engine/lab/session.h"
#include "engine/lab/tls_server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 512

static void on_connection(uv_stream_t *stream, int status)
{
    struct mail_listener *listener = stream->data;

    if (status == 0)
        session_accept(listener->server, listener->protocol, stream);
}

/* An address family or address that this machine doesn't have leaves the server closed. */
static enum mail_opened opened(int status, char **error)
{
    if (status == 0 || status == UV_EADDRNOTAVAIL || status == UV_EAFNOSUPPORT)
        return MAIL_OPEN;
    if (status == UV_EADDRINUSE)
        return MAIL_PORT_TAKEN;
    *error = mem_format("the lab could not listen: %s", uv_strerror(status));
    return MAIL_FAILED;
}

static enum mail_opened open_listener(struct mail_server *server, enum protocol protocol, uint16_t port,
                                      char **error)
{
    struct mail_listener *listener = &server->listeners[server->listener_count++];
    struct sockaddr_storage address;
    int status;

    listener->server = server;
    listener->protocol = protocol;
    net_address_sockaddr(&server->zone->address, port, &address);
    uv_tcp_init(server->mail->loop, &listener->tcp);
    listener->tcp.data = listener;
    status = uv_tcp_bind(&listener->tcp, (const struct sockaddr *)&address,
                         server->zone->address.family == 6 ? UV_TCP_IPV6ONLY : 0);
    if (status == 0)
        status = uv_listen((uv_stream_t *)&listener->tcp, BACKLOG, on_connection);
    return opened(status, error);
}

static int new_socket(const struct sockaddr_storage *address)
{
    return socket(address->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* A listener that accepts nothing and whose queue is full: the kernel drops every SYN after. */
static enum mail_opened open_full(struct mail_server *server, uint16_t port, char **error)
{
    struct sockaddr_storage address;
    socklen_t length = net_address_sockaddr(&server->zone->address, port, &address);
    int yes = 1, i;

    server->blocked[0] = new_socket(&address);
    if (server->blocked[0] < 0)
        return opened(-errno, error);
    setsockopt(server->blocked[0], SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(server->blocked[0], (const struct sockaddr *)&address, length) != 0 ||
        listen(server->blocked[0], 0) != 0)
        return opened(-errno, error);
    for (i = 1; i < 3; i++) {
        server->blocked[i] = new_socket(&address);
        if (server->blocked[i] >= 0)
            (void)!connect(server->blocked[i], (const struct sockaddr *)&address, length);
    }
    return MAIL_OPEN;
}

static void name_server(struct mail_server *server)
{
    char text[NET_ADDRESS_SIZE];

    server->blocked[0] = server->blocked[1] = server->blocked[2] = -1;
    strings_copy(&server->names, &server->zone->names);
    if (server->names.count)
        return;
    net_address_print(&server->zone->address, text);
    strings_add(&server->names, text);
}

enum mail_opened mail_server_open(struct mail_server *server, uint16_t port_base, char **error)
{
    const struct persona *persona = server->persona;
    enum protocol protocol;

    name_server(server);
    if (persona->listen == LISTEN_FULL)
        return open_full(server, (uint16_t)(port_base + PROTOCOL_SMTP), error);
    server->listeners = mem_array((size_t)__builtin_popcount(persona->protocols), sizeof *server->listeners);
    for (protocol = 0; protocol < protocol_count; protocol++) {
        enum mail_opened result = MAIL_OPEN;

        if (persona->protocols >> protocol & 1)
            result = open_listener(server, protocol, (uint16_t)(port_base + protocol), error);
        if (result != MAIL_OPEN)
            return result;
    }
    return MAIL_OPEN;
}

void mail_server_close(struct mail_server *server)
{
    size_t i;

    for (i = 0; i < server->listener_count; i++)
        uv_close((uv_handle_t *)&server->listeners[i].tcp, NULL);
    for (i = 0; i < 3; i++)
        if (server->blocked[i] >= 0)
            close(server->blocked[i]);
}

void mail_server_release(struct mail_server *server)
{
    for (size_t i = 0; i < server->face_count; i++)
        SSL_CTX_free(server->faces[i].context);
    free(server->faces);
    strings_release(&server->names);
    free(server->listeners);
}

const struct persona *mail_server_turn(struct mail_server *server)
{
    const struct persona *persona = server->persona;

    server->served++;
    if (persona->first.persona && server->served <= persona->first.number)
        return persona->first.persona;
    if (persona->every.persona && server->served % persona->every.number == 0)
        return persona->every.persona;
    return persona;
}

/* The certificate that goes with a hello: by the server's name where each has its own, by the kind of key
 * where there are two. */
static struct mail_face face_for(const struct mail_server *server, const struct persona *persona,
                                 const struct client_hello *hello)
{
    struct mail_face face = {.persona = persona, .key = persona->key};
    bool newest = persona->max == TLS_1_3 && hello->highest >= tls_version_wire(TLS_1_3);

    if (persona->key == LAB_KEYS)
        face.key = hello->ecdsa && (newest || hello->ecdsa_suites) ? LAB_KEY_ECDSA : LAB_KEY_RSA;
    if (persona->sni != SNI_EACH)
        return face;
    face.name = server->names.items[0];
    for (size_t i = 0; i < server->names.count; i++)
        if (strcasecmp(server->names.items[i], hello->server_name) == 0)
            face.name = server->names.items[i];
    return face;
}

static bool same_face(const struct mail_face *a, const struct mail_face *b)
{
    return a->persona == b->persona && a->name == b->name && a->key == b->key;
}

static SSL_CTX *make_context(struct mail_server *server, const struct mail_face *face)
{
    struct strings own = {0};
    char *error = NULL;
    SSL_CTX *context;

    if (face->name)
        strings_add(&own, face->name);
    context = tls_server_context(server->mail->authority, face->persona, face->name ? &own : &server->names,
                                 face->key, &error);
    strings_release(&own);
    free(error);
    return context;
}

SSL_CTX *mail_server_context(struct mail_server *server, const struct persona *persona,
                             const struct client_hello *hello)
{
    struct mail_face face = face_for(server, persona, hello);

    for (size_t i = 0; i < server->face_count; i++)
        if (same_face(&server->faces[i], &face))
            return server->faces[i].context;
    face.context = make_context(server, &face);
    server->faces = mem_resize(server->faces, server->face_count + 1, sizeof *server->faces);
    server->faces[server->face_count++] = face;
    return face.context;
}

bool mail_server_tired(struct mail_server *server, const struct persona *persona)
{
    uint64_t passed = uv_now(server->mail->loop) - server->hello_at;

    if (persona->handshakes_ms && passed >= persona->handshakes_ms)
        server->hellos = 0;
    return persona->handshakes && server->hellos >= persona->handshakes;
}

void mail_server_took(struct mail_server *server)
{
    server->hellos++;
    server->hello_at = uv_now(server->mail->loop);
}
