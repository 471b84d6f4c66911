#include "engine/lab/ports.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOWEST        10000
#define HIGHEST       32000
#define CLAIM_ADDRESS 0x7ffffffeU /* 127.255.255.254, where no server is */

/* Without SO_REUSEADDR a bound socket keeps the port from everyone else, also from a wildcard. */
static int claim(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(CLAIM_ADDRESS);
    if (descriptor >= 0 && bind(descriptor, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

bool ports_claim(struct ports *ports, uint16_t base)
{
    int i;

    ports->base = base;
    memset(ports->claims, -1, sizeof ports->claims);
    for (i = 0; i < PORTS_CLAIMED; i++) {
        ports->claims[i] = claim((uint16_t)(base + i));
        if (ports->claims[i] < 0) {
            ports_release(ports);
            return false;
        }
    }
    return true;
}

uint16_t ports_random(void)
{
    uint32_t random = 0;

    while (getrandom(&random, sizeof random, 0) != sizeof random)
        continue;
    return (uint16_t)(LOWEST + random % (HIGHEST - LOWEST));
}

void ports_release(struct ports *ports)
{
    int i;

    for (i = 0; i < PORTS_CLAIMED; i++) {
        if (ports->claims[i] >= 0)
            close(ports->claims[i]);
        ports->claims[i] = -1;
    }
}
