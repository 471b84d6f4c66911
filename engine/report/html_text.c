#include "engine/report/html_page.h"

#include "engine/base/mem.h"
#include "engine/base/words.h"

#include <stdlib.h>
#include <string.h>

static const struct out_rules rules = {
    .of = {['\n'] = "\n",
           ['\r'] = "",
           ['\t'] = " ",
           ['&'] = "&amp;",
           ['<'] = "&lt;",
           ['>'] = "&gt;",
           ['"'] = "&quot;",
           ['\''] = "&#39;"},
};

void html_text(struct out *out, const char *text)
{
    out_safe(out, text, &rules);
}

/* A name or a mail address that is too long is broken behind a dot or the @ rather than within a label. */
void html_name(struct out *out, const char *name)
{
    const char *dot;

    for (; name && (dot = strpbrk(name, ".@")); name = dot + 1) {
        char *label = mem_string_n(name, (size_t)(dot - name) + 1);

        html_text(out, label);
        out_string(out, dot[1] ? "<wbr>" : "");
        free(label);
    }
    html_text(out, name);
}

void html_give(struct out *out, char *text)
{
    html_text(out, text);
    free(text);
}

static const char *const glyphs[verdict_count] = {
    [VERDICT_PENDING] = "·",   [VERDICT_NO_MAIL] = "–",     [VERDICT_READY] = "✓",
    [VERDICT_UNKNOWN] = "?",   [VERDICT_UNREACHABLE] = "⊘", [VERDICT_AT_RISK] = "▲",
    [VERDICT_PLAINTEXT] = "○", [VERDICT_NOT_READY] = "✗",
};

void html_verdict(struct out *out, enum verdict verdict)
{
    out_printf(out, "<span class=\"v v-%s\">%s %s</span>", verdict_name(verdict), glyphs[verdict],
               verdict_title(verdict));
}

void html_tally(struct out *out, const unsigned counts[verdict_count])
{
    for (unsigned v = verdict_count; v--;) {
        if (!counts[v])
            continue;
        html_verdict(out, (enum verdict)v);
        out_printf(out, " <span class=\"dim\">%u</span> ", counts[v]);
    }
}

void html_versions(struct out *out, const struct target *target)
{
    struct summary_versions versions = summary_of_target(target);
    char span[REPORT_SPAN_SIZE];

    report_span(&versions, span);
    out_string(out, span);
}

void html_heads(struct out *out, const char *const *names)
{
    out_string(out, "<thead><tr>");
    for (size_t i = 0; names[i]; i++)
        out_printf(out, "<th scope=\"col\">%s</th>", names[i]);
    out_string(out, "</tr></thead>\n<tbody>\n");
}

void html_date(struct out *out, int64_t when)
{
    char date[REPORT_DATE_SIZE];

    report_date(date, when);
    out_string(out, date);
}

void html_item(struct out *out, const char *term, const char *text)
{
    if (!text || !*text)
        return;
    out_printf(out, "<dt>%s</dt><dd class=\"pre\">", term);
    html_text(out, text);
    out_string(out, "</dd>\n");
}
