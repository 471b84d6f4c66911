#include "tui/finder.h"

#include <string.h>

/* What is looked for. */
struct look {
    const struct model *model;
    const struct rows *rows;
    const char *needle;
    bool forward;
};

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

/* `needle` has no capitals. */
static bool begins_folded(const char *text, const char *needle)
{
    for (; *needle; text++, needle++)
        if (lower(*text) != (unsigned char)*needle)
            return false;
    return true;
}

/* Texts are short and very many: strcasestr would take longer to get ready than this to look. */
static bool holds_folded(const char *text, const char *needle)
{
    if (!*needle)
        return true;
    for (; *text; text++)
        if (lower(*text) == (unsigned char)*needle && begins_folded(text + 1, needle + 1))
            return true;
    return false;
}

bool finder_holds(const char *text, const char *needle)
{
    const char *c;

    if (!text)
        return false;
    for (c = needle; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            return strstr(text, needle);
    return holds_folded(text, needle);
}

/* A connector that has a row of its own is found there. NULL: a ghost that went meanwhile. */
static bool target_matches(const struct target *target, bool below_connector, const char *needle)
{
    const struct target_spec *spec;

    if (!target)
        return false;
    spec = &target->spec;
    return finder_holds(spec->domain, needle) || finder_holds(spec->unicode, needle) ||
           (!below_connector && finder_holds(spec->connector, needle)) || finder_holds(spec->owner, needle) ||
           finder_holds(spec->contact, needle) || finder_holds(spec->note, needle);
}

bool finder_matches(const struct model *model, const struct rows *rows, const struct row *row,
                    const char *needle)
{
    const struct host *host;
    const struct endpoint *endpoint;

    switch (row->kind) {
    case ROW_GROUP:
        return finder_holds(rows_name(rows, row->group), needle);
    case ROW_CONNECTOR:
        return finder_holds(rows_name(rows, row->connector), needle);
    case ROW_TARGET:
        return target_matches(rows_target(rows, row->target), row->connector, needle);
    case ROW_HOST:
        host = model_host(model, row->host);
        return host && finder_holds(host->key.name, needle);
    case ROW_ENDPOINT:
        endpoint = model_endpoint(model, row->endpoint);
        return endpoint && finder_holds(endpoint->key.address, needle);
    case ROW_VERSION:
    case ROW_NONE:
        break;
    }
    return false;
}

static bool in_host(const struct look *look, const struct host *host, struct row *row)
{
    size_t i, at;

    row->host = host->id;
    row->kind = ROW_HOST;
    if (look->forward && finder_holds(host->key.name, look->needle))
        return true;
    row->kind = ROW_ENDPOINT;
    for (i = 0; i < host->endpoint_count; i++) {
        at = look->forward ? i : host->endpoint_count - 1 - i;
        row->endpoint = host->endpoints[at]->id;
        if (finder_holds(host->endpoints[at]->key.address, look->needle))
            return true;
    }
    row->endpoint = 0;
    row->kind = ROW_HOST;
    return !look->forward && finder_holds(host->key.name, look->needle);
}

/* In a target's row and all below it; *row, the target's, becomes the one that holds the needle. */
static bool in_target(const struct look *look, struct row *row)
{
    const struct target *target = rows_target(look->rows, row->target);
    struct row own = *row;
    size_t count = rows_is_ghost(row->target) ? 0 : model_all_hosts(target), i;

    if (look->forward && target_matches(target, own.connector, look->needle))
        return true;
    for (i = 0; i < count; i++) {
        *row = own;
        if (in_host(look, model_any_host(target, look->forward ? i : count - 1 - i)->host, row))
            return true;
    }
    *row = own;
    return !look->forward && target_matches(target, own.connector, look->needle);
}

static bool in_row(const struct look *look, struct row *row)
{
    return row->kind == ROW_TARGET ? in_target(look, row)
                                   : finder_matches(look->model, look->rows, row, look->needle);
}

/* What is left of the target that the search begins in; *row becomes the hit, or where to walk on. */
static bool in_rest(const struct rows *rows, const struct look *look, struct row *row)
{
    struct row next = rows_step(rows, row, look->forward, ROW_ENDPOINT);
    uint32_t target = row->target;

    for (; target && next.target == target && !row_equal(&next, row);
         next = rows_step(rows, row, look->forward, ROW_ENDPOINT)) {
        if (next.kind == ROW_TARGET && look->forward)
            break;
        *row = next;
        if (finder_matches(look->model, look->rows, row, look->needle))
            return true;
    }
    return false;
}

enum finder_outcome finder_begin(struct finder_walk *walk, const struct model *model, const struct rows *rows,
                                 const struct row *from, const char *needle, bool forward, bool inclusive,
                                 struct row *hit)
{
    struct look look = {model, rows, needle, forward};
    struct row start = *from;

    walk->running = false;
    *hit = *from;
    if (inclusive && from->kind != ROW_NONE && finder_matches(model, rows, from, needle))
        return FINDER_FOUND;
    if (in_rest(rows, &look, &start)) {
        *hit = start;
        return FINDER_FOUND;
    }
    walk->at = walk->first = rows_step(rows, &start, forward, ROW_TARGET);
    walk->left = 4 * (rows_targets(rows) + rows_next_ghost(rows) - ROWS_GHOSTS) + 64;
    walk->forward = forward;
    walk->running = walk->at.kind != ROW_NONE;
    return walk->running ? FINDER_MORE : FINDER_NOTHING;
}

static enum finder_outcome end(struct finder_walk *walk, enum finder_outcome outcome)
{
    walk->running = false;
    return outcome;
}

enum finder_outcome finder_go_on(struct finder_walk *walk, const struct model *model, const struct rows *rows,
                                 const char *needle, size_t most, struct row *hit)
{
    struct look look = {model, rows, needle, walk->forward};

    if (!walk->running)
        return FINDER_NOTHING;
    while (most--) {
        *hit = walk->at;
        if (in_row(&look, hit))
            return end(walk, FINDER_FOUND);
        walk->at = rows_step(rows, &walk->at, walk->forward, ROW_TARGET);
        if (walk->at.kind == ROW_NONE || row_equal(&walk->at, &walk->first) || !--walk->left)
            return end(walk, FINDER_NOTHING);
    }
    return FINDER_MORE;
}
