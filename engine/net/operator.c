#include "engine/net/operator.h"

#include "engine/base/mem.h"

#include <ctype.h>
#include <libpsl.h>
#include <stdlib.h>
#include <string.h>

#define NETWORK4 3 /* bytes that name the network: /24 … */
#define NETWORK6 6 /* … and /48 */

static struct net_address without_host(const struct net_address *address)
{
    const struct net_address plain = net_address_unmapped(address);
    struct net_address network = {.family = plain.family};

    memcpy(network.bytes, plain.bytes, plain.family == 4 ? NETWORK4 : NETWORK6);
    return network;
}

char *operator_network(const struct net_address *address)
{
    const struct net_address network = without_host(address);
    char text[NET_ADDRESS_SIZE];

    net_address_print(&network, text);
    return mem_format("%s/%d", text, 8 * (network.family == 4 ? NETWORK4 : NETWORK6));
}

/* The list is asked in lower case. */
static char *fold(const char *name)
{
    char *folded = mem_string(name);
    size_t length = strlen(folded);

    for (size_t i = 0; i < length; i++)
        folded[i] = (char)tolower((unsigned char)folded[i]);
    if (length && folded[length - 1] == '.')
        folded[length - 1] = '\0';
    return folded;
}

char *operator_domain(const char *name)
{
    struct net_address literal;
    char *folded, *domain;
    const char *found;

    if (!name || !*name || net_address_parse(name, &literal))
        return NULL;
    folded = fold(name);
    found = psl_registrable_domain(psl_builtin(), folded);
    domain = mem_string(found ? found : folded);
    free(folded);
    return domain;
}
