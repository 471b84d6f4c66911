#include "engine/report/html_page.h"

#include "engine/base/mem.h"
#include "engine/base/words.h"
#include "engine/report/contacts_text.h"

#include <stdlib.h>

void html_write_tiles(const struct page *page)
{
    struct out *out = page->out;

    out_string(out, "<ul class=\"tiles\">\n");
    for (unsigned c = consequence_count; c--;) {
        unsigned count = page->summary.consequences[c];

        if (count)
            out_printf(out, "<li class=\"c-%s\"><b>%u</b>%s</li>\n", consequence_name((enum consequence)c),
                       count,
                       c == CONSEQUENCE_UNKNOWN ? "what happens is not known"
                                                : consequence_title((enum consequence)c));
    }
    out_string(out, "</ul>\n");
}

void html_count_cell(struct out *out, unsigned count)
{
    out_printf(out, count ? "<td class=\"n\">%u</td>" : "<td class=\"n zero\">%u</td>", count);
}

static void count_row(const struct page *page, unsigned class)
{
    bool all = class == target_class_count;
    const unsigned *counts = all ? page->summary.verdicts : page->summary.counts.verdicts[class];
    unsigned total = 0;

    out_printf(page->out, "<tr><th scope=\"row\">%s</th>",
               all ? "All" : target_class_title((enum target_class) class));
    for (unsigned v = verdict_count; v--;) {
        html_count_cell(page->out, counts[v]);
        total += counts[v];
    }
    html_count_cell(page->out, total);
    out_string(page->out, "</tr>\n");
}

void html_write_counts(const struct page *page)
{
    struct out *out = page->out;

    out_string(out,
               "<div class=\"wide\"><table>\n<caption>Targets by class and verdict</caption>\n<thead><tr><th "
               "scope=\"col\">Class</th>");
    for (unsigned v = verdict_count; v--;) {
        out_string(out, "<th scope=\"col\" class=\"n\">");
        html_verdict(out, (enum verdict)v);
        out_string(out, "</th>");
    }
    out_string(out, "<th scope=\"col\" class=\"n\">all</th></tr></thead>\n<tbody>\n");
    for (unsigned c = 0; c < target_class_count; c++)
        if (report_class_total(&page->summary, (enum target_class)c))
            count_row(page, c);
    count_row(page, target_class_count);
    out_string(out, "</tbody></table></div>\n");
}

static const char *const problem_heads[] = {"Target",           "Class",          "Mail", "Verdict", "TLS",
                                            "Certificate ends", "Owner, contact", "Why",  NULL};

void html_target_cell(const struct page *page, const struct target *target)
{
    const char *kind = report_is_partner(target) ? "p" : page_lists(page, target) ? "t" : NULL;
    struct out *out = page->out;

    out_string(out, "<td class=\"name\">");
    if (kind)
        out_printf(out, "<a href=\"#%s%u\">", kind, target->id);
    out_string(out, "<bdi>");
    html_name(out, target->spec.unicode);
    out_printf(out, "</bdi>%s</td>", kind ? "</a>" : "");
}

void html_text_cell(struct out *out, const char *text)
{
    out_string(out, "<td>");
    html_text(out, text);
    out_string(out, "</td>");
}

static void people_line(struct out *out, const char *text, bool *any)
{
    if (!text || !*text)
        return;
    out_string(out, *any ? "<br>" : "");
    html_name(out, text);
    *any = true;
}

/* Who looks after it, whom to ask, how far that is, and by when. */
static void people_cell(struct out *out, const struct target *target)
{
    const struct target_spec *spec = &target->spec;
    const char *state = contact_state_title(spec->contact_state);
    char due[REPORT_DATE_SIZE], *words, *contact = contacts_best_text(target);
    bool any = false;

    report_due(due, target);
    words = mem_format("%s%s%s", state, !*due ? "" : *state ? " by " : "due ", due);
    out_string(out, "<td class=\"who\">");
    people_line(out, spec->owner, &any);
    people_line(out, contact, &any);
    people_line(out, words, &any);
    out_string(out, "</td>");
    free(contact);
    free(words);
}

/* Numbers to sort by: the worst is the lowest. */
static void judgement_cells(struct out *out, const struct target *target)
{
    out_printf(out, "<td class=\"mail\" data-k=\"%u\">%s</td><td data-k=\"%u\">",
               consequence_count - target->consequence, consequence_title(target->consequence),
               verdict_count - target->judgement.verdict);
    html_verdict(out, target->judgement.verdict);
    out_string(out, "</td><td class=\"word\">");
    html_versions(out, target);
    out_string(out, "</td><td class=\"word\">");
    html_date(out, report_first_expiry(target));
    out_string(out, "</td>");
}

static void write_problem(const struct page *page, const struct target *target)
{
    struct out *out = page->out;

    out_string(out, "<tr>");
    html_target_cell(page, target);
    out_printf(out, "<td class=\"word\">%s</td>", target_class_name(target->spec.class));
    judgement_cells(out, target);
    people_cell(out, target);
    out_string(out, "<td class=\"long\">");
    html_give(out, model_explain(page->model, target));
    out_string(out, "</td></tr>\n");
}

static void begin_lot(struct out *out, bool on_paper)
{
    out_printf(out, "<div class=\"wide lot%s\"><table class=\"problems\">\n", on_paper ? "" : " off");
    html_heads(out, problem_heads);
}

/* The script sorts them all, whatever lot they are in. */
static void write_rows(const struct page *page)
{
    struct out *out = page->out;
    size_t listed = 0;

    out_string(out, "<div class=\"sort\">\n");
    for (size_t i = 0; i < page->problem_count; i++) {
        if (!page_lists(page, page->problems[i]))
            continue;
        if (listed % HTML_LOT == 0) {
            out_string(out, listed ? "</tbody></table></div>\n" : "");
            begin_lot(out, html_paper_has_row(page, listed));
        }
        listed++;
        write_problem(page, page->problems[i]);
    }
    out_string(out, listed ? "</tbody></table></div>\n</div>\n" : "</div>\n");
}

/* What nothing is known of, in sessions that are too large to list it. */
static void write_rest(const struct page *page)
{
    unsigned counts[verdict_count] = {0}, count = 0;

    for (size_t i = 0; i < page->problem_count; i++)
        if (!page_lists(page, page->problems[i])) {
            counts[page->problems[i]->judgement.verdict]++;
            count++;
        }
    if (!count)
        return;
    out_printf(page->out,
               "<p>%u of them are no partners and gave no answer that counts against them; CSV and "
               "JSON list them: ",
               count);
    html_tally(page->out, counts);
    out_string(page->out, "</p>\n");
}

void html_write_problems(const struct page *page)
{
    struct out *out = page->out;

    out_string(out, "<h2 id=\"problems\">Problems</h2>\n");
    if (!page->problem_count) {
        out_string(out, "<p>There is nothing that someone has to look at.</p>\n");
        return;
    }
    out_printf(out, "<p>%zu %s that someone has to look at, the worst first.</p>\n", page->problem_count,
               page->problem_count == 1 ? "target" : "targets");
    write_rest(page);
    html_write_paper_rows(page);
    write_rows(page);
}
