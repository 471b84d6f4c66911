#include "engine/net/dns_message_private.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Whether `owner` is `name`, or a parent of it. */
static bool holds(const char *owner, const char *name)
{
    size_t length = strlen(owner), all = strlen(name);

    if (length > all || strcmp(name + all - length, owner) != 0)
        return false;
    return length == all || !length || name[all - length - 1] == '.';
}

/* The SOA of an answer, or the one in the authority section of a no (RFC 2308, section 3), which is that of
 * the zone which the name would be in. */
void dns_read_zone(const struct dns_message *m, const char *name, struct dns_answer *answer)
{
    struct reader r = m->records;
    struct dns_raw record;
    unsigned i;

    for (i = 0; i < m->answers + m->authorities && dns_next_record(m, &r, &record); i++) {
        char *primary;

        if (record.type != DNS_TYPE_SOA || !holds(record.owner, name) ||
            !dns_read_soa(m, &record.data, &primary, &answer->mailbox))
            continue;
        free(primary);
        answer->zone = mem_string(record.owner);
        return;
    }
}
