#include "engine/report/html_page.h"

#include <stdlib.h>

#define WORTH "A screen, CSV and JSON show all of them; a report of fewer comes of --filter"

void html_plan_paper(struct page *page)
{
    struct paper *paper = &page->paper;

    for (size_t i = 0; i < page->problem_count; i++) {
        const struct target *target = page->problems[i];

        if (report_is_partner(target) && paper->full_count < HTML_PAPER_PARTNERS)
            paper->full[paper->full_count++] = target->id;
        paper->rows += page_lists(page, target);
    }
}

static bool is_full(const struct paper *paper, const struct target *target)
{
    for (size_t i = 0; i < paper->full_count; i++)
        if (paper->full[i] == target->id)
            return true;
    return false;
}

const char *html_paper_class(const struct page *page, size_t partner)
{
    if (!page_is_large(page) || is_full(&page->paper, page->partners[partner]))
        return "";
    return partner < HTML_PAPER_LINES ? " brief" : " brief off";
}

bool html_paper_has_connector(const struct page *page, size_t first)
{
    for (size_t i = first; i < page->partner_count; i++) {
        if (i > first && !report_same_connector(page->partners[first], page->partners[i]))
            return false;
        if (!page_is_large(page) || i < HTML_PAPER_LINES || is_full(&page->paper, page->partners[i]))
            return true;
    }
    return false;
}

bool html_paper_has_row(const struct page *page, size_t row)
{
    return !page_is_large(page) || row < HTML_PAPER_ROWS;
}

void html_write_paper_rows(const struct page *page)
{
    if (!html_paper_has_row(page, page->paper.rows - 1) && page->paper.rows)
        out_printf(page->out,
                   "<p class=\"paper\">On paper are the first %d of %zu. " WORTH
                   ", such as verdict:plaintext.</p>\n",
                   HTML_PAPER_ROWS, page->paper.rows);
}

void html_write_paper_partners(const struct page *page)
{
    size_t full = page->paper.full_count, rest = page->partner_count - full;

    if (!page_is_large(page) || !rest)
        return;
    out_printf(page->out,
               "<p class=\"paper\">On paper is all about the %zu for whose mail it is worst, and a line for "
               "%s%zu others. " WORTH ", such as class:partner.</p>\n",
               full, rest > HTML_PAPER_LINES ? "up to " : "",
               rest > HTML_PAPER_LINES ? (size_t)HTML_PAPER_LINES : rest);
}
