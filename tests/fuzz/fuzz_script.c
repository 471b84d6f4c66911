#include "engine/base/mem.h"
#include "tui/script.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* A script comes out and runs to its end, or else one sentence that says why not. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char *text = mem_string_n((const char *)bytes, length);
    char *error = NULL;
    struct script *script = script_parse("fuzz", text ? text : "", &error);
    struct script_step step = {.action = SCRIPT_WAIT};
    int64_t now = 1;

    if (!script == !error)
        abort();
    while (script && step.action != SCRIPT_OVER && step.action != SCRIPT_FAILED)
        script_next(script, "screen", now += 5000, &step);
    script_free(script);
    free(error);
    free(text);
    return 0;
}
