/* What the parts of tui/rows share. */
#pragma once

#include "engine/base/map.h"
#include "tui/branch.h"
#include "tui/group.h"
#include "tui/rows.h"

/* The targets of one connector. */
struct bundle {
    struct item item; /* rows: its own and those below; 0 while it shows no target */
    uint32_t id;
    char *name;            /* owned */
    struct group branches; /* of struct branch */
    size_t shown;          /* targets that filter and removal leave */
    unsigned verdicts[verdict_count];
    bool open;
};

/* The targets of one class: those of connectors, then the others. */
struct section {
    struct group bundles; /* of struct bundle; only partners have any */
    struct group plain;   /* of struct branch */
    struct map by_key;    /* of bundles, by name and demand */
    size_t shown;
    unsigned verdicts[verdict_count];
    bool open;
};

struct rows {
    struct model *model;
    struct section sections[target_class_count];
    struct bundle **bundles; /* by id - 1; owned */
    size_t bundle_count;
    struct branch **by_id; /* by target id; NULL where the id is another kind's */
    size_t id_limit;
    size_t known; /* targets of the model that were taken in */
    size_t targets, shown, tagged;
    unsigned depth;
    bool (*keep)(void *context, const struct target *target);
    void *context;
};

static inline struct branch *branch_of(const struct rows *rows, uint32_t target)
{
    return target < rows->id_limit ? rows->by_id[target] : NULL;
}

static inline struct bundle *bundle_of(const struct rows *rows, uint32_t connector)
{
    return connector && connector <= rows->bundle_count ? rows->bundles[connector - 1] : NULL;
}

static inline struct branch *branch_at(const struct group *group, size_t position)
{
    return (struct branch *)group->items[position];
}

static inline struct bundle *bundle_at(const struct section *section, size_t position)
{
    return (struct bundle *)section->bundles.items[position];
}

static inline struct row row_of_group(enum target_class class)
{
    return (struct row){.kind = ROW_GROUP, .class = class};
}

static inline struct row row_of_bundle(const struct bundle *bundle)
{
    return (struct row){.kind = ROW_CONNECTOR, .class = CLASS_PARTNER, .connector = bundle->id};
}
