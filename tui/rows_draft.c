#include "tui/rows_private.h"

#include "engine/base/mem.h"
#include "engine/report/campaign.h"

#include <stdlib.h>

bool rows_is_problem(enum verdict verdict)
{
    return verdict >= VERDICT_UNKNOWN;
}

static bool is_overdue(const struct target *target, int32_t today)
{
    return target->spec.due && target->spec.due < today && campaign_is_open(target);
}

static void read_target(const struct rows *rows, const struct wish *wish, struct place *place)
{
    const struct target *target = place->branch->target;
    int64_t rank = sorting_rank(wish->sorting, target);

    place->rank = wish->reversed ? -rank : rank;
    place->verdict = (uint8_t)target->judgement.verdict;
    place->badness = consequence_rank(target->consequence);
    place->state = (uint8_t)target->spec.contact_state;
    place->overdue = is_overdue(target, rows->today);
    place->removed = target->removed;
    place->hidden = (place->branch->only_by_change && wish->grouping != GROUP_BY_CHANGE) ||
                    (wish->keep && !wish->keep(wish->context, target));
}

/* One counts nowhere but among those that a group shows. */
static void tally_ghost(struct rows *rows, unsigned forest, const struct place *place, int sign)
{
    const struct cluster *cluster;

    if (place->hidden)
        return;
    rows->forests[forest].ghosts += (size_t)sign;
    for (cluster = place->home; cluster; cluster = cluster->parent)
        ((struct shelf *)&cluster->shelves[forest])->ghosts += (unsigned)sign;
}

static void tally_campaign(struct rows_campaign *campaign, const struct place *place, int sign)
{
    campaign->states[place->state] += (unsigned)sign;
    campaign->overdue += place->overdue ? (unsigned)sign : 0;
}

/* Counts of a place leave and enter its forest and shelves whole, so that they can't drift. */
void place_tally(struct rows *rows, unsigned forest, const struct place *place, int sign)
{
    struct forest *f = &rows->forests[forest];
    const struct cluster *cluster;

    if (place->removed)
        return;
    if (place->branch->ghost) {
        tally_ghost(rows, forest, place, sign);
        return;
    }
    f->verdicts[place->verdict] += (unsigned)sign;
    f->targets += (size_t)sign;
    f->tagged += place->branch->tagged ? (size_t)sign : 0;
    for (cluster = place->home; cluster; cluster = cluster->parent) {
        struct shelf *shelf = (struct shelf *)&cluster->shelves[forest];

        shelf->verdicts[place->verdict] += (unsigned)sign;
        tally_campaign(&shelf->campaign, place, sign);
        shelf->targets += (unsigned)sign;
    }
}

static size_t visible(const struct forest *forest, const struct place *place)
{
    if (place->hidden || place->removed)
        return 0;
    return branch_size(place->branch, &forest->wish.folding, SPREAD_FOLDED);
}

static void stand(struct rows *rows, unsigned forest, struct place *place, struct cluster *home)
{
    size_t rows_of_it = visible(&rows->forests[forest], place);
    struct shelf *shelf = shelf_in(rows, forest, home);

    place->home = home;
    place->node.rows = (uint32_t)rows_of_it;
    place->node.shown = rows_of_it > 0;
    order_insert(&shelf->places, &place->node);
}

static void follow_trouble(struct rows *rows, unsigned forest, struct place *place, bool moved)
{
    struct order *troubles = &rows->forests[forest].troubles;
    bool trouble = !place->removed && !place->branch->ghost && rows_is_problem((enum verdict)place->verdict);

    if (place->troubled && (moved || !trouble)) {
        order_remove(troubles, &place->trouble);
        place->troubled = false;
    }
    if (!trouble)
        return;
    if (place->troubled) {
        order_set(&place->trouble, 0, place->node.shown);
        return;
    }
    place->trouble.rows = 0;
    place->trouble.shown = place->node.shown;
    place->troubled = true;
    order_insert(troubles, &place->trouble);
}

static struct place *new_place(struct forest *forest)
{
    size_t at = forest->taken % SLAB_PLACES;

    while (forest->taken / SLAB_PLACES >= forest->slab_count) {
        forest->slabs = mem_resize(forest->slabs, forest->slab_count + 1, sizeof *forest->slabs);
        forest->slabs[forest->slab_count++] = mem_array(SLAB_PLACES, sizeof **forest->slabs);
    }
    return &forest->slabs[forest->slab_count - 1][at];
}

void place_take_in(struct rows *rows, unsigned forest, struct branch *branch)
{
    struct forest *f = &rows->forests[forest];
    struct place *place = new_place(f);

    place->branch = branch;
    branch->places[forest] = place;
    f->taken++;
    read_target(rows, &f->wish, place);
    stand(rows, forest, place, cluster_for(rows, f->wish.grouping, branch));
    place_tally(rows, forest, place, +1);
    shelf_settle(rows, forest, place->home);
    follow_trouble(rows, forest, place, false);
}

void place_refresh(struct rows *rows, unsigned forest, struct branch *branch)
{
    struct forest *f = &rows->forests[forest];
    struct place *place = branch->places[forest];
    struct cluster *before = place->home, *home = cluster_for(rows, f->wish.grouping, branch);
    int64_t rank = place->rank;
    int badness = place->badness;

    place_tally(rows, forest, place, -1);
    read_target(rows, &f->wish, place);
    if (home == before && rank == place->rank) {
        size_t rows_of_it = visible(f, place);

        order_set(&place->node, rows_of_it, rows_of_it > 0);
    } else {
        order_remove(&before->shelves[forest].places, &place->node);
        stand(rows, forest, place, home);
    }
    place_tally(rows, forest, place, +1);
    if (home != before)
        shelf_settle(rows, forest, before);
    shelf_settle(rows, forest, home);
    follow_trouble(rows, forest, place, rank != place->rank || badness != place->badness);
}

void place_drop(struct rows *rows, unsigned forest, struct branch *branch)
{
    struct place *place = branch->places[forest];

    place_tally(rows, forest, place, -1);
    order_remove(&place->home->shelves[forest].places, &place->node);
    shelf_settle(rows, forest, place->home);
}

void forest_release(struct forest *forest)
{
    while (forest->slab_count)
        free(forest->slabs[--forest->slab_count]);
    free(forest->slabs);
    forest->slabs = NULL;
    forest->taken = 0;
    forest->serial = 0;
}

/* Frees what is left of a draft or of what one took the place of, a few pieces of it. */
static void clear_away(struct forest *forest, size_t most)
{
    size_t slabs = most / SLAB_PLACES + 1;

    forest->taken = 0;
    forest->serial = 0;
    while (forest->slab_count && slabs--)
        free(forest->slabs[--forest->slab_count]);
    if (!forest->slab_count)
        forest_release(forest);
}

void draft_begin(struct rows *rows)
{
    rows->drafting = true;
    rows->forests[!rows->now].taken = 0;
    rows->forests[!rows->now].serial = 0;
    while (rows->known <= rows->at_once && rows_busy(rows))
        rows_go_on(rows, SIZE_MAX);
}

bool rows_busy(const struct rows *rows)
{
    return rows->drafting || rows->forests[!rows->now].slab_count;
}

static void take_next(struct rows *rows, unsigned draft)
{
    struct branch *branch = rows->all[rows->forests[draft].taken];

    if (branch)
        place_take_in(rows, draft, branch);
    else
        rows->forests[draft].taken++;
}

bool rows_go_on(struct rows *rows, size_t most)
{
    unsigned draft = !rows->now;
    struct forest *forest = &rows->forests[draft];

    if (!forest->serial && forest->slab_count) {
        clear_away(forest, most);
        if (forest->slab_count)
            return false;
    }
    if (!rows->drafting)
        return false;
    if (!forest->serial)
        forest_init(rows, draft, &rows->wish);
    while (forest->taken < rows->known && most--)
        take_next(rows, draft);
    if (forest->taken < rows->known)
        return false;
    rows->now = draft;
    rows->drafting = false;
    rows->forests[!draft].taken = 0;
    rows->forests[!draft].serial = 0;
    return true;
}
