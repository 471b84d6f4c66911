#include "engine/report/read_contacts.h"

#include "engine/policy/mailbox.h"

#define URIS_MOST 100

static void read_zone(const struct take *zone, struct directory *directory)
{
    struct take at = take_any(zone, "mailbox");

    directory->zone_status = (enum dns_status)take_word(zone, "status", TAKE_DNS);
    directory->zone = take_text(zone, "name");
    directory->mailbox = take_text(zone, "mailbox");
    if (directory->mailbox && !mailbox_ok(directory->mailbox))
        take_fail(&at, "a mail address, or null");
}

static void read_tls_rpt(const struct take *tls_rpt, struct directory *directory)
{
    directory->report_status = (enum dns_status)take_word(tls_rpt, "status", TAKE_DNS);
    directory->record = take_text(tls_rpt, "record");
    take_strings(tls_rpt, "rua", URIS_MOST, false, &directory->uris);
}

void read_contacts(const struct take *element, struct event *contacts)
{
    struct take policy = take_part(element, "policy"), tls_rpt = take_object_or_null(&policy, "tls_rpt");
    struct take zone = take_object_or_null(element, "zone");

    contacts->type = EVENT_CONTACTS;
    if (!zone.value && !tls_rpt.value)
        return;
    contacts->directory = directory_new();
    if (zone.value)
        read_zone(&zone, contacts->directory);
    if (tls_rpt.value)
        read_tls_rpt(&tls_rpt, contacts->directory);
}
