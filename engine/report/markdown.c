#include "engine/report/markdown.h"

#include "engine/base/mem.h"
#include "engine/model/forward.h"
#include "engine/report/contacts_text.h"
#include "engine/report/markdown_parts.h"
#include "engine/report/markdown_text.h"
#include "engine/report/methods.h"
#include "engine/report/notices.h"
#include "engine/report/provider.h"
#include "engine/report/summary.h"

#include <stdlib.h>

static void write_item(struct out *out, const char *name, char *text)
{
    out_printf(out, "- %s: ", name);
    markdown_give(out, text);
    out_string(out, "\n");
}

static void write_head(const struct model *model, const struct report_options *options, struct out *out)
{
    char *title = report_title(model);

    out_printf(out, "# %s\n\n", title);
    write_item(out, "Baseline", report_floor(model));
    if (options->selection)
        write_item(out, "Selection", report_selection(model, options));
    write_item(out, "Seen from", mem_string(options->vantage ? options->vantage : "not noted"));
    write_item(out, "Time", report_period(options));
    write_item(out, "Complete", mem_string(options->complete ? "yes" : "no"));
    write_item(out, "Written by", mem_string(options->generator ? options->generator : "mxscope"));
    free(title);
}

/* The worst first. */
static void write_verdicts(const struct report_summary *summary, struct out *out)
{
    const struct model_counts *counts = &summary->counts;
    const char *names[verdict_count + 2] = {"Class"};

    for (unsigned v = 0; v < verdict_count; v++)
        names[1 + v] = verdict_title((enum verdict)(verdict_count - 1 - v));
    markdown_head(out, names);
    for (unsigned c = 0; c <= target_class_count; c++) {
        if (c < target_class_count && !report_class_total(summary, (enum target_class)c))
            continue;
        out_printf(out, "| %s |", c < target_class_count ? target_class_title((enum target_class)c) : "All");
        for (unsigned v = verdict_count; v--;)
            out_printf(out, " %u |", c < target_class_count ? counts->verdicts[c][v] : summary->verdicts[v]);
        out_string(out, "\n");
    }
}

static void write_consequences(const struct report_summary *summary, struct out *out)
{
    markdown_head(out, (const char *const[]){"What happens to mail", "Targets", NULL});
    for (unsigned c = consequence_count; c--;)
        out_printf(out, "| %s | %u |\n", consequence_title((enum consequence)c), summary->consequences[c]);
}

static void write_versions(const struct report_summary *summary, struct out *out)
{
    markdown_head(out, (const char *const[]){"Best version of the weakest server", "Targets", NULL});
    for (unsigned v = TLS_VERSIONS; v--;)
        out_printf(out, "| %s | %u |\n", tls_version_title((enum tls_version)v), summary->versions[v]);
    out_printf(out, "| none (a server without TLS) | %u |\n| not known | %u |\n", summary->clear,
               summary->silent);
}

static void write_summary(const struct report_summary *summary, bool selected, struct out *out)
{
    out_string(out, "\n## Summary\n\n");
    markdown_give(out, report_size(summary));
    out_string(out, selected ? ", of this selection.\n" : ".\n");
    write_verdicts(summary, out);
    write_consequences(summary, out);
    write_versions(summary, out);
}

static const char *state_of(const struct target *target)
{
    return contact_state_title(target->spec.contact_state);
}

static void versions_cell(struct out *out, const struct target *target)
{
    struct summary_versions versions = summary_of_target(target);
    char span[REPORT_SPAN_SIZE];

    report_span(&versions, span);
    markdown_cell(out, span);
}

static void expiry_cell(struct out *out, const struct target *target)
{
    char date[REPORT_DATE_SIZE];

    report_date(date, report_first_expiry(target));
    markdown_cell(out, date);
}

static void write_problem(const struct model *model, const struct target *target, struct out *out)
{
    char due[REPORT_DATE_SIZE];

    out_string(out, "|");
    markdown_cell(out, target->spec.unicode);
    markdown_cell(out, target_class_name(target->spec.class));
    markdown_cell(out, consequence_title(target->consequence));
    markdown_cell(out, verdict_title(target->judgement.verdict));
    versions_cell(out, target);
    expiry_cell(out, target);
    markdown_cell(out, target->spec.owner);
    markdown_give_cell(out, contacts_best_text(target));
    markdown_cell(out, state_of(target));
    report_due(due, target);
    markdown_cell(out, due);
    markdown_give_cell(out, model_explain(model, target));
    out_string(out, "\n");
}

static void write_problems(const struct model *model, struct out *out)
{
    size_t count;
    const struct target **list = report_by_consequence(model, report_is_problem, &count);

    if (count)
        out_printf(out, "\n## Problems\n\n%zu %s that someone has to look at, the worst first.\n", count,
                   count == 1 ? "target" : "targets");
    else
        out_string(out, "\n## Problems\n\nThere is nothing that someone has to look at.\n");
    if (count)
        markdown_head(out,
                      (const char *const[]){"Target", "Class", "Mail", "Verdict", "TLS", "Certificate ends",
                                            "Owner", "Contact", "State", "Due", "Why", NULL});
    for (size_t i = 0; i < count; i++)
        write_problem(model, list[i], out);
    free(list);
}

static void write_partner(const struct model *model, const struct target *target, struct out *out)
{
    out_string(out, "|");
    markdown_cell(out, target->spec.unicode);
    markdown_cell(out, requirement_title(target->spec.requirement));
    markdown_cell(out, verdict_title(target->judgement.verdict));
    markdown_cell(out, consequence_title(target->consequence));
    versions_cell(out, target);
    expiry_cell(out, target);
    markdown_give_cell(out, provider_of_target(target));
    markdown_give_cell(out, model_explain(model, target));
    out_string(out, "\n");
}

static void write_messages(const struct model *model, const struct target *const *list, size_t count,
                           struct out *out)
{
    bool any = false;

    for (size_t i = 0; i < count; i++) {
        char *message = model_forward(model, list[i]);

        if (message) {
            out_string(out, any ? "" : "\nWords to send:\n\n");
            out_string(out, "- To **");
            markdown_say(out, list[i]->spec.unicode);
            out_string(out, "**: ");
            markdown_say(out, message);
            out_string(out, "\n");
            any = true;
        }
        free(message);
    }
}

static void write_notices(const struct model *model, const struct target *target, bool *any, struct out *out)
{
    struct strings notices = {0};

    report_notices(model, target, &notices);
    for (size_t i = 0; i < notices.count; i++) {
        out_string(out, *any ? "" : "\nWarnings:\n\n");
        out_string(out, "- **");
        markdown_say(out, target->spec.unicode);
        out_string(out, "**: ");
        markdown_say(out, notices.items[i]);
        out_string(out, "\n");
        *any = true;
    }
    strings_release(&notices);
}

static void write_connector(const struct model *model, const struct target *const *list, size_t count,
                            struct out *out)
{
    bool any = false;

    out_string(out, "\n### Connector ");
    if ((*list)->spec.connector)
        markdown_say(out, (*list)->spec.connector);
    else
        out_string(out, "not named");
    if ((*list)->spec.class != CLASS_PARTNER)
        out_printf(out, " (%s)", target_class_title((*list)->spec.class));
    out_string(out, "\n");
    markdown_head(out, (const char *const[]){"Target", "Requirement", "Verdict", "Mail", "TLS",
                                             "Certificate ends", "Operator", "Why", NULL});
    for (size_t i = 0; i < count; i++)
        write_partner(model, list[i], out);
    markdown_write_people(list, count, out);
    for (size_t i = 0; i < count; i++)
        write_notices(model, list[i], &any, out);
    write_messages(model, list, count, out);
}

static void write_partners(const struct model *model, const struct report_summary *summary, struct out *out)
{
    size_t count, from, to;
    const struct target **list = report_by_connector(model, report_is_partner, &count);

    out_string(out, "\n## Partners by connector\n\n");
    markdown_give(out, report_partner_count(summary));
    out_string(out, "\n");
    for (from = 0; from < count; from = to) {
        for (to = from + 1; to < count && report_same_connector(list[from], list[to]);)
            to++;
        write_connector(model, list + from, to - from, out);
    }
    free(list);
}

static void write_list(struct out *out, const char *title, const struct strings *list)
{
    if (!list->count)
        return;
    out_printf(out, "\n## %s\n\n", title);
    for (size_t i = 0; i < list->count; i++) {
        out_string(out, "- ");
        markdown_say(out, list->items[i]);
        out_string(out, "\n");
    }
}

static void write_methods(const struct model *model, const struct report_options *options,
                          const struct report_summary *summary, struct out *out)
{
    struct strings methods = {0}, limits = {0};

    report_methods(model, options, &methods);
    report_limits(model, options, summary, &limits);
    write_list(out, "Methods", &methods);
    write_list(out, "Limits of what was seen", &limits);
    write_list(out, "Notes on the inputs", model_notes(model));
    strings_release(&methods);
    strings_release(&limits);
}

void markdown_write(const struct model *model, const struct report_options *options, struct out *out)
{
    struct report_summary summary;

    report_summarise(model, &summary);
    write_head(model, options, out);
    write_summary(&summary, options->selection, out);
    markdown_write_campaign(model, out);
    write_problems(model, out);
    markdown_write_expiring(model, out);
    markdown_write_elsewhere(model, out);
    write_partners(model, &summary, out);
    write_methods(model, options, &summary, out);
}
