/* What the units of the merging share. */
#pragma once

#include "engine/model/merge.h"

struct merge {
    const struct merge_source *sources;
    size_t count;
    struct model *model;
};

/* What each source has of one target; `known`: it looked the route up, `told`: and was answered. */
struct views {
    const struct target **targets; /* NULL where it has none */
    const struct target **removed; /* where it has one that was removed */
    bool *known, *told;
    size_t newest, newest_removed; /* that has it; the count of sources when none has */
};

/* True when both looks came from one place. */
bool merge_same_place(const struct merge_source *left, const struct merge_source *right);

/* True when sources[index] is the last word of its place among those that have[i] is true for, and its place
 * is another one than that of sources[winner]. */
bool merge_differs(const struct merge *merge, const bool *have, size_t index, size_t winner);

/* "from a.example at 2026-11-23T10:00:00Z: " and what it saw. */
void merge_warn(struct strings *warnings, const struct merge_source *source, int64_t when, const char *saw);

/* Adds what an earlier merge told of places that none of these sources is from. */
void merge_keep_told(const struct merge *merge, const struct strings *from, struct strings *to);

/* What people wrote: what the newest lacks, and in its remarks what others have otherwise. */
void merge_people(const struct merge *merge, const struct views *views, struct target_spec *spec);

/* The history of one target as all sources have it, in order of time. */
void merge_past(const struct merge *merge, struct target *added, const struct target **targets);

void merge_dns(struct dns_facts *to, const struct dns_facts *from);

/* Hosts of all targets, then endpoints. */
void merge_hosts(struct merge *merge);
void merge_endpoints(struct merge *merge);
