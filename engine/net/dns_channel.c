#include "engine/net/dns_channel.h"

#include "engine/base/mem.h"
#include "engine/net/loop_private.h"

#include <ares.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define SOCKET_BUFFER (1 << 20) /* answers to hundreds of queries may wait in it */
#define EDNS_MOST     4096      /* c-ares cuts answers here; what we offer in a query is less */

struct socket_poll {
    uv_poll_t uv; /* first: the handle is the poll */
    struct dns_channel *channel;
    ares_socket_t socket;
    LIST_ENTRY(socket_poll) link;
};

struct dns_channel {
    ares_channel ares;
    struct net_loop *loop;
    dns_channel_after_cb *after;
    void *context;
    LIST_HEAD(, socket_poll) polls; /* sockets that c-ares has open */
};

struct sent {
    dns_channel_answer_cb *answer;
    void *query;
};

static void on_poll(uv_poll_t *uv, int status, int events)
{
    struct socket_poll *poll = (struct socket_poll *)uv;
    struct dns_channel *channel = poll->channel;
    bool readable = status < 0 || events & UV_READABLE;
    bool writable = status < 0 || events & UV_WRITABLE;

    ares_process_fd(channel->ares, readable ? poll->socket : ARES_SOCKET_BAD,
                    writable ? poll->socket : ARES_SOCKET_BAD);
    channel->after(channel->context);
}

static void on_poll_closed(uv_handle_t *handle)
{
    free(handle);
}

static struct socket_poll *find_poll(struct dns_channel *channel, ares_socket_t socket)
{
    struct socket_poll *poll;

    LIST_FOREACH(poll, &channel->polls, link)
    if (poll->socket == socket)
        break;
    return poll;
}

static struct socket_poll *add_poll(struct dns_channel *channel, ares_socket_t socket)
{
    struct socket_poll *poll = mem_alloc(sizeof *poll);

    if (uv_poll_init(&channel->loop->uv, &poll->uv, socket)) {
        free(poll);
        return NULL;
    }
    poll->channel = channel;
    poll->socket = socket;
    LIST_INSERT_HEAD(&channel->polls, poll, link);
    return poll;
}

/* c-ares says what it waits for; neither means that it is about to close the socket. */
static void on_socket_state(void *data, ares_socket_t socket, int readable, int writable)
{
    struct dns_channel *channel = data;
    struct socket_poll *poll = find_poll(channel, socket);

    if (readable || writable) {
        if (!poll)
            poll = add_poll(channel, socket);
        if (poll)
            uv_poll_start(&poll->uv, (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0), on_poll);
    } else if (poll) {
        LIST_REMOVE(poll, link);
        uv_close((uv_handle_t *)&poll->uv, on_poll_closed);
    }
}

/* Everything is set, so that c-ares reads no file and no environment. Answers are passed on whatever they
 * say. */
static int open_channel(struct dns_channel *channel, bool tcp, unsigned milliseconds)
{
    char lookups[] = "b";
    struct ares_options options = {
        .flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_NOCHECKRESP | ARES_FLAG_EDNS |
                 ARES_FLAG_IGNTC | (tcp ? ARES_FLAG_USEVC : 0),
        .timeout = (int)milliseconds,
        .tries = 1,
        .ndots = 1,
        .lookups = lookups,
        .ednspsz = EDNS_MOST,
        .socket_send_buffer_size = SOCKET_BUFFER,
        .socket_receive_buffer_size = SOCKET_BUFFER,
        .sock_state_cb = on_socket_state,
        .sock_state_cb_data = channel,
    };

    return ares_init_options(&channel->ares, &options,
                             ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_NDOTS |
                                 ARES_OPT_LOOKUPS | ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_SNDBUF |
                                 ARES_OPT_SOCK_RCVBUF | ARES_OPT_SOCK_STATE_CB | ARES_OPT_SERVERS |
                                 ARES_OPT_DOMAINS | ARES_OPT_SORTLIST | ARES_OPT_NOROTATE);
}

struct dns_channel *dns_channel_new(struct net_loop *loop, const struct dns_server *server, bool tcp,
                                    unsigned milliseconds, dns_channel_after_cb *after, void *context)
{
    struct dns_channel *channel = mem_alloc(sizeof *channel);
    struct ares_addr_port_node node = {.family = server->address.family == 4 ? AF_INET : AF_INET6,
                                       .udp_port = server->port,
                                       .tcp_port = server->port};

    channel->loop = loop;
    channel->after = after;
    channel->context = context;
    LIST_INIT(&channel->polls);
    memcpy(&node.addr, server->address.bytes, server->address.family == 4 ? 4 : 16);
    if (open_channel(channel, tcp, milliseconds) != ARES_SUCCESS) {
        free(channel);
        return NULL;
    }
    if (ares_set_servers_ports(channel->ares, &node) != ARES_SUCCESS) {
        dns_channel_free(channel);
        return NULL;
    }
    return channel;
}

static void on_answer(void *data, int status, int timeouts, unsigned char *bytes, int length)
{
    struct sent *sent = data;

    (void)timeouts;
    if (status == ARES_SUCCESS && bytes && length > 0)
        sent->answer(sent->query, bytes, (size_t)length);
    else
        sent->answer(sent->query, NULL, 0);
    free(sent);
}

void dns_channel_send(struct dns_channel *channel, const uint8_t *bytes, size_t length,
                      dns_channel_answer_cb *answer, void *query)
{
    struct sent *sent = mem_alloc(sizeof *sent);

    sent->answer = answer;
    sent->query = query;
    ares_send(channel->ares, bytes, (int)length, on_answer, sent);
}

void dns_channel_tick(struct dns_channel *channel)
{
    ares_process_fd(channel->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

void dns_channel_free(struct dns_channel *channel)
{
    if (!channel)
        return;
    ares_destroy(channel->ares);
    free(channel);
}
