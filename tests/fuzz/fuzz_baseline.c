#include "engine/model/baseline.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char *error = NULL;
    struct baseline *baseline = baseline_parse("fuzz", (const char *)bytes, length, &error);

    if (!baseline == !error)
        abort();
    baseline_free(baseline);
    free(error);
    return 0;
}
