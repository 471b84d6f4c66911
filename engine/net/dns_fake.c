#include "engine/net/dns_fake.h"

#include "engine/base/mem.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { A = 1, CNAME = 5, SOA = 6, PTR = 12, MX = 15, TXT = 16, AAAA = 28 };

struct fake_dns {
    atomic_uint manner; /* enum fake_manner */
    pthread_t thread;
    int udp, tcp, stop[2];
    unsigned port;
    atomic_uint queries, tcp_queries;
    bool dropped;  /* the first query for "dropped-once" */
    unsigned held; /* the id of the first query for "partial-late", and 1; 0: it was answered */
    atomic_uint excess;
    unsigned taken; /* in the span that began at … */
    int64_t span_ms;
};

struct asked {
    char name[256];
    unsigned id, type;
    bool edns, ad, tcp;
};

void fake_name(struct buf *out, const char *name)
{
    while (*name) {
        size_t length = strcspn(name, ".");

        buf_u8(out, (uint8_t)length);
        buf_add(out, name, length);
        name += length + (name[length] == '.');
    }
    buf_u8(out, 0);
}

void fake_begin(struct buf *out, unsigned id, unsigned flags, const char *name, unsigned type)
{
    buf_u16(out, (uint16_t)id);
    buf_u16(out, (uint16_t)flags);
    buf_u16(out, 1);
    buf_u16(out, 0);
    buf_u32(out, 0);
    fake_name(out, name);
    buf_u16(out, (uint16_t)type);
    buf_u16(out, 1);
}

size_t fake_record(struct buf *out, enum fake_section section, const char *owner, unsigned type)
{
    if (++out->bytes[section + 1] == 0)
        out->bytes[section]++;
    fake_name(out, owner);
    buf_u16(out, (uint16_t)type);
    buf_u16(out, 1);
    buf_u32(out, 300);
    return buf_mark(out, 2);
}

void fake_end(struct buf *out, size_t mark)
{
    buf_fill(out, mark, 2);
}

void fake_mx(struct buf *out, const char *owner, unsigned preference, const char *exchange)
{
    size_t mark = fake_record(out, FAKE_ANSWER, owner, MX);

    buf_u16(out, (uint16_t)preference);
    fake_name(out, exchange);
    fake_end(out, mark);
}

void fake_cname(struct buf *out, const char *owner, const char *target)
{
    size_t mark = fake_record(out, FAKE_ANSWER, owner, CNAME);

    fake_name(out, target);
    fake_end(out, mark);
}

void fake_ptr(struct buf *out, const char *owner, const char *name)
{
    size_t mark = fake_record(out, FAKE_ANSWER, owner, PTR);

    fake_name(out, name);
    fake_end(out, mark);
}

static void add_soa(struct buf *out, enum fake_section section, const char *owner, const char *primary,
                    const char *mailbox)
{
    size_t mark = fake_record(out, section, owner, SOA);
    unsigned i;

    fake_name(out, primary);
    fake_name(out, mailbox);
    for (i = 0; i < 5; i++)
        buf_u32(out, 300);
    fake_end(out, mark);
}

void fake_soa(struct buf *out, const char *owner, const char *primary)
{
    add_soa(out, FAKE_ANSWER, owner, primary, "hostmaster.test");
}

void fake_zone(struct buf *out, enum fake_section section, const char *owner, const char *mailbox)
{
    add_soa(out, section, owner, "ns.test", mailbox);
}

void fake_txt(struct buf *out, const char *owner, const char *text)
{
    size_t mark = fake_record(out, FAKE_ANSWER, owner, TXT), first = strlen(text) / 2;

    buf_u8(out, (uint8_t)first);
    buf_add(out, text, first);
    buf_u8(out, (uint8_t)(strlen(text) - first));
    buf_add_string(out, text + first);
    fake_end(out, mark);
}

static void add_address(struct buf *out, const char *owner, int family, const char *address)
{
    size_t mark = fake_record(out, FAKE_ANSWER, owner, family == AF_INET ? A : AAAA);
    uint8_t bytes[16];

    inet_pton(family, address, bytes);
    buf_add(out, bytes, family == AF_INET ? 4 : 16);
    fake_end(out, mark);
}

void fake_a(struct buf *out, const char *owner, const char *address)
{
    add_address(out, owner, AF_INET, address);
}

void fake_aaaa(struct buf *out, const char *owner, const char *address)
{
    add_address(out, owner, AF_INET6, address);
}

static bool read_query(struct asked *asked, const uint8_t *bytes, size_t length)
{
    size_t at = 12, name = 0;

    while (at < length && bytes[at] && at + bytes[at] < length &&
           name + bytes[at] + 2u < sizeof asked->name) {
        memcpy(asked->name + name, bytes + at + 1, bytes[at]);
        name += bytes[at] + 1u;
        asked->name[name - 1] = '.';
        at += bytes[at] + 1u;
    }
    if (at + 5 > length)
        return false;
    asked->name[name ? name - 1 : 0] = '\0'; /* "" is the root */
    asked->id = (unsigned)bytes[0] << 8 | bytes[1];
    asked->ad = bytes[3] & FAKE_AD;
    asked->edns = bytes[11] == 1;
    asked->type = (unsigned)bytes[at + 1] << 8 | bytes[at + 2];
    return true;
}

static void add_usual(struct buf *out, const struct asked *asked, const char *owner)
{
    if (asked->type == MX) {
        fake_mx(out, owner, 20, "b.test");
        fake_mx(out, owner, 20, "a.test");
        fake_mx(out, owner, 10, "C.Test");
    } else if (asked->type == A) {
        fake_a(out, owner, "192.0.2.2");
        fake_a(out, owner, "192.0.2.1");
        fake_a(out, owner, "192.0.2.2");
    } else if (asked->type == TXT) {
        fake_txt(out, owner, "v=TLSRPTv1; rua=mailto:tls@mail.test");
    } else {
        fake_aaaa(out, owner, "2001:db8::1");
    }
}

static void add_big(struct buf *out, const struct asked *asked)
{
    unsigned i;

    if (!asked->tcp)
        out->bytes[2] |= FAKE_TC >> 8;
    for (i = 0; asked->tcp && i < 60; i++) {
        char exchange[64];

        snprintf(exchange, sizeof exchange, "a-long-name-of-a-mail-exchange-%02u.test", i);
        fake_mx(out, asked->name, 10, exchange);
    }
}

static void add_mixed(struct buf *out, const struct asked *asked)
{
    if (asked->type == A)
        fake_a(out, asked->name, "192.0.2.9");
    else
        out->bytes[3] |= 2;
}

/* What has names of its own: the root and reverse DNS. */
static void add_names(struct buf *out, const struct asked *asked)
{
    if (asked->type == SOA && !*asked->name) {
        out->bytes[3] |= asked->ad ? FAKE_AD : 0;
        fake_soa(out, "", "A.Root-Servers.Test");
    } else if (strcmp(asked->name, "1.2.0.192.in-addr.arpa") == 0) {
        fake_ptr(out, asked->name, "second.test");
        fake_ptr(out, asked->name, "First.Test");
        fake_ptr(out, asked->name, "second.test");
    } else if (strcmp(asked->name,
                      "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa") == 0) {
        fake_ptr(out, asked->name, "six.test");
    } else if (asked->type == SOA && strncmp(asked->name, "zoned.", strlen("zoned.")) == 0) {
        fake_zone(out, FAKE_ANSWER, asked->name, "host-master.mail.test");
    } else if (asked->type == SOA) {
        fake_zone(out, FAKE_AUTHORITY, "test", "hostmaster.mail.test");
    }
}

static void set_rcode(struct buf *out, const char *word)
{
    static const struct {
        const char *word;
        uint8_t rcode;
    } words[] = {{"servfail", 2}, {"nx", 3}, {"notimp", 4}, {"refused", 5}};
    size_t i;

    for (i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(word, words[i].word) == 0)
            out->bytes[3] |= words[i].rcode;
}

static void add_chain(struct buf *out, const struct asked *asked, const char *word)
{
    if (strcmp(word, "circle") == 0) {
        fake_cname(out, "circle2.test", "circle.test");
        fake_cname(out, "circle.test", "circle2.test");
    } else if (strcmp(word, "partial") == 0) {
        out->bytes[3] &= (uint8_t)~FAKE_RA;
        fake_cname(out, asked->name, "further.test");
    } else {
        fake_cname(out, asked->name, "Step.test");
        fake_cname(out, "step.test", "real.test");
        add_usual(out, asked, "real.test");
    }
}

/* "ip.192.0.2.1.test": an address is used as if it were the name of a host. */
static void add_literal(struct buf *out, const struct asked *asked)
{
    char exchange[256];
    const char *address = asked->name + strlen("ip.");

    snprintf(exchange, sizeof exchange, "%.*s", (int)(strlen(address) - strlen(".test")), address);
    if (asked->type == MX)
        fake_mx(out, asked->name, 10, exchange);
}

/* Adds what the name's first label stands for; false for names without a part of their own. */
static bool add_special(struct buf *out, const struct asked *asked, const char *word)
{
    if (strcmp(word, "big") == 0)
        add_big(out, asked);
    else if (strcmp(word, "null") == 0 || strcmp(word, "zoned") == 0)
        fake_mx(out, asked->name, 0, "");
    else if (strcmp(word, "mixed") == 0)
        add_mixed(out, asked);
    else if (strcmp(word, "ip") == 0 && strlen(asked->name) > strlen("ip..test"))
        add_literal(out, asked);
    else if (strcmp(word, "alias") == 0 || strcmp(word, "circle") == 0 || strcmp(word, "partial") == 0)
        add_chain(out, asked, word);
    else if (strcmp(word, "old") == 0 && asked->edns)
        out->bytes[3] |= 1;
    else if (strcmp(word, "garbage") == 0)
        out->bytes[7] = 9;
    else
        return false;
    return true;
}

/* More than it answers in a span. */
static bool is_too_many(struct fake_dns *fake)
{
    struct timespec now;
    int64_t ms;

    clock_gettime(CLOCK_MONOTONIC, &now);
    ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    if (ms >= fake->span_ms + FAKE_BUSY_MS) {
        fake->span_ms = ms;
        fake->taken = 0;
    }
    if (fake->taken++ < FAKE_BUSY_MOST)
        return false;
    atomic_fetch_add(&fake->excess, 1);
    return true;
}

/* False: say nothing. */
static bool answer(struct fake_dns *fake, struct buf *out, const struct asked *asked)
{
    unsigned manner = atomic_load(&fake->manner);
    char word[64];

    snprintf(word, sizeof word, "%.*s", (int)strcspn(asked->name, "."), asked->name);
    if (manner == FAKE_SILENT || strcmp(word, "drop") == 0 || (manner == FAKE_BUSY && is_too_many(fake)))
        return false;
    if (strcmp(word, "dropped-once") == 0 && !fake->dropped) {
        fake->dropped = true;
        return false;
    }
    if (strcmp(word, "partial-late") == 0) {
        if (!fake->held) {
            fake->held = asked->id + 1;
            return false;
        }
        word[strlen("partial")] = '\0';
    }
    fake_begin(out, asked->id, FAKE_QR | FAKE_RD | FAKE_RA,
               strcmp(word, "noise") == 0 ? "other" : asked->name, asked->type);
    if (asked->ad && strcmp(word, "signed") == 0)
        out->bytes[3] |= FAKE_AD;
    set_rcode(out, manner == FAKE_SERVFAIL                   ? "servfail"
                   : manner == FAKE_NO_ROOT && !*asked->name ? "refused"
                                                             : word);
    if (asked->type == SOA || asked->type == PTR)
        add_names(out, asked);
    else if ((out->bytes[3] & 0x0f) == 0 && strcmp(word, "nodata") != 0 && !add_special(out, asked, word))
        add_usual(out, asked, asked->name);
    return true;
}

static void serve_udp(struct fake_dns *fake)
{
    uint8_t bytes[2048];
    struct sockaddr_storage from;
    socklen_t size = sizeof from;
    ssize_t length = recvfrom(fake->udp, bytes, sizeof bytes, MSG_DONTWAIT, (struct sockaddr *)&from, &size);
    struct asked asked = {.tcp = false};
    struct buf out;

    if (length < 0 || !read_query(&asked, bytes, (size_t)length))
        return;
    atomic_fetch_add(&fake->queries, 1);
    buf_init(&out, 0);
    if (answer(fake, &out, &asked)) {
        sendto(fake->udp, out.bytes, out.length, 0, (struct sockaddr *)&from, size);
        if (fake->held) {
            out.bytes[0] = (uint8_t)((fake->held - 1) >> 8);
            out.bytes[1] = (uint8_t)(fake->held - 1);
            fake->held = 0;
            sendto(fake->udp, out.bytes, out.length, 0, (struct sockaddr *)&from, size);
        }
    }
    buf_release(&out);
}

/* One query a connection, as the least patient of servers do. */
static void serve_tcp(struct fake_dns *fake)
{
    uint8_t bytes[2048];
    int peer = accept4(fake->tcp, NULL, NULL, SOCK_CLOEXEC);
    ssize_t length = recv(peer, bytes, 2, MSG_WAITALL);
    struct asked asked = {.tcp = true};
    struct buf out;

    if (length == 2)
        length = recv(peer, bytes, (size_t)bytes[0] << 8 | bytes[1], MSG_WAITALL);
    if (length <= 2 || !read_query(&asked, bytes, (size_t)length)) {
        close(peer);
        return;
    }
    atomic_fetch_add(&fake->queries, 1);
    atomic_fetch_add(&fake->tcp_queries, 1);
    buf_init(&out, 0);
    if (answer(fake, &out, &asked)) {
        uint8_t size[2] = {(uint8_t)(out.length >> 8), (uint8_t)out.length};

        send(peer, size, 1, MSG_NOSIGNAL);
        send(peer, size + 1, 1, MSG_NOSIGNAL);
        send(peer, out.bytes, out.length, MSG_NOSIGNAL);
    }
    buf_release(&out);
    close(peer);
}

static void *serve(void *context)
{
    struct fake_dns *fake = context;
    struct pollfd polls[] = {{fake->udp, POLLIN, 0}, {fake->tcp, POLLIN, 0}, {fake->stop[0], POLLIN, 0}};

    for (;;) {
        poll(polls, 3, -1);
        if (polls[2].revents)
            return NULL;
        if (polls[0].revents)
            serve_udp(fake);
        if (polls[1].revents)
            serve_tcp(fake);
    }
}

/* TCP takes any port, UDP must get the same: another program may have it, then the next one is tried. */
static bool bind_both(struct fake_dns *fake)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof here;
    int size = 4 << 20;

    fake->tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    fake->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    setsockopt(fake->udp, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (bind(fake->tcp, (struct sockaddr *)&here, length) == 0 && listen(fake->tcp, 512) == 0 &&
        getsockname(fake->tcp, (struct sockaddr *)&here, &length) == 0 &&
        bind(fake->udp, (struct sockaddr *)&here, length) == 0) {
        fake->port = ntohs(here.sin_port);
        return true;
    }
    close(fake->tcp);
    close(fake->udp);
    return false;
}

struct fake_dns *fake_dns_new(enum fake_manner manner)
{
    struct fake_dns *fake = mem_alloc(sizeof *fake);

    atomic_store(&fake->manner, manner);
    while (!bind_both(fake))
        continue;
    if (pipe(fake->stop) || pthread_create(&fake->thread, NULL, serve, fake))
        abort();
    return fake;
}

void fake_dns_turn(struct fake_dns *fake, enum fake_manner manner)
{
    atomic_store(&fake->manner, manner);
}

void fake_dns_free(struct fake_dns *fake)
{
    close(fake->stop[1]);
    pthread_join(fake->thread, NULL);
    close(fake->stop[0]);
    close(fake->tcp);
    close(fake->udp);
    free(fake);
}

unsigned fake_dns_port(const struct fake_dns *fake)
{
    return fake->port;
}

unsigned fake_dns_queries(const struct fake_dns *fake)
{
    return atomic_load(&((struct fake_dns *)(uintptr_t)fake)->queries);
}

unsigned fake_dns_tcp_queries(const struct fake_dns *fake)
{
    return atomic_load(&((struct fake_dns *)(uintptr_t)fake)->tcp_queries);
}

unsigned fake_dns_dropped(const struct fake_dns *fake)
{
    return atomic_load(&((struct fake_dns *)(uintptr_t)fake)->excess);
}
