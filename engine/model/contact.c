#include "engine/model/contact.h"

#include "engine/base/mem.h"

char *contact_fallback(const struct target_spec *spec)
{
    return spec->is_endpoint ? NULL : mem_format("postmaster@%s", spec->domain);
}
