#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TARGETS 12
#define HOSTS   4
#define ROUNDS  4000

static unsigned draw(unsigned *seed, unsigned below)
{
    *seed = *seed * 1103515245 + 12345;
    return (*seed >> 16) % below;
}

/* Any of the hosts, in any number. */
static void choose_hosts(unsigned *seed, char *text, size_t size)
{
    *text = 0;
    for (unsigned h = 0; h < HOSTS; h++)
        if (draw(seed, 3) == 0)
            snprintf(text + strlen(text), size - strlen(text), "%s%u mx%u.example", *text ? " " : "",
                     draw(seed, 30), h);
}

static void change(struct model *model, unsigned *seed)
{
    struct target *target = model_target_at(model, draw(seed, TARGETS));
    char hosts[HOSTS * 20 + 1];

    choose_hosts(seed, hosts, sizeof hosts);
    switch (draw(seed, 4)) {
    case 0:
        fixture_beside(model, target, ROUTE_MX, DNS_OK, hosts);
        break;
    case 1:
        model_remove(model, target);
        break;
    case 2:
        model_bring_back(model, target);
        break;
    default:
        fixture_route(model, target, ROUTE_MX, DNS_OK, hosts);
    }
}

static bool names(const struct target_host *hosts, size_t count, const struct host *host)
{
    for (size_t i = 0; i < count; i++)
        if (hosts[i].host == host)
            return true;
    return false;
}

static bool leads(const struct target *target, const struct host *host)
{
    return !target->removed && names(target->hosts, target->host_count, host);
}

/* Counted from the targets' side; returns how many lead to the host. */
static unsigned assert_listed(const struct model *model, const struct host *host)
{
    unsigned known = 0, leading = 0;

    for (size_t t = 0; t < model_target_count(model); t++) {
        const struct target *target = model_target_at(model, t);

        leading += leads(target, host);
        for (size_t i = 0; i < model_all_hosts(target); i++)
            if (model_any_host(target, i)->host == host) {
                assert_ptr_equal(host->targets[model_any_host(target, i)->place], target);
                known++;
            }
    }
    assert_int_equal(host->target_count, known);
    assert_int_equal(host->leading, leading);
    for (size_t t = 0; t < host->target_count; t++)
        assert_int_equal(leads(host->targets[t], host), t < host->leading);
    return leading;
}

static void test_list_follows_every_change(void **state)
{
    struct model *model = fixture_model("tls1.2");
    unsigned seed = 7, most = 0;

    (void)state;
    for (unsigned t = 0; t < TARGETS; t++) {
        char *domain = mem_format("domain%u.example", t);

        fixture_target(model, domain, CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
        free(domain);
    }
    for (unsigned round = 0; round < ROUNDS; round++) {
        change(model, &seed);
        for (size_t t = 0; t < model_target_count(model); t++)
            for (size_t i = 0; i < model_all_hosts(model_target_at(model, t)); i++) {
                unsigned leading = assert_listed(model, model_any_host(model_target_at(model, t), i)->host);

                most = leading > most ? leading : most;
            }
    }
    assert_true(most > 2);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_list_follows_every_change)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
