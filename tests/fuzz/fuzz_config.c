#include "engine/base/mem.h"
#include "tui/config.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const struct request table[] = {
    {.name = "down", .keys = {'j', 0x110001}},
    {.name = "help", .keys = {'?'}},
    {.name = "palette", .keys = {':'}},
};

/* All lines are taken, or one sentence says which is not; the palette keeps a key, and no key has two
 * meanings. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char *text = mem_string_n((const char *)bytes, length);
    const struct keymap *keymap;
    struct config config;
    char *error = NULL;
    size_t i, j;
    bool ok;

    config_init(&config, table, 3);
    keymap = &config.keymap;
    ok = config_parse(&config, "fuzz", text ? text : "", &error);
    if (ok == (error != NULL) || (ok && !keymap_key(keymap, &table[2], 0)))
        abort();
    for (i = 0; i < keymap->count; i++)
        for (j = 0; j < i; j++)
            if (keymap->bindings[i].key == keymap->bindings[j].key)
                abort();
    free(error);
    free(text);
    return 0;
}
