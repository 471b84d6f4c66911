#include "engine/net/dns_client.h"

#include "engine/base/mem.h"
#include "engine/net/dns_client_private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/random.h>

#define BURST     128 /* questions put on the wire per turn of the loop */
#define TICK_MOST 50  /* milliseconds */
#define ROUNDS    8   /* in all, for a question that may have got lost each time */
#define CANARY    "." /* every server has something to say about the root, if only that it refuses */

static void schedule(struct dns_client *client, unsigned milliseconds)
{
    if (!client->busy)
        net_timer_start(client->turn, milliseconds);
}

/* Milliseconds that the attempt just sent is waited for. */
static unsigned wait_of(const struct question *question)
{
    const struct dns_client_options *options = &question->client->options;
    unsigned round = (question->attempts - 1) / options->servers.count;

    return question->client->first_wait << (round < options->tries ? round : options->tries - 1);
}

/* What was sent earlier to the same server, and is not answered yet, was passed. */
static void note_answered(struct query *query)
{
    struct dns_client *client = query->client;
    struct query *earlier = query->question && !query->tcp ? LIST_NEXT(query, link) : NULL;

    if (query->question)
        dns_window_answered(&client->window);
    for (; earlier; earlier = LIST_NEXT(earlier, link))
        if (!earlier->tcp && earlier->server == query->server)
            dns_window_passed(&client->window, &earlier->sent, net_loop_now_ms(client->loop));
}

static void on_answer(void *data, const uint8_t *bytes, size_t length)
{
    struct query *query = data;
    struct question *question = query->question;
    unsigned server = query->server;
    bool tcp = query->tcp != NULL;

    if (bytes) { /* even when it is too late for the one who asked */
        query->client->heard++;
        query->client->unheard = 0;
        note_answered(query);
    }
    dns_window_forget(&query->sent);
    dns_query_detach(query);
    query->ended = true;
    if (!tcp) {
        LIST_REMOVE(query, all);
        free(query);
    }
    if (question && bytes) {
        struct dns_answer answer;

        question->client->counts.answers++;
        dns_answer_parse(&answer, bytes, length, question->name, question->type);
        dns_question_weigh(question, server, tcp, &answer);
        dns_answer_release(&answer);
    } else if (question) {
        dns_question_lost(question);
    }
}

static void turn(void *context);

static struct dns_channel *open_channel(struct dns_client *client, unsigned server, bool tcp)
{
    return dns_channel_new(client->loop, &client->options.servers.items[server], tcp, client->options.timeout,
                           turn, client);
}

static uint16_t random_id(void)
{
    uint16_t id = 0;

    (void)!getrandom(&id, sizeof id, 0);
    return id;
}

static void send_query(struct question *question)
{
    struct dns_client *client = question->client;
    struct query *query = mem_alloc(sizeof *query);
    struct dns_channel *channel = client->channels[question->server];
    bool plain = question->plain || client->plain[question->server];
    struct buf bytes;

    query->client = client;
    query->server = question->server;
    if (question->tcp)
        channel = query->tcp = open_channel(client, question->server, true);
    if (!channel) {
        free(query);
        dns_question_lost(question);
        return;
    }
    buf_init(&bytes, 0);
    dns_query_build(&bytes, random_id(), question->name, question->type, plain ? 0 : DNS_UDP_PAYLOAD);
    query->question = question;
    question->latest = query;
    dns_window_sent(&client->window, &query->sent);
    LIST_INSERT_HEAD(&question->queries, query, link);
    LIST_INSERT_HEAD(query->tcp ? &client->tcp : &client->udp, query, all);
    client->counts.queries++;
    dns_channel_send(channel, bytes.bytes, bytes.length, on_answer, query);
    buf_release(&bytes);
}

/* The next server in turn that did not fail. */
static unsigned pick_server(const struct question *question)
{
    unsigned count = question->client->options.servers.count;
    unsigned server = question->attempts ? question->server + 1 : question->client->preferred;

    while (question->failed & 1u << server % count)
        server++;
    return server % count;
}

static struct question *new_question(struct dns_client *client, const char *name, enum dns_type type,
                                     dns_client_cb *callback, void *context)
{
    struct question *question = mem_alloc(sizeof *question);

    question->client = client;
    question->name = mem_string(name);
    question->type = type;
    question->callback = callback;
    question->context = context;
    question->most = client->options.tries * client->options.servers.count;
    LIST_INIT(&question->queries);
    return question;
}

/* No word about it, while answers came to others, and queries got lost: this one may have been among them. */
static bool may_be_lost(const struct question *question)
{
    const struct dns_client *client = question->client;

    return !question->answer.status && question->heard != client->heard &&
           question->losses != client->window.losses && question->rounds + 1 < ROUNDS;
}

/* In line once more, at its end or at its head. */
static void put_back(struct question *question, bool first)
{
    struct dns_client *client = question->client;

    dns_question_detach(question);
    question->attempts = 0;
    question->deadline = 0;
    TAILQ_REMOVE(&client->active, question, link);
    client->in_flight--;
    if (first)
        TAILQ_INSERT_HEAD(&client->waiting, question, link);
    else
        TAILQ_INSERT_TAIL(&client->waiting, question, link);
}

static void attempt(struct question *question)
{
    struct dns_client *client = question->client;
    uint64_t now = net_loop_now_ms(client->loop);

    if (!question->deadline) {
        question->deadline = now + client->options.timeout;
        question->heard = client->heard;
        question->losses = client->window.losses;
    }
    if (question->attempts >= question->most || now >= question->deadline) {
        if (may_be_lost(question)) {
            question->rounds++;
            put_back(question, false);
            return;
        }
        client->unheard = question->heard == client->heard ? client->unheard + 1 : 0;
        dns_question_fail(question, question->answer.status ? question->answer.status : DNS_TIMEOUT);
        return;
    }
    question->server = pick_server(question);
    question->attempts++;
    question->due = now + wait_of(question);
    if (question->due > question->deadline)
        question->due = question->deadline;
    send_query(question);
}

static void timed_out(const struct question *question)
{
    struct dns_client *client = question->client;

    client->counts.timeouts++;
    if (question->latest->server == client->preferred)
        client->preferred = (client->preferred + 1) % client->options.servers.count;
}

static void retry_due(struct dns_client *client)
{
    uint64_t now = net_loop_now_ms(client->loop);
    struct question *question, *next;

    client->urgent = false;
    for (question = TAILQ_FIRST(&client->active); question; question = next) {
        next = TAILQ_NEXT(question, link);
        if (question->due > now)
            continue;
        if (question->latest)
            timed_out(question);
        if (question->latest && client->in_flight > client->window.allowed && !client->doubting)
            put_back(question, true);
        else
            attempt(question);
    }
}

static void start(struct question *question)
{
    struct dns_client *client = question->client;

    TAILQ_INSERT_TAIL(&client->active, question, link);
    client->in_flight++;
    attempt(question);
}

/* Whoever waits is told what would come of it, without a time-out for each. */
static void fail_waiting(struct dns_client *client)
{
    struct question *question;

    TAILQ_FOREACH(question, &client->waiting, link)
    question->answer.status = DNS_TIMEOUT;
    TAILQ_CONCAT(&client->decided, &client->waiting, link);
}

static void on_canary(void *context, struct dns_answer *answer)
{
    struct dns_client *client = context;

    client->doubting = false;
    if (client->unheard)
        fail_waiting(client);
    dns_answer_release(answer);
}

/* As many questions in a row as can be out at once, and not a word to any: names can be so bad, but are they?
 * All servers are asked for what each of them must answer. Whether they are alive is found out anew whenever
 * questions come, so nothing is held against servers that came back. */
static void doubt(struct dns_client *client)
{
    struct question *canary;

    if (client->doubting || client->unheard < client->window.allowed || TAILQ_EMPTY(&client->waiting))
        return;
    client->doubting = true;
    canary = new_question(client, CANARY, DNS_TYPE_MX, on_canary, client);
    canary->rounds = ROUNDS; /* it has one */
    start(canary);
}

static void start_waiting(struct dns_client *client)
{
    unsigned left = BURST;
    struct question *question;

    doubt(client);
    while (!(client->doubting && client->unheard) && left-- && client->in_flight < client->window.allowed &&
           (question = TAILQ_FIRST(&client->waiting)) != NULL) {
        TAILQ_REMOVE(&client->waiting, question, link);
        start(question);
    }
}

static void free_question(struct question *question)
{
    dns_answer_release(&question->answer);
    free(question->name);
    free(question);
}

static void hand_out(struct dns_client *client)
{
    struct question *question;

    while ((question = TAILQ_FIRST(&client->decided)) != NULL) {
        TAILQ_REMOVE(&client->decided, question, link);
        question->callback(question->context, &question->answer);
        free_question(question);
    }
}

/* TCP channels can't go inside their own callbacks. */
static void close_tcp(struct dns_client *client)
{
    struct query *query, *next;

    for (query = LIST_FIRST(&client->tcp); query; query = next) {
        next = LIST_NEXT(query, all);
        if (query->question && !query->ended)
            continue;
        LIST_REMOVE(query, all);
        dns_channel_free(query->tcp);
        free(query);
    }
}

static unsigned tick_length(const struct dns_client *client)
{
    unsigned length = client->first_wait / 4;

    return length < 1 ? 1 : length > TICK_MOST ? TICK_MOST : length;
}

/* Whatever came in is weighed by now; this acts on it, outside of c-ares. */
static void turn(void *context)
{
    struct dns_client *client = context;

    client->busy = true;
    dns_window_weigh(&client->window, net_loop_now_ms(client->loop));
    if (client->urgent)
        retry_due(client);
    hand_out(client);
    start_waiting(client);
    close_tcp(client);
    client->busy = false;
    if (!TAILQ_EMPTY(&client->decided) || client->urgent ||
        (!client->doubting && !TAILQ_EMPTY(&client->waiting) && client->in_flight < client->window.allowed))
        schedule(client, 1);
    if (!client->ticking && (client->in_flight || !LIST_EMPTY(&client->udp))) {
        client->ticking = true;
        net_timer_start(client->tick, tick_length(client));
    }
}

static void tick(void *context)
{
    struct dns_client *client = context;
    unsigned i;

    for (i = 0; i < client->options.servers.count; i++)
        dns_channel_tick(client->channels[i]);
    client->ticking = false;
    client->urgent = true;
    turn(client);
}

/* `tries` rounds over all servers, each twice as long as the one before, fill the timeout. */
static unsigned first_wait(const struct dns_client_options *options)
{
    unsigned wait = options->timeout / (options->servers.count * ((1u << options->tries) - 1));

    return wait ? wait : 1;
}

struct dns_client *dns_client_new(struct net_loop *loop, const struct dns_client_options *options)
{
    struct dns_client *client = mem_alloc(sizeof *client);
    unsigned i;

    client->loop = loop;
    client->options = *options;
    client->first_wait = first_wait(options);
    TAILQ_INIT(&client->waiting);
    TAILQ_INIT(&client->active);
    TAILQ_INIT(&client->decided);
    LIST_INIT(&client->udp);
    LIST_INIT(&client->tcp);
    dns_window_init(&client->window, options->most_in_flight);
    client->tick = net_timer_new(loop, tick, client);
    client->turn = net_timer_new(loop, turn, client);
    for (i = 0; i < options->servers.count; i++) {
        client->channels[i] = open_channel(client, i, false);
        if (!client->channels[i]) {
            dns_client_free(client);
            return NULL;
        }
    }
    return client;
}

void dns_client_ask(struct dns_client *client, const char *name, enum dns_type type, dns_client_cb *callback,
                    void *context)
{
    struct question *question = new_question(client, name, type, callback, context);

    if (type == DNS_TYPE_A || type == DNS_TYPE_AAAA)
        TAILQ_INSERT_HEAD(&client->waiting, question, link);
    else
        TAILQ_INSERT_TAIL(&client->waiting, question, link);
    schedule(client, 0);
}

static void drop(struct line *line)
{
    struct question *question;

    while ((question = TAILQ_FIRST(line)) != NULL) {
        TAILQ_REMOVE(line, question, link);
        free_question(question);
    }
}

void dns_client_free(struct dns_client *client)
{
    struct query *query;
    unsigned i;

    LIST_FOREACH(query, &client->udp, all)
    dns_query_detach(query);
    LIST_FOREACH(query, &client->tcp, all)
    dns_query_detach(query);
    for (i = 0; i < client->options.servers.count; i++)
        dns_channel_free(client->channels[i]);
    close_tcp(client);
    drop(&client->waiting);
    drop(&client->active);
    drop(&client->decided);
    net_timer_free(client->tick);
    net_timer_free(client->turn);
    free(client);
}

void dns_client_pace(const struct dns_client *client, struct dns_pace *pace)
{
    *pace = (struct dns_pace){.most = client->window.most,
                              .allowed = client->window.allowed,
                              .cuts = client->window.cuts,
                              .waits = !TAILQ_EMPTY(&client->waiting)};
}

const struct dns_client_counts *dns_client_counts(const struct dns_client *client)
{
    return &client->counts;
}
