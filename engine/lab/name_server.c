#include "engine/lab/name_server.h"

#include "engine/base/mem.h"
#include "engine/lab/dns_reply.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define CONNECTIONS_MOST 512
#define DELAYED_MOST     10000
#define INPUT_MOST       65537 /* one query over TCP with its length */
#define ANSWER_MOST      65535
#define IDLE_MS          30000

/* A TCP connection. */
struct caller {
    LIST_ENTRY(caller) next;
    struct name_server *server;
    uv_tcp_t tcp;
    uv_timer_t idle;
    unsigned handles;
    unsigned waiting; /* delayed answers that point here */
    bool closing;
    struct buf input;
};

/* An answer that waits for its time. */
struct delayed {
    LIST_ENTRY(delayed) next;
    struct name_server *server;
    uv_timer_t timer;
    struct sockaddr_storage to; /* UDP */
    struct caller *caller;      /* TCP */
    struct buf bytes;
};

struct name_server {
    const struct zone *zone;
    atomic_ulong *queries;
    uv_udp_t udp;
    uv_tcp_t tcp;
    unsigned handles; /* that are not closed yet, callers and delayed answers included */
    bool closing;
    unsigned caller_count, delayed_count;
    LIST_HEAD(, caller) callers;
    LIST_HEAD(, delayed) delayed;
    char buffer[65536];
};

static void release(struct name_server *server)
{
    if (--server->handles == 0 && server->closing)
        free(server);
}

static void on_server_closed(uv_handle_t *handle)
{
    release(handle->data);
}

static void free_caller(struct caller *caller)
{
    if (caller->handles || caller->waiting)
        return;
    buf_release(&caller->input);
    release(caller->server);
    free(caller);
}

static void on_caller_closed(uv_handle_t *handle)
{
    struct caller *caller = handle->data;

    caller->handles--;
    free_caller(caller);
}

static void close_caller(struct caller *caller)
{
    if (caller->closing)
        return;
    caller->closing = true;
    LIST_REMOVE(caller, next);
    caller->server->caller_count--;
    uv_close((uv_handle_t *)&caller->tcp, on_caller_closed);
    uv_close((uv_handle_t *)&caller->idle, on_caller_closed);
}

struct tcp_write {
    uv_write_t request;
    struct buf bytes;
};

static void on_written(uv_write_t *request, int status)
{
    struct tcp_write *write = (struct tcp_write *)request;

    (void)status;
    buf_release(&write->bytes);
    free(write);
}

static void send_tcp(struct caller *caller, const struct buf *bytes)
{
    struct tcp_write *write;
    uv_buf_t piece;

    if (caller->closing)
        return;
    write = mem_alloc(sizeof *write);
    buf_init(&write->bytes, 0);
    buf_u16(&write->bytes, (uint16_t)bytes->length);
    buf_add(&write->bytes, bytes->bytes, bytes->length);
    piece = uv_buf_init((char *)write->bytes.bytes, (unsigned)write->bytes.length);
    if (uv_write(&write->request, (uv_stream_t *)&caller->tcp, &piece, 1, on_written) != 0)
        on_written(&write->request, -1);
}

/* A full socket buffer drops the answer, as networks do. */
static void send_udp(struct name_server *server, const struct sockaddr *to, const struct buf *bytes)
{
    uv_buf_t piece = uv_buf_init((char *)bytes->bytes, (unsigned)bytes->length);

    uv_udp_try_send(&server->udp, &piece, 1, to);
}

static void on_delayed_closed(uv_handle_t *handle)
{
    struct delayed *delayed = handle->data;

    if (delayed->caller) {
        delayed->caller->waiting--;
        free_caller(delayed->caller);
    }
    buf_release(&delayed->bytes);
    release(delayed->server);
    free(delayed);
}

static void drop_delayed(struct delayed *delayed)
{
    LIST_REMOVE(delayed, next);
    delayed->server->delayed_count--;
    uv_close((uv_handle_t *)&delayed->timer, on_delayed_closed);
}

static void on_due(uv_timer_t *timer)
{
    struct delayed *delayed = timer->data;

    if (delayed->caller)
        send_tcp(delayed->caller, &delayed->bytes);
    else
        send_udp(delayed->server, (const struct sockaddr *)&delayed->to, &delayed->bytes);
    drop_delayed(delayed);
}

static void send_later(struct name_server *server, struct caller *caller, const struct sockaddr *to,
                       const struct buf *bytes, unsigned delay)
{
    struct delayed *delayed;

    if (server->delayed_count >= DELAYED_MOST)
        return;
    delayed = mem_alloc(sizeof *delayed);
    delayed->server = server;
    delayed->caller = caller;
    if (caller)
        caller->waiting++;
    else
        memcpy(&delayed->to, to, sizeof(struct sockaddr_in));
    buf_init(&delayed->bytes, 0);
    buf_add(&delayed->bytes, bytes->bytes, bytes->length);
    uv_timer_init(server->udp.loop, &delayed->timer);
    delayed->timer.data = delayed;
    server->handles++;
    server->delayed_count++;
    LIST_INSERT_HEAD(&server->delayed, delayed, next);
    uv_timer_start(&delayed->timer, on_due, delay, 0);
}

static void answer(struct name_server *server, struct caller *caller, const struct sockaddr *from,
                   const void *query, size_t length)
{
    struct buf out;
    unsigned delay;

    buf_init(&out, ANSWER_MOST);
    atomic_fetch_add_explicit(server->queries, 1, memory_order_relaxed);
    if (dns_reply(server->zone, query, length, caller != NULL, &out, &delay) == DNS_REPLY_SEND) {
        if (delay)
            send_later(server, caller, from, &out, delay);
        else if (caller)
            send_tcp(caller, &out);
        else
            send_udp(server, from, &out);
    }
    buf_release(&out);
}

static void on_udp_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct name_server *server = handle->data;

    (void)suggested;
    *buffer = uv_buf_init(server->buffer, sizeof server->buffer);
}

static void on_datagram(uv_udp_t *udp, ssize_t length, const uv_buf_t *buffer, const struct sockaddr *from,
                        unsigned flags)
{
    (void)flags;
    if (length > 0 && from)
        answer(udp->data, NULL, from, buffer->base, (size_t)length);
}

static void on_tcp_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct caller *caller = handle->data;

    (void)suggested;
    *buffer = uv_buf_init(caller->server->buffer, sizeof caller->server->buffer);
}

static void answer_all(struct caller *caller)
{
    struct buf *input = &caller->input;

    while (input->length >= 2) {
        size_t length = (size_t)(input->bytes[0] << 8 | input->bytes[1]);

        if (input->length < length + 2)
            return;
        answer(caller->server, caller, NULL, input->bytes + 2, length);
        buf_consume(input, length + 2);
    }
}

static void on_idle(uv_timer_t *timer)
{
    close_caller(timer->data);
}

static void on_tcp_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer)
{
    struct caller *caller = stream->data;

    if (length > 0) {
        uv_timer_start(&caller->idle, on_idle, IDLE_MS, 0);
        buf_add(&caller->input, buffer->base, (size_t)length);
        answer_all(caller);
    }
    if (length < 0 || caller->input.failed)
        close_caller(caller);
}

static void on_connection(uv_stream_t *listener, int status)
{
    struct name_server *server = listener->data;
    struct caller *caller;

    if (status != 0)
        return;
    caller = mem_alloc(sizeof *caller);
    caller->server = server;
    caller->handles = 2;
    buf_init(&caller->input, 2 * INPUT_MOST);
    uv_tcp_init(listener->loop, &caller->tcp);
    uv_timer_init(listener->loop, &caller->idle);
    caller->tcp.data = caller->idle.data = caller;
    LIST_INSERT_HEAD(&server->callers, caller, next);
    server->handles++;
    server->caller_count++;
    uv_timer_start(&caller->idle, on_idle, IDLE_MS, 0);
    if (uv_accept(listener, (uv_stream_t *)&caller->tcp) != 0 || server->caller_count > CONNECTIONS_MOST ||
        uv_read_start((uv_stream_t *)&caller->tcp, on_tcp_buffer, on_tcp_read) != 0)
        close_caller(caller);
}

struct name_server *name_server_open(uv_loop_t *loop, uint16_t port, const struct zone *zone,
                                     atomic_ulong *queries)
{
    struct name_server *server = mem_alloc(sizeof *server);
    struct sockaddr_in address;

    server->zone = zone;
    server->queries = queries;
    server->handles = 2;
    LIST_INIT(&server->callers);
    LIST_INIT(&server->delayed);
    uv_ip4_addr("127.0.0.1", port, &address);
    uv_udp_init(loop, &server->udp);
    uv_tcp_init(loop, &server->tcp);
    server->udp.data = server->tcp.data = server;
    if (uv_udp_bind(&server->udp, (const struct sockaddr *)&address, 0) == 0 &&
        uv_tcp_bind(&server->tcp, (const struct sockaddr *)&address, 0) == 0 &&
        uv_listen((uv_stream_t *)&server->tcp, 512, on_connection) == 0 &&
        uv_udp_recv_start(&server->udp, on_udp_buffer, on_datagram) == 0)
        return server;
    name_server_close(server);
    return NULL;
}

void name_server_close(struct name_server *server)
{
    if (!server)
        return;
    server->closing = true;
    while (!LIST_EMPTY(&server->delayed))
        drop_delayed(LIST_FIRST(&server->delayed));
    while (!LIST_EMPTY(&server->callers))
        close_caller(LIST_FIRST(&server->callers));
    uv_close((uv_handle_t *)&server->udp, on_server_closed);
    uv_close((uv_handle_t *)&server->tcp, on_server_closed);
}
