#include "engine/report/provider.h"

#include "engine/base/mem.h"
#include "engine/net/operator.h"

#include <stdlib.h>
#include <string.h>

#define LOOKED_AT 16 /* of the hosts that are preferred alike; counting them costs the square */

char *provider_of_host(const struct host *host)
{
    char *domain = operator_domain(host->key.name);

    return domain ? domain : mem_string(PROVIDER_BY_ADDRESS);
}

/* The hosts stand in order of preference. */
static size_t first_choices(const struct target *target)
{
    size_t count = 0;

    while (count < target->host_count && count < LOOKED_AT &&
           target->hosts[count].preference == target->hosts[0].preference)
        count++;
    return count;
}

static size_t same(char *const *names, size_t count, const char *name)
{
    size_t found = 0, i;

    for (i = 0; i < count; i++)
        found += strcmp(names[i], name) == 0;
    return found;
}

char *provider_of_target(const struct target *target)
{
    char *names[LOOKED_AT], *chosen = NULL;
    size_t count = first_choices(target), most = 0, i;

    for (i = 0; i < count; i++)
        names[i] = provider_of_host(target->hosts[i].host);
    for (i = 0; i < count; i++) {
        size_t found = same(names, count, names[i]);

        if (found > most)
            chosen = names[i];
        most = found > most ? found : most;
    }
    for (i = 0; i < count; i++)
        if (names[i] != chosen)
            free(names[i]);
    return chosen;
}
