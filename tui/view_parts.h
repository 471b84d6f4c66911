/* The parts of a frame. */
#pragma once

#include "tui/state.h"

void view_header(const struct screen *screen);

/* The counts of the verdicts and what is shown of all, on a line. */
void view_counts(const struct screen *screen, int y);
/* "2/8: verdict:not-ready", "8 targets"; the caller frees. */
char *view_shown(const struct screen *screen);
/* The verdicts from worst to best as a bar of their glyphs, so that colour is not needed to read it. */
void view_verdicts(const struct screen *screen, int y, int x, int width);

void view_tree(const struct screen *screen);
void view_detail(struct screen *screen);

/* In place of the tree when it has no row: the first steps, or what hides the rows. */
void view_nothing(const struct screen *screen);

/* Puts where the hardware cursor belongs, the selected line or the typed text, into *y and *x. */
void view_menu(const struct screen *screen, int *y, int *x);

/* The page of preflight over the whole screen; its beginning in a part of it; its first trouble on a line. */
void view_preflight(struct screen *screen);
void view_preflight_part(const struct screen *screen, const struct area *area);
void view_notice(const struct screen *screen, int y);

/* What it is compared with, and how many targets stand how against that. */
void view_since(const struct screen *screen, int y);

/* Rows are sorted by when they are due, or a filter looks at that: then their dates are seen. */
bool view_shows_due(const struct screen *screen);
/* "2026-12-01", "! 2026-11-20" where that is over, shorter where names have less room; "" without a day. The
 * caller frees. */
char *view_due(const struct screen *screen, const struct target *target, int room, enum style *style);
/* "2 overdue  1 promised" between two columns, whatever of it fits whole. */
void view_campaign(const struct screen *screen, int y, int x, int right, const struct rows_campaign *campaign,
                   enum style late, enum style plain);

/* The page of the pasted list. */
void view_pasted(struct screen *screen);
void view_notes(struct screen *screen);

/* A page over the whole screen with its title, scrolled as far as it goes at most. `width` of the page is
 * view_page_width(). */
int view_page_width(void);
void view_page_part(const struct screen *screen, const struct page *page, const struct area *area);
void view_page(const struct screen *screen, const char *title, const struct page *page, size_t *scroll);

/* What Tab can put into the prompt, above it, while that is shown. */
void view_candidates(const struct screen *screen);

/* The form above the last line. */
void view_form(const struct screen *screen, int *y, int *x);

/* Paints the last line; true when it put the hardware cursor's place (a prompt) into *y and *x. */
bool view_footer(const struct screen *screen, int *y, int *x);

/* How a change looks before a row and in the counts; not for SINCE_NOT_COMPARED, the glyph not for SINCE_SAME
 * either. */
enum glyph view_since_glyph(enum since since);
enum style view_since_style(enum since since);
