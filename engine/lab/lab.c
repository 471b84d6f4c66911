#include "engine/lab/lab.h"

#include "data/lab/lab_data.h"
#include "engine/base/mem.h"
#include "engine/lab/authority.h"
#include "engine/lab/mail.h"
#include "engine/lab/name_server.h"
#include "engine/lab/persona.h"
#include "engine/lab/ports.h"
#include "engine/lab/tls_server.h"
#include "engine/lab/zone.h"
#include "engine/net/loop.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRIES   200
#define DNS_AT  protocol_count /* the DNS server's place in the block of ports */
#define HIGHEST 65535

_Static_assert(LAB_PORTS == protocol_count + 1, "one port per protocol, and DNS");
_Static_assert(LAB_PORTS == PORTS_CLAIMED, "the whole block is claimed");

struct lab {
    struct zone *zone;
    struct map personas;
    struct authority *authority;
    char *trust, *dns;
    struct ports ports;
    uv_loop_t loop;
    bool loop_open, running;
    uv_async_t stop;
    pthread_t thread;
    struct name_server *names;
    struct mail mail;
    struct mail_counts counts;
    atomic_ulong queries;
};

static const char *data_file(const char *name)
{
    const struct embedded_file *file;

    for (file = lab_files; file->name; file++)
        if (strcmp(file->name, name) == 0)
            return file->text;
    return "";
}

const char *lab_demo_targets(void)
{
    return data_file("demo.csv");
}

static void close_all(struct lab *lab)
{
    name_server_close(lab->names);
    lab->names = NULL;
    mail_close(&lab->mail);
}

static void on_stop(uv_async_t *stop)
{
    struct lab *lab = stop->data;

    close_all(lab);
    uv_close((uv_handle_t *)stop, NULL);
}

static void *run(void *context)
{
    struct lab *lab = context;

    uv_run(&lab->loop, UV_RUN_DEFAULT);
    return NULL;
}

static enum mail_opened open_at(struct lab *lab, uint16_t base, char **error)
{
    enum mail_opened opened;

    if (!ports_claim(&lab->ports, base))
        return MAIL_PORT_TAKEN;
    lab->mail.loop = &lab->loop;
    lab->mail.authority = lab->authority;
    lab->mail.zone = lab->zone;
    lab->mail.personas = &lab->personas;
    lab->mail.counts = &lab->counts;
    opened = mail_open(&lab->mail, base, error);
    if (opened == MAIL_OPEN) {
        lab->names = name_server_open(&lab->loop, (uint16_t)(base + DNS_AT), lab->zone, &lab->queries);
        opened = lab->names ? MAIL_OPEN : MAIL_PORT_TAKEN;
    }
    if (opened == MAIL_OPEN)
        return MAIL_OPEN;
    close_all(lab);
    uv_run(&lab->loop, UV_RUN_DEFAULT);
    mail_release(&lab->mail);
    ports_release(&lab->ports);
    return opened;
}

static bool open_given(struct lab *lab, unsigned base, char **error)
{
    enum mail_opened opened = MAIL_PORT_TAKEN;

    if (base <= HIGHEST - LAB_PORTS + 1)
        opened = open_at(lab, (uint16_t)base, error);
    if (opened == MAIL_PORT_TAKEN)
        *error = mem_format("the lab needs the ports %u to %u on loopback, and one of them is in use", base,
                            base + LAB_PORTS - 1);
    return opened == MAIL_OPEN;
}

static bool open_anywhere(struct lab *lab, char **error)
{
    enum mail_opened opened = MAIL_PORT_TAKEN;
    int i;

    for (i = 0; i < TRIES && opened == MAIL_PORT_TAKEN; i++)
        opened = open_at(lab, ports_random(), error);
    if (opened == MAIL_PORT_TAKEN)
        *error = mem_format("the lab found no %d free ports in a row on loopback", LAB_PORTS);
    return opened == MAIL_OPEN;
}

static bool check_personas(struct lab *lab, char **error)
{
    const struct persona *persona;
    size_t cursor = 0;

    while ((persona = map_next(&lab->personas, &cursor)))
        if (!tls_server_check(persona, error))
            return false;
    return true;
}

static bool read_data(struct lab *lab, const struct lab_options *options, char **error)
{
    const char *personas = options && options->personas ? options->personas : data_file("personas.txt");
    const char *zone = options && options->zone ? options->zone : data_file("zone.txt");

    lab->zone = zone_parse("zone", zone, error);
    return lab->zone && personas_parse("personas", personas, &lab->personas, error) &&
           check_personas(lab, error);
}

static bool make_keys(struct lab *lab, char **error)
{
    lab->authority = authority_new();
    if (!lab->authority) {
        *error = mem_string("the lab could not make its keys");
        return false;
    }
    lab->trust = authority_write_trust(lab->authority);
    if (!lab->trust)
        *error = mem_string("the lab could not write its trust file; expected a folder for it in TMPDIR");
    return lab->trust != NULL;
}

/* The thread takes no signals: they are for the program around it. */
static bool start_thread(struct lab *lab, char **error)
{
    sigset_t all, before;
    int failed;

    uv_async_init(&lab->loop, &lab->stop, on_stop);
    lab->stop.data = lab;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    failed = pthread_create(&lab->thread, NULL, run, lab);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    lab->running = !failed;
    if (!failed)
        return true;
    *error = mem_string("the lab could not start its thread");
    on_stop(&lab->stop);
    uv_run(&lab->loop, UV_RUN_DEFAULT);
    return false;
}

static bool start(struct lab *lab, const struct lab_options *options, char **error)
{
    if (!read_data(lab, options, error) || !make_keys(lab, error))
        return false;
    net_descriptor_limit();
    if (uv_loop_init(&lab->loop) != 0) {
        *error = mem_string("the lab has no descriptors left");
        return false;
    }
    lab->loop_open = true;
    if (!(options && options->port_base ? open_given(lab, options->port_base, error)
                                        : open_anywhere(lab, error)))
        return false;
    lab->dns = mem_format("127.0.0.1:%u", lab->ports.base + (unsigned)DNS_AT);
    return start_thread(lab, error);
}

struct lab *lab_new(const struct lab_options *options, char **error)
{
    struct lab *lab = mem_alloc(sizeof *lab);

    *error = NULL;
    map_init(&lab->personas);
    memset(lab->ports.claims, -1, sizeof lab->ports.claims);
    if (start(lab, options, error))
        return lab;
    lab_free(lab);
    return NULL;
}

void lab_free(struct lab *lab)
{
    if (!lab)
        return;
    if (lab->running) {
        uv_async_send(&lab->stop);
        pthread_join(lab->thread, NULL);
    }
    mail_release(&lab->mail);
    if (lab->loop_open)
        uv_loop_close(&lab->loop);
    ports_release(&lab->ports);
    if (lab->trust)
        unlink(lab->trust);
    free(lab->trust);
    free(lab->dns);
    authority_free(lab->authority);
    personas_release(&lab->personas);
    zone_free(lab->zone);
    free(lab);
}

const char *lab_dns(const struct lab *lab)
{
    return lab->dns;
}

unsigned lab_port(const struct lab *lab, enum protocol protocol)
{
    return lab->ports.base + (unsigned)protocol;
}

const char *lab_trust_store(const struct lab *lab)
{
    return lab->trust;
}

void lab_counts(const struct lab *lab, struct lab_counts *counts)
{
    counts->connections = atomic_load(&lab->counts.connections);
    counts->quits = atomic_load(&lab->counts.quits);
    counts->queries = atomic_load(&lab->queries);
    counts->most_at_once = atomic_load(&lab->counts.most_at_once);
}
