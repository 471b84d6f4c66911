#include "engine/net/dns_client_private.h"

#include "engine/base/mem.h"
#include "engine/net/local.h"

#include <stdlib.h>
#include <string.h>

#define HOPS_MOST 8   /* CNAMEs that have to be asked for one by one */
#define PAUSE     250 /* milliseconds before servers that could not be reached are tried again */
#define ROOM      240 /* pauses for want of a descriptor: a minute in all */

void dns_query_detach(struct query *query)
{
    if (!query->question)
        return;
    if (query->question->latest == query)
        query->question->latest = NULL;
    LIST_REMOVE(query, link);
    query->question = NULL;
}

void dns_question_detach(struct question *question)
{
    struct query *query;

    while ((query = LIST_FIRST(&question->queries)) != NULL)
        dns_query_detach(query);
}

static void decide(struct question *question)
{
    struct dns_client *client = question->client;

    dns_question_detach(question);
    TAILQ_REMOVE(&client->active, question, link);
    client->in_flight--;
    TAILQ_INSERT_TAIL(&client->decided, question, link);
}

void dns_question_fail(struct question *question, enum dns_status status)
{
    struct dns_answer kept = {.canonical = question->answer.canonical, .trail = question->answer.trail};

    question->answer.canonical = NULL;
    memset(&question->answer.trail, 0, sizeof question->answer.trail);
    dns_answer_release(&question->answer);
    question->answer = kept;
    question->answer.status = status;
    decide(question);
}

static void due_now(struct question *question)
{
    question->due = 0;
    question->client->urgent = true;
}

/* The same question once more in another manner does not use up a try. */
static void again(struct question *question, bool *manner)
{
    *manner = true;
    question->most++;
    due_now(question);
}

static unsigned severity(enum dns_status status)
{
    return status == DNS_SERVFAIL ? 3 : status == DNS_REFUSED ? 2 : 1;
}

/* A server said that it can't answer: the next one may. */
static void server_failed(struct question *question, unsigned server, struct dns_answer *answer)
{
    const struct dns_client *client = question->client;

    if (!question->failed || severity(answer->status) > severity(question->answer.status))
        question->answer.status = answer->status;
    question->failed |= 1u << server;
    if (question->failed == (1u << client->options.servers.count) - 1)
        dns_question_fail(question, question->answer.status);
    else if (!question->latest)
        due_now(question);
}

/* The server left the rest of a CNAME chain to us. What else comes is about the name before. */
static void follow(struct question *question, struct dns_answer *answer)
{
    dns_question_detach(question);
    question->hops++;
    question->unauthenticated |= !answer->authenticated;
    free(question->name);
    free(question->answer.canonical);
    question->name = mem_string(answer->canonical);
    question->answer.canonical = mem_string(answer->canonical);
    trail_append(&question->answer.trail, &answer->trail);
    question->attempts = 0;
    question->failed = 0;
    question->tcp = false;
    due_now(question);
}

/* What was followed before comes first. */
static void lead_on(struct trail *before, struct trail *trail)
{
    struct trail rest = *trail;

    *trail = *before;
    memset(before, 0, sizeof *before);
    trail_append(trail, &rest);
    trail_release(&rest);
}

static void accept_answer(struct question *question, struct dns_answer *answer)
{
    if (!answer->canonical) {
        answer->canonical = question->answer.canonical;
        question->answer.canonical = NULL;
    }
    answer->authenticated = answer->authenticated && !question->unauthenticated;
    lead_on(&question->answer.trail, &answer->trail);
    dns_answer_release(&question->answer);
    question->answer = *answer;
    memset(answer, 0, sizeof *answer);
    decide(question);
}

/* What an answer means for its question. */
void dns_question_weigh(struct question *question, unsigned server, bool tcp, struct dns_answer *answer)
{
    bool *plain = &question->client->plain[server];

    if (!tcp && (answer->truncated || answer->status == DNS_MALFORMED)) {
        if (!question->tcp)
            again(question, &question->tcp);
        if (!answer->truncated && !question->failed)
            question->answer.status = DNS_MALFORMED;
    } else if ((answer->rcode == DNS_RCODE_FORMERR || answer->rcode == DNS_RCODE_NOTIMP) &&
               !question->plain) {
        *plain = *plain || answer->rcode == DNS_RCODE_FORMERR;
        again(question, &question->plain);
    } else if (answer->unfinished && question->hops < HOPS_MOST) {
        follow(question, answer);
    } else if (answer->status == DNS_OK || answer->status == DNS_NXDOMAIN || answer->status == DNS_NO_DATA) {
        accept_answer(question, answer);
    } else {
        server_failed(question, server, answer);
    }
}

void dns_question_lost(struct question *question)
{
    const struct dns_client *client = question->client;
    uint64_t later = net_loop_now_ms(client->loop) + PAUSE;

    if (question->latest)
        return;
    if (question->starved < ROOM && !net_descriptor_left()) {
        question->starved++;
        question->attempts--;
        question->due = later;
        question->deadline += PAUSE;
        return;
    }
    if (question->attempts % client->options.servers.count)
        due_now(question);
    else if (question->due > later)
        question->due = later;
}
