#include "engine/lab/lab.h"

#include "data/lab/lab_data.h"
#include "engine/base/mem.h"
#include "engine/lab/authority.h"
#include "engine/lab/mail.h"
#include "engine/lab/name_server.h"
#include "engine/lab/persona.h"
#include "engine/lab/ports.h"
#include "engine/lab/tls_server.h"
#include "engine/lab/worker.h"
#include "engine/lab/zone.h"
#include "engine/net/loop.h"

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
    /* Mail servers are busy with keys; DNS answers must not wait for them. */
    struct worker dns_worker, mail_worker;
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

static void close_names(void *context)
{
    struct lab *lab = context;

    name_server_close(lab->names);
    lab->names = NULL;
}

static void close_mail(void *context)
{
    struct lab *lab = context;

    mail_close(&lab->mail);
}

static enum mail_opened open_at(struct lab *lab, uint16_t base, char **error)
{
    enum mail_opened opened;

    if (!ports_claim(&lab->ports, base))
        return MAIL_PORT_TAKEN;
    lab->mail.loop = &lab->mail_worker.loop;
    lab->mail.authority = lab->authority;
    lab->mail.zone = lab->zone;
    lab->mail.personas = &lab->personas;
    lab->mail.counts = &lab->counts;
    opened = mail_open(&lab->mail, base, error);
    if (opened == MAIL_OPEN) {
        lab->names =
            name_server_open(&lab->dns_worker.loop, (uint16_t)(base + DNS_AT), lab->zone, &lab->queries);
        opened = lab->names ? MAIL_OPEN : MAIL_PORT_TAKEN;
    }
    if (opened == MAIL_OPEN)
        return MAIL_OPEN;
    close_mail(lab);
    uv_run(&lab->mail_worker.loop, UV_RUN_DEFAULT);
    uv_run(&lab->dns_worker.loop, UV_RUN_DEFAULT);
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

static bool start_threads(struct lab *lab, char **error)
{
    bool dns = worker_start(&lab->dns_worker, close_names, lab);
    bool mail = worker_start(&lab->mail_worker, close_mail, lab);

    if (!dns || !mail)
        *error = mem_string("the lab could not start its threads");
    return dns && mail;
}

static bool start(struct lab *lab, const struct lab_options *options, char **error)
{
    lab->mail.shake_ms = options ? options->shake_ms : 0;
    lab->mail.shake_seed = options ? options->shake_seed : 0;
    if (!read_data(lab, options, error) || !make_keys(lab, error))
        return false;
    net_descriptor_limit();
    if (!worker_open(&lab->dns_worker) || !worker_open(&lab->mail_worker)) {
        *error = mem_string("the lab has no descriptors left");
        return false;
    }
    if (!(options && options->port_base ? open_given(lab, options->port_base, error)
                                        : open_anywhere(lab, error)))
        return false;
    lab->dns = mem_format("127.0.0.1:%u", lab->ports.base + (unsigned)DNS_AT);
    return start_threads(lab, error);
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
    worker_stop(&lab->dns_worker);
    worker_stop(&lab->mail_worker);
    mail_release(&lab->mail);
    worker_close(&lab->dns_worker);
    worker_close(&lab->mail_worker);
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
    counts->waited_ms = atomic_load(&lab->counts.waited_ms);
}
