#include "engine/report/expiring.h"
#include "engine/report/markdown_parts.h"
#include "engine/report/markdown_text.h"
#include "engine/report/summary.h"

#include <stdlib.h>

static void write_row(const struct model *model, const struct target *target, struct out *out)
{
    char date[REPORT_DATE_SIZE];

    report_date(date, report_first_expiry(target));
    out_string(out, "|");
    markdown_cell(out, target->spec.unicode);
    markdown_cell(out, date);
    out_printf(out, " %d |", expiring_days_left(model, target));
    markdown_cell(out, verdict_title(target->judgement.verdict));
    markdown_cell(out, requirement_title(target->spec.requirement));
    markdown_cell(out, target->spec.owner);
    out_string(out, "\n");
}

void markdown_write_expiring(const struct model *model, struct out *out)
{
    size_t count;
    const struct target **list = report_expiring(model, &count);

    if (count) {
        out_string(out, "\n## Certificates that end soon\n\n");
        markdown_give(out, expiring_words(count));
        out_string(out, "\n");
        markdown_head(out, (const char *const[]){"Target", "Certificate ends", "Days left", "Verdict",
                                                 "Requirement", "Owner", NULL});
    }
    for (size_t i = 0; i < count; i++)
        write_row(model, list[i], out);
    free(list);
}
