#include "engine/net/stream.h"

#include "engine/base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define LARGE    ((size_t)8 << 20)
#define TOO_LATE 60000 /* milliseconds */

enum act { ACT_NOTHING, ACT_CLOSE, ACT_WRITE_LARGE };

/* One connection and its other end, in one thread: the kernel accepts before `connected` runs. */
struct client {
    struct net_loop *loop;
    struct net_timer *late;
    struct net_stream *stream;
    struct net_address to;
    uint16_t port;
    int listener, peer;
    enum act on_connected, on_received;
    bool inside; /* a call that must not call back */
    bool reset;  /* the peer resets as soon as it has accepted */
    bool peer_closes;
    unsigned connected, ended;
    enum probe_error why;
    enum net_shortage shortage;
    size_t received;
    char last[64];
};

static void listen_on_loopback(struct client *client)
{
    struct sockaddr_storage here;
    socklen_t length;

    net_address_parse("127.0.0.1", &client->to);
    length = net_address_sockaddr(&client->to, 0, &here);
    client->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(client->listener, (struct sockaddr *)&here, length), 0);
    assert_int_equal(listen(client->listener, 64), 0);
    assert_int_equal(getsockname(client->listener, (struct sockaddr *)&here, &length), 0);
    client->port = ntohs(((struct sockaddr_in *)&here)->sin_port);
}

static void on_late(void *context)
{
    (void)context;
    fail_msg("nothing happened for %d ms", TOO_LATE);
}

static void finish(struct client *client)
{
    net_stream_close(client->stream);
    client->stream = NULL;
    net_timer_stop(client->late);
    net_loop_stop(client->loop);
}

/* The other end has read all: only then the loop is stopped, which gives what is still queued little time. */
static void on_wake(void *context)
{
    finish(context);
}

static void on_time_to_finish(void *context)
{
    finish(context);
}

static void act(struct client *client, enum act what)
{
    char *bytes;

    if (what == ACT_CLOSE)
        finish(client);
    if (what != ACT_WRITE_LARGE)
        return;
    bytes = mem_alloc(LARGE);
    memset(bytes, 'x', LARGE);
    net_stream_write(client->stream, bytes, LARGE);
    free(bytes);
}

static void reset_peer(struct client *client)
{
    struct linger now = {1, 0};

    setsockopt(client->peer, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(client->peer);
    client->peer = -1;
}

static void on_connected(void *context)
{
    struct client *client = context;

    assert_false(client->inside);
    client->connected++;
    client->peer = accept4(client->listener, NULL, NULL, SOCK_CLOEXEC);
    assert_true(client->peer >= 0);
    if (client->reset)
        reset_peer(client);
    if (client->peer_closes) {
        assert_int_equal(write(client->peer, "bye", 3), 3);
        close(client->peer);
        client->peer = -1;
    }
    act(client, client->on_connected);
}

static void on_received(void *context, const void *bytes, size_t length)
{
    struct client *client = context;
    size_t kept = length < sizeof client->last - 1 ? length : sizeof client->last - 1;

    assert_false(client->inside);
    client->received += length;
    memcpy(client->last, bytes, kept);
    client->last[kept] = '\0';
    act(client, client->on_received);
}

static void on_ended(void *context, enum probe_error why)
{
    struct client *client = context;

    assert_false(client->inside);
    assert_non_null(client->stream);
    client->ended++;
    client->why = why;
    client->shortage = net_stream_shortage(client->stream);
    finish(client);
}

static void client_init(struct client *client)
{
    memset(client, 0, sizeof *client);
    client->peer = -1;
    client->loop = net_loop_new(on_wake, client);
    client->late = net_timer_new(client->loop, on_late, client);
    net_timer_start(client->late, TOO_LATE);
    listen_on_loopback(client);
}

static void open_stream(struct client *client, const struct net_address *source)
{
    static const struct net_stream_callbacks callbacks = {on_connected, on_received, on_ended};

    client->inside = true;
    client->stream = net_stream_open(client->loop, &client->to, client->port, source, &callbacks, client);
    client->inside = false;
}

static void client_release(struct client *client)
{
    net_timer_free(client->late);
    net_loop_free(client->loop);
    close(client->listener);
    if (client->peer >= 0)
        close(client->peer);
}

static void run(struct client *client, const struct net_address *source)
{
    open_stream(client, source);
    net_loop_run(client->loop);
    client_release(client);
}

static void hears_the_peer_and_its_orderly_end(void **state)
{
    struct client client;

    (void)state;
    client_init(&client);
    client.peer_closes = true;
    run(&client, NULL);
    assert_int_equal(client.connected, 1);
    assert_string_equal(client.last, "bye");
    assert_int_equal(client.ended, 1);
    assert_int_equal(client.why, PROBE_CLOSED);
}

static void refused(void **state)
{
    struct client client;

    (void)state;
    client_init(&client);
    close(client.listener);
    client.listener = dup(0);
    run(&client, NULL);
    assert_int_equal(client.connected, 0);
    assert_int_equal(client.ended, 1);
    assert_int_equal(client.why, PROBE_CONNECT_REFUSED);
}

static void reset(void **state)
{
    struct client client;

    (void)state;
    client_init(&client);
    client.reset = true;
    run(&client, NULL);
    assert_int_equal(client.why, PROBE_RESET);
}

static void reset_that_a_write_meets_first(void **state)
{
    struct client client;

    (void)state;
    client_init(&client);
    client.reset = true;
    client.on_connected = ACT_WRITE_LARGE;
    run(&client, NULL);
    assert_int_equal(client.ended, 1);
    assert_int_equal(client.why, PROBE_RESET);
}

static void source_addresses(void **state)
{
    struct net_address foreign, six, loopback;
    struct client client;

    (void)state;
    net_address_parse("203.0.113.77", &foreign);
    net_address_parse("::1", &six);
    net_address_parse("127.0.0.9", &loopback);
    client_init(&client);
    run(&client, &foreign);
    assert_int_equal(client.why, PROBE_NO_SOURCE);
    assert_int_equal(client.ended, 1);
    client_init(&client);
    run(&client, &six);
    assert_int_equal(client.why, PROBE_NO_ROUTE);
    client_init(&client);
    client.peer_closes = true;
    run(&client, &loopback);
    assert_int_equal(client.why, PROBE_CLOSED);
}

static void the_peer_sees_the_source_address(void **state)
{
    struct net_address loopback;
    struct sockaddr_in there;
    socklen_t length = sizeof there;
    struct client client;

    (void)state;
    net_address_parse("127.0.0.9", &loopback);
    client_init(&client);
    client.on_connected = ACT_CLOSE;
    open_stream(&client, &loopback);
    net_loop_run(client.loop);
    assert_int_equal(getpeername(client.peer, (struct sockaddr *)&there, &length), 0);
    assert_int_equal(there.sin_addr.s_addr, htonl(0x7f000009));
    client_release(&client);
}

static void no_descriptors(void **state)
{
    struct rlimit limit, few;
    struct client client;

    (void)state;
    client_init(&client);
    getrlimit(RLIMIT_NOFILE, &limit);
    few = limit;
    few.rlim_cur = 3;
    setrlimit(RLIMIT_NOFILE, &few);
    open_stream(&client, NULL);
    setrlimit(RLIMIT_NOFILE, &limit);
    net_loop_run(client.loop);
    assert_int_equal(client.ended, 1);
    assert_int_equal(client.why, PROBE_LOCAL_LIMIT);
    assert_int_equal(client.shortage, NET_SHORT_OF_FILES);
    client_release(&client);
}

/* A broadcast address: TCP has no way there, and the kernel says so at once. */
static void no_way_for_tcp(void **state)
{
    struct client client;

    (void)state;
    client_init(&client);
    net_address_parse("255.255.255.255", &client.to);
    run(&client, NULL);
    assert_int_equal(client.why, PROBE_NO_ROUTE);
    assert_int_equal(client.ended, 1);
}

static int end_in_a_net_of_its_own(const char *setup, const char *address)
{
    struct client client;

    if (unshare(CLONE_NEWNET) || (setup && system(setup) != 0))
        return -1;
    memset(&client, 0, sizeof client);
    client.peer = client.listener = -1;
    client.loop = net_loop_new(on_wake, &client);
    client.late = net_timer_new(client.loop, on_late, &client);
    net_timer_start(client.late, TOO_LATE);
    client.port = 25;
    if (!net_address_parse(address, &client.to))
        return -1;
    run(&client, NULL);
    return client.ended == 1 ? (int)client.why : -1;
}

/* How a connection ends in a network that has only a loopback, which is down, and what `setup` adds. Skips
 * the test where no such network can be made: that takes root. */
static enum probe_error end_elsewhere(const char *setup, const char *address)
{
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (!child) {
        setenv("CMOCKA_TEST_ABORT", "1", 1); /* it must not come back into the parent's tests */
        _exit(end_in_a_net_of_its_own(setup, address) & 0xff);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 0xff)
        skip();
    return (enum probe_error)WEXITSTATUS(status);
}

static void no_route(void **state)
{
    (void)state;
    assert_int_equal(end_elsewhere(NULL, "192.0.2.9"), PROBE_NO_ROUTE);
    assert_int_equal(end_elsewhere(NULL, "2001:db8::9"), PROBE_NO_ROUTE);
}

/* The same error, once of this machine's routes and once of the wire, where nobody answers to the address. */
static void not_there_or_no_way_there(void **state)
{
    static const char wire[] = "exec 2>/dev/null; ip link set lo up && ip link add w0 type veth peer name w1 "
                               "&& ip link set w1 up && "
                               "ip addr add 192.0.2.1/24 dev w0 && ip link set w0 up && "
                               "ip ntable change name arp_cache dev w0 retrans 50 mcast_probes 1 && "
                               "ip route add unreachable 198.51.100.0/24";

    (void)state;
    assert_int_equal(end_elsewhere(wire, "198.51.100.9"), PROBE_NO_ROUTE);
    assert_int_equal(end_elsewhere(wire, "192.0.2.9"), PROBE_CONNECT_UNREACHABLE);
}

static void *read_all(void *context)
{
    struct client *client = context;
    static const char bytes[1] = "";
    char buffer[65536];
    size_t *total = mem_alloc(sizeof *total);
    int peer = accept4(client->listener, NULL, NULL, SOCK_CLOEXEC);
    ssize_t length;

    (void)!write(peer, bytes, sizeof bytes); /* lies unread at the other end */
    while ((length = read(peer, buffer, sizeof buffer)) > 0)
        *total += (size_t)length;
    if (length < 0)
        *total = 0;
    close(peer);
    net_loop_wake(client->loop);
    return total;
}

static void on_connected_elsewhere(void *context)
{
    struct client *client = context;

    client->connected++;
    act(client, client->on_connected);
    net_stream_close(client->stream);
    client->stream = NULL;
}

/* Written before it is connected, closed at once after: all of it arrives, and an orderly end. */
static void what_is_queued_is_sent_before_the_end(void **state)
{
    static const struct net_stream_callbacks callbacks = {on_connected_elsewhere, on_received, on_ended};
    struct client client;
    pthread_t thread;
    void *total;

    (void)state;
    client_init(&client);
    pthread_create(&thread, NULL, read_all, &client);
    client.stream = net_stream_open(client.loop, &client.to, client.port, NULL, &callbacks, &client);
    net_stream_write(client.stream, "hello", 5);
    client.on_connected = ACT_WRITE_LARGE;
    net_loop_run(client.loop);
    pthread_join(thread, &total);
    assert_int_equal(*(size_t *)total, LARGE + 5);
    assert_int_equal(client.ended, 0);
    free(total);
    client_release(&client);
}

/* The peer reads nothing: the stream gives up by itself, and sooner when the loop is to stop. */
static void a_deaf_peer_does_not_hold_the_loop(void **state)
{
    struct client client;
    uint64_t before = net_clock_us();

    (void)state;
    client_init(&client);
    client.on_connected = ACT_WRITE_LARGE;
    open_stream(&client, NULL);
    net_stream_write(client.stream, "x", 1);
    net_timer_free(client.late);
    client.late = net_timer_new(client.loop, on_time_to_finish, &client);
    net_timer_start(client.late, 50);
    net_loop_run(client.loop);
    assert_null(client.stream);
    assert_true(net_clock_us() - before < 1500000);
    client_release(&client);
}

static void closed_right_after_opening(void **state)
{
    struct client client;

    (void)state;
    client_init(&client);
    open_stream(&client, NULL);
    net_stream_write(client.stream, "QUIT\r\n", 6);
    finish(&client);
    net_loop_run(client.loop);
    assert_int_equal(client.connected + client.ended, 0);
    client_release(&client);
}

static void closed_before_a_local_failure_is_told(void **state)
{
    struct net_address foreign;
    struct client client;

    (void)state;
    net_address_parse("203.0.113.77", &foreign);
    client_init(&client);
    open_stream(&client, &foreign);
    net_stream_write(client.stream, "x", 1);
    finish(&client);
    net_loop_run(client.loop);
    assert_int_equal(client.connected + client.ended, 0);
    client_release(&client);
    net_stream_close(NULL);
}

static void closed_when_connected_or_reading(void **state)
{
    struct client client;

    (void)state;
    client_init(&client);
    client.on_connected = ACT_CLOSE;
    run(&client, NULL);
    assert_int_equal(client.connected, 1);
    assert_int_equal(client.ended, 0);
    client_init(&client);
    client.peer_closes = true;
    client.on_received = ACT_CLOSE;
    run(&client, NULL);
    assert_int_equal(client.received, 3);
    assert_int_equal(client.ended, 0);
}

static void small_writes_leave_at_once(void **state)
{
    struct client client;
    char text[16] = "";

    (void)state;
    client_init(&client);
    client.on_connected = ACT_NOTHING;
    open_stream(&client, NULL);
    net_stream_write(client.stream, "EHLO\r\n", 6);
    net_timer_free(client.late);
    client.late = net_timer_new(client.loop, on_time_to_finish, &client);
    net_timer_start(client.late, 50);
    net_loop_run(client.loop);
    assert_int_equal(read(client.peer, text, sizeof text - 1), 6);
    assert_string_equal(text, "EHLO\r\n");
    assert_int_equal(read(client.peer, text, sizeof text - 1), 0);
    client_release(&client);
}

struct many {
    struct net_loop *loop;
    struct net_stream *streams[200];
    unsigned connected;
};

static void on_one_connected(void *context)
{
    struct many *many = context;
    size_t i;

    if (++many->connected < 100)
        return;
    for (i = 0; i < 200; i++) {
        net_stream_close(many->streams[i]);
        many->streams[i] = NULL;
    }
    net_loop_stop(many->loop);
}

static void on_one_ended(void *context, enum probe_error why)
{
    (void)context;
    fail_msg("ended: %s", probe_error_name(why));
}

/* Half of them connected, half still on the way. */
static void many_closed_in_the_middle(void **state)
{
    static const struct net_stream_callbacks callbacks = {on_one_connected, NULL, on_one_ended};
    struct many many = {0};
    struct client client;
    size_t i;

    (void)state;
    client_init(&client);
    listen(client.listener, 256);
    many.loop = client.loop;
    for (i = 0; i < 200; i++)
        many.streams[i] = net_stream_open(client.loop, &client.to, client.port, NULL, &callbacks, &many);
    net_timer_stop(client.late);
    net_loop_run(client.loop);
    assert_true(many.connected >= 100);
    client_release(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hears_the_peer_and_its_orderly_end),
        cmocka_unit_test(refused),
        cmocka_unit_test(reset),
        cmocka_unit_test(reset_that_a_write_meets_first),
        cmocka_unit_test(source_addresses),
        cmocka_unit_test(the_peer_sees_the_source_address),
        cmocka_unit_test(no_descriptors),
        cmocka_unit_test(no_way_for_tcp),
        cmocka_unit_test(no_route),
        cmocka_unit_test(not_there_or_no_way_there),
        cmocka_unit_test(what_is_queued_is_sent_before_the_end),
        cmocka_unit_test(a_deaf_peer_does_not_hold_the_loop),
        cmocka_unit_test(closed_right_after_opening),
        cmocka_unit_test(closed_before_a_local_failure_is_told),
        cmocka_unit_test(closed_when_connected_or_reading),
        cmocka_unit_test(small_writes_leave_at_once),
        cmocka_unit_test(many_closed_in_the_middle),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
