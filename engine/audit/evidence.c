#include "engine/audit/evidence.h"

#include "engine/net/operator.h"

#include <stdlib.h>
#include <string.h>

enum {
    ALIKE_ENDPOINTS = 3,
    ALIKE_NETWORKS = 3,
    ALIKE_PERCENT = 95,
    CERTAIN_ENDPOINTS = 10,
    CERTAIN_NETWORKS = 5,
    MASKED_NETWORKS = 2,
    ABSENT_NETWORKS = 5
};

enum port_sign port_sign_of(enum probe_error error, const char *banner)
{
    if (banner)
        return SIGN_OPEN;
    if (probe_error_is_local(error))
        return SIGN_NONE;
    if (error == PROBE_SMTP_REJECTED || error == PROBE_GREYLISTED || error == PROBE_THROTTLED)
        return SIGN_OPEN;
    if (error == PROBE_CONNECT_TIMEOUT)
        return SIGN_TIMEOUT;
    if (error == PROBE_CONNECT_REFUSED)
        return SIGN_REFUSED;
    return error == PROBE_CONNECT_UNREACHABLE || error == PROBE_RESET ? SIGN_UNREACHABLE : SIGN_CONNECTED;
}

bool port_sign_fails(enum port_sign sign)
{
    return sign == SIGN_TIMEOUT || sign == SIGN_REFUSED || sign == SIGN_UNREACHABLE;
}

const char *port_sign_title(enum port_sign sign)
{
    static const char *const titles[SIGNS] = {
        [SIGN_NONE] = "could not be tried",
        [SIGN_OPEN] = "answered",
        [SIGN_CONNECTED] = "connected",
        [SIGN_TIMEOUT] = "no answer in time",
        [SIGN_REFUSED] = "the connection refused",
        [SIGN_UNREACHABLE] = "unreachable, or reset at once",
    };

    return titles[sign];
}

bool banner_is_starred(const char *banner)
{
    size_t stars = 0, others = 0;

    for (; banner && *banner; banner++) {
        stars += *banner == '*';
        others += *banner != '*' && *banner != ' ';
    }
    return stars >= 4 && stars > others;
}

static void see(struct sightings *sightings, const struct net_address *address)
{
    char *network = operator_network(address);

    sightings->endpoints++;
    map_put(&sightings->networks, network, sightings);
    free(network);
}

void evidence_init(struct evidence *evidence)
{
    memset(evidence, 0, sizeof *evidence);
    for (int i = 0; i < SIGNS; i++)
        map_init(&evidence->signs[i].networks);
    map_init(&evidence->masked.networks);
    map_init(&evidence->absent.networks);
}

void evidence_release(struct evidence *evidence)
{
    for (int i = 0; i < SIGNS; i++)
        map_release(&evidence->signs[i].networks, NULL);
    map_release(&evidence->masked.networks, NULL);
    map_release(&evidence->absent.networks, NULL);
}

void evidence_add_sign(struct evidence *evidence, const struct net_address *address, enum port_sign sign)
{
    see(&evidence->signs[sign], address);
}

void evidence_add_starttls(struct evidence *evidence, const struct net_address *address,
                           enum starttls_state starttls)
{
    if (starttls == STARTTLS_OFFERED)
        evidence->offered++;
    else if (starttls == STARTTLS_MASKED)
        see(&evidence->masked, address);
    else if (starttls == STARTTLS_NOT_OFFERED)
        see(&evidence->absent, address);
}

static bool many(const struct sightings *sightings, unsigned endpoints, size_t networks)
{
    return sightings->endpoints >= endpoints && sightings->networks.count >= networks;
}

unsigned long evidence_tried(const struct evidence *evidence)
{
    unsigned long tried = 0;

    for (int i = SIGN_OPEN; i < SIGNS; i++)
        tried += evidence->signs[i].endpoints;
    return tried;
}

enum port_sign evidence_alike(const struct evidence *evidence)
{
    unsigned long tried = evidence_tried(evidence);

    if (evidence->signs[SIGN_OPEN].endpoints)
        return SIGN_NONE;
    for (int i = SIGN_OPEN; i < SIGNS; i++) {
        unsigned long seen = evidence->signs[i].endpoints;

        if (seen && port_sign_fails((enum port_sign)i) && seen * 100 >= tried * ALIKE_PERCENT)
            return (enum port_sign)i;
    }
    return SIGN_NONE;
}

bool evidence_port_suspect(const struct evidence *evidence)
{
    enum port_sign alike = evidence_alike(evidence);

    return alike != SIGN_NONE && many(&evidence->signs[alike], ALIKE_ENDPOINTS, ALIKE_NETWORKS);
}

bool evidence_path_suspect(const struct evidence *evidence)
{
    return many(&evidence->masked, 1, MASKED_NETWORKS) ||
           (many(&evidence->absent, 1, ABSENT_NETWORKS) && !evidence->offered);
}

enum check_state evidence_judge_port(const struct evidence *evidence, const struct control_word *words,
                                     size_t count)
{
    enum port_sign alike = evidence_alike(evidence);
    bool asked = false, same = true;

    if (evidence->signs[SIGN_OPEN].endpoints)
        return CHECK_OK;
    for (size_t i = 0; i < count; i++) {
        if (words[i].sign == SIGN_OPEN)
            return CHECK_OK;
        asked |= words[i].sign != SIGN_NONE;
        same &= words[i].sign == SIGN_NONE || words[i].sign == alike;
    }
    if (!evidence_port_suspect(evidence) || !same)
        return CHECK_UNKNOWN;
    if (asked)
        return CHECK_TROUBLE;
    return alike != SIGN_REFUSED && many(&evidence->signs[alike], CERTAIN_ENDPOINTS, CERTAIN_NETWORKS)
               ? CHECK_TROUBLE
               : CHECK_UNKNOWN;
}

enum check_state evidence_judge_path(const struct evidence *evidence, const struct control_word *words,
                                     size_t count)
{
    bool lacks = false;

    for (size_t i = 0; i < count; i++) {
        if (words[i].starttls == STARTTLS_OFFERED)
            return CHECK_OK;
        lacks |= words[i].starttls == STARTTLS_MASKED || words[i].starttls == STARTTLS_NOT_OFFERED;
    }
    if (lacks)
        return CHECK_TROUBLE;
    if (evidence->offered && !evidence->masked.endpoints)
        return CHECK_OK;
    return many(&evidence->masked, 1, MASKED_NETWORKS) && !evidence->offered ? CHECK_TROUBLE : CHECK_UNKNOWN;
}
