#include "engine/model/event.h"

#include "engine/base/mem.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

void host_key_copy(struct host_key *to, const struct host_key *from)
{
    *to = *from;
    to->name = mem_string(from->name);
}

void host_key_release(struct host_key *key)
{
    free(key->name);
    memset(key, 0, sizeof *key);
}

void endpoint_key_copy(struct endpoint_key *to, const struct endpoint_key *from)
{
    *to = *from;
    to->address = mem_string(from->address);
    to->server_name = mem_string(from->server_name);
}

void endpoint_key_release(struct endpoint_key *key)
{
    free(key->address);
    free(key->server_name);
    memset(key, 0, sizeof *key);
}

static bool is_literal(const char *name)
{
    struct in6_addr scratch;

    return inet_pton(AF_INET, name, &scratch) == 1 || inet_pton(AF_INET6, name, &scratch) == 1;
}

void endpoint_key_make(struct endpoint_key *to, const struct host_key *host, const char *address)
{
    to->address = mem_string(address);
    to->port = host->port;
    to->protocol = host->protocol;
    to->server_name = mem_string(is_literal(host->name) ? "" : host->name);
}

char *host_key_text(const struct host_key *key)
{
    return mem_format("%s/%u/%s", protocol_name(key->protocol), key->port, key->name);
}

char *endpoint_key_text(const struct endpoint_key *key)
{
    return mem_format("%s/%u/%s/%s", protocol_name(key->protocol), key->port, key->address, key->server_name);
}

void dns_facts_release(struct dns_facts *dns)
{
    free(dns->detail);
    trail_release(&dns->trail);
    memset(dns, 0, sizeof *dns);
}

void event_release(struct event *event)
{
    size_t i;

    for (i = 0; i < event->host_count; i++)
        host_key_release(&event->hosts[i].key);
    free(event->hosts);
    dns_facts_release(&event->dns);
    strings_release(&event->warnings);
    host_key_release(&event->host);
    strings_release(&event->addresses);
    endpoint_key_release(&event->endpoint);
    facts_free(event->facts);
    preflight_release(&event->preflight);
    directory_free(event->directory);
    free(event->text);
    memset(event, 0, sizeof *event);
}
