#include "engine/report/compare.h"

#include "engine/base/mem.h"
#include "engine/report/compare_private.h"

#include <stdlib.h>
#include <string.h>

static void add(struct difference **list, size_t *count, const struct difference *difference)
{
    if (!(*count & (*count - 1)))
        *list = mem_resize(*list, *count ? *count * 2 : 1, sizeof **list);
    (*list)[(*count)++] = *difference;
}

static void add_target(struct comparison *out, const struct difference *difference)
{
    add(&out->targets, &out->target_count, difference);
    out->target_changes[difference->change]++;
}

static void add_endpoint(struct comparison *out, const struct difference *difference)
{
    add(&out->endpoints, &out->endpoint_count, difference);
    out->endpoint_changes[difference->change]++;
}

static void compare_targets(const struct model *before, const struct model *after, struct comparison *out)
{
    struct difference difference;

    for (size_t i = 0; i < model_target_count(after); i++) {
        const struct target *target = model_target_at(after, i);

        if (target->removed)
            continue;
        if (compare_target(before, after, target, &difference))
            add_target(out, &difference);
        else
            out->targets_unchanged++;
    }
    for (size_t i = 0; i < model_target_count(before); i++)
        if (compare_gone_target(after, model_target_at(before, i), &difference))
            add_target(out, &difference);
}

static void compare_endpoints(const struct model *before, const struct model *after, struct comparison *out)
{
    struct difference difference;

    for (size_t i = 0; i < model_endpoint_count(after); i++) {
        const struct endpoint *endpoint = model_endpoint_at(after, i);

        if (!compare_on_route(endpoint))
            continue;
        if (compare_endpoint(before, after, endpoint, &difference))
            add_endpoint(out, &difference);
        else
            out->endpoints_unchanged++;
    }
    for (size_t i = 0; i < model_endpoint_count(before); i++)
        if (compare_gone_endpoint(before, after, model_endpoint_at(before, i), &difference))
            add_endpoint(out, &difference);
}

static int by_change(const struct difference *a, const struct difference *b)
{
    return a->change == b->change ? 0 : a->change < b->change ? -1 : 1;
}

static int by_target(const void *left, const void *right)
{
    const struct difference *a = left, *b = right;
    const struct target_spec *one = a->target ? &a->target->spec : &a->target_before->spec;
    const struct target_spec *two = b->target ? &b->target->spec : &b->target_before->spec;
    int order = by_change(a, b);

    if (!order)
        order = strcmp(one->domain, two->domain);
    if (!order)
        order = (int)one->class - (int)two->class;
    if (!order)
        order = strcmp(one->connector ? one->connector : "", two->connector ? two->connector : "");
    return order;
}

static int by_endpoint(const void *left, const void *right)
{
    const struct difference *a = left, *b = right;
    const struct endpoint_key *one = a->endpoint ? &a->endpoint->key : &a->endpoint_before->key;
    const struct endpoint_key *two = b->endpoint ? &b->endpoint->key : &b->endpoint_before->key;
    int order = by_change(a, b);

    if (!order)
        order = strcmp(one->server_name, two->server_name);
    if (!order)
        order = strcmp(one->address, two->address);
    if (!order)
        order = one->port == two->port ? (int)one->protocol - (int)two->protocol
                                       : (int)one->port - (int)two->port;
    return order;
}

void compare_models(const struct model *before, const struct model *after, struct comparison *out)
{
    *out = (struct comparison){0};
    compare_targets(before, after, out);
    compare_endpoints(before, after, out);
    if (out->target_count)
        qsort(out->targets, out->target_count, sizeof *out->targets, by_target);
    if (out->endpoint_count)
        qsort(out->endpoints, out->endpoint_count, sizeof *out->endpoints, by_endpoint);
    compare_moved(out);
}

void comparison_release(struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->target_count; i++)
        difference_release(&comparison->targets[i]);
    for (size_t i = 0; i < comparison->endpoint_count; i++)
        difference_release(&comparison->endpoints[i]);
    free(comparison->targets);
    free(comparison->endpoints);
    *comparison = (struct comparison){0};
}

bool comparison_regressed(const struct comparison *comparison)
{
    return comparison->target_changes[CHANGE_REGRESSED] || comparison->endpoint_changes[CHANGE_REGRESSED];
}
