#include "engine/net/stream.h"

#include "engine/base/mem.h"
#include "engine/net/loop_private.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DRAIN_MS 2000

struct net_stream {
    uv_tcp_t tcp; /* first: the handle is the stream */
    union {
        uv_connect_t connect;
        uv_shutdown_t shutdown;
    } request;
    struct net_loop *loop;
    struct net_stream_callbacks callbacks;
    void *context;
    TAILQ_ENTRY(net_stream) link; /* in loop->draining */
    uint64_t drain_until;
    enum probe_error why; /* told once libuv has closed the handle */
    enum net_shortage shortage;
    bool connected;
    bool write_failed;
    bool released; /* by its owner */
    bool draining;
    bool closed; /* by libuv */
};

struct write {
    uv_write_t request;
    char bytes[];
};

/* libuv's errors are the kernel's, negated. */
static bool is_shortage(struct net_stream *stream, int err)
{
    stream->shortage = net_shortage_of(-err);
    return stream->shortage != NET_SHORT_OF_NOTHING;
}

/* Said before any packet left: whatever it is, it is this machine's own word. */
static enum probe_error local_error(struct net_stream *stream, int err)
{
    return is_shortage(stream, err) ? PROBE_LOCAL_LIMIT : PROBE_NO_ROUTE;
}

static enum probe_error connect_error(struct net_stream *stream, int err)
{
    switch (err) {
    case UV_ECONNREFUSED:
        return PROBE_CONNECT_REFUSED;
    case UV_ETIMEDOUT:
        return PROBE_CONNECT_TIMEOUT;
    case UV_ECONNRESET:
    case UV_ECONNABORTED:
        return PROBE_RESET;
    default:
        return is_shortage(stream, err) ? PROBE_LOCAL_LIMIT : PROBE_CONNECT_UNREACHABLE;
    }
}

/* The kernel says the same when it has no port left and when it has no address of the family: in the latter
 * case it has none for a datagram either. */
static bool reaches(const struct sockaddr_storage *there, socklen_t length)
{
    int fd = socket(there->ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool good = fd < 0 || connect(fd, (const struct sockaddr *)there, length) == 0 || errno != EADDRNOTAVAIL;

    if (fd >= 0)
        close(fd);
    return good;
}

bool net_source_usable(const struct net_address *source)
{
    struct sockaddr_storage here;
    socklen_t length = net_address_sockaddr(source, 0, &here);
    int fd = socket(here.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool good = (fd >= 0 && bind(fd, (const struct sockaddr *)&here, length) == 0) || net_lacks_room(errno);

    if (fd >= 0)
        close(fd);
    return good;
}

static void on_closed(uv_handle_t *handle)
{
    struct net_stream *stream = (struct net_stream *)handle;

    stream->closed = true;
    if (stream->released)
        free(stream);
    else
        stream->callbacks.ended(stream->context, stream->why);
}

static void shut(struct net_stream *stream)
{
    if (stream->draining) {
        TAILQ_REMOVE(&stream->loop->draining, stream, link);
        if (TAILQ_EMPTY(&stream->loop->draining))
            uv_timer_stop(&stream->loop->sweep);
    }
    stream->draining = false;
    if (!uv_is_closing((uv_handle_t *)&stream->tcp))
        uv_close((uv_handle_t *)&stream->tcp, on_closed);
}

/* The descriptor goes at once; the owner hears of it in the close callback, never inside its own call. */
static void finish(struct net_stream *stream, enum probe_error why)
{
    stream->why = why;
    shut(stream);
}

static void on_wanted(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct net_stream *stream = (struct net_stream *)handle;

    (void)suggested;
    *buffer = uv_buf_init(stream->loop->buffer, sizeof stream->loop->buffer);
}

static enum probe_error read_error(const struct net_stream *stream, ssize_t err)
{
    if (err == UV_EOF)
        return stream->write_failed ? PROBE_RESET : PROBE_CLOSED; /* a failed write takes the reset with it */
    if (err == UV_EHOSTUNREACH || err == UV_ENETUNREACH)
        return PROBE_CONNECT_UNREACHABLE; /* the network says so, in the middle of it */
    return err == UV_ETIMEDOUT ? PROBE_IO_TIMEOUT : PROBE_RESET;
}

static void on_read(uv_stream_t *tcp, ssize_t length, const uv_buf_t *buffer)
{
    struct net_stream *stream = (struct net_stream *)tcp;

    if (length < 0)
        finish(stream, read_error(stream, length));
    else if (length > 0 && !stream->released)
        stream->callbacks.received(stream->context, buffer->base, (size_t)length);
}

static void on_connect(uv_connect_t *request, int status)
{
    struct net_stream *stream = (struct net_stream *)request->handle;

    if (uv_is_closing((uv_handle_t *)&stream->tcp))
        return;
    if (!status)
        status = uv_read_start((uv_stream_t *)&stream->tcp, on_wanted, on_read);
    if (status) {
        finish(stream, connect_error(stream, status));
        return;
    }
    stream->connected = true;
    stream->callbacks.connected(stream->context);
}

/* IP_BIND_ADDRESS_NO_PORT leaves the choice of the port to connect, which can share one among many peers; so
 * that bind says only whether the address is there. */
static enum probe_error bind_source(struct net_stream *stream, const struct net_address *source)
{
    struct sockaddr_storage here;
    socklen_t length = net_address_sockaddr(source, 0, &here);
    int on = 1, err;
    uv_os_fd_t fd;

    err = uv_fileno((uv_handle_t *)&stream->tcp, &fd);
    if (err)
        return local_error(stream, err);
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (!bind(fd, (struct sockaddr *)&here, length))
        return PROBE_OK;
    return errno == EADDRNOTAVAIL ? PROBE_NO_SOURCE : local_error(stream, -errno);
}

static enum probe_error start(struct net_stream *stream, const struct net_address *to, uint16_t port,
                              const struct net_address *source)
{
    struct sockaddr_storage there;
    socklen_t length = net_address_sockaddr(to, port, &there);
    enum probe_error why = PROBE_OK;
    int err;

    err = uv_tcp_init_ex(&stream->loop->uv, &stream->tcp, there.ss_family);
    if (err) {
        uv_tcp_init(&stream->loop->uv, &stream->tcp); /* without a socket, only to be closed */
        return local_error(stream, err);
    }
    uv_tcp_nodelay(&stream->tcp, 1);
    if (source && source->family != to->family)
        return PROBE_NO_ROUTE;
    if (source && (why = bind_source(stream, source)) != PROBE_OK)
        return why;
    err = uv_tcp_connect(&stream->request.connect, &stream->tcp, (struct sockaddr *)&there, on_connect);
    if (err == UV_EADDRNOTAVAIL && !reaches(&there, length))
        return PROBE_NO_ROUTE;
    return err ? local_error(stream, err) : PROBE_OK;
}

struct net_stream *net_stream_open(struct net_loop *loop, const struct net_address *to, uint16_t port,
                                   const struct net_address *source,
                                   const struct net_stream_callbacks *callbacks, void *context)
{
    struct net_stream *stream = mem_alloc(sizeof *stream);
    enum probe_error why;

    stream->loop = loop;
    stream->callbacks = *callbacks;
    stream->context = context;
    why = start(stream, to, port, source);
    if (why)
        finish(stream, why);
    return stream;
}

enum net_shortage net_stream_shortage(const struct net_stream *stream)
{
    return stream->shortage;
}

static void on_written(uv_write_t *request, int status)
{
    struct net_stream *stream = (struct net_stream *)request->handle;

    if (status)
        stream->write_failed = true;
    free(request->data);
}

static void queue(struct net_stream *stream, const char *bytes, size_t length)
{
    struct write *write = mem_alloc(sizeof *write + length);
    uv_buf_t buffer = uv_buf_init(write->bytes, (unsigned)length);

    memcpy(write->bytes, bytes, length);
    write->request.data = write;
    if (uv_write(&write->request, (uv_stream_t *)&stream->tcp, &buffer, 1, on_written)) {
        stream->write_failed = true;
        free(write);
    }
}

/* A failed write ends nothing by itself: what the peer said before is still to be read, and reading tells the
 * end. */
void net_stream_write(struct net_stream *stream, const void *bytes, size_t length)
{
    uv_buf_t buffer = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)length);
    int written = 0;

    if (!length || stream->released || stream->write_failed || uv_is_closing((uv_handle_t *)&stream->tcp))
        return;
    if (stream->connected)
        written = uv_try_write((uv_stream_t *)&stream->tcp, &buffer, 1);
    if (written == UV_EAGAIN)
        written = 0;
    if (written < 0)
        stream->write_failed = true;
    else if ((size_t)written < length)
        queue(stream, buffer.base + written, length - (size_t)written);
}

static void on_sweep(uv_timer_t *sweep)
{
    struct net_loop *loop = sweep->data;
    uint64_t now = uv_now(&loop->uv);
    struct net_stream *stream;

    while ((stream = TAILQ_FIRST(&loop->draining)) != NULL && (loop->stopping || stream->drain_until <= now))
        shut(stream);
    if (stream)
        uv_timer_start(sweep, on_sweep, stream->drain_until - now, 0);
}

static void on_shutdown(uv_shutdown_t *request, int status)
{
    if (status)
        shut((struct net_stream *)request->handle);
}

/* Half-closes behind the queue and reads on until the peer ends too: closing with unread bytes would throw
 * the queue away. */
static void drain(struct net_stream *stream)
{
    struct net_loop *loop = stream->loop;

    loop->on_sweep = on_sweep;
    stream->draining = true;
    stream->drain_until = uv_now(&loop->uv) + DRAIN_MS;
    TAILQ_INSERT_TAIL(&loop->draining, stream, link);
    if (!uv_is_active((uv_handle_t *)&loop->sweep))
        uv_timer_start(&loop->sweep, on_sweep, loop->stopping ? NET_LAST_DRAIN_MS : DRAIN_MS, 0);
    uv_shutdown(&stream->request.shutdown, (uv_stream_t *)&stream->tcp, on_shutdown);
}

void net_stream_close(struct net_stream *stream)
{
    if (!stream)
        return;
    stream->released = true;
    if (stream->closed)
        free(stream);
    else if (stream->connected && !stream->write_failed && !uv_is_closing((uv_handle_t *)&stream->tcp) &&
             uv_stream_get_write_queue_size((uv_stream_t *)&stream->tcp))
        drain(stream);
    else
        shut(stream);
}

#ifdef __SANITIZE_THREAD__
/* libuv closes descriptors by a system call that the sanitizer does not see: it takes the next owner of a
 * number, in another thread, for a racer with the socket that had it before. */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "race:net_stream_open\n";
}
#endif
