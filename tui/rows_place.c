#include "tui/rows_private.h"

static size_t section_rows(const struct section *section)
{
    return section->shown ? 1 + (section->open ? section->bundles.total + section->plain.total : 0) : 0;
}

size_t rows_count(const struct rows *rows)
{
    size_t total = 0;
    unsigned i;

    for (i = 0; i < target_class_count; i++)
        total += section_rows(&rows->sections[i]);
    return total;
}

static struct row row_in(const struct group *group, size_t offset)
{
    const struct branch *branch = (const struct branch *)group_find(group, &offset);

    return branch_row(branch, offset, SPREAD_FOLDED);
}

static struct row row_in_section(const struct section *section, size_t offset)
{
    const struct bundle *bundle;

    if (offset >= section->bundles.total)
        return row_in(&section->plain, offset - section->bundles.total);
    bundle = (const struct bundle *)group_find(&section->bundles, &offset);
    return offset ? row_in(&bundle->branches, offset - 1) : row_of_bundle(bundle);
}

struct row rows_at(const struct rows *rows, size_t index)
{
    unsigned i;

    for (i = 0; i < target_class_count; i++) {
        size_t size = section_rows(&rows->sections[i]);

        if (index < size)
            return index ? row_in_section(&rows->sections[i], index - 1) : row_of_group((enum target_class)i);
        index -= size;
    }
    return (struct row){0};
}

static size_t section_start(const struct rows *rows, enum target_class class)
{
    size_t start = 0;
    unsigned i;

    for (i = 0; i < (unsigned)class; i++)
        start += section_rows(&rows->sections[i]);
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

/* Where a bundle's own row is, or would be. */
static size_t bundle_start(const struct rows *rows, const struct bundle *bundle)
{
    return section_start(rows, CLASS_PARTNER) + 1 +
           group_before(&rows->sections[CLASS_PARTNER].bundles, bundle->item.position);
}

static bool locate_bundle(const struct rows *rows, const struct bundle *bundle, struct row *row,
                          size_t *index)
{
    *index = bundle_start(rows, bundle);
    if (!bundle->item.rows)
        return nearest(rows, *index, row, index);
    *row = row_of_bundle(bundle);
    return true;
}

static bool locate_branch(const struct rows *rows, const struct branch *branch, struct row *row,
                          size_t *index)
{
    const struct section *section = &rows->sections[branch->class];
    size_t offset;

    if (branch->bundle)
        *index = bundle_start(rows, branch->bundle) + 1 +
                 group_before(&branch->bundle->branches, branch->item.position);
    else
        *index = section_start(rows, branch->class) + 1 + section->bundles.total +
                 group_before(&section->plain, branch->item.position);
    if (!branch->item.rows)
        return nearest(rows, *index, row, index);
    offset = branch_offset(branch, row, SPREAD_FOLDED);
    *row = branch_row(branch, offset, SPREAD_FOLDED);
    *index += offset;
    return true;
}

bool rows_locate(const struct rows *rows, struct row *row, size_t *index)
{
    const struct branch *branch = branch_of(rows, row->target);
    const struct bundle *bundle = branch ? branch->bundle : bundle_of(rows, row->connector);
    enum target_class class = branch ? branch->class : row->class;
    const struct section *section = &rows->sections[class];
    bool known = row->kind == ROW_GROUP || (row->kind == ROW_CONNECTOR && bundle) || branch;

    *index = section_start(rows, class);
    if (row->kind == ROW_NONE || !section->shown || !known)
        return nearest(rows, *index, row, index);
    if (row->kind == ROW_GROUP || !section->open) {
        *row = row_of_group(class);
        return true;
    }
    if (row->kind == ROW_CONNECTOR || (bundle && bundle->item.rows && !bundle->open))
        return locate_bundle(rows, bundle, row, index);
    return locate_branch(rows, branch, row, index);
}
