#include "engine/report/cell.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const struct out_rules as_is = {.of = {['\t'] = "\t", ['\n'] = "\n", ['\r'] = "\r"}};
static const struct out_rules quoted = {.of = {['\t'] = "\t", ['\n'] = "\n", ['\r'] = "\r", ['"'] = "\"\""}};

static bool computes(const char *text)
{
    static const char *const starts[] = {"=",  "+",      "-",      "@",      "\t",    "\r",
                                         "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"};

    text += strspn(text, " ");
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncmp(text, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

void cell_text(struct out *out, const char *text)
{
    bool quotes;

    if (!text)
        return;
    quotes = strpbrk(text, "\",;\t\r\n") || *text == ' ' || (*text && text[strlen(text) - 1] == ' ');
    out_string(out, quotes ? "\"" : "");
    out_string(out, computes(text) ? "'" : "");
    out_safe(out, text, quotes ? &quoted : &as_is);
    out_string(out, quotes ? "\"" : "");
}
