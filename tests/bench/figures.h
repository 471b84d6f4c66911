/* What a run of the benchmarks measured: figures by name, each with the values of its repetitions. As a
 * table and as JSON. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum better {
    BETTER_LOWER,
    BETTER_HIGHER,
    BETTER_NEITHER, /* tells of the run; not compared */
};

struct figure {
    char *name; /* "audit.cpu": the part before the dot is the part of the suite; owned */
    char *unit; /* owned */
    enum better better;
    double target;  /* what is wanted: at most, or at least when higher is better; 0: nothing */
    double *values; /* one a repetition; owned */
    size_t count;
};

struct figures {
    struct figure *items;
    size_t count;
};

/* Adds a value: to the figure of that name when there is one. */
void figures_add(struct figures *figures, const char *name, const char *unit, enum better better,
                 double value);
/* What the figure should be at most (at least); the figure must be there. */
void figures_want(struct figures *figures, const char *name, double target);
const struct figure *figures_find(const struct figures *figures, const char *name); /* NULL: none */
void figures_release(struct figures *figures);

double figure_median(const struct figure *figure);
/* How far off its median a figure may be by chance: half the distance between its lowest and its highest
 * value, and no less than 3% of the median; 10% where it was measured once. */
double figure_noise(const struct figure *figure);

/* A table: its head, and then the figures from number `first` on. */
void figures_print_head(FILE *out);
void figures_print(const struct figures *figures, size_t first, FILE *out);

/* {"machine": …, "figures": [{"name", "unit", "better", "target", "median", "noise", "values"}, …]}; takes
 * `machine` over. */
json_t *figures_json(const struct figures *figures, json_t *machine);
/* Adds those of such a document; false when it is none. */
bool figures_from_json(struct figures *figures, const json_t *root);
