#include "engine/report/html_page.h"

#include "engine/base/words.h"

#include <string.h>

static void write_host(const struct page *page, const struct target *target, const struct target_host *place,
                       bool beside)
{
    struct judgement judgement = model_judge_host(page->model, target, place->host);
    struct out *out = page->out;

    out_string(out, "<li>");
    if (place->preference >= 0)
        out_printf(out, "<span class=\"dim\">%d</span> ", place->preference);
    html_text(out, place->host->key.name);
    out_string(out, " ");
    html_verdict(out, judgement.verdict);
    out_string(out, beside ? " <span class=\"dim\">beside the route</span>\n<ul>\n" : "\n<ul>\n");
    for (size_t e = 0; e < place->host->endpoint_count; e++) {
        const struct endpoint *endpoint = place->host->endpoints[e];

        judgement = model_judge_endpoint(page->model, target, place->host, endpoint);
        out_string(out, "<li>");
        html_text(out, endpoint->key.address);
        out_printf(out, ", port %u ", endpoint->key.port);
        html_verdict(out, judgement.verdict);
        out_string(out, "</li>\n");
    }
    out_string(out, "</ul></li>\n");
}

static void write_hosts(const struct page *page, const struct target *target)
{
    out_string(page->out, "<ul>\n");
    for (size_t h = 0; h < model_all_hosts(target); h++)
        write_host(page, target, model_any_host(target, h), h >= target->host_count);
    out_string(page->out, "</ul>\n");
}

/* Partners have a section of their own for it. What is due is open on paper, unless that were thousands of
 * pages. */
static bool gives_evidence(const struct target *target)
{
    return verdict_falls_short(target->judgement.verdict) && !report_is_partner(target);
}

static void write_body(const struct page *page, const struct target *target)
{
    struct out *out = page->out;

    out_string(out, "<div class=\"body\">\n<p>");
    html_give(out, model_explain(page->model, target));
    out_string(out, "</p>\n");
    if (model_all_hosts(target))
        write_hosts(page, target);
    if (report_is_partner(target)) {
        out_printf(out, "<p><a href=\"#p%u\">Evidence and words to send</a></p>\n", target->id);
    } else if (gives_evidence(target)) {
        html_write_evidence(page, target);
        html_write_message(page, target);
    }
    out_string(out, "</div>\n");
}

static void write_line(struct out *out, const struct target *target)
{
    out_string(out, "<bdi>");
    html_text(out, target->spec.unicode);
    out_string(out, "</bdi> ");
    html_verdict(out, target->judgement.verdict);
    out_string(out, " <span>");
    html_versions(out, target);
    out_printf(out, "</span> <span class=\"dim\">%s</span>",
               target->consequence == CONSEQUENCE_UNKNOWN ? "" : consequence_title(target->consequence));
}

/* Where there are many, a partner's hosts stand in its section alone. */
static void write_target(const struct page *page, const struct target *target)
{
    struct out *out = page->out;

    if (page_is_large(page) && report_is_partner(target)) {
        out_printf(out, "<p id=\"t%u\"><a href=\"#p%u\">Evidence</a> ", target->id, target->id);
        write_line(out, target);
        out_string(out, "</p>\n");
        return;
    }
    out_printf(out, "<details id=\"t%u\"%s><summary>", target->id,
               gives_evidence(target) && !page_is_large(page) ? " class=\"due\"" : "");
    write_line(out, target);
    out_string(out, "</summary>\n");
    write_body(page, target);
    out_string(out, "</details>\n");
}

/* [from, to) of all targets: those of one class and connector. */
struct range {
    size_t from, to;
};

static void write_unlisted(const struct page *page, const unsigned counts[verdict_count], unsigned count)
{
    out_printf(page->out, "<p>%u not listed here: ", count);
    html_tally(page->out, counts);
    out_string(page->out, "</p>\n");
}

static void write_range(const struct page *page, const struct range *range)
{
    unsigned unlisted[verdict_count] = {0}, count = 0, listed = 0;

    for (size_t i = range->from; i < range->to; i++) {
        const struct target *target = page->all[i];

        if (!page_lists(page, target)) {
            unlisted[target->judgement.verdict]++;
            count++;
            continue;
        }
        if (listed++ % HTML_LOT == 0)
            out_string(page->out, listed > 1 ? "</div>\n<div class=\"lot\">\n" : "<div class=\"lot\">\n");
        write_target(page, target);
    }
    out_string(page->out, listed ? "</div>\n" : "");
    if (count)
        write_unlisted(page, unlisted, count);
}

static void write_connector(const struct page *page, const struct range *range)
{
    unsigned counts[verdict_count] = {0};
    const char *name = page->all[range->from]->spec.connector;

    if (!name) {
        write_range(page, range);
        return;
    }
    for (size_t i = range->from; i < range->to; i++)
        counts[page->all[i]->judgement.verdict]++;
    out_string(page->out, "<details open><summary>");
    html_text(page->out, name);
    out_string(page->out, " ");
    html_tally(page->out, counts);
    out_string(page->out, "</summary>\n");
    write_range(page, range);
    out_string(page->out, "</details>\n");
}

static void write_class(const struct page *page, enum target_class class)
{
    struct range range;

    for (range.from = 0; range.from < page->all_count; range.from = range.to) {
        range.to = range.from + 1;
        while (range.to < page->all_count &&
               report_same_connector(page->all[range.from], page->all[range.to]))
            range.to++;
        if (page->all[range.from]->spec.class == class)
            write_connector(page, &range);
    }
}

void html_write_tree(const struct page *page)
{
    struct out *out = page->out;

    out_string(out, "<h2 id=\"tree\">Tree</h2>\n");
    if (page_is_large(page))
        out_string(out, "<p class=\"paper\">Of so many targets it is left out on paper.</p>\n");
    out_string(out, "<div class=\"tree\">\n");
    for (unsigned c = 0; c < target_class_count; c++) {
        const unsigned *counts = page->summary.counts.verdicts[c];

        if (!report_class_total(&page->summary, (enum target_class)c))
            continue;
        out_printf(out, "<details open><summary>%s ", target_class_title((enum target_class)c));
        html_tally(out, counts);
        out_string(out, "</summary>\n");
        write_class(page, (enum target_class)c);
        out_string(out, "</details>\n");
    }
    out_string(out, "</div>\n");
}
