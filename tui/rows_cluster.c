#include "tui/rows_private.h"

#include "engine/base/mem.h"
#include "engine/report/provider.h"

#include <stdlib.h>

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
    return cluster;
}

static struct cluster *fixed_group(struct rows *rows, enum grouping grouping, const struct branch *branch)
{
    unsigned value = grouping == GROUP_BY_CHANGE ? branch->since : grouping_value(grouping, branch->target);
    struct cluster **at = &rows->fixed[grouping][value];

    if (!*at) {
        *at = add(rows, ROW_GROUP, grouping_title(grouping, value), NULL);
        (*at)->rank = grouping_rank(grouping, value);
    }
    return *at;
}

/* Targets without one stand behind all others. */
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
    cluster->is_operator = true;
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

struct cluster *cluster_for(struct rows *rows, enum grouping grouping, const struct branch *branch)
{
    const struct target *target = branch->target;
    struct cluster *group;

    if (grouping == GROUP_BY_OPERATOR)
        return operator_group(rows, target);
    group = fixed_group(rows, grouping, branch);
    if (grouping != GROUP_BY_CLASS || target->spec.class != CLASS_PARTNER || !target->spec.connector)
        return group;
    return connector_of(rows, target, group);
}
