#include "tui/rows_private.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

bool rows_is_problem(enum verdict verdict)
{
    return verdict >= VERDICT_UNKNOWN;
}

bool branch_is_trouble(const struct branch *branch)
{
    return !branch->removed && rows_is_problem(branch->verdict);
}

void branch_read(const struct rows *rows, struct branch *branch)
{
    const struct target *target = branch->target;
    int64_t rank = sorting_rank(rows->sorting, target);

    branch->rank = rows->reversed ? -rank : rank;
    branch->verdict = target->judgement.verdict;
    branch->badness = consequence_rank(target->consequence);
    branch->removed = target->removed;
    branch->hidden = rows->keep && !rows->keep(rows->context, target);
}

void branch_tally(struct rows *rows, const struct branch *branch, int sign)
{
    struct cluster *cluster;

    if (branch->removed)
        return;
    rows->verdicts[branch->verdict] += (unsigned)sign;
    rows->targets += (size_t)sign;
    rows->tagged += branch->tagged ? (size_t)sign : 0;
    for (cluster = branch->home; cluster; cluster = cluster->parent) {
        cluster->verdicts[branch->verdict] += (unsigned)sign;
        cluster->targets += (unsigned)sign;
    }
}

static int compare_branches(const void *a, const void *b)
{
    const struct branch *one = *(struct branch *const *)a, *other = *(struct branch *const *)b;

    return one == other ? 0 : one->home->branches.compare(&one->node, &other->node);
}

static struct branch *of_trouble(const struct order_node *node)
{
    return (struct branch *)((char *)node - offsetof(struct branch, trouble));
}

static int compare_troubled(const struct branch *one, const struct branch *other)
{
    if (one->badness != other->badness)
        return one->badness < other->badness ? -1 : 1;
    return one->home->branches.compare(&one->node, &other->node);
}

static int compare_troubles(const struct order_node *a, const struct order_node *b)
{
    return compare_troubled(of_trouble(a), of_trouble(b));
}

static int compare_trouble_pointers(const void *a, const void *b)
{
    const struct branch *one = *(struct branch *const *)a, *other = *(struct branch *const *)b;

    return one == other ? 0 : compare_troubled(one, other);
}

/* Sorts unless it is sorted already, as it is in order of adding. */
static void sort(struct branch **branches, size_t count, int (*compare)(const void *, const void *))
{
    size_t i;

    for (i = 1; i < count; i++) {
        if (compare(&branches[i - 1], &branches[i]) <= 0)
            continue;
        qsort(branches, count, sizeof *branches, compare);
        return;
    }
}

static struct branch **all_branches(struct rows *rows, size_t *count)
{
    struct branch **all = mem_array(rows->known ? rows->known : 1, sizeof *all);
    size_t i;

    *count = 0;
    for (i = 0; i < rows->known; i++)
        all[(*count)++] = branch_of(rows, model_target_at(rows->model, i)->id);
    return all;
}

static void hang(struct rows *rows, struct branch *branch)
{
    branch->node.rows = (uint32_t)branch_visible(branch);
    branch->node.shown = branch->node.rows > 0;
    order_append(&branch->home->branches, &branch->node);
    branch_tally(rows, branch, +1);
}

static void build_troubles(struct rows *rows, struct branch **all, size_t count)
{
    size_t troubled = 0, i;

    order_init(&rows->troubles, compare_troubles);
    for (i = 0; i < count; i++) {
        all[i]->troubled = branch_is_trouble(all[i]);
        if (all[i]->troubled)
            all[troubled++] = all[i];
    }
    sort(all, troubled, compare_trouble_pointers);
    for (i = 0; i < troubled; i++) {
        all[i]->trouble.rows = 0;
        all[i]->trouble.shown = all[i]->node.shown;
        order_append(&rows->troubles, &all[i]->trouble);
    }
    order_recount(&rows->troubles);
}

void rows_build(struct rows *rows)
{
    size_t count, i;
    struct branch **all = all_branches(rows, &count);

    clusters_clear(rows);
    memset(rows->verdicts, 0, sizeof rows->verdicts);
    rows->targets = rows->tagged = 0;
    for (i = 0; i < count; i++) {
        branch_read(rows, all[i]);
        all[i]->home = cluster_for(rows, all[i]->target);
    }
    sort(all, count, compare_branches);
    for (i = 0; i < count; i++)
        hang(rows, all[i]);
    for (i = 0; i < count; i++)
        cluster_place(rows, all[i]->home);
    clusters_recount(rows);
    build_troubles(rows, all, count);
    free(all);
}
