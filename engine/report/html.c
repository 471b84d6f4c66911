#include "engine/report/html.h"

#include "data/report/page.h"
#include "engine/base/mem.h"
#include "engine/report/elsewhere.h"
#include "engine/report/html_page.h"
#include "engine/report/methods.h"

#include <stdlib.h>
#include <string.h>

bool page_is_large(const struct page *page)
{
    return page->all_count > HTML_LISTED_MOST;
}

bool page_lists(const struct page *page, const struct target *target)
{
    return !page_is_large(page) || report_is_partner(target) ||
           verdict_falls_short(target->judgement.verdict);
}

static void write_file(struct out *out, const char *name)
{
    for (const struct embedded_file *file = report_files; file->name; file++)
        if (strcmp(file->name, name) == 0)
            out_add(out, file->text, file->length);
}

static void write_head(const struct page *page, const char *title)
{
    struct out *out = page->out;

    out_string(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"");
    write_file(out, "policy.txt");
    out_string(out, "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    html_text(out, title);
    out_string(out, "</title>\n<style>");
    write_file(out, "report.css");
    out_printf(out, "</style>\n</head>\n<body id=\"top\"%s>\n",
               page_is_large(page) ? " class=\"large\"" : "");
}

static void give_item(struct out *out, const char *term, char *text)
{
    html_item(out, term, text);
    free(text);
}

static void write_header(const struct page *page, const char *title)
{
    const struct report_options *options = page->options;
    struct out *out = page->out;

    out_string(out, "<header>\n<h1>");
    html_text(out, title);
    out_string(out, "</h1>\n<dl>\n");
    give_item(out, "Baseline", report_floor(page->model));
    give_item(out, "Selection", report_selection(page->model, options));
    html_item(out, "Seen from", options->vantage);
    give_item(out, "Time", report_period(options));
    html_item(out, "Complete", options->complete ? "yes" : "no: what is missing may be ready or not");
    html_item(out, "Written by", options->generator);
    out_string(out, "</dl>\n<nav aria-label=\"Parts of the report\"><a href=\"#summary\">Summary</a> ");
    out_string(out, page->campaign.total.all ? "<a href=\"#campaign\">Campaign</a> " : "");
    out_string(out, "<a href=\"#problems\">Problems</a> ");
    out_string(out, page->elsewhere_count ? "<a href=\"#elsewhere\">Seen elsewhere</a> " : "");
    out_string(out, "<a href=\"#tree\">Tree</a> <a href=\"#partners\">Partners</a> <a "
                    "href=\"#methods\">Methods and limits</a></nav>\n"
                    "</header>\n");
}

static void write_summary(const struct page *page)
{
    out_string(page->out, "<h2 id=\"summary\">Summary</h2>\n<p>");
    html_give(page->out, report_size(&page->summary));
    out_string(page->out, page->options->selection ? ", of this selection.</p>\n" : ".</p>\n");
    if (!page->summary.counts.targets)
        return;
    html_write_tiles(page);
    html_write_plots(page);
    html_write_counts(page);
}

static void write_list(struct out *out, const char *id, const char *title, const struct strings *list)
{
    if (!list->count)
        return;
    out_printf(out, "<h2 id=\"%s\">%s</h2>\n<ul>\n", id, title);
    for (size_t i = 0; i < list->count; i++) {
        out_string(out, "<li>");
        html_text(out, list->items[i]);
        out_string(out, "</li>\n");
    }
    out_string(out, "</ul>\n");
}

static void write_methods(const struct page *page)
{
    struct strings methods = {0}, limits = {0};

    report_methods(page->model, page->options, &methods);
    report_limits(page->model, page->options, &page->summary, &limits);
    write_list(page->out, "methods", "Methods", &methods);
    write_list(page->out, "limits", "Limits of what was seen", &limits);
    write_list(page->out, "inputs", "Notes on the inputs", model_notes(page->model));
    strings_release(&methods);
    strings_release(&limits);
}

static void write_page(const struct page *page)
{
    char *title = report_title(page->model);

    write_head(page, title);
    write_header(page, title);
    out_string(page->out, "<main>\n");
    write_summary(page);
    html_write_campaign(page);
    html_write_problems(page);
    html_write_expiring(page);
    html_write_elsewhere(page);
    html_write_tree(page);
    html_write_partners(page);
    write_methods(page);
    out_string(page->out, "</main>\n<script>");
    write_file(page->out, "report.js");
    out_string(page->out, "</script>\n</body>\n</html>\n");
    free(title);
}

static bool anyone(const struct target *target)
{
    (void)target;
    return true;
}

void html_write(const struct model *model, const struct report_options *options, struct out *out)
{
    struct page page = {.out = out, .model = model, .options = options};

    report_summarise(model, &page.summary);
    campaign_look(model, &page.campaign);
    page.problems = report_by_consequence(model, report_is_problem, &page.problem_count);
    page.partners = report_by_connector(model, report_is_partner, &page.partner_count);
    page.all = report_by_connector(model, anyone, &page.all_count);
    page.elsewhere = report_by_consequence(model, elsewhere_any, &page.elsewhere_count);
    html_plan_paper(&page);
    write_page(&page);
    campaign_release(&page.campaign);
    free(page.problems);
    free(page.partners);
    free(page.all);
    free(page.elsewhere);
}
