#include "tui/rows.h"

#include "engine/base/mem.h"
#include "tui/rows_private.h"

#include <stdlib.h>
#include <string.h>

bool row_equal(const struct row *a, const struct row *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == ROW_GROUP)
        return a->class == b->class;
    if (a->kind == ROW_CONNECTOR)
        return a->connector == b->connector;
    return a->target == b->target && a->host == b->host && a->endpoint == b->endpoint;
}

unsigned row_depth(const struct row *row)
{
    if (row->kind <= ROW_GROUP)
        return 0;
    return (unsigned)row->kind - ROW_GROUP - (row->kind > ROW_CONNECTOR && !row->connector);
}

struct row rows_parent(const struct rows *rows, const struct row *row)
{
    const struct branch *branch = branch_of(rows, row->target);
    struct row parent = *row;

    if (row->kind == ROW_ENDPOINT)
        parent.endpoint = 0;
    else if (row->kind == ROW_HOST)
        parent.host = 0;
    else if (row->kind == ROW_TARGET && branch && branch->bundle)
        return row_of_bundle(branch->bundle);
    else if (row->kind == ROW_TARGET || row->kind == ROW_CONNECTOR)
        return row_of_group(branch ? branch->class : row->class);
    parent.kind = row->kind > ROW_NONE ? (enum row_kind)(row->kind - 1) : ROW_NONE;
    return parent;
}

struct rows *rows_new(struct model *model)
{
    struct rows *rows = mem_alloc(sizeof *rows);
    unsigned i;

    rows->model = model;
    rows->depth = 2;
    for (i = 0; i < target_class_count; i++) {
        rows->sections[i].open = true;
        map_init(&rows->sections[i].by_key);
    }
    rows_sync(rows, NULL, 0);
    return rows;
}

void rows_free(struct rows *rows)
{
    size_t i;

    if (!rows)
        return;
    for (i = 0; i < rows->id_limit; i++)
        branch_free(rows->by_id[i]);
    for (i = 0; i < rows->bundle_count; i++) {
        group_release(&rows->bundles[i]->branches);
        free(rows->bundles[i]->name);
        free(rows->bundles[i]);
    }
    for (i = 0; i < target_class_count; i++) {
        group_release(&rows->sections[i].bundles);
        group_release(&rows->sections[i].plain);
        map_release(&rows->sections[i].by_key, NULL);
    }
    free(rows->bundles);
    free(rows->by_id);
    free(rows);
}

/* Counts of a branch leave and enter its section and bundle whole, so that they can't drift. */
static void tally(struct rows *rows, const struct branch *branch, int sign)
{
    struct section *section = &rows->sections[branch->class];
    size_t one = (size_t)sign, shown = branch->hidden ? 0 : one;

    if (branch->removed)
        return;
    section->verdicts[branch->verdict] += (unsigned)sign;
    section->shown += shown;
    rows->targets += one;
    rows->shown += shown;
    rows->tagged += branch->tagged ? one : 0;
    if (branch->bundle) {
        branch->bundle->verdicts[branch->verdict] += (unsigned)sign;
        branch->bundle->shown += shown;
    }
}

static void read_target(const struct rows *rows, struct branch *branch)
{
    const struct target *target = branch->target;

    branch->class = target->spec.class;
    branch->verdict = target->judgement.verdict;
    branch->removed = target->removed;
    branch->hidden = rows->keep && !rows->keep(rows->context, target);
}

static size_t bundle_rows(const struct bundle *bundle)
{
    return bundle->shown ? 1 + (bundle->open ? bundle->branches.total : 0) : 0;
}

static struct group *home_of(struct rows *rows, const struct branch *branch)
{
    return branch->bundle ? &branch->bundle->branches : &rows->sections[branch->class].plain;
}

/* The bundle's rows follow what is below it. */
static void settle(struct rows *rows, struct bundle *bundle)
{
    if (bundle)
        group_resize(&rows->sections[CLASS_PARTNER].bundles, &bundle->item, bundle_rows(bundle));
}

/* Connectors of one name in two files are one only when they demand the same and send the same way. Names
 * that Postfix compares are each domain's own. */
static char *bundle_key(const struct target_spec *spec)
{
    bool named = spec->tls_domain && spec->name_rule != NAME_RULE_POSTFIX;

    return mem_format("%s\n%d%d%d\n%s\n%s", spec->connector, (int)spec->requirement, spec->never_tls,
                      (int)spec->floor, named ? spec->tls_domain : "",
                      spec->host_count ? spec->hosts[0].host : "");
}

static struct bundle *add_bundle(struct rows *rows, const char *name)
{
    struct bundle *bundle = mem_alloc(sizeof *bundle);

    if (!(rows->bundle_count & (rows->bundle_count - 1)))
        rows->bundles =
            mem_resize(rows->bundles, rows->bundle_count ? 2 * rows->bundle_count : 1, sizeof *rows->bundles);
    rows->bundles[rows->bundle_count++] = bundle;
    bundle->id = (uint32_t)rows->bundle_count;
    bundle->name = mem_string(name);
    bundle->open = rows->depth > 1;
    bundle->item.order = bundle->id;
    group_insert(&rows->sections[CLASS_PARTNER].bundles, &bundle->item);
    return bundle;
}

static struct bundle *find_bundle(struct rows *rows, const struct target *target)
{
    struct section *section = &rows->sections[CLASS_PARTNER];
    struct bundle *bundle;
    char *key;

    if (target->spec.class != CLASS_PARTNER || !target->spec.connector)
        return NULL;
    key = bundle_key(&target->spec);
    bundle = map_get(&section->by_key, key);
    if (!bundle) {
        bundle = add_bundle(rows, target->spec.connector);
        map_put(&section->by_key, key, bundle);
    }
    free(key);
    return bundle;
}

static void enter(struct rows *rows, struct branch *branch)
{
    branch->bundle = find_bundle(rows, branch->target);
    branch->connector = branch->bundle ? branch->bundle->id : 0;
    tally(rows, branch, +1);
    branch->item.rows = branch_visible(branch);
    group_insert(home_of(rows, branch), &branch->item);
    settle(rows, branch->bundle);
}

static void refresh(struct rows *rows, struct branch *branch)
{
    struct bundle *bundle = branch->bundle;
    struct group *home = home_of(rows, branch);
    enum target_class class = branch->class;

    tally(rows, branch, -1);
    read_target(rows, branch);
    if (branch->class == class) {
        tally(rows, branch, +1);
        group_resize(home, &branch->item, branch_visible(branch));
    } else {
        group_remove(home, &branch->item);
        enter(rows, branch);
    }
    settle(rows, bundle);
}

static void take_in(struct rows *rows, const struct target *target)
{
    struct branch *branch = mem_alloc(sizeof *branch);

    branch->target = target;
    branch->item.order = target->id;
    branch->open = rows->depth > 2;
    branch->hosts_open = rows->depth != 3;
    if (target->id >= rows->id_limit) {
        size_t limit = rows->id_limit ? rows->id_limit : 64;

        while (limit <= target->id)
            limit *= 2;
        rows->by_id = mem_resize(rows->by_id, limit, sizeof *rows->by_id);
        memset(rows->by_id + rows->id_limit, 0, (limit - rows->id_limit) * sizeof *rows->by_id);
        rows->id_limit = limit;
    }
    rows->by_id[target->id] = branch;
    read_target(rows, branch);
    enter(rows, branch);
}

void rows_sync(struct rows *rows, const uint32_t *changed, size_t count_)
{
    size_t i;

    for (i = 0; i < count_; i++) {
        struct branch *branch = branch_of(rows, changed[i]);

        if (branch)
            refresh(rows, branch);
    }
    for (; rows->known < model_target_count(rows->model); rows->known++)
        take_in(rows, model_target_at(rows->model, rows->known));
}

size_t rows_targets(const struct rows *rows)
{
    return rows->targets;
}

size_t rows_shown(const struct rows *rows)
{
    return rows->shown;
}

size_t rows_tagged(const struct rows *rows)
{
    return rows->tagged;
}

const unsigned *rows_verdicts(const struct rows *rows, enum target_class class)
{
    return rows->sections[class].verdicts;
}

const unsigned *rows_connector_verdicts(const struct rows *rows, uint32_t connector)
{
    return bundle_of(rows, connector)->verdicts;
}

const char *rows_connector_name(const struct rows *rows, uint32_t connector)
{
    return bundle_of(rows, connector)->name;
}

const struct target *rows_connector_target(const struct rows *rows, uint32_t connector, size_t index)
{
    const struct group *branches = &bundle_of(rows, connector)->branches;

    return index < branches->count ? branch_at(branches, index)->target : NULL;
}

bool rows_is_open(const struct rows *rows, const struct row *row)
{
    const struct branch *branch = branch_of(rows, row->target);
    const struct bundle *bundle = bundle_of(rows, row->connector);

    if (row->kind == ROW_GROUP)
        return rows->sections[row->class].open;
    if (row->kind == ROW_CONNECTOR)
        return bundle && bundle->open;
    if (row->kind == ROW_TARGET)
        return branch && branch->open;
    return row->kind == ROW_HOST && branch && branch_host_open(branch, row->host);
}

bool rows_has_children(const struct rows *rows, const struct row *row)
{
    const struct branch *branch = branch_of(rows, row->target);

    if (row->kind == ROW_GROUP || row->kind == ROW_CONNECTOR)
        return true;
    if (row->kind == ROW_TARGET)
        return branch && model_all_hosts(branch->target);
    return row->kind == ROW_HOST && branch && branch_host_children(branch, row->host);
}

void rows_set_open(struct rows *rows, const struct row *row, bool open)
{
    struct branch *branch = branch_of(rows, row->target);
    struct bundle *bundle = bundle_of(rows, row->connector);

    if (row->kind == ROW_GROUP) {
        rows->sections[row->class].open = open;
        return;
    }
    if (row->kind == ROW_CONNECTOR && bundle) {
        bundle->open = open;
        settle(rows, bundle);
    }
    if (row->kind == ROW_CONNECTOR || !branch || row->kind == ROW_ENDPOINT)
        return;
    if (row->kind == ROW_TARGET)
        branch->open = open;
    else
        branch_host_set_open(branch, row->host, open);
    refresh(rows, branch);
}

static void recount_group(struct rows *rows, struct group *group)
{
    size_t i;

    for (i = 0; i < group->count; i++) {
        struct branch *branch = branch_at(group, i);

        tally(rows, branch, -1);
        branch->hidden = rows->keep && !rows->keep(rows->context, branch->target);
        tally(rows, branch, +1);
        branch->item.rows = branch_visible(branch);
    }
    if (group->count)
        group_rebuild(group, group->count);
}

/* Applies to every branch, then counts anew: one pass, whatever changed. */
static void recount_all(struct rows *rows)
{
    unsigned s;
    size_t i;

    for (s = 0; s < target_class_count; s++) {
        struct section *section = &rows->sections[s];

        for (i = 0; i < section->bundles.count; i++) {
            struct bundle *bundle = bundle_at(section, i);

            recount_group(rows, &bundle->branches);
            bundle->item.rows = bundle_rows(bundle);
        }
        if (section->bundles.count)
            group_rebuild(&section->bundles, section->bundles.count);
        recount_group(rows, &section->plain);
    }
}

void rows_fold_to_depth(struct rows *rows, unsigned depth)
{
    size_t i;

    rows->depth = depth;
    for (i = 0; i < target_class_count; i++)
        rows->sections[i].open = depth > 1;
    for (i = 0; i < rows->bundle_count; i++)
        rows->bundles[i]->open = depth > 1;
    for (i = 0; i < rows->id_limit; i++)
        if (rows->by_id[i])
            branch_fold(rows->by_id[i], depth > 2, depth != 3);
    recount_all(rows);
}

unsigned rows_depth(const struct rows *rows)
{
    return rows->depth;
}

unsigned rows_reveal(struct rows *rows, const struct row *row)
{
    struct row above = rows_parent(rows, row);
    unsigned opened = 0;

    for (; above.kind != ROW_NONE; above = rows_parent(rows, &above)) {
        if (rows_is_open(rows, &above))
            continue;
        rows_set_open(rows, &above, true);
        opened |= 1u << above.kind;
    }
    return opened;
}

void rows_unreveal(struct rows *rows, const struct row *row, unsigned opened)
{
    struct row above = rows_parent(rows, row);

    for (; above.kind != ROW_NONE; above = rows_parent(rows, &above))
        if (opened & 1u << above.kind)
            rows_set_open(rows, &above, false);
}

bool rows_is_tagged(const struct rows *rows, uint32_t target)
{
    const struct branch *branch = branch_of(rows, target);

    return branch && branch->tagged;
}

void rows_set_tagged(struct rows *rows, uint32_t target, bool tagged)
{
    struct branch *branch = branch_of(rows, target);

    if (!branch)
        return;
    tally(rows, branch, -1);
    branch->tagged = tagged;
    tally(rows, branch, +1);
}

void rows_set_filter(struct rows *rows, bool (*keep)(void *context, const struct target *target),
                     void *context)
{
    rows->keep = keep;
    rows->context = context;
    recount_all(rows);
}
