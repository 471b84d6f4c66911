#include "tui/rows_private.h"

static const struct branch *visible_branch(const struct group *group, size_t from, bool forward)
{
    size_t i;

    for (i = from; i < group->count; i += forward ? 1 : (size_t)-1)
        if (!branch_at(group, i)->hidden && !branch_at(group, i)->removed)
            return branch_at(group, i);
    return NULL;
}

static const struct bundle *shown_bundle(const struct section *section, size_t from, bool forward)
{
    size_t i;

    for (i = from; i < section->bundles.count; i += forward ? 1 : (size_t)-1)
        if (bundle_at(section, i)->shown)
            return bundle_at(section, i);
    return NULL;
}

static struct row edge_of(const struct branch *branch, bool first, enum spread spread)
{
    return branch_row(branch, first ? 0 : branch_size(branch, spread) - 1, spread);
}

static struct row last_of_bundle(const struct bundle *bundle, enum spread spread)
{
    const struct branch *last = visible_branch(&bundle->branches, bundle->branches.count - 1, false);

    return edge_of(last, false, spread);
}

/* The first row of a section below its own, or its last; a section shows something. */
static struct row edge_of_section(const struct section *section, bool first, enum spread spread)
{
    const struct bundle *bundle = shown_bundle(section, first ? 0 : section->bundles.count - 1, first);
    const struct branch *branch =
        visible_branch(&section->plain, first ? 0 : section->plain.count - 1, first);

    if (first)
        return bundle ? row_of_bundle(bundle) : edge_of(branch, true, spread);
    return branch ? edge_of(branch, false, spread) : last_of_bundle(bundle, spread);
}

/* The first (last) row of the first section after (before) number `class` that shows anything. */
static struct row enter_section(const struct rows *rows, int class, bool forward, enum spread spread)
{
    int tries;

    for (tries = 0; tries <= target_class_count; tries++) {
        class = (class + (forward ? 1 : target_class_count - 1)) % target_class_count;
        if (!rows->sections[class].shown)
            continue;
        if (forward)
            return row_of_group((enum target_class) class);
        return edge_of_section(&rows->sections[class], false, spread);
    }
    return (struct row){0};
}

/* Behind a bundle: the next one, the first plain target, the next section. Before it: likewise. */
static struct row step_from_bundle(const struct rows *rows, const struct bundle *bundle, bool forward,
                                   enum spread spread)
{
    const struct section *section = &rows->sections[CLASS_PARTNER];
    const struct bundle *next =
        shown_bundle(section, bundle->item.position + (forward ? 1 : (size_t)-1), forward);
    const struct branch *plain;

    if (next)
        return forward ? row_of_bundle(next) : last_of_bundle(next, spread);
    if (!forward)
        return section->shown ? row_of_group(CLASS_PARTNER)
                              : enter_section(rows, CLASS_PARTNER, false, spread);
    plain = visible_branch(&section->plain, 0, true);
    return plain ? edge_of(plain, true, spread) : enter_section(rows, CLASS_PARTNER, true, spread);
}

static struct row step_connector(const struct rows *rows, const struct bundle *bundle, bool forward,
                                 enum spread spread)
{
    const struct branch *first = forward && bundle->shown ? visible_branch(&bundle->branches, 0, true) : NULL;

    return first ? edge_of(first, true, spread) : step_from_bundle(rows, bundle, forward, spread);
}

/* From the last row of a branch on, or from its first back. */
static struct row step_from_branch(const struct rows *rows, const struct branch *branch, bool forward,
                                   enum spread spread)
{
    const struct section *section = &rows->sections[branch->class];
    const struct group *home = branch->bundle ? &branch->bundle->branches : &section->plain;
    const struct branch *next =
        visible_branch(home, branch->item.position + (forward ? 1 : (size_t)-1), forward);
    const struct bundle *before;

    if (next)
        return edge_of(next, forward, spread);
    if (branch->bundle && !forward && branch->bundle->shown)
        return row_of_bundle(branch->bundle);
    if (branch->bundle)
        return step_from_bundle(rows, branch->bundle, forward, spread);
    if (forward)
        return enter_section(rows, (int)branch->class, true, spread);
    before = shown_bundle(section, section->bundles.count - 1, false);
    if (before)
        return last_of_bundle(before, spread);
    return section->shown ? row_of_group(branch->class)
                          : enter_section(rows, (int)branch->class, false, spread);
}

struct row rows_step(const struct rows *rows, const struct row *from, bool forward, enum row_kind deepest)
{
    enum spread spread = deepest == ROW_TARGET ? SPREAD_NONE : SPREAD_FULL;
    const struct branch *branch = branch_of(rows, from->target);
    const struct bundle *bundle = bundle_of(rows, from->connector);
    size_t offset;

    if (from->kind == ROW_GROUP && forward && rows->sections[from->class].shown)
        return edge_of_section(&rows->sections[from->class], true, spread);
    if (from->kind == ROW_GROUP)
        return enter_section(rows, (int)from->class, forward, spread);
    if (from->kind == ROW_CONNECTOR && bundle)
        return step_connector(rows, bundle, forward, spread);
    if (!branch)
        return enter_section(rows, forward ? target_class_count - 1 : 0, forward, spread);
    offset = branch_offset(branch, from, spread);
    if (!branch->hidden && !branch->removed) {
        if (forward && offset + 1 < branch_size(branch, spread))
            return branch_row(branch, offset + 1, spread);
        if (!forward && offset)
            return branch_row(branch, offset - 1, spread);
    }
    return step_from_branch(rows, branch, forward, spread);
}
