#include "tests/bench/figures.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

#define NOISE_LEAST 0.03
#define NOISE_ONCE  0.10

static const char *const better_names[] = {"lower", "higher", "neither"};

static struct figure *find(const struct figures *figures, const char *name)
{
    for (size_t i = 0; i < figures->count; i++)
        if (strcmp(figures->items[i].name, name) == 0)
            return &figures->items[i];
    return NULL;
}

const struct figure *figures_find(const struct figures *figures, const char *name)
{
    return find(figures, name);
}

void figures_add(struct figures *figures, const char *name, const char *unit, enum better better,
                 double value)
{
    struct figure *figure = find(figures, name);

    if (!figure) {
        figures->items = mem_resize(figures->items, figures->count + 1, sizeof *figures->items);
        figure = &figures->items[figures->count++];
        *figure = (struct figure){.name = mem_string(name), .unit = mem_string(unit), .better = better};
    }
    figure->values = mem_resize(figure->values, figure->count + 1, sizeof *figure->values);
    figure->values[figure->count++] = value;
}

void figures_want(struct figures *figures, const char *name, double target)
{
    find(figures, name)->target = target;
}

void figures_release(struct figures *figures)
{
    for (size_t i = 0; i < figures->count; i++) {
        free(figures->items[i].name);
        free(figures->items[i].unit);
        free(figures->items[i].values);
    }
    free(figures->items);
    *figures = (struct figures){0};
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The caller frees. */
static double *sorted(const struct figure *figure)
{
    double *values = mem_copy(figure->values, figure->count * sizeof *values);

    qsort(values, figure->count, sizeof *values, by_value);
    return values;
}

double figure_median(const struct figure *figure)
{
    double *values = sorted(figure);
    size_t half = figure->count / 2;
    double median = figure->count % 2 ? values[half] : (values[half - 1] + values[half]) / 2;

    free(values);
    return median;
}

double figure_noise(const struct figure *figure)
{
    double *values = sorted(figure), median = figure_median(figure);
    double half = (values[figure->count - 1] - values[0]) / 2;
    double least = (median < 0 ? -median : median) * (figure->count > 1 ? NOISE_LEAST : NOISE_ONCE);

    free(values);
    return half > least ? half : least;
}

static const char *judged(const struct figure *figure, double median)
{
    bool met = figure->better == BETTER_HIGHER ? median >= figure->target : median <= figure->target;

    return !figure->target ? "" : met ? "ok" : "MISSED";
}

void figures_print_head(FILE *out)
{
    fprintf(out, "%-44s %12s %-14s %9s %5s %10s\n", "", "median", "", "noise", "runs", "wanted");
}

void figures_print(const struct figures *figures, size_t first, FILE *out)
{
    for (size_t i = first; i < figures->count; i++) {
        const struct figure *figure = &figures->items[i];
        double median = figure_median(figure);
        char wanted[32] = "";

        if (figure->target)
            snprintf(wanted, sizeof wanted, "%s %.6g", figure->better == BETTER_HIGHER ? ">" : "<",
                     figure->target);
        fprintf(out, "%-44s %12.2f %-14s %9.2f %5zu %10s %s\n", figure->name, median, figure->unit,
                figure_noise(figure), figure->count, wanted, judged(figure, median));
    }
}

static json_t *figure_json(const struct figure *figure)
{
    json_t *values = json_array();

    for (size_t i = 0; i < figure->count; i++)
        json_array_append_new(values, json_real(figure->values[i]));
    return json_pack("{s:s, s:s, s:s, s:f, s:f, s:f, s:o}", "name", figure->name, "unit", figure->unit,
                     "better", better_names[figure->better], "target", figure->target, "median",
                     figure_median(figure), "noise", figure_noise(figure), "values", values);
}

json_t *figures_json(const struct figures *figures, json_t *machine)
{
    json_t *list = json_array();

    for (size_t i = 0; i < figures->count; i++)
        json_array_append_new(list, figure_json(&figures->items[i]));
    return json_pack("{s:o, s:o}", "machine", machine, "figures", list);
}

static enum better better_of(const char *name)
{
    for (enum better better = BETTER_LOWER; better < BETTER_NEITHER; better++)
        if (strcmp(better_names[better], name) == 0)
            return better;
    return BETTER_NEITHER;
}

static bool add_from_json(struct figures *figures, json_t *item)
{
    const char *name, *unit, *better;
    double target = 0;
    json_t *values, *value;
    size_t i;

    if (json_unpack(item, "{s:s, s:s, s:s, s?F, s:o}", "name", &name, "unit", &unit, "better", &better,
                    "target", &target, "values", &values) < 0 ||
        !json_array_size(values))
        return false;
    json_array_foreach(values, i, value)
        figures_add(figures, name, unit, better_of(better), json_number_value(value));
    figures_want(figures, name, target);
    return true;
}

bool figures_from_json(struct figures *figures, const json_t *root)
{
    json_t *list = json_object_get(root, "figures"), *item;
    size_t i;

    if (!json_is_array(list))
        return false;
    json_array_foreach(list, i, item) if (!add_from_json(figures, item)) return false;
    return true;
}
