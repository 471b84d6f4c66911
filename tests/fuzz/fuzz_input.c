#include "engine/input/input.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct input input = {0};

    input_read("fuzz", bytes, length, &input);
    input_finish(&input);
    input_release(&input);
    return 0;
}
