#include "engine/base/mem.h"
#include "tui/filter.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* A filter comes out, or else one sentence that says why not. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char *text = mem_string_n((const char *)bytes, length);
    char *error = NULL;
    struct filter *filter = filter_parse(text ? text : "", &error);

    if (!filter == !error)
        abort();
    filter_free(filter);
    free(error);
    free(text);
    return 0;
}
