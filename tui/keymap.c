#include "tui/keymap.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "tui/press.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void keymap_init(struct keymap *keymap, const struct request *requests, size_t count)
{
    size_t i, j;

    keymap->requests = requests;
    keymap->request_count = count;
    keymap->count = 0;
    keymap->by_name = false;
    for (i = 0; i < count; i++)
        for (j = 0; j < REQUEST_KEYS && requests[i].keys[j] && keymap->count < KEYMAP_MOST; j++)
            keymap->bindings[keymap->count++] = (struct keymap_binding){requests[i].keys[j], &requests[i]};
}

static void forget(struct keymap *keymap, uint32_t key)
{
    size_t i, kept = 0;

    for (i = 0; i < keymap->count; i++)
        if (keymap->bindings[i].key != key)
            keymap->bindings[kept++] = keymap->bindings[i];
    keymap->count = kept;
}

bool keymap_bind(struct keymap *keymap, uint32_t key, const struct request *request)
{
    forget(keymap, key);
    if (!request)
        return true;
    if (keymap->count == KEYMAP_MOST)
        return false;
    memmove(keymap->bindings + 1, keymap->bindings, keymap->count * sizeof *keymap->bindings);
    keymap->bindings[0] = (struct keymap_binding){key, request};
    keymap->count++;
    return true;
}

const struct request *keymap_request(const struct keymap *keymap, uint32_t key)
{
    size_t i;

    for (i = 0; i < keymap->count; i++)
        if (keymap->bindings[i].key == key)
            return keymap->bindings[i].request;
    return NULL;
}

uint32_t keymap_key(const struct keymap *keymap, const struct request *request, size_t index)
{
    size_t i;

    for (i = 0; i < keymap->count; i++)
        if (keymap->bindings[i].request == request && !index--)
            return keymap->bindings[i].key;
    return 0;
}

const struct request *keymap_named(const struct keymap *keymap, const char *name)
{
    size_t i;

    for (i = 0; i < keymap->request_count; i++)
        if (strcmp(keymap->requests[i].name, name) == 0)
            return &keymap->requests[i];
    return NULL;
}

static bool is_built_in(const struct keymap *keymap, uint32_t key)
{
    size_t i, j;

    for (i = 0; i < keymap->request_count; i++)
        for (j = 0; j < REQUEST_KEYS; j++)
            if (keymap->requests[i].keys[j] == key)
                return true;
    return false;
}

static bool has_a_name(uint32_t key)
{
    return key == PRESS_TAB || key == PRESS_ENTER || key == PRESS_ESC || key == PRESS_SPACE ||
           key == PRESS_BACKSPACE || key >= PRESS_UP;
}

uint32_t keymap_meaning(const struct keymap *keymap, uint32_t key)
{
    const struct request *request = keymap_request(keymap, key);

    if (has_a_name(key))
        return key;
    if (request)
        return request->keys[0] ? request->keys[0] : key;
    return is_built_in(keymap, key) ? PRESS_OTHER : key;
}

void keymap_text(const struct keymap *keymap, const struct request *request, char *out, size_t size)
{
    size_t used = 0, i;
    uint32_t key;

    out[0] = 0;
    for (i = 0; (key = keymap_key(keymap, request, i)) && used < size; i++) {
        char name[PRESS_NAME_SIZE];

        press_name(key, name);
        used += (size_t)snprintf(out + used, size - used, "%s%s", i ? " " : "", name);
    }
}

const char *keymap_name(const struct keymap *keymap, const char *name, char *out)
{
    const struct request *request = keymap_named(keymap, name);
    uint32_t key = request ? keymap_key(keymap, request, 0) : 0;

    if (request && keymap->by_name)
        return request->name;
    if (!key)
        return NULL;
    press_name(key, out);
    return out;
}

static void add_key(const struct keymap *keymap, const char *name, bool format, struct buf *out)
{
    char palette[PRESS_NAME_SIZE], room[PRESS_NAME_SIZE];
    const char *key = keymap_name(keymap, name, room);

    if (key)
        buf_printf(out, "%s%s", format && strcmp(key, "%") == 0 ? "%" : "", key);
    else if (keymap_name(keymap, "palette", palette))
        buf_printf(out, "%s%s%s", format && strcmp(palette, "%") == 0 ? "%" : "", palette, name);
    else
        buf_add_string(out, name);
}

char *keymap_expand(const struct keymap *keymap, const char *text, bool format)
{
    struct buf out;

    buf_init(&out, 0);
    while (*text) {
        size_t plain = strcspn(text, "{"), inside = text[plain] ? strcspn(text + plain + 1, "}") : 0;
        char *name = inside ? mem_string_n(text + plain + 1, inside) : NULL;

        buf_add(&out, text, plain);
        text += plain;
        if (name && text[inside + 1] == '}' && keymap_named(keymap, name)) {
            add_key(keymap, name, format, &out);
            text += inside + 2;
        } else if (*text) {
            buf_u8(&out, (uint8_t)*text++);
        }
        free(name);
    }
    return buf_take_string(&out);
}
