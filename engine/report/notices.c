#include "engine/report/notices.h"

#include <stdlib.h>
#include <string.h>

void report_notices(const struct model *model, const struct target *target, struct strings *out)
{
    char *said = model_explain(model, target);
    struct strings all = {0};

    model_warnings(model, target, &all);
    for (size_t i = 0; i < all.count; i++)
        if (strncmp(said, all.items[i], strlen(all.items[i])) != 0)
            strings_add(out, all.items[i]);
    strings_release(&all);
    free(said);
}
