#include "engine/report/elsewhere.h"
#include "engine/report/html_page.h"

static void write_line(const struct page *page, const struct target *target, const char *line)
{
    out_string(page->out, "<tr>");
    html_target_cell(page, target);
    out_string(page->out, "<td>");
    html_verdict(page->out, target->judgement.verdict);
    out_string(page->out, "</td><td class=\"long\">");
    html_text(page->out, line);
    out_string(page->out, "</td></tr>\n");
}

/* How many rows that were. */
static size_t write_lines(const struct page *page, const struct target *target)
{
    struct strings lines = {0};
    size_t count;

    elsewhere_of_target(target, &lines);
    for (size_t i = 0; i < lines.count; i++)
        write_line(page, target, lines.items[i]);
    count = lines.count;
    strings_release(&lines);
    return count;
}

static void write_table(const struct page *page)
{
    size_t rows = 0, at = 0;

    out_string(page->out, "<div class=\"wide\"><table class=\"elsewhere\">\n");
    html_heads(page->out, (const char *const[]){"Target", "Verdict", "What else was said", NULL});
    for (; at < page->elsewhere_count && rows < HTML_ELSEWHERE_MOST; at++)
        rows += write_lines(page, page->elsewhere[at]);
    out_string(page->out, "</tbody></table></div>\n");
    if (at < page->elsewhere_count)
        out_printf(page->out, "<p>%zu more are in CSV and JSON.</p>\n", page->elsewhere_count - at);
}

void html_write_elsewhere(const struct page *page)
{
    if (!page->elsewhere_count)
        return;
    out_string(page->out, "<h2 id=\"elsewhere\">Seen otherwise elsewhere</h2>\n<p>");
    html_give(page->out, elsewhere_words((unsigned)page->elsewhere_count));
    out_string(page->out, "</p>\n");
    write_table(page);
}
