#include "tui/shard.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#define NAMES     100000
#define SHARDS    64
#define NAME_SIZE 64

/* Runs that were begun with another version must find their shards again. */
static void it_is_the_same_for_all_time(void **state)
{
    static const unsigned among[] = {2, 3, 8, 16, 64, 1000};
    static const struct {
        const char *domain;
        unsigned shard[6];
    } rows[] = {
        {"contoso.com", {2, 2, 4, 4, 52, 44}},
        {"fabrikam.com", {2, 3, 6, 6, 38, 598}},
        {"xn--bcher-kva.example", {1, 2, 5, 5, 21, 741}},
        {"a.example", {1, 3, 1, 9, 41, 1}},
        {"example", {2, 1, 2, 2, 2, 770}},
        {"northwindtraders.example", {2, 1, 4, 12, 60, 916}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t j = 0; j < 6; j++)
            assert_int_equal(shard_of(rows[i].domain, among[j]), rows[i].shard[j]);
    assert_int_equal(shard_of("contoso.com", 1), 1);
    assert_int_equal(shard_of("", 1), 1);
}

/* Names as lists have them: much alike, and different in few places. */
static void name_of(unsigned kind, unsigned i, char name[NAME_SIZE])
{
    static const char *const words[] = {"alpha", "trade",     "bank",  "steel", "wood",   "data",
                                        "net",   "logistics", "media", "group", "systems"};

    if (kind == 0)
        snprintf(name, NAME_SIZE, "domain%u.example", i);
    else if (kind == 1)
        snprintf(name, NAME_SIZE, "d%06u.example.com", i);
    else if (kind == 2)
        snprintf(name, NAME_SIZE, "host%u.net%u.example.org", i % 317, i / 317);
    else
        snprintf(name, NAME_SIZE, "%s-%s%u.%s", words[i % 11], words[i / 11 % 11], i / 121,
                 i % 3 ? "com" : "de");
}

/* As even as chance would have it: no shard is farther from the mean than six times its root. */
static void assert_even(unsigned kind, const uint16_t shards_of[NAMES], unsigned shards)
{
    unsigned counts[SHARDS] = {0};
    double mean = (double)NAMES / shards;

    for (unsigned i = 0; i < NAMES; i++)
        counts[shards_of[i] - 1]++;
    for (unsigned i = 0; i < shards; i++) {
        double off = counts[i] - mean;

        if (off * off > 36 * mean)
            fail_msg("kind %u: shard %u of %u has %u names, not about %.0f", kind, i + 1, shards, counts[i],
                     mean);
    }
}

static void shards_are_even(void **state)
{
    static uint16_t found[NAMES];
    char name[NAME_SIZE];

    (void)state;
    for (unsigned kind = 0; kind < 4; kind++) {
        for (unsigned shards = 2; shards <= SHARDS; shards++) {
            for (unsigned i = 0; i < NAMES; i++) {
                name_of(kind, i, name);
                found[i] = (uint16_t)shard_of(name, shards);
                assert_in_range(found[i], 1, shards);
            }
            assert_even(kind, found, shards);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_same_for_all_time),
        cmocka_unit_test(shards_are_even),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
