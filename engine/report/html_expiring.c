#include "engine/report/expiring.h"
#include "engine/report/html_page.h"

#include <stdlib.h>

static void write_row(const struct page *page, const struct target *target)
{
    struct out *out = page->out;

    out_string(out, "<tr>");
    html_target_cell(page, target);
    out_string(out, "<td class=\"word\">");
    html_date(out, report_first_expiry(target));
    out_printf(out, "</td><td>%d</td><td>", expiring_days_left(page->model, target));
    html_verdict(out, target->judgement.verdict);
    out_string(out, "</td>");
    html_text_cell(out, requirement_title(target->spec.requirement));
    html_text_cell(out, target->spec.owner);
    out_string(out, "</tr>\n");
}

void html_write_expiring(const struct page *page)
{
    size_t count;
    const struct target **list = report_expiring(page->model, &count);

    if (count) {
        out_string(page->out, "<h2 id=\"expiring\">Certificates that end soon</h2>\n<p>");
        html_give(page->out, expiring_words(count));
        out_string(page->out, "</p>\n<div class=\"wide\"><table>\n");
        html_heads(page->out, (const char *const[]){"Target", "Certificate ends", "Days left", "Verdict",
                                                    "Requirement", "Owner", NULL});
    }
    for (size_t i = 0; i < count; i++)
        write_row(page, list[i]);
    out_string(page->out, count ? "</tbody></table></div>\n" : "");
    free(list);
}
