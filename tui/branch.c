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

bool branch_is_open(const struct branch *branch, const struct row *row)
{
    if (row->kind == ROW_HOST)
        return branch->hosts_open != is_flipped(branch, row->host);
    return row->kind == ROW_ENDPOINT && branch->endpoints_open != is_flipped(branch, row->endpoint);
}

void branch_set_open(struct branch *branch, const struct row *row, bool open)
{
    if (branch_is_open(branch, row) != open)
        flip(branch, row->kind == ROW_HOST ? row->host : row->endpoint);
}

void branch_fold(struct branch *branch, unsigned depth)
{
    branch->open = depth > 2;
    branch->hosts_open = depth != 3;
    branch->endpoints_open = depth > 4;
    free(branch->flipped);
    branch->flipped = NULL;
    branch->flipped_count = 0;
}

static size_t versions_of(const struct endpoint *endpoint)
{
    return endpoint->facts ? TLS_VERSIONS : 0;
}

static size_t endpoint_rows(const struct branch *branch, const struct endpoint *endpoint, enum spread spread)
{
    bool open = spread == SPREAD_FOLDED && branch->endpoints_open != is_flipped(branch, endpoint->id);

    return 1 + (open ? versions_of(endpoint) : 0);
}

static size_t host_rows(const struct branch *branch, const struct host *host, enum spread spread)
{
    size_t rows = 1, i;

    if (spread == SPREAD_FULL)
        return 1 + host->endpoint_count;
    if (branch->hosts_open == is_flipped(branch, host->id))
        return 1;
    for (i = 0; i < host->endpoint_count; i++)
        rows += endpoint_rows(branch, host->endpoints[i], spread);
    return rows;
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

/* Fills in what is below a host, whose own row is at 0. */
static void row_below(const struct branch *branch, const struct host *host, size_t offset, enum spread spread,
                      struct row *row)
{
    size_t i;

    row->kind = ROW_HOST;
    row->host = host->id;
    if (!offset--)
        return;
    for (i = 0; i < host->endpoint_count; i++) {
        size_t size = endpoint_rows(branch, host->endpoints[i], spread);

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

struct row branch_row(const struct branch *branch, uint32_t connector, size_t offset, enum spread spread)
{
    struct row row = {.kind = ROW_TARGET, .connector = connector, .target = branch->target->id};
    size_t i;

    if (!offset--)
        return row;
    for (i = 0; i < model_all_hosts(branch->target); i++) {
        const struct host *host = model_any_host(branch->target, i)->host;
        size_t size = host_rows(branch, host, spread);

        if (offset < size) {
            row_below(branch, host, offset, spread, &row);
            return row;
        }
        offset -= size;
    }
    return row;
}

/* Of what is below a host; 0 for the host itself. */
static size_t offset_below(const struct branch *branch, const struct host *host, const struct row *row,
                           enum spread spread)
{
    size_t offset = 1, i;

    for (i = 0; i < host->endpoint_count; i++) {
        size_t size = endpoint_rows(branch, host->endpoints[i], spread);

        if (host->endpoints[i]->id != row->endpoint)
            offset += size;
        else if (row->kind == ROW_VERSION && size > 1)
            return offset + TLS_VERSIONS - (size_t)row->version;
        else
            return offset;
    }
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
            return offset + (size > 1 && row->endpoint ? offset_below(branch, host, row, spread) : 0);
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
