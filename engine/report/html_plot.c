#include "engine/report/html_page.h"

#include "engine/base/words.h"

#include <stdio.h>

#define LEFT  150 /* where bars begin; of the drawing's own units */
#define LONG  600 /* the longest bar */
#define STEP  34  /* from bar to bar */
#define THICK 22
#define WIDTH 860

struct bar {
    const char *label;
    unsigned count;
};

static void begin(struct out *out, const char *id, const char *caption, unsigned bars)
{
    unsigned height = bars * STEP + 6;

    out_printf(out, "<figure>\n<figcaption>%s</figcaption>\n", caption);
    out_printf(out,
               "<div class=\"wide\"><svg viewBox=\"0 0 %d %u\" width=\"%d\" height=\"%u\" role=\"img\" "
               "aria-labelledby=\"%s-title "
               "%s-text\">\n<title id=\"%s-title\">%s</title>\n<desc id=\"%s-text\">",
               WIDTH, height, WIDTH, height, id, id, id, caption, id);
}

static void label(struct out *out, unsigned place, const char *text)
{
    out_printf(out, "<text x=\"%d\" y=\"%u\" text-anchor=\"end\">%s</text>\n", LEFT - 12,
               place * STEP + THICK - 3, text);
}

static void count_at(struct out *out, unsigned place, double x, unsigned count)
{
    out_printf(out, "<text class=\"count\" x=\"%.1f\" y=\"%u\">%u</text>\n", x + 8, place * STEP + THICK - 3,
               count);
}

static void rect(struct out *out, const char *class, double x, unsigned place, double width)
{
    out_printf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%u\" width=\"%.1f\" height=\"%d\"", class, x,
               place * STEP + 3, width, THICK);
}

static void tell_verdicts(const struct page *page)
{
    struct out *out = page->out;

    for (unsigned c = 0; c < target_class_count; c++) {
        const char *before = ": ";

        if (!report_class_total(&page->summary, (enum target_class)c))
            continue;
        out_string(out, target_class_title((enum target_class)c));
        for (unsigned v = verdict_count; v--;)
            if (page->summary.counts.verdicts[c][v]) {
                out_printf(out, "%s%u %s", before, page->summary.counts.verdicts[c][v],
                           verdict_title((enum verdict)v));
                before = ", ";
            }
        out_string(out, ". ");
    }
    out_string(out, "</desc>\n");
}

/* The parts of a bar, the worst first; together they are the whole length. */
static void verdict_bar(const struct page *page, unsigned class, unsigned place)
{
    const unsigned *counts = page->summary.counts.verdicts[class];
    unsigned total = report_class_total(&page->summary, (enum target_class) class);
    double x = LEFT;

    label(page->out, place, target_class_title((enum target_class) class));
    for (unsigned v = verdict_count; v--;) {
        double width = (double)LONG * counts[v] / total;
        char name[40];

        if (!counts[v])
            continue;
        snprintf(name, sizeof name, "f-%s", verdict_name((enum verdict)v));
        rect(page->out, name, x, place, width);
        out_printf(page->out, "><title>%u %s</title></rect>\n", counts[v], verdict_title((enum verdict)v));
        x += width;
    }
    count_at(page->out, place, x, total);
}

static void legend(const struct page *page)
{
    out_string(page->out, "<ul class=\"legend\">\n");
    for (unsigned v = verdict_count; v--;) {
        if (!page->summary.verdicts[v])
            continue;
        out_string(page->out, "<li>");
        html_verdict(page->out, (enum verdict)v);
        out_printf(page->out, " %u</li>\n", page->summary.verdicts[v]);
    }
    out_string(page->out, "</ul>\n");
}

static void plot_verdicts(const struct page *page)
{
    unsigned classes = 0, place = 0;

    for (unsigned c = 0; c < target_class_count; c++)
        classes += report_class_total(&page->summary, (enum target_class)c) > 0;
    begin(page->out, "verdicts", "Verdicts by class", classes);
    tell_verdicts(page);
    for (unsigned c = 0; c < target_class_count; c++)
        if (report_class_total(&page->summary, (enum target_class)c))
            verdict_bar(page, c, place++);
    out_string(page->out, "</svg></div>\n");
    legend(page);
    out_string(page->out, "</figure>\n");
}

/* The best version first. */
static void gather_versions(const struct page *page, struct bar bars[TLS_VERSIONS + 2])
{
    for (unsigned v = 0; v < TLS_VERSIONS; v++)
        bars[TLS_VERSIONS - 1 - v] =
            (struct bar){tls_version_title((enum tls_version)v), page->summary.versions[v]};
    bars[TLS_VERSIONS] = (struct bar){"none", page->summary.clear};
    bars[TLS_VERSIONS + 1] = (struct bar){"not known", page->summary.silent};
}

static const char *version_class(const struct page *page, unsigned bar)
{
    unsigned minimum = (unsigned)model_baseline(page->model)->minimum;

    if (bar > TLS_VERSIONS)
        return "f-unknown";
    if (bar == TLS_VERSIONS)
        return "f-plaintext";
    return TLS_VERSIONS - 1 - bar >= minimum ? "f-ready" : "f-not-ready";
}

static void plot_versions(const struct page *page)
{
    struct bar bars[TLS_VERSIONS + 2];
    unsigned total = page->summary.counts.targets ? page->summary.counts.targets : 1;
    struct out *out = page->out;

    gather_versions(page, bars);
    begin(out, "versions", "Best TLS version of each target&#39;s weakest server", TLS_VERSIONS + 2);
    for (unsigned i = 0; i < TLS_VERSIONS + 2; i++)
        out_printf(out, "%s%s: %u", i ? ", " : "", bars[i].label, bars[i].count);
    out_string(out, ".</desc>\n");
    for (unsigned i = 0; i < TLS_VERSIONS + 2; i++) {
        double width = (double)LONG * bars[i].count / total;

        label(out, i, bars[i].label);
        rect(out, "bed", LEFT, i, LONG);
        out_string(out, "/>\n");
        rect(out, version_class(page, i), LEFT, i, width);
        out_printf(out, "><title>%u %s</title></rect>\n", bars[i].count, bars[i].label);
        count_at(out, i, LEFT + LONG, bars[i].count);
    }
    out_string(out, "</svg></div>\n</figure>\n");
}

void html_write_plots(const struct page *page)
{
    plot_verdicts(page);
    plot_versions(page);
}
