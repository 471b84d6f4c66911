#include "engine/tls/suite.h"

#include <stdio.h>
#include <string.h>

static const struct tls_suite table[] = {
#include "engine/tls/suite_table.inc"
};

/* Ids in rising order with their place in `table`; both made from data/tls/suites.csv. */
static const struct {
    uint16_t id;
    uint16_t place;
} places[] = {
#include "engine/tls/suite_places.inc"
};

#define COUNT (sizeof table / sizeof table[0])

const struct tls_suite *tls_suite_find(uint16_t id)
{
    size_t low = 0, high = COUNT;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (places[middle].id == id)
            return &table[places[middle].place];
        if (places[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct tls_suite *tls_suite_by_name(const char *name)
{
    size_t i;

    for (i = 0; i < COUNT; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

const char *tls_suite_name(uint16_t id, char scratch[TLS_SUITE_NAME_SIZE])
{
    const struct tls_suite *suite = tls_suite_find(id);

    if (suite)
        return suite->name;
    snprintf(scratch, TLS_SUITE_NAME_SIZE, "0x%04X", id);
    return scratch;
}

const struct tls_suite *tls_suite_table(size_t *count)
{
    *count = COUNT;
    return table;
}

static const struct {
    uint16_t id;
    const char *name;
} groups[] = {
    {21, "P-224"},
    {22, "secp256k1"},
    {23, "P-256"},
    {24, "P-384"},
    {25, "P-521"},
    {26, "brainpoolP256r1"},
    {27, "brainpoolP384r1"},
    {28, "brainpoolP512r1"},
    {29, "X25519"},
    {30, "X448"},
    {256, "ffdhe2048"},
    {257, "ffdhe3072"},
    {258, "ffdhe4096"},
    {259, "ffdhe6144"},
    {260, "ffdhe8192"},
    {4587, "SecP256r1MLKEM768"},
    {4588, "X25519MLKEM768"},
    {4589, "SecP384r1MLKEM1024"},
};

const char *tls_group_name(uint16_t id)
{
    size_t i;

    for (i = 0; i < sizeof groups / sizeof groups[0]; i++)
        if (groups[i].id == id)
            return groups[i].name;
    return NULL;
}

uint16_t tls_group_by_name(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof groups / sizeof groups[0]; i++)
        if (strcmp(groups[i].name, name) == 0)
            return groups[i].id;
    return 0;
}
