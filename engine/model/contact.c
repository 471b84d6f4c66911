#include "engine/model/contact.h"

#include "engine/base/mem.h"
#include "engine/policy/mailbox.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Takes the address over; one that is there already, and NULL, add nothing. */
static void add(struct contacts *out, enum contact_source source, char *address)
{
    for (size_t i = 0; address && i < out->count; i++)
        if (strcasecmp(out->items[i].address, address) == 0) {
            free(address);
            return;
        }
    if (!address)
        return;
    out->items = mem_resize(out->items, out->count + 1, sizeof *out->items);
    out->items[out->count++] = (struct contact){source, address};
}

void contacts_list(struct contacts *out, const struct target_spec *spec, const struct directory *directory,
                   bool takes_mail)
{
    *out = (struct contacts){0};
    add(out, SOURCE_NOTED, mem_string(spec->contact));
    if (takes_mail)
        add(out, SOURCE_POSTMASTER, contact_fallback(spec));
    if (!directory)
        return;
    add(out, SOURCE_SOA, mem_string(directory->mailbox));
    for (size_t i = 0; i < directory->uris.count; i++)
        add(out, SOURCE_TLS_RPT, mailbox_of_uri(directory->uris.items[i]));
}

void contacts_release(struct contacts *contacts)
{
    for (size_t i = 0; i < contacts->count; i++)
        free(contacts->items[i].address);
    free(contacts->items);
    *contacts = (struct contacts){0};
}

char *contact_fallback(const struct target_spec *spec)
{
    return spec->is_endpoint ? NULL : mem_format("postmaster@%s", spec->domain);
}
