#include "tui/finder.h"

#include <ctype.h>
#include <string.h>

bool finder_holds(const char *text, const char *needle)
{
    const char *c;

    if (!text)
        return false;
    for (c = needle; *c; c++)
        if (isupper((unsigned char)*c))
            return strstr(text, needle);
    return strcasestr(text, needle);
}

static bool target_matches(const struct target *target, const char *needle)
{
    const struct target_spec *spec = &target->spec;

    return finder_holds(spec->domain, needle) || finder_holds(spec->unicode, needle) ||
           finder_holds(spec->connector, needle) || finder_holds(spec->owner, needle) ||
           finder_holds(spec->note, needle);
}

bool finder_matches(const struct model *model, const struct rows *rows, const struct row *row,
                    const char *needle)
{
    const struct host *host;
    const struct endpoint *endpoint;

    switch (row->kind) {
    case ROW_GROUP:
        return finder_holds(rows_name(rows, row->group), needle);
    case ROW_TARGET:
        return target_matches(model_target(model, row->target), needle);
    case ROW_HOST:
        host = model_host(model, row->host);
        return host && finder_holds(host->key.name, needle);
    case ROW_ENDPOINT:
        endpoint = model_endpoint(model, row->endpoint);
        return endpoint && finder_holds(endpoint->key.address, needle);
    case ROW_CONNECTOR: /* its targets hold its name */
    case ROW_VERSION:
    case ROW_NONE:
        break;
    }
    return false;
}

/* Walks once around the tree, at most. */
static bool walk(const struct model *model, const struct rows *rows, const struct row *from,
                 const char *needle, bool forward, struct row *hit)
{
    struct row first = rows_step(rows, from, forward, ROW_ENDPOINT), row = first;

    if (row.kind == ROW_NONE)
        return false;
    do {
        if (finder_matches(model, rows, &row, needle)) {
            *hit = row;
            return true;
        }
        row = rows_step(rows, &row, forward, ROW_ENDPOINT);
    } while (!row_equal(&row, &first));
    return false;
}

bool finder_next(const struct model *model, const struct rows *rows, const struct row *from,
                 const char *needle, bool forward, bool inclusive, struct row *hit)
{
    if (inclusive && from->kind != ROW_NONE && finder_matches(model, rows, from, needle)) {
        *hit = *from;
        return true;
    }
    return walk(model, rows, from, needle, forward, hit);
}
