#include "engine/report/contacts_text.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/model/contact.h"

/* As CSV has it, or for people. */
static char *write(const struct target *target, bool postmaster, bool words)
{
    struct contacts list;
    struct buf text;

    buf_init(&text, 0);
    model_contacts(target, &list);
    for (size_t i = 0; i < list.count; i++)
        if (postmaster || list.items[i].source != SOURCE_POSTMASTER)
            buf_printf(&text, "%s%s (%s)", text.length ? "; " : "", list.items[i].address,
                       words ? contact_source_title(list.items[i].source)
                             : contact_source_name(list.items[i].source));
    contacts_release(&list);
    if (text.length)
        return buf_take_string(&text);
    buf_release(&text);
    return NULL;
}

char *contacts_text(const struct target *target)
{
    return write(target, true, false);
}

char *contacts_people_text(const struct target *target)
{
    return write(target, true, true);
}

char *contacts_best_text(const struct target *target)
{
    return target->spec.contact ? mem_string(target->spec.contact) : write(target, false, true);
}
