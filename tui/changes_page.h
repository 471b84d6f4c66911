/* What changed between two sessions as lines for a page: targets by kind of change, then endpoints. */
#pragma once

#include "engine/report/compare.h"
#include "tui/page.h"

/* Adds them. Of very many the first are shown. */
void changes_page_build(struct page *page, const struct comparison *comparison);

/* How the change looks; change_count looks like what needs no look. */
enum style changes_style(enum change change);

/* "contoso.example (partner, To Contoso)"; "mx1.contoso.example (192.0.2.1, smtp port 25)". The caller frees.
 */
char *changes_name(const struct difference *difference);
