#include "tui/preflight_page.h"

#include "engine/base/mem.h"

#include <stdlib.h>

static const struct {
    enum verdict glyph; /* whose glyph the state has */
    enum style style;
} looks[check_state_count] = {
    [CHECK_UNKNOWN] = {VERDICT_UNKNOWN, STYLE_DIM},
    [CHECK_OK] = {VERDICT_READY, STYLE_GOOD},
    [CHECK_TROUBLE] = {VERDICT_NOT_READY, STYLE_BAD},
};

static void add_check(struct page *page, enum check check, const struct preflight_check *is)
{
    enum style style = looks[is->state].style;
    char *line = mem_format("%s: %s", check_title(check), check_state_title(is->state));

    page_put(page, 0, style, theme_verdict_glyph(looks[is->state].glyph, page->ascii));
    page_wrap(page, 2, style, line);
    if (is->detail)
        page_wrap(page, 4, STYLE_TEXT, is->detail);
    free(line);
}

void preflight_page_build(struct page *page, const struct preflight *preflight)
{
    for (unsigned i = 0; i < check_count; i++)
        add_check(page, (enum check)i, &preflight->checks[i]);
}

bool preflight_page_worth(const struct preflight *preflight)
{
    for (unsigned i = 0; i < check_count; i++)
        if (preflight->checks[i].state != CHECK_UNKNOWN || preflight->checks[i].detail)
            return true;
    return false;
}

unsigned preflight_page_troubles(const struct preflight *preflight)
{
    unsigned count = 0;

    for (unsigned i = 0; i < check_count; i++)
        count += preflight->checks[i].state == CHECK_TROUBLE;
    return count;
}
