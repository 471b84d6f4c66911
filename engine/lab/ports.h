/* A block of consecutive ports that one lab has for itself, on every address, among labs and processes that
 * do not know each other. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PORTS_CLAIMED 9

struct ports {
    uint16_t base;
    int claims[PORTS_CLAIMED]; /* sockets that are bound and do not listen; -1 = none */
};

/* Claims base … base + 8. False when one of them is in use anywhere on loopback that would meet ours. */
bool ports_claim(struct ports *ports, uint16_t base);

/* A random base below the ports that the kernel gives to clients. */
uint16_t ports_random(void);

void ports_release(struct ports *ports);
