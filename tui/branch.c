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

static size_t flip_of(const struct branch *branch, uint32_t host)
{
    size_t i;

    for (i = 0; i < branch->flipped_count; i++)
        if (branch->flipped[i] == host)
            break;
    return i;
}

bool branch_host_open(const struct branch *branch, uint32_t host)
{
    return branch->hosts_open != (flip_of(branch, host) < branch->flipped_count);
}

void branch_host_set_open(struct branch *branch, uint32_t host, bool open)
{
    size_t at = flip_of(branch, host);

    if (branch_host_open(branch, host) == open)
        return;
    if (at < branch->flipped_count) {
        branch->flipped[at] = branch->flipped[--branch->flipped_count];
        return;
    }
    branch->flipped = mem_resize(branch->flipped, branch->flipped_count + 1, sizeof *branch->flipped);
    branch->flipped[branch->flipped_count++] = host;
}

void branch_fold(struct branch *branch, bool open, bool hosts_open)
{
    branch->open = open;
    branch->hosts_open = hosts_open;
    free(branch->flipped);
    branch->flipped = NULL;
    branch->flipped_count = 0;
}

static size_t host_rows(const struct branch *branch, const struct host *host, enum spread spread)
{
    return 1 + (spread == SPREAD_FULL || branch_host_open(branch, host->id) ? host->endpoint_count : 0);
}

static bool spreads(const struct branch *branch, enum spread spread)
{
    return spread == SPREAD_FULL || (spread == SPREAD_FOLDED && branch->open);
}

size_t branch_size(const struct branch *branch, enum spread spread)
{
    size_t size = 1, i;

    if (!spreads(branch, spread))
        return size;
    for (i = 0; i < model_all_hosts(branch->target); i++)
        size += host_rows(branch, model_any_host(branch->target, i)->host, spread);
    return size;
}

size_t branch_visible(const struct branch *branch)
{
    return branch->hidden || branch->removed ? 0 : branch_size(branch, SPREAD_FOLDED);
}

struct row branch_row(const struct branch *branch, size_t offset, enum spread spread)
{
    struct row row = {.kind = ROW_TARGET,
                      .class = branch->class,
                      .connector = branch->connector,
                      .target = branch->target->id};
    size_t i;

    if (!offset--)
        return row;
    for (i = 0; i < model_all_hosts(branch->target); i++) {
        const struct host *host = model_any_host(branch->target, i)->host;
        size_t size = host_rows(branch, host, spread);

        if (offset >= size) {
            offset -= size;
            continue;
        }
        row.kind = offset ? ROW_ENDPOINT : ROW_HOST;
        row.host = host->id;
        row.endpoint = offset ? host->endpoints[offset - 1]->id : 0;
        return row;
    }
    return row;
}

static size_t endpoint_offset(const struct host *host, uint32_t endpoint)
{
    size_t i;

    for (i = 0; i < host->endpoint_count; i++)
        if (host->endpoints[i]->id == endpoint)
            return i + 1;
    return 0;
}

size_t branch_offset(const struct branch *branch, const struct row *row, enum spread spread)
{
    size_t offset = 1, i;

    if (row->kind == ROW_TARGET || !spreads(branch, spread))
        return 0;
    for (i = 0; i < model_all_hosts(branch->target); i++) {
        const struct host *host = model_any_host(branch->target, i)->host;
        size_t size = host_rows(branch, host, spread);

        if (host->id == row->host)
            return offset + (size > 1 ? endpoint_offset(host, row->endpoint) : 0);
        offset += size;
    }
    return 0;
}

bool branch_host_children(const struct branch *branch, uint32_t host)
{
    size_t i;

    for (i = 0; i < model_all_hosts(branch->target); i++)
        if (model_any_host(branch->target, i)->host->id == host)
            return model_any_host(branch->target, i)->host->endpoint_count;
    return false;
}
