#include "engine/report/elsewhere.h"
#include "engine/report/markdown_parts.h"
#include "engine/report/markdown_text.h"
#include "engine/report/summary.h"

#include <stdlib.h>

static void write_lines(const struct target *target, struct out *out)
{
    struct strings lines = {0};

    elsewhere_of_target(target, &lines);
    for (size_t i = 0; i < lines.count; i++) {
        out_string(out, "|");
        markdown_cell(out, target->spec.unicode);
        markdown_cell(out, verdict_title(target->judgement.verdict));
        markdown_cell(out, lines.items[i]);
        out_string(out, "\n");
    }
    strings_release(&lines);
}

void markdown_write_elsewhere(const struct model *model, struct out *out)
{
    size_t count;
    const struct target **list = report_by_consequence(model, elsewhere_any, &count);

    if (count) {
        out_string(out, "\n## Seen otherwise elsewhere\n\n");
        markdown_give(out, elsewhere_words((unsigned)count));
        out_string(out, "\n");
        markdown_head(out, (const char *const[]){"Target", "Verdict", "What else was said", NULL});
    }
    for (size_t i = 0; i < count; i++)
        write_lines(list[i], out);
    free(list);
}
