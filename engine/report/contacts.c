#include "engine/report/contacts.h"

#include "engine/model/contact.h"
#include "engine/report/fields.h"

json_t *contacts_json(const struct target *target)
{
    json_t *array = json_array();
    struct contacts list;

    model_contacts(target, &list);
    for (size_t i = 0; i < list.count; i++) {
        json_t *object = json_object();

        set_text(object, "source", contact_source_name(list.items[i].source));
        set_text(object, "address", list.items[i].address);
        json_array_append_new(array, object);
    }
    contacts_release(&list);
    return array;
}

json_t *contacts_zone_json(const struct target *target)
{
    const struct directory *directory = target->directory;
    json_t *object;

    if (!directory || directory->zone_status == DNS_NOT_QUERIED)
        return json_null();
    object = json_object();
    set_text(object, "status", dns_status_name(directory->zone_status));
    set_text(object, "name", directory->zone);
    set_text(object, "mailbox", directory->mailbox);
    return object;
}

json_t *contacts_tls_rpt_json(const struct target *target)
{
    const struct directory *directory = target->directory;
    json_t *object;

    if (!directory || directory->report_status == DNS_NOT_QUERIED)
        return json_null();
    object = json_object();
    set_text(object, "status", dns_status_name(directory->report_status));
    set_text(object, "record", directory->record);
    set_strings(object, "rua", &directory->uris);
    return object;
}
