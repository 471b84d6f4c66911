#include "engine/report/campaign.h"
#include "engine/report/markdown_parts.h"
#include "engine/report/markdown_text.h"
#include "engine/report/summary.h"

static void count_row(struct out *out, const char *name, const struct campaign_count *count)
{
    out_string(out, "|");
    markdown_cell(out, name);
    out_printf(out, " %u | %u | %u | %u | %u |\n", count->all, count->open, count->stops, count->overdue,
               count->soon);
}

static void write_states(const struct campaign *campaign, struct out *out)
{
    markdown_head(out,
                  (const char *const[]){"State", "All", "Open", "Mail stops", "Overdue", "In 7 days", NULL});
    for (unsigned s = CONTACT_TO_CONTACT; s < contact_state_count; s++)
        count_row(out, contact_state_title((enum contact_state)s), &campaign->states[s]);
    count_row(out, "no state", &campaign->states[CONTACT_NONE]);
    count_row(out, "All", &campaign->total);
}

static void write_owners(const struct campaign *campaign, struct out *out)
{
    if (!campaign->owner_count)
        return;
    markdown_head(out, (const char *const[]){"Owner", "Open", "Mail stops", "Overdue", "In 7 days", NULL});
    for (size_t i = 0; i < campaign->owner_count; i++) {
        const struct campaign_owner *owner = &campaign->owners[i];

        out_string(out, "|");
        markdown_cell(out, owner->name ? owner->name : "nobody");
        out_printf(out, " %u | %u | %u | %u |\n", owner->count.open, owner->count.stops, owner->count.overdue,
                   owner->count.soon);
    }
}

static void due_cell(const struct target *target, struct out *out)
{
    char due[REPORT_DATE_SIZE];

    report_due(due, target);
    markdown_cell(out, due);
}

static void write_due(const struct model *model, const struct campaign *campaign, struct out *out)
{
    if (!campaign->due_count)
        return;
    markdown_head(out, (const char *const[]){"Overdue, or due within 7 days", "Due", "Days left", "Owner",
                                             "Contact", "State", "Verdict", NULL});
    for (size_t i = 0; i < campaign->due_count; i++) {
        const struct target *target = campaign->due[i];

        out_string(out, "|");
        markdown_cell(out, target->spec.unicode);
        due_cell(target, out);
        out_printf(out, " %d |", campaign_days_left(model, target));
        markdown_cell(out, target->spec.owner);
        markdown_cell(out, target->spec.contact);
        markdown_cell(out, contact_state_title(target->spec.contact_state));
        markdown_cell(out, verdict_title(target->judgement.verdict));
        out_string(out, "\n");
    }
}

static void write_contradictions(const struct campaign *campaign, struct out *out)
{
    if (!campaign->contradiction_count)
        return;
    markdown_head(out, (const char *const[]){"State and probe disagree", "How", "State", "Verdict", "History",
                                             "Owner", NULL});
    for (size_t i = 0; i < campaign->contradiction_count; i++) {
        const struct target *target = campaign->contradictions[i];

        out_string(out, "|");
        markdown_cell(out, target->spec.unicode);
        markdown_cell(out, campaign_contradiction(target));
        markdown_cell(out, contact_state_title(target->spec.contact_state));
        markdown_cell(out, verdict_title(target->judgement.verdict));
        markdown_give_cell(out, campaign_history(target));
        markdown_cell(out, target->spec.owner);
        out_string(out, "\n");
    }
}

void markdown_write_campaign(const struct model *model, struct out *out)
{
    struct campaign campaign;

    campaign_look(model, &campaign);
    if (campaign.total.all) {
        out_string(out, "\n## Campaign\n\n");
        markdown_give(out, campaign_words(&campaign));
        out_printf(out, ". %s\n", CAMPAIGN_MEANING);
        write_states(&campaign, out);
        write_owners(&campaign, out);
        write_due(model, &campaign, out);
        write_contradictions(&campaign, out);
    }
    campaign_release(&campaign);
}

static bool anything_noted(const struct target *target)
{
    const struct target_spec *spec = &target->spec;

    return spec->owner || spec->contact || spec->contact_state || spec->due || spec->note ||
           target->past_count;
}

void markdown_write_people(const struct target *const *list, size_t count, struct out *out)
{
    bool any = false;

    for (size_t i = 0; i < count; i++) {
        const struct target_spec *spec = &list[i]->spec;

        if (!anything_noted(list[i]))
            continue;
        if (!any)
            markdown_head(out, (const char *const[]){"Target", "Owner", "Contact", "State", "Due", "History",
                                                     "Note", NULL});
        any = true;
        out_string(out, "|");
        markdown_cell(out, spec->unicode);
        markdown_cell(out, spec->owner);
        markdown_cell(out, spec->contact);
        markdown_cell(out, contact_state_title(spec->contact_state));
        due_cell(list[i], out);
        markdown_give_cell(out, campaign_history(list[i]));
        markdown_cell(out, spec->note);
        out_string(out, "\n");
    }
}
