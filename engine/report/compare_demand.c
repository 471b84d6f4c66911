#include "engine/base/mem.h"
#include "engine/report/compare_private.h"

#include <string.h>

static void note_class(struct difference *out, const struct target_spec *was, const struct target_spec *is)
{
    if (was->class != is->class)
        difference_note(out, CHANGED_CLASS, mem_string(target_class_name(was->class)),
                        mem_string(target_class_name(is->class)), "its class was %s and is %s",
                        target_class_name(was->class), target_class_name(is->class));
}

static void note_requirement(struct difference *out, const struct target_spec *was,
                             const struct target_spec *is)
{
    if (was->requirement != is->requirement)
        difference_note(out, CHANGED_REQUIREMENT, mem_string(requirement_name(was->requirement)),
                        mem_string(requirement_name(is->requirement)), "what is asked of it was %s and is %s",
                        requirement_title(was->requirement), requirement_title(is->requirement));
}

static void note_tls_domain(struct difference *out, const struct target_spec *was,
                            const struct target_spec *is)
{
    const char *before = was->tls_domain ? was->tls_domain : "none";
    const char *after = is->tls_domain ? is->tls_domain : "none";

    if (strcmp(before, after) != 0)
        difference_note(out, CHANGED_TLS_DOMAIN, mem_string(was->tls_domain), mem_string(is->tls_domain),
                        "the name that is asked of its certificate was %s and is %s", before, after);
}

static const char *floor_of(const struct target_spec *spec)
{
    return spec->floor == TLS_SSL_3_0 ? NULL : tls_version_name(spec->floor);
}

static void note_floor(struct difference *out, const struct target_spec *was, const struct target_spec *is)
{
    if (was->floor != is->floor)
        difference_note(out, CHANGED_FLOOR, mem_string(floor_of(was)), mem_string(floor_of(is)),
                        "the lowest version that is asked of it was %s and is %s",
                        floor_of(was) ? tls_version_title(was->floor) : "the baseline's",
                        floor_of(is) ? tls_version_title(is->floor) : "the baseline's");
}

void compare_demands(struct difference *difference)
{
    const struct target_spec *was = &difference->target_before->spec, *is = &difference->target->spec;

    note_class(difference, was, is);
    note_requirement(difference, was, is);
    note_tls_domain(difference, was, is);
    note_floor(difference, was, is);
}
