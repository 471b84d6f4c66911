#include "engine/report/markdown_text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What readers make a link of without being asked. */
static bool makes_link(const char *text, size_t at)
{
    if (text[at] == ':')
        return text[at + 1] == '/';
    return text[at] == '.' && at >= 3 && strncasecmp(text + at - 3, "www", 3) == 0;
}

static const struct out_rules rules = {
    .of = {['\n'] = " ",
           ['\r'] = " ",
           ['\t'] = " ",
           ['&'] = "&amp;",
           ['<'] = "&lt;",
           ['>'] = "&gt;",
           ['\\'] = "\\\\",
           ['`'] = "\\`",
           ['*'] = "\\*",
           ['_'] = "\\_",
           ['['] = "\\[",
           [']'] = "\\]",
           ['|'] = "\\|",
           ['~'] = "\\~",
           ['#'] = "\\#",
           ['$'] = "\\$",
           ['!'] = "\\!"},
    .slash = makes_link,
};

void markdown_say(struct out *out, const char *text)
{
    out_safe(out, text, &rules);
}

void markdown_give(struct out *out, char *text)
{
    markdown_say(out, text);
    free(text);
}

void markdown_cell(struct out *out, const char *text)
{
    out_string(out, " ");
    markdown_say(out, text);
    out_string(out, " |");
}

void markdown_give_cell(struct out *out, char *text)
{
    markdown_cell(out, text);
    free(text);
}

void markdown_head(struct out *out, const char *const *names)
{
    out_string(out, "\n|");
    for (size_t i = 0; names[i]; i++)
        markdown_cell(out, names[i]);
    out_string(out, "\n|");
    for (size_t i = 0; names[i]; i++)
        out_string(out, " --- |");
    out_string(out, "\n");
}
