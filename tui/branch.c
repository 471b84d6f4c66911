#include "tui/branch.h"

#include "engine/base/mem.h"

#include <stdlib.h>

void branch_free(struct branch *branch)
{
    if (!branch)
        return;
    free(branch->flipped);
    free(branch);
}

static size_t flip_of(const struct branch *branch, uint32_t id)
{
    size_t i;

    for (i = 0; i < branch->flipped_count; i++)
        if (branch->flipped[i] == id)
            break;
    return i;
}

static bool is_flipped(const struct branch *branch, uint32_t id)
{
    return branch->flipped_count && flip_of(branch, id) < branch->flipped_count;
}

static void flip(struct branch *branch, uint32_t id)
{
    size_t at = flip_of(branch, id);

    if (at < branch->flipped_count) {
        branch->flipped[at] = branch->flipped[--branch->flipped_count];
        return;
    }
    branch->flipped = mem_resize(branch->flipped, branch->flipped_count + 1, sizeof *branch->flipped);
    branch->flipped[branch->flipped_count++] = id;
}

/* The folds that count. */
struct folds {
    bool open, hosts_open, endpoints_open, touched;
};

static struct folds folds_of(const struct branch *branch, const struct folding *folding)
{
    if (branch->epoch == folding->epoch)
        return (struct folds){branch->open, branch->hosts_open, branch->endpoints_open, true};
    return (struct folds){folding->depth > 2, folding->depth != 3, folding->depth > 4, false};
}

static bool host_open(const struct branch *branch, const struct folds *folds, uint32_t host)
{
    return folds->hosts_open != (folds->touched && is_flipped(branch, host));
}

static bool endpoint_open(const struct branch *branch, const struct folds *folds, uint32_t endpoint)
{
    return folds->endpoints_open != (folds->touched && is_flipped(branch, endpoint));
}

bool branch_is_open(const struct branch *branch, const struct folding *folding, const struct row *row)
{
    struct folds folds = folds_of(branch, folding);

    if (row->kind == ROW_TARGET)
        return folds.open;
    if (row->kind == ROW_HOST)
        return host_open(branch, &folds, row->host);
    return row->kind == ROW_ENDPOINT && endpoint_open(branch, &folds, row->endpoint);
}

static void touch(struct branch *branch, const struct folding *folding)
{
    struct folds folds = folds_of(branch, folding);

    if (folds.touched)
        return;
    branch->epoch = folding->epoch;
    branch->open = folds.open;
    branch->hosts_open = folds.hosts_open;
    branch->endpoints_open = folds.endpoints_open;
    free(branch->flipped);
    branch->flipped = NULL;
    branch->flipped_count = 0;
}

void branch_set_open(struct branch *branch, const struct folding *folding, const struct row *row, bool open)
{
    if (branch_is_open(branch, folding, row) == open)
        return;
    touch(branch, folding);
    if (row->kind == ROW_TARGET)
        branch->open = open;
    else if (row->kind == ROW_HOST || row->kind == ROW_ENDPOINT)
        flip(branch, row->kind == ROW_HOST ? row->host : row->endpoint);
}

static size_t versions_of(const struct endpoint *endpoint)
{
    return endpoint->facts ? TLS_VERSIONS : 0;
}

/* How much of a branch counts. */
struct extent {
    const struct branch *branch;
    struct folds folds;
    enum spread spread;
};

static struct extent extent_of(const struct branch *branch, const struct folding *folding, enum spread spread)
{
    return (struct extent){branch, folds_of(branch, folding), branch->ghost ? SPREAD_NONE : spread};
}

static size_t endpoint_rows(const struct extent *extent, const struct endpoint *endpoint)
{
    bool open =
        extent->spread == SPREAD_FOLDED && endpoint_open(extent->branch, &extent->folds, endpoint->id);

    return 1 + (open ? versions_of(endpoint) : 0);
}

static size_t host_rows(const struct extent *extent, const struct host *host)
{
    size_t rows = 1, i;

    if (extent->spread == SPREAD_FULL)
        return 1 + host->endpoint_count;
    if (!host_open(extent->branch, &extent->folds, host->id))
        return 1;
    for (i = 0; i < host->endpoint_count; i++)
        rows += endpoint_rows(extent, host->endpoints[i]);
    return rows;
}

static bool spreads(const struct extent *extent)
{
    return extent->spread == SPREAD_FULL || (extent->spread == SPREAD_FOLDED && extent->folds.open);
}

size_t branch_size(const struct branch *branch, const struct folding *folding, enum spread spread)
{
    struct extent extent = extent_of(branch, folding, spread);
    size_t size = 1, i;

    if (!spreads(&extent))
        return size;
    for (i = 0; i < model_all_hosts(branch->target); i++)
        size += host_rows(&extent, model_any_host(branch->target, i)->host);
    return size;
}

/* Fills in what is below a host, whose own row is at 0. */
static void row_below(const struct extent *extent, const struct host *host, size_t offset, struct row *row)
{
    size_t i;

    row->kind = ROW_HOST;
    row->host = host->id;
    if (!offset--)
        return;
    for (i = 0; i < host->endpoint_count; i++) {
        size_t size = endpoint_rows(extent, host->endpoints[i]);

        if (offset >= size) {
            offset -= size;
            continue;
        }
        row->kind = offset ? ROW_VERSION : ROW_ENDPOINT;
        row->endpoint = host->endpoints[i]->id;
        if (offset)
            row->version = (enum tls_version)(TLS_VERSIONS - offset);
        return;
    }
}

struct row branch_row(const struct branch *branch, const struct folding *folding, uint32_t connector,
                      size_t offset, enum spread spread)
{
    struct row row = {.kind = ROW_TARGET, .connector = connector, .target = branch->target->id};
    struct extent extent = extent_of(branch, folding, spread);
    size_t i;

    if (!offset--)
        return row;
    for (i = 0; i < model_all_hosts(branch->target); i++) {
        const struct host *host = model_any_host(branch->target, i)->host;
        size_t size = host_rows(&extent, host);

        if (offset < size) {
            row_below(&extent, host, offset, &row);
            return row;
        }
        offset -= size;
    }
    return row;
}

/* Of what is below a host; 0 for the host itself. */
static size_t offset_below(const struct extent *extent, const struct host *host, const struct row *row)
{
    size_t offset = 1, i;

    for (i = 0; i < host->endpoint_count; i++) {
        size_t size = endpoint_rows(extent, host->endpoints[i]);

        if (host->endpoints[i]->id != row->endpoint)
            offset += size;
        else if (row->kind == ROW_VERSION && size > 1)
            return offset + TLS_VERSIONS - (size_t)row->version;
        else
            return offset;
    }
    return 0;
}

size_t branch_offset(const struct branch *branch, const struct folding *folding, const struct row *row,
                     enum spread spread)
{
    struct extent extent = extent_of(branch, folding, spread);
    size_t offset = 1, i;

    if (row->kind == ROW_TARGET || !spreads(&extent))
        return 0;
    for (i = 0; i < model_all_hosts(branch->target); i++) {
        const struct host *host = model_any_host(branch->target, i)->host;
        size_t size = host_rows(&extent, host);

        if (host->id == row->host)
            return offset + (size > 1 && row->endpoint ? offset_below(&extent, host, row) : 0);
        offset += size;
    }
    return 0;
}

static size_t endpoint_children(const struct host *host, uint32_t endpoint)
{
    size_t i;

    for (i = 0; i < host->endpoint_count; i++)
        if (host->endpoints[i]->id == endpoint)
            return versions_of(host->endpoints[i]);
    return 0;
}

bool branch_has_children(const struct branch *branch, const struct row *row)
{
    size_t i;

    if (branch->ghost)
        return false;
    if (row->kind == ROW_TARGET)
        return model_all_hosts(branch->target);
    for (i = 0; i < model_all_hosts(branch->target); i++) {
        const struct host *host = model_any_host(branch->target, i)->host;

        if (host->id != row->host)
            continue;
        if (row->kind == ROW_HOST)
            return host->endpoint_count;
        return row->kind == ROW_ENDPOINT && endpoint_children(host, row->endpoint);
    }
    return false;
}
