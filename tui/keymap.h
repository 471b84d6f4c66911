/* Which key asks for which request: as the table of requests says, then as the user wants it. */
#pragma once

#include "tui/request.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEYMAP_MOST 512

struct keymap {
    const struct request *requests; /* the table, not owned */
    size_t request_count;
    struct keymap_binding {
        uint32_t key; /* as in tui/press.h; each at most once */
        const struct request *request;
    } bindings[KEYMAP_MOST]; /* a request's keys in the order to show them */
    size_t count;
    bool by_name; /* texts name requests, not their keys: for lines of commands */
};

/* The keys that the table names; beyond KEYMAP_MOST they are left out. Nothing to release. */
void keymap_init(struct keymap *keymap, const struct request *requests, size_t count);

/* From now on the key asks for this request, and for no other; NULL: for none. It comes before the keys that
 * the request has already. False when the map is full, which leaves the key without a request. */
bool keymap_bind(struct keymap *keymap, uint32_t key, const struct request *request);

/* The request of a key, or NULL. */
const struct request *keymap_request(const struct keymap *keymap, uint32_t key);

/* The request's key number `index` from 0; 0 past the last. */
uint32_t keymap_key(const struct keymap *keymap, const struct request *request, size_t index);

/* The request of a name, or NULL. */
const struct request *keymap_named(const struct keymap *keymap, const char *name);

/* What a key means in lists and pages, which know the built-in letters: the first built-in key of its
 * request. A letter that was taken from its request is PRESS_OTHER there; keys with a name, as Enter and
 * Down, and keys that no request has stay what they are. */
uint32_t keymap_meaning(const struct keymap *keymap, uint32_t key);

/* "j Down" in at most `size` bytes, "" for a request without a key. */
void keymap_text(const struct keymap *keymap, const struct request *request, char *out, size_t size);

/* A text that names requests in braces, "{undo} brings it back", with the first key of each in their place;
 * one without a key is named for the palette, ":undo". Braces around anything else stay. In a `format` for
 * printf a key that is a percent sign is doubled. The caller frees. */
char *keymap_expand(const struct keymap *keymap, const char *text, bool format);

/* The name of the first key of the request so called, as "e", or `name` where the map is `by_name`; NULL when
 * there is no such request, or it has no key. `out` has PRESS_NAME_SIZE bytes. */
const char *keymap_name(const struct keymap *keymap, const char *name, char *out);
