#include "engine/audit/mail_fake.h"

#include "engine/base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#define SERVERS_MOST 40
#define GUESTS_MOST  512
#define LINE_SIZE    512
#define DRIP_MS      5
#define SLOW_TURNS   60

struct server {
    enum mail_manner manner;
    int listener;
    char address[32];
    struct mail_counts counts;
};

struct guest {
    int fd;
    struct server *server;
    bool tls;      /* a hello is next */
    unsigned owed; /* MAIL_SLOW: turns until EHLO is answered */
    char line[LINE_SIZE];
    size_t length;
};

struct mail_fake {
    pthread_t thread;
    pthread_mutex_t lock; /* over the counts */
    int stop;
    bool spread;
    unsigned port;
    unsigned most_at_once;
    struct server servers[SERVERS_MOST];
    size_t count;
    struct guest guests[GUESTS_MOST];
    size_t guest_count;
};

static void say(const struct guest *guest, const char *text)
{
    if (send(guest->fd, text, strlen(text), MSG_NOSIGNAL) < 0)
        return; /* the guest has gone; reading tells */
}

static void end(struct mail_fake *fake, struct guest *guest)
{
    pthread_mutex_lock(&fake->lock);
    guest->server->counts.open--;
    pthread_mutex_unlock(&fake->lock);
    close(guest->fd);
    guest->fd = -1;
}

static void count_quit(struct mail_fake *fake, struct server *server)
{
    pthread_mutex_lock(&fake->lock);
    server->counts.quits++;
    pthread_mutex_unlock(&fake->lock);
}

/* False when the connection is to end. */
static bool obey(struct mail_fake *fake, struct guest *guest, const char *line)
{
    bool tls = guest->server->manner == MAIL_ALERT || guest->server->manner == MAIL_HANG_UP;

    if (guest->owed) { /* pipelining, which nobody offered */
        say(guest, "554 wait for your turn\r\n");
        return false;
    }
    if (strncmp(line, "EHLO", 4) == 0 && guest->server->manner == MAIL_SLOW) {
        guest->owed = SLOW_TURNS;
    } else if (strncmp(line, "EHLO", 4) == 0) {
        say(guest, tls ? "250-fake.test\r\n250 STARTTLS\r\n" : "250-fake.test\r\n250 PIPELINING\r\n");
    } else if (strncmp(line, "STARTTLS", 8) == 0 && tls) {
        say(guest, "220 go\r\n");
        guest->tls = true;
    } else if (strncmp(line, "QUIT", 4) == 0) {
        count_quit(fake, guest->server);
        say(guest, "221 bye\r\n");
        return false;
    } else {
        say(guest, "500 what?\r\n");
    }
    return true;
}

static bool obey_all(struct mail_fake *fake, struct guest *guest)
{
    char *newline;

    while ((newline = memchr(guest->line, '\n', guest->length)) != NULL) {
        size_t used = (size_t)(newline - guest->line) + 1;

        *newline = '\0';
        if (!obey(fake, guest, guest->line))
            return false;
        memmove(guest->line, guest->line + used, guest->length - used);
        guest->length -= used;
    }
    return true;
}

static bool answer_hello(const struct guest *guest)
{
    static const char alert[] = {0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 40};

    if (guest->server->manner == MAIL_ALERT)
        send(guest->fd, alert, sizeof alert, MSG_NOSIGNAL);
    return false;
}

static void hear(struct mail_fake *fake, struct guest *guest)
{
    ssize_t got = recv(guest->fd, guest->line + guest->length, sizeof guest->line - guest->length - 1, 0);

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got > 0 && guest->tls && answer_hello(guest))
        return;
    if (got > 0 && !guest->tls) {
        guest->length += (size_t)got;
        if (obey_all(fake, guest))
            return;
    }
    end(fake, guest);
}

/* Guests that have left already must not count as being here with the new one. */
static void hear_all(struct mail_fake *fake)
{
    size_t kept = 0;

    for (size_t i = 0; i < fake->guest_count; i++) {
        hear(fake, &fake->guests[i]);
        if (fake->guests[i].fd >= 0)
            fake->guests[kept++] = fake->guests[i];
    }
    fake->guest_count = kept;
}

static unsigned count_welcome(const struct mail_fake *fake)
{
    unsigned open = 0;

    for (size_t i = 0; i < fake->count; i++)
        if (fake->servers[i].manner != MAIL_THROTTLE)
            open += fake->servers[i].counts.open;
    return open;
}

static unsigned count_guest(struct mail_fake *fake, struct server *server)
{
    struct mail_counts *counts = &server->counts;
    unsigned number;

    pthread_mutex_lock(&fake->lock);
    number = ++counts->connections;
    if (++counts->open > counts->most_at_once)
        counts->most_at_once = counts->open;
    if (count_welcome(fake) > fake->most_at_once)
        fake->most_at_once = count_welcome(fake);
    pthread_mutex_unlock(&fake->lock);
    return number;
}

static void greet(struct mail_fake *fake, struct guest *guest, unsigned number)
{
    enum mail_manner manner = guest->server->manner;

    if (manner == MAIL_THROTTLE || (manner == MAIL_BUSY && number <= 2))
        say(guest, "421 too many\r\n");
    else if ((manner == MAIL_GREYLIST && number == 1) || (manner == MAIL_GREYER && number <= 2))
        say(guest, "450 later\r\n");
    else if (manner == MAIL_CLOSE)
        end(fake, guest);
    else if (manner != MAIL_SILENT && manner != MAIL_DRIP)
        say(guest, "220 fake.test ESMTP\r\n");
}

static void admit(struct mail_fake *fake, struct server *server)
{
    int fd = accept4(server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    struct guest *guest;

    if (fd < 0)
        return;
    if (fake->guest_count == GUESTS_MOST) {
        close(fd);
        return;
    }
    hear_all(fake);
    guest = &fake->guests[fake->guest_count];
    *guest = (struct guest){.fd = fd, .server = server};
    greet(fake, guest, count_guest(fake, server));
    if (guest->fd >= 0)
        fake->guest_count++;
}

static void drip(struct mail_fake *fake)
{
    for (size_t i = 0; i < fake->guest_count; i++)
        if (fake->guests[i].server->manner == MAIL_DRIP)
            say(&fake->guests[i], "2");
        else if (fake->guests[i].owed && !--fake->guests[i].owed)
            say(&fake->guests[i], "250-fake.test\r\n250 PIPELINING\r\n");
}

static void *serve(void *context)
{
    struct mail_fake *fake = context;
    struct pollfd wait[1 + SERVERS_MOST + GUESTS_MOST];

    for (;;) {
        size_t count = 0;

        wait[count++] = (struct pollfd){fake->stop, POLLIN, 0};
        for (size_t i = 0; i < fake->count; i++)
            wait[count++] = (struct pollfd){fake->servers[i].listener, POLLIN, 0};
        for (size_t i = 0; i < fake->guest_count; i++)
            wait[count++] = (struct pollfd){fake->guests[i].fd, POLLIN, 0};
        poll(wait, count, DRIP_MS);
        if (wait[0].revents)
            return NULL;
        hear_all(fake);
        for (size_t i = 0; i < fake->count; i++)
            if (wait[1 + i].revents)
                admit(fake, &fake->servers[i]);
        drip(fake);
    }
}

static int listen_at(const char *address, unsigned *port)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)*port)};
    socklen_t length = sizeof here;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    inet_pton(AF_INET, address, &here.sin_addr);
    if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof here) || listen(fd, 256)) {
        close(fd);
        return -1;
    }
    getsockname(fd, (struct sockaddr *)&here, &length);
    *port = ntohs(here.sin_port);
    return fd;
}

static void listen_all(struct mail_fake *fake)
{
    unsigned char net[2];

    if (getrandom(net, sizeof net, 0) != sizeof net)
        abort();
    for (size_t i = 0; i < fake->count; i++) {
        struct server *server = &fake->servers[i];

        snprintf(server->address, sizeof server->address, "127.%u.%u.%u", 1U + net[0] % 250,
                 (net[1] + (fake->spread ? (unsigned)i : 0)) % 256,
                 (fake->spread ? 0 : (unsigned)i % 250) + 1);
        server->listener = listen_at(server->address, &fake->port);
        if (server->listener < 0)
            abort();
    }
}

static struct mail_fake *make(const enum mail_manner *manners, size_t count, bool spread)
{
    struct mail_fake *fake = mem_alloc(sizeof *fake);

    fake->spread = spread;
    fake->count = count < SERVERS_MOST ? count : SERVERS_MOST;
    for (size_t i = 0; i < fake->count; i++)
        fake->servers[i].manner = manners[i];
    pthread_mutex_init(&fake->lock, NULL);
    fake->stop = eventfd(0, EFD_CLOEXEC);
    listen_all(fake);
    if (fake->stop < 0 || pthread_create(&fake->thread, NULL, serve, fake))
        abort();
    return fake;
}

struct mail_fake *mail_fake_new(const enum mail_manner *manners, size_t count)
{
    return make(manners, count, false);
}

struct mail_fake *mail_fake_new_spread(const enum mail_manner *manners, size_t count)
{
    return make(manners, count, true);
}

void mail_fake_free(struct mail_fake *fake)
{
    const uint64_t one = 1;

    if (write(fake->stop, &one, sizeof one) != sizeof one)
        abort();
    pthread_join(fake->thread, NULL);
    for (size_t i = 0; i < fake->guest_count; i++)
        close(fake->guests[i].fd);
    for (size_t i = 0; i < fake->count; i++)
        close(fake->servers[i].listener);
    close(fake->stop);
    pthread_mutex_destroy(&fake->lock);
    free(fake);
}

unsigned mail_fake_port(const struct mail_fake *fake)
{
    return fake->port;
}

const char *mail_fake_address(const struct mail_fake *fake, size_t index)
{
    return fake->servers[index].address;
}

void mail_fake_counts(struct mail_fake *fake, size_t index, struct mail_counts *counts)
{
    pthread_mutex_lock(&fake->lock);
    *counts = fake->servers[index].counts;
    pthread_mutex_unlock(&fake->lock);
}

unsigned mail_fake_most_at_once(struct mail_fake *fake)
{
    unsigned most;

    pthread_mutex_lock(&fake->lock);
    most = fake->most_at_once;
    pthread_mutex_unlock(&fake->lock);
    return most;
}
