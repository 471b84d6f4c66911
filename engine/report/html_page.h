/* The parts of the HTML page, for html.c alone. */
#pragma once

#include "engine/report/campaign.h"
#include "engine/report/report.h"
#include "engine/report/summary.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of a large page, what a printer gets of it: a browser takes about as long for each sheet as for the page.
 */
#define HTML_PAPER_ROWS     400  /* of the problems; full lots */
#define HTML_PAPER_PARTNERS 200  /* with all about them: those who fare worst */
#define HTML_PAPER_LINES    1000 /* partners with a line each */

struct paper {
    uint32_t full[HTML_PAPER_PARTNERS]; /* ids of targets */
    size_t full_count;
    size_t rows; /* problems that the page lists */
};

struct page {
    struct out *out;
    const struct model *model;
    const struct report_options *options;
    struct report_summary summary;
    struct campaign campaign;
    const struct target **problems, **partners, **all; /* owned; `all` and `partners` by connector */
    const struct target **elsewhere;                   /* owned; of which not all sessions say the same */
    size_t problem_count, partner_count, all_count, elsewhere_count;
    struct paper paper;
};

/* So many rows or targets stand together; a browser lays out such a lot when it comes into sight. */
#define HTML_LOT 200

/* So many rows tell what was seen elsewhere. */
#define HTML_ELSEWHERE_MOST 1000

/* True for a session with more than HTML_LISTED_MOST targets. */
bool page_is_large(const struct page *page);

/* True when tree and problems have the target, and not just its number. */
bool page_lists(const struct page *page, const struct target *target);

/* Text of strangers; NULL is nothing. `give` frees. */
void html_text(struct out *out, const char *text);
void html_give(struct out *out, char *text);

/* The name of a host or a domain, or a mail address. */
void html_name(struct out *out, const char *name);

/* The glyph and the word. */
void html_verdict(struct out *out, enum verdict verdict);

/* Verdicts and how many have them, the worst first. */
void html_tally(struct out *out, const unsigned counts[verdict_count]);

/* "TLS 1.0–1.3" of a target, nothing while not known. */
void html_versions(struct out *out, const struct target *target);
void html_date(struct out *out, int64_t when);

/* A term and its description, within <dl>; nothing without text. */
void html_item(struct out *out, const char *term, const char *text);

void html_write_tiles(const struct page *page);
void html_write_plots(const struct page *page);
void html_write_counts(const struct page *page);
void html_write_campaign(const struct page *page);
void html_write_problems(const struct page *page);
void html_write_expiring(const struct page *page);
void html_write_elsewhere(const struct page *page);
void html_write_tree(const struct page *page);
void html_write_partners(const struct page *page);

/* What of it is on paper; a plan is made once all lists are there. `partner` and `first` are places in
 * page->partners, `row` one among the problems that are listed. */
void html_plan_paper(struct page *page);
bool html_paper_has_row(const struct page *page, size_t row);
bool html_paper_has_connector(const struct page *page, size_t first);
/* " brief", " brief off" or "", for its section. */
const char *html_paper_class(const struct page *page, size_t partner);

/* What is left out there, and where it is; nothing when nothing is. */
void html_write_paper_rows(const struct page *page);
void html_write_paper_partners(const struct page *page);

/* Cells: the name, which leads to the most that the page has of the target, and text. */
void html_target_cell(const struct page *page, const struct target *target);
void html_text_cell(struct out *out, const char *text);

/* A table's row of headings; NULL ends the names. */
void html_heads(struct out *out, const char *const *names);

/* A table's cell with a number, from which a nought stands back. */
void html_count_cell(struct out *out, unsigned count);

/* A table of the target's addresses, those beside the route apart; then its warnings. */
void html_write_evidence(const struct page *page, const struct target *target);

/* What to write to the partner, when there is something. */
void html_write_message(const struct page *page, const struct target *target);
