#include "engine/report/html_page.h"

#include "engine/base/words.h"

#include <stdlib.h>

static void begin(struct out *out, const char *caption, const char *const *heads)
{
    out_printf(out, "<div class=\"wide\"><table class=\"narrow\">\n<caption>%s</caption>\n", caption);
    html_heads(out, heads);
}

static void end(struct out *out)
{
    out_string(out, "</tbody></table></div>\n");
}

static void begin_row(struct out *out, const char *name)
{
    out_string(out, "<tr><th scope=\"row\">");
    html_text(out, name);
    out_string(out, "</th>");
}

static void end_row(struct out *out, const struct campaign_count *count)
{
    html_count_cell(out, count->open);
    html_count_cell(out, count->stops);
    html_count_cell(out, count->overdue);
    html_count_cell(out, count->soon);
    out_string(out, "</tr>\n");
}

static void state_row(struct out *out, const char *name, const struct campaign_count *count)
{
    begin_row(out, name);
    html_count_cell(out, count->all);
    end_row(out, count);
}

static void write_states(struct out *out, const struct campaign *campaign)
{
    begin(out, "By state",
          (const char *const[]){"State", "All", "Open", "Mail stops", "Overdue", "In 7 days", NULL});
    for (unsigned s = CONTACT_TO_CONTACT; s < contact_state_count; s++)
        state_row(out, contact_state_title((enum contact_state)s), &campaign->states[s]);
    state_row(out, "no state", &campaign->states[CONTACT_NONE]);
    state_row(out, "All", &campaign->total);
    end(out);
}

static void write_owners(struct out *out, const struct campaign *campaign)
{
    if (!campaign->owner_count)
        return;
    begin(out, "Open, by owner",
          (const char *const[]){"Owner", "Open", "Mail stops", "Overdue", "In 7 days", NULL});
    for (size_t i = 0; i < campaign->owner_count; i++) {
        begin_row(out, campaign->owners[i].name ? campaign->owners[i].name : "nobody");
        end_row(out, &campaign->owners[i].count);
    }
    end(out);
}

static void state_cells(struct out *out, const struct target *target)
{
    html_text_cell(out, contact_state_title(target->spec.contact_state));
    out_string(out, "<td>");
    html_verdict(out, target->judgement.verdict);
    out_string(out, "</td>");
}

static void due_cells(const struct page *page, const struct target *target)
{
    int left = campaign_days_left(page->model, target);
    char due[REPORT_DATE_SIZE];

    report_due(due, target);
    out_printf(page->out, "<td class=\"word%s\">%s</td><td>%d</td>", left < 0 ? " late" : "", due, left);
}

static void write_due(const struct page *page)
{
    const struct campaign *campaign = &page->campaign;
    struct out *out = page->out;

    if (!campaign->due_count)
        return;
    out_string(out, "<div class=\"wide\"><table>\n<caption>Overdue, or due within 7 days</caption>\n");
    html_heads(out, (const char *const[]){"Target", "Due", "Days left", "Owner", "Contact", "State",
                                          "Verdict", NULL});
    for (size_t i = 0; i < campaign->due_count; i++) {
        const struct target *target = campaign->due[i];

        out_string(out, "<tr>");
        html_target_cell(page, target);
        due_cells(page, target);
        html_text_cell(out, target->spec.owner);
        html_text_cell(out, target->spec.contact);
        state_cells(out, target);
        out_string(out, "</tr>\n");
    }
    end(out);
}

static void write_contradictions(const struct page *page)
{
    const struct campaign *campaign = &page->campaign;
    struct out *out = page->out;

    if (!campaign->contradiction_count)
        return;
    out_string(out, "<div class=\"wide\"><table>\n<caption>State and probe disagree</caption>\n");
    html_heads(out, (const char *const[]){"Target", "How", "State", "Verdict", "History", "Owner", NULL});
    for (size_t i = 0; i < campaign->contradiction_count; i++) {
        const struct target *target = campaign->contradictions[i];

        out_string(out, "<tr>");
        html_target_cell(page, target);
        out_printf(out, "<td class=\"how\">%s</td>", campaign_contradiction(target));
        state_cells(out, target);
        out_string(out, "<td>");
        html_give(out, campaign_history(target));
        out_string(out, "</td>");
        html_text_cell(out, target->spec.owner);
        out_string(out, "</tr>\n");
    }
    end(out);
}

void html_write_campaign(const struct page *page)
{
    struct out *out = page->out;

    if (!page->campaign.total.all)
        return;
    out_string(out, "<h2 id=\"campaign\">Campaign</h2>\n<p>");
    html_give(out, campaign_words(&page->campaign));
    out_printf(out, ".</p>\n<p class=\"dim\">%s</p>\n<div class=\"pair\">\n", CAMPAIGN_MEANING);
    write_states(out, &page->campaign);
    write_owners(out, &page->campaign);
    out_string(out, "</div>\n");
    write_due(page);
    write_contradictions(page);
}
