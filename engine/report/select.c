#include "engine/report/select.h"

unsigned report_select(struct model *model, bool (*wanted)(const struct target *target, const void *data),
                       const void *data)
{
    unsigned before = 0;

    for (size_t i = 0; i < model_target_count(model); i++) {
        struct target *target = model_target_at(model, i);

        if (target->removed)
            continue;
        before++;
        if (!wanted(target, data))
            model_remove(model, target);
    }
    return before;
}
