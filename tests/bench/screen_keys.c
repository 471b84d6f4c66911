#include "tests/bench/screen_keys.h"

#include "engine/base/mem.h"
#include "tui/press.h"
#include "tui/requests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

const char *const press_kind_titles[press_kind_count] = {"move",   "page",     "fold",   "depth", "problem",
                                                         "search", "next hit", "filter", "sort",  "group",
                                                         "detail", "other",    "Esc"};

/* Words: a request's name; =NAME a key by its name; 'TEXT is typed. The kind is the presses' but for hits. */
static const struct {
    enum press_kind kind;
    const char *words;
} scripts[] = {
    {PRESS_MOVE, "down down down up down down down"},
    {PRESS_MOVE, "up up down up up up"},
    {PRESS_PAGE, "page-down page-down half-page-down half-page-up page-up"},
    {PRESS_PAGE, "last page-up first page-down last half-page-up first"},
    {PRESS_PAGE, "page-down page-down page-down page-down"},
    {PRESS_FOLD, "unfold unfold down toggle toggle fold fold unfold"},
    {PRESS_FOLD, "fold-all page-down fold-all"},
    {PRESS_DEPTH, "depth-1 depth-2 page-down depth-3 depth-4"},
    {PRESS_PROBLEM, "next-problem next-problem next-problem previous-problem next-problem"},
    {PRESS_SEARCH, "search 'domain0771 =Enter"},
    {PRESS_HIT, "next-hit next-hit previous-hit next-hit"},
    {PRESS_SEARCH, "search 'nothing.has.this =Esc"},
    {PRESS_FILTER, "filter 'verdict:not-ready =Enter down page-down back"},
    {PRESS_FILTER, "filter 'domain04 =Enter page-down =BSpace back"},
    {PRESS_FILTER, "filter 'tls<1.2 =Enter next-problem back"},
    {PRESS_ORDER, "sort page-down sort"},
    {PRESS_ORDER, "sort-reverse page-down sort-reverse"},
    {PRESS_GROUPING, "group page-down group page-down group group"},
    {PRESS_GROUPING, "grouping page-down grouping page-down grouping grouping"},
    {PRESS_DETAIL, "detail-down detail-up detail-size detail-size detail-size"},
    {PRESS_OTHERS, "tag tag"},
    {PRESS_OTHERS, "help =Down =Down =PgDn =Esc"},
};

static const struct {
    uint32_t key;
    const char *bytes;
} sequences[] = {
    {PRESS_UP, "\033OA"},         {PRESS_DOWN, "\033OB"},     {PRESS_RIGHT, "\033OC"}, {PRESS_LEFT, "\033OD"},
    {PRESS_PAGE_DOWN, "\033[6~"}, {PRESS_PAGE_UP, "\033[5~"}, {PRESS_HOME, "\033OH"},  {PRESS_END, "\033OF"},
};

struct list {
    struct press_bytes *items;
    size_t count, capacity;
};

static void add(struct list *list, enum press_kind kind, uint32_t key)
{
    struct press_bytes *item;
    size_t i;

    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 256;
        list->items = mem_resize(list->items, list->capacity, sizeof *list->items);
    }
    item = &list->items[list->count++];
    memset(item, 0, sizeof *item);
    item->kind = key == PRESS_ESC ? PRESS_LONE_ESC : kind;
    item->bytes[0] = (char)key;
    for (i = 0; i < COUNT(sequences); i++)
        if (sequences[i].key == key)
            strcpy(item->bytes, sequences[i].bytes);
}

static uint32_t key_of_request(const char *name)
{
    size_t count, i;
    const struct request *table = requests_table(&count);

    for (i = 0; i < count; i++)
        if (strcmp(table[i].name, name) == 0)
            return table[i].keys[0];
    return 0;
}

/* False when a request is none; then nothing was added. */
static bool add_script(struct list *list, enum press_kind kind, const char *words)
{
    char *copy = mem_string(words), *rest = copy, *word;
    size_t before = list->count;
    uint32_t key = 0;
    bool ok = true;

    while (ok && (word = strsep(&rest, " "))) {
        if (*word == '\'') {
            while (*++word)
                add(list, kind, (uint32_t)*word);
            continue;
        }
        ok = *word == '=' ? press_parse(word + 1, &key) : (key = key_of_request(word)) != 0;
        add(list, kind, key);
    }
    free(copy);
    if (!ok)
        list->count = before;
    return ok;
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state >> 33;
}

struct press_bytes *press_list(size_t count, uint64_t seed, size_t *made)
{
    struct list list = {0};
    uint64_t random = seed * 2 + 1;

    add_script(&list, PRESS_DEPTH, "depth-4");
    add_script(&list, PRESS_SEARCH, "search 'domain0 =Enter");
    while (list.count < count) {
        size_t script = (size_t)next_random(&random) % COUNT(scripts);

        add_script(&list, scripts[script].kind, scripts[script].words);
    }
    *made = list.count;
    return list.items;
}
