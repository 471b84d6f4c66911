#include "engine/net/resolver_compose.h"

#include "engine/base/mem.h"

void compose_mx(struct mx_answer *mx, const struct dns_answer *answer)
{
    size_t i;

    mx->status = answer->status;
    mx->authenticated = answer->authenticated;
    mx->canonical = answer->canonical;
    mx->malformed = answer->malformed;
    mx->trail = &answer->trail;
    mx->count = answer->count;
    mx->records = mem_array(answer->count, sizeof *mx->records);
    for (i = 0; i < answer->count; i++) {
        mx->records[i].exchange = answer->records[i].name;
        mx->records[i].preference = answer->records[i].preference;
    }
}

void compose_names(struct names_answer *names, const struct dns_answer *answer)
{
    size_t i;

    names->status = answer->status;
    names->authenticated = answer->authenticated;
    names->count = answer->count;
    names->names = mem_array(answer->count, sizeof *names->names);
    for (i = 0; i < answer->count; i++)
        names->names[i] = answer->records[i].name;
}

void compose_zone(struct zone_answer *zone, const struct dns_answer *answer)
{
    zone->status = answer->status;
    zone->authenticated = answer->authenticated;
    zone->zone = answer->zone;
    zone->mailbox = answer->mailbox;
}

/* The more worrying of two: what leaves us without knowledge before what says no, and that the name has no
 * such record before that there is no such name, which one family alone can't prove. */
static enum dns_status worse(enum dns_status a, enum dns_status b)
{
    static const enum dns_status order[] = {DNS_SERVFAIL, DNS_TIMEOUT, DNS_MALFORMED,
                                            DNS_REFUSED,  DNS_NO_DATA, DNS_NXDOMAIN};
    size_t i;

    for (i = 0; i < sizeof order / sizeof order[0]; i++)
        if (a == order[i] || b == order[i])
            return order[i];
    return DNS_NOT_QUERIED;
}

static void add_addresses(struct address_answer *address, const struct dns_answer *answer)
{
    size_t i;

    for (i = 0; i < answer->count; i++)
        address->addresses[address->count++] = answer->records[i].address;
    if (!address->canonical)
        address->canonical = answer->canonical;
}

void compose_address(struct address_answer *address, const struct dns_answer *a,
                     const struct dns_answer *aaaa)
{
    static const struct dns_answer none = {.status = DNS_NOT_QUERIED};
    const struct dns_answer *v4 = a ? a : &none, *v6 = aaaa ? aaaa : &none;
    bool any = v4->status == DNS_OK || v6->status == DNS_OK;

    address->status4 = v4->status;
    address->status6 = v6->status;
    address->status = any ? DNS_OK : worse(v4->status, v6->status);
    address->addresses = mem_array(v4->count + v6->count, sizeof *address->addresses);
    add_addresses(address, v4);
    add_addresses(address, v6);
    address->trails[0] = a ? &a->trail : NULL;
    address->trails[1] = aaaa ? &aaaa->trail : NULL;
    address->authenticated = true;
    if (a && (!any || v4->status == DNS_OK))
        address->authenticated = v4->authenticated;
    if (aaaa && (!any || v6->status == DNS_OK))
        address->authenticated = address->authenticated && v6->authenticated;
}
