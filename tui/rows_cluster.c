#include "tui/rows_private.h"

#include "engine/base/mem.h"
#include "tui/provider.h"

#include <stdlib.h>
#include <string.h>

static int compare_clusters(const struct order_node *a, const struct order_node *b)
{
    const struct cluster *one = (const struct cluster *)a, *other = (const struct cluster *)b;
    int by_name;

    if (one->rank != other->rank)
        return one->rank < other->rank ? -1 : 1;
    by_name = strcmp(one->name, other->name);
    return by_name ? by_name : one->id < other->id ? -1 : 1;
}

static int by_rank(const struct branch *one, const struct branch *other, int sign)
{
    int by_name;

    if (one->rank != other->rank)
        return one->rank < other->rank ? -1 : 1;
    by_name = sign * strcmp(one->target->spec.domain, other->target->spec.domain);
    return by_name ? by_name : one->target->id < other->target->id ? -1 : 1;
}

static int compare_up(const struct order_node *a, const struct order_node *b)
{
    return by_rank((const struct branch *)a, (const struct branch *)b, 1);
}

/* Names from the last to the first. */
static int compare_down(const struct order_node *a, const struct order_node *b)
{
    return by_rank((const struct branch *)a, (const struct branch *)b, -1);
}

static void clear(const struct rows *rows, struct cluster *cluster)
{
    bool down = rows->sorting == SORT_NAME && rows->reversed;

    order_init(&cluster->clusters, compare_clusters);
    order_init(&cluster->branches, down ? compare_down : compare_up);
    cluster->targets = 0;
    memset(cluster->verdicts, 0, sizeof cluster->verdicts);
    cluster->placed = false;
    if (cluster->by_size)
        cluster->rank = 0;
}

void clusters_clear(struct rows *rows)
{
    size_t i;

    order_init(&rows->sections, compare_clusters);
    for (i = 0; i < rows->cluster_count; i++)
        clear(rows, rows->clusters[i]);
}

void cluster_free(struct cluster *cluster)
{
    free(cluster->name);
    free(cluster);
}

static struct cluster *add(struct rows *rows, enum row_kind kind, char *name, struct cluster *parent)
{
    struct cluster *cluster = mem_alloc(sizeof *cluster);

    if (!(rows->cluster_count & (rows->cluster_count - 1)))
        rows->clusters = mem_resize(rows->clusters, rows->cluster_count ? 2 * rows->cluster_count : 1,
                                    sizeof *rows->clusters);
    rows->clusters[rows->cluster_count++] = cluster;
    cluster->kind = kind;
    cluster->id = (uint32_t)rows->cluster_count;
    cluster->name = name;
    cluster->parent = parent;
    cluster->open = rows->depth > 1;
    clear(rows, cluster);
    return cluster;
}

static struct cluster *fixed_group(struct rows *rows, const struct target *target)
{
    unsigned value = grouping_value(rows->grouping, target);
    struct cluster **at = &rows->fixed[rows->grouping][value];

    if (!*at) {
        *at = add(rows, ROW_GROUP, grouping_title(rows->grouping, value), NULL);
        (*at)->rank = grouping_rank(rows->grouping, value);
    }
    return *at;
}

/* Operators are many: they are folded until somebody asks. Targets without one stand behind all others. */
static struct cluster *operator_group(struct rows *rows, const struct target *target)
{
    char *name = provider_of_target(target);
    bool known = name;
    struct cluster *cluster;

    if (!name)
        name = mem_string(target->route == ROUTE_UNRESOLVED ? "not resolved yet" : "no mail server known");
    cluster = map_get(&rows->by_operator, name);
    if (cluster) {
        free(name);
        return cluster;
    }
    cluster = add(rows, ROW_GROUP, name, NULL);
    cluster->open = rows->depth > 2;
    cluster->by_size = known;
    cluster->rank = known ? 0 : INT64_MAX;
    map_put(&rows->by_operator, cluster->name, cluster);
    return cluster;
}

/* Connectors of one name in two files are one only when they demand the same and send the same way. Names
 * that Postfix compares are each domain's own. */
static char *connector_key(const struct target_spec *spec)
{
    bool named = spec->tls_domain && spec->name_rule != NAME_RULE_POSTFIX;

    return mem_format("%s\n%d%d%d\n%s\n%s", spec->connector, (int)spec->requirement, spec->never_tls,
                      (int)spec->floor, named ? spec->tls_domain : "",
                      spec->host_count ? spec->hosts[0].host : "");
}

static struct cluster *connector_of(struct rows *rows, const struct target *target, struct cluster *group)
{
    char *key = connector_key(&target->spec);
    struct cluster *cluster = map_get(&rows->by_key, key);

    if (!cluster) {
        cluster = add(rows, ROW_CONNECTOR, mem_string(target->spec.connector), group);
        cluster->rank = cluster->id;
        map_put(&rows->by_key, key, cluster);
    }
    free(key);
    return cluster;
}

struct cluster *cluster_for(struct rows *rows, const struct target *target)
{
    struct cluster *group;

    if (rows->grouping == GROUP_BY_OPERATOR)
        return operator_group(rows, target);
    group = fixed_group(rows, target);
    if (rows->grouping != GROUP_BY_CLASS || target->spec.class != CLASS_PARTNER || !target->spec.connector)
        return group;
    return connector_of(rows, target, group);
}

static struct order *siblings_of(struct rows *rows, const struct cluster *cluster)
{
    return cluster->parent ? &cluster->parent->clusters : &rows->sections;
}

static size_t visible(const struct cluster *cluster)
{
    if (!cluster_shown(cluster))
        return 0;
    return 1 + (cluster->open ? order_rows(&cluster->clusters) + order_rows(&cluster->branches) : 0);
}

void cluster_place(struct rows *rows, struct cluster *cluster)
{
    for (; cluster && !cluster->placed; cluster = cluster->parent) {
        cluster->placed = true;
        cluster->node.rows = (uint32_t)visible(cluster);
        cluster->node.shown = (uint32_t)cluster_shown(cluster);
        order_insert(siblings_of(rows, cluster), &cluster->node);
    }
}

void cluster_settle(struct rows *rows, struct cluster *cluster)
{
    for (; cluster; cluster = cluster->parent) {
        order_set(&cluster->node, visible(cluster), cluster_shown(cluster));
        if (!cluster->by_size || cluster->rank == -(int64_t)cluster->targets)
            continue;
        order_remove(siblings_of(rows, cluster), &cluster->node);
        cluster->rank = -(int64_t)cluster->targets;
        order_insert(siblings_of(rows, cluster), &cluster->node);
    }
}

/* Parents have lower ids than what is below them. */
void clusters_recount(struct rows *rows)
{
    size_t i;

    for (i = rows->cluster_count; i > 0; i--) {
        struct cluster *cluster = rows->clusters[i - 1];

        if (!cluster->placed)
            continue;
        order_recount(&cluster->branches);
        cluster_settle(rows, cluster);
    }
}
