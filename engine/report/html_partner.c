#include "engine/report/html_page.h"

#include "engine/base/words.h"
#include "engine/report/campaign.h"
#include "engine/report/contacts_text.h"
#include "engine/report/provider.h"

#include <stdlib.h>
#include <string.h>

static void write_terms(struct out *out, const struct target *target)
{
    const struct target_spec *spec = &target->spec;
    char *provider = provider_of_target(target), *history = campaign_history(target), due[REPORT_DATE_SIZE];
    char *contacts = contacts_people_text(target);

    report_due(due, target);
    out_string(out, "<dl>\n");
    html_item(out, "Mail", consequence_title(target->consequence));
    if (strcmp(spec->unicode, spec->domain) != 0)
        html_item(out, "In ASCII", spec->domain);
    html_item(out, "Requirement", requirement_title(spec->requirement));
    html_item(out, "Certificate for", spec->tls_domain);
    html_item(out, "Route", target->route == ROUTE_UNRESOLVED ? NULL : route_title(target->route));
    html_item(out, "Operator", provider);
    html_item(out, "Owner", spec->owner);
    html_item(out, "Contact", contacts);
    html_item(out, "State", contact_state_title(spec->contact_state));
    html_item(out, "Due", due);
    html_item(out, "History", history);
    html_item(out, "Note", spec->note);
    out_string(out, "</dl>\n");
    free(history);
    free(provider);
    free(contacts);
}

static void write_partner(const struct page *page, size_t at)
{
    const struct target *target = page->partners[at];
    struct out *out = page->out;

    out_printf(out, "<section class=\"partner%s\" id=\"p%u\">\n<h4><bdi>", html_paper_class(page, at),
               target->id);
    html_text(out, target->spec.unicode);
    out_string(out, "</bdi> ");
    html_verdict(out, target->judgement.verdict);
    out_string(out, "</h4>\n<p>");
    html_give(out, model_explain(page->model, target));
    out_string(out, "</p>\n");
    write_terms(out, target);
    html_write_evidence(page, target);
    html_write_message(page, target);
    out_string(out, "<p class=\"back\"><a href=\"#top\">Back to the top</a></p>\n</section>\n");
}

static void write_heading(const struct page *page, size_t first)
{
    const struct target_spec *spec = &page->partners[first]->spec;
    struct out *out = page->out;

    out_string(out, html_paper_has_connector(page, first) ? "<h3>" : "<h3 class=\"off\">");
    out_string(out, "Connector ");
    html_text(out, spec->connector ? spec->connector : "not named");
    if (spec->class != CLASS_PARTNER)
        out_printf(out, " (%s)", target_class_title(spec->class));
    out_string(out, "</h3>\n");
}

void html_write_partners(const struct page *page)
{
    out_string(page->out, "<h2 id=\"partners\">Partners</h2>\n<p>");
    html_give(page->out, report_partner_count(&page->summary));
    out_string(page->out, "</p>\n");
    html_write_paper_partners(page);
    for (size_t i = 0; i < page->partner_count; i++) {
        if (i == 0 || !report_same_connector(page->partners[i - 1], page->partners[i]))
            write_heading(page, i);
        write_partner(page, i);
    }
}
