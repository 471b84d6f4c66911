#include "tests/bench/compare.h"

#include <string.h>

double compare_machines(const struct figures *old, const struct figures *new)
{
    const struct figure *then = figures_find(old, FIGURE_WORK), *now = figures_find(new, FIGURE_WORK);
    double before = then ? figure_median(then) : 0, after = now ? figure_median(now) : 0;

    return before > 0 && after > 0 ? after / before : 1;
}

/* What the new figure is multiplied by to be that of a machine as fast as the old run's. */
static double evening(const struct figure *figure, double slower)
{
    const char *unit = figure->unit, *below = strchr(unit, '/');
    size_t length = below ? (size_t)(below - unit) : strlen(unit);
    static const char *const times[] = {"us", "ms", "s"};

    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (strlen(times[i]) == length && strncmp(unit, times[i], length) == 0)
            return 1 / slower;
    return below && strcmp(below, "/s") == 0 ? slower : 1;
}

static double worsened(const struct figure *old, const struct figure *new, double even)
{
    double change = figure_median(new) * even - figure_median(old);

    return new->better == BETTER_HIGHER ? -change : change;
}

static bool is_worse(const struct figure *old, const struct figure *new, double even)
{
    double noise = figure_noise(old) + figure_noise(new);

    return new->better != BETTER_NEITHER &&worsened(old, new, 1) > noise &&worsened(old, new, even) > noise;
}

static void print_row(const struct figure *old, const struct figure *new, double even, FILE *out)
{
    double before = figure_median(old), after = figure_median(new), ratio = before ? after / before : 0;

    fprintf(out, "%-44s %12.2f %12.2f %-14s %7.3f %7.3f %s\n", new->name, before, after, new->unit, ratio,
            ratio * even, is_worse(old, new, even) ? "WORSE" : "");
}

static unsigned print_worse(const struct figures *old, const struct figures *new, double slower, FILE *out)
{
    unsigned worse = 0;

    for (size_t i = 0; i < new->count; i++) {
        const struct figure *now = &new->items[i], *then = figures_find(old, now->name);

        if (!then || !is_worse(then, now, evening(now, slower)))
            continue;
        fprintf(out, "%s%s: from %.6g to %.6g %s, by %.3g where noise is %.3g\n", worse++ ? "" : "\n",
                now->name, figure_median(then), figure_median(now), now->unit, worsened(then, now, 1),
                figure_noise(then) + figure_noise(now));
    }
    fprintf(out, "\n%u figure%s became worse\n", worse, worse == 1 ? "" : "s");
    return worse;
}

static bool same_part(const char *one, const char *other)
{
    size_t length = strcspn(one, ".");

    return strncmp(one, other, length + 1) == 0;
}

static bool has_part(const struct figures *figures, const char *name)
{
    for (size_t i = 0; i < figures->count; i++)
        if (same_part(figures->items[i].name, name))
            return true;
    return false;
}

/* Those of parts that did not run are left out by choice. */
static void print_missing(const struct figures *in, const struct figures *from, const char *when, FILE *out)
{
    for (size_t i = 0; i < in->count; i++)
        if (!figures_find(from, in->items[i].name) && has_part(from, in->items[i].name))
            fprintf(out, "%s: not measured %s\n", in->items[i].name, when);
}

unsigned compare_runs(const struct figures *old, const struct figures *new, FILE *out)
{
    double slower = compare_machines(old, new);

    fprintf(out, "%-44s %12s %12s %-14s %7s %7s\n", "", "old", "new", "", "ratio", "evened");
    for (size_t i = 0; i < new->count; i++) {
        const struct figure *now = &new->items[i], *then = figures_find(old, now->name);

        if (then)
            print_row(then, now, evening(now, slower), out);
    }
    print_missing(old, new, "now", out);
    print_missing(new, old, "then", out);
    return print_worse(old, new, slower, out);
}
