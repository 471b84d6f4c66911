#include "tui/rows.h"

#include "engine/base/mem.h"
#include "tui/branch.h"
#include "tui/group.h"

#include <stdlib.h>
#include <string.h>

struct rows {
    struct model *model;
    struct group groups[target_class_count];
    struct branch **by_id; /* by target id; NULL where the id is another kind's */
    size_t id_limit;
    size_t known; /* targets of the model that were taken in */
    size_t targets, shown, tagged;
    unsigned depth;
    bool (*keep)(void *context, const struct target *target);
    void *context;
};

bool row_equal(const struct row *a, const struct row *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == ROW_GROUP)
        return a->class == b->class;
    return a->target == b->target && a->host == b->host && a->endpoint == b->endpoint;
}

unsigned row_depth(const struct row *row)
{
    return row->kind > ROW_GROUP ? (unsigned)row->kind - ROW_GROUP : 0;
}

static struct branch *branch_of(const struct rows *rows, uint32_t target)
{
    return target < rows->id_limit ? rows->by_id[target] : NULL;
}

struct row rows_parent(const struct rows *rows, const struct row *row)
{
    const struct branch *branch = branch_of(rows, row->target);
    struct row parent = *row;

    parent.kind = row->kind > ROW_NONE ? (enum row_kind)(row->kind - 1) : ROW_NONE;
    if (row->kind == ROW_ENDPOINT)
        parent.endpoint = 0;
    else if (row->kind == ROW_HOST)
        parent.host = 0;
    else if (row->kind == ROW_TARGET)
        parent = (struct row){ROW_GROUP, branch ? branch->class : row->class, 0, 0, 0};
    return parent;
}

struct rows *rows_new(struct model *model)
{
    struct rows *rows = mem_alloc(sizeof *rows);
    unsigned i;

    rows->model = model;
    rows->depth = 2;
    for (i = 0; i < target_class_count; i++)
        rows->groups[i].open = true;
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
    for (i = 0; i < target_class_count; i++) {
        free(rows->groups[i].branches);
        free(rows->groups[i].sums);
    }
    free(rows->by_id);
    free(rows);
}

/* Counts of a branch leave and enter its group whole, so that they can't drift. */
static void uncount(struct rows *rows, const struct branch *branch)
{
    struct group *group = &rows->groups[branch->class];

    if (branch->removed)
        return;
    group->verdicts[branch->verdict]--;
    rows->targets--;
    group->shown -= !branch->hidden;
    rows->shown -= !branch->hidden;
    rows->tagged -= branch->tagged;
}

static void count(struct rows *rows, const struct branch *branch)
{
    struct group *group = &rows->groups[branch->class];

    if (branch->removed)
        return;
    group->verdicts[branch->verdict]++;
    rows->targets++;
    group->shown += !branch->hidden;
    rows->shown += !branch->hidden;
    rows->tagged += branch->tagged;
}

static void read_target(const struct rows *rows, struct branch *branch)
{
    const struct target *target = branch->target;

    branch->class = target->spec.class;
    branch->verdict = target->judgement.verdict;
    branch->removed = target->removed;
    branch->hidden = rows->keep && !rows->keep(rows->context, target);
}

static void refresh(struct rows *rows, struct branch *branch)
{
    struct group *group = &rows->groups[branch->class];
    size_t before = branch->rows;

    uncount(rows, branch);
    read_target(rows, branch);
    count(rows, branch);
    branch->rows = branch_visible(branch);
    if (group == &rows->groups[branch->class]) {
        if (before != branch->rows)
            group_resize(group, branch->position, before, branch->rows);
        return;
    }
    group_remove(group, branch);
    group_insert(&rows->groups[branch->class], branch);
}

static void take_in(struct rows *rows, const struct target *target)
{
    struct branch *branch = mem_alloc(sizeof *branch);

    branch->target = target;
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
    count(rows, branch);
    branch->rows = branch_visible(branch);
    group_insert(&rows->groups[branch->class], branch);
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

static size_t group_rows(const struct group *group)
{
    return group->shown ? 1 + (group->open ? group->total : 0) : 0;
}

size_t rows_count(const struct rows *rows)
{
    size_t total = 0;
    unsigned i;

    for (i = 0; i < target_class_count; i++)
        total += group_rows(&rows->groups[i]);
    return total;
}

struct row rows_at(const struct rows *rows, size_t index)
{
    unsigned i;

    for (i = 0; i < target_class_count; i++) {
        const struct group *group = &rows->groups[i];
        size_t size = group_rows(group);
        const struct branch *branch;

        if (index >= size) {
            index -= size;
            continue;
        }
        if (!index--)
            return (struct row){ROW_GROUP, (enum target_class)i, 0, 0, 0};
        branch = group_find(group, &index);
        return branch_row(branch, index, SPREAD_FOLDED);
    }
    return (struct row){0};
}

static size_t group_start(const struct rows *rows, enum target_class class)
{
    size_t start = 0;
    unsigned i;

    for (i = 0; i < (unsigned)class; i++)
        start += group_rows(&rows->groups[i]);
    return start;
}

static bool nearest(const struct rows *rows, size_t wanted, struct row *row, size_t *index)
{
    size_t total = rows_count(rows);

    if (!total)
        return false;
    *index = wanted < total ? wanted : total - 1;
    *row = rows_at(rows, *index);
    return true;
}

bool rows_locate(const struct rows *rows, struct row *row, size_t *index)
{
    const struct branch *branch = branch_of(rows, row->target);
    enum target_class class = branch ? branch->class : row->class;
    const struct group *group = &rows->groups[class];
    size_t start = group_start(rows, class), offset;

    if (row->kind == ROW_NONE || !group->shown || (row->kind > ROW_GROUP && !branch))
        return nearest(rows, start, row, index);
    *index = start;
    if (row->kind == ROW_GROUP)
        return true;
    if (!group->open) {
        *row = (struct row){ROW_GROUP, class, 0, 0, 0};
        return true;
    }
    *index += 1 + group_before(group, branch->position);
    if (!branch->rows)
        return nearest(rows, *index, row, index);
    offset = branch_offset(branch, row, SPREAD_FOLDED);
    *row = branch_row(branch, offset, SPREAD_FOLDED);
    *index += offset;
    return true;
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
    return rows->groups[class].verdicts;
}

bool rows_is_open(const struct rows *rows, const struct row *row)
{
    const struct branch *branch = branch_of(rows, row->target);

    if (row->kind == ROW_GROUP)
        return rows->groups[row->class].open;
    if (row->kind == ROW_TARGET)
        return branch && branch->open;
    return row->kind == ROW_HOST && branch && branch_host_open(branch, row->host);
}

bool rows_has_children(const struct rows *rows, const struct row *row)
{
    const struct branch *branch = branch_of(rows, row->target);

    if (row->kind == ROW_GROUP)
        return true;
    if (row->kind == ROW_TARGET)
        return branch && model_all_hosts(branch->target);
    return row->kind == ROW_HOST && branch && branch_host_children(branch, row->host);
}

void rows_set_open(struct rows *rows, const struct row *row, bool open)
{
    struct branch *branch = branch_of(rows, row->target);

    if (row->kind == ROW_GROUP) {
        rows->groups[row->class].open = open;
        return;
    }
    if (!branch || row->kind == ROW_ENDPOINT)
        return;
    if (row->kind == ROW_TARGET)
        branch->open = open;
    else
        branch_host_set_open(branch, row->host, open);
    refresh(rows, branch);
}

/* Applies to every branch, then counts anew: one pass, whatever changed. */
static void recount_all(struct rows *rows)
{
    unsigned g;
    size_t i;

    for (g = 0; g < target_class_count; g++) {
        struct group *group = &rows->groups[g];

        for (i = 0; i < group->count; i++) {
            struct branch *branch = group->branches[i];

            uncount(rows, branch);
            branch->hidden = rows->keep && !rows->keep(rows->context, branch->target);
            count(rows, branch);
            branch->rows = branch_visible(branch);
        }
        if (group->count)
            group_rebuild(group, group->count);
    }
}

void rows_fold_to_depth(struct rows *rows, unsigned depth)
{
    unsigned g;
    size_t i;

    rows->depth = depth;
    for (g = 0; g < target_class_count; g++) {
        rows->groups[g].open = depth > 1;
        for (i = 0; i < rows->groups[g].count; i++)
            branch_fold(rows->groups[g].branches[i], depth > 2, depth != 3);
    }
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
    uncount(rows, branch);
    branch->tagged = tagged;
    count(rows, branch);
}

void rows_set_filter(struct rows *rows, bool (*keep)(void *context, const struct target *target),
                     void *context)
{
    rows->keep = keep;
    rows->context = context;
    recount_all(rows);
}

static const struct branch *visible_branch(const struct group *group, size_t from, bool forward)
{
    size_t i;

    for (i = from; i < group->count; i += forward ? 1 : (size_t)-1)
        if (!group->branches[i]->hidden && !group->branches[i]->removed)
            return group->branches[i];
    return NULL;
}

/* The first (last) row of the first group after (before) number `group` that shows anything. */
static struct row enter_group(const struct rows *rows, int group, bool forward, enum spread spread)
{
    int tries;

    for (tries = 0; tries <= target_class_count; tries++) {
        const struct branch *last;

        group = (group + (forward ? 1 : target_class_count - 1)) % target_class_count;
        if (!rows->groups[group].shown)
            continue;
        if (forward)
            return (struct row){ROW_GROUP, (enum target_class)group, 0, 0, 0};
        last = visible_branch(&rows->groups[group], rows->groups[group].count - 1, false);
        return branch_row(last, branch_size(last, spread) - 1, spread);
    }
    return (struct row){0};
}

static struct row step_group(const struct rows *rows, const struct row *from, bool forward,
                             enum spread spread)
{
    const struct branch *first = forward ? visible_branch(&rows->groups[from->class], 0, true) : NULL;

    return first ? branch_row(first, 0, spread) : enter_group(rows, (int)from->class, forward, spread);
}

struct row rows_step(const struct rows *rows, const struct row *from, bool forward, enum row_kind deepest)
{
    enum spread spread = deepest == ROW_TARGET ? SPREAD_NONE : SPREAD_FULL;
    const struct branch *branch = branch_of(rows, from->target), *next;
    size_t offset;

    if (from->kind == ROW_GROUP)
        return step_group(rows, from, forward, spread);
    if (!branch)
        return enter_group(rows, forward ? target_class_count - 1 : 0, forward, spread);
    offset = branch_offset(branch, from, spread);
    if (!branch->hidden && !branch->removed) {
        if (forward && offset + 1 < branch_size(branch, spread))
            return branch_row(branch, offset + 1, spread);
        if (!forward && offset)
            return branch_row(branch, offset - 1, spread);
    }
    next =
        visible_branch(&rows->groups[branch->class], branch->position + (forward ? 1 : (size_t)-1), forward);
    if (next)
        return branch_row(next, forward ? 0 : branch_size(next, spread) - 1, spread);
    if (!forward && rows->groups[branch->class].shown)
        return (struct row){ROW_GROUP, branch->class, 0, 0, 0};
    return enter_group(rows, (int)branch->class, forward, spread);
}
