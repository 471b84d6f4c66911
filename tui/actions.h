/* What requests do. Each works on the screen's state and returns at once; `blocked_…` say why one can't work
 * now (static text, with requests in braces for their keys), or NULL. Only tui/requests.c names them. */
#pragma once

#include "tui/state.h"

void action_down(struct screen *screen);
void action_up(struct screen *screen);
void action_page_down(struct screen *screen);
void action_page_up(struct screen *screen);
void action_half_down(struct screen *screen);
void action_half_up(struct screen *screen);
void action_first(struct screen *screen);
void action_last(struct screen *screen);
void action_fold(struct screen *screen);
void action_unfold(struct screen *screen);
void action_toggle(struct screen *screen);
void action_fold_all(struct screen *screen);
void action_depth_1(struct screen *screen);
void action_depth_2(struct screen *screen);
void action_depth_3(struct screen *screen);
void action_depth_4(struct screen *screen);
void action_depth_5(struct screen *screen);
void action_next_problem(struct screen *screen);
void action_previous_problem(struct screen *screen);

void action_search(struct screen *screen);
void action_next_hit(struct screen *screen);
void action_previous_hit(struct screen *screen);
void action_filter(struct screen *screen);

void action_add(struct screen *screen);
void action_paste(struct screen *screen);
void action_import(struct screen *screen);
void action_export(struct screen *screen);
void action_export_changes(struct screen *screen);
void action_next_change(struct screen *screen);
void action_previous_change(struct screen *screen);
const char *blocked_no_change(const struct screen *screen);
const char *blocked_export_changes(const struct screen *screen);
void action_save(struct screen *screen);
void action_pasted(struct screen *screen);
void action_reclass(struct screen *screen);
void action_remove(struct screen *screen);
void action_undo(struct screen *screen);
void action_note(struct screen *screen);
void action_baseline(struct screen *screen);
void action_group(struct screen *screen);
void action_group_back(struct screen *screen);
void action_sort(struct screen *screen);
void action_sort_back(struct screen *screen);
void action_copy(struct screen *screen);
void action_copy_row(struct screen *screen);
void action_copy_message(struct screen *screen);
void action_tag(struct screen *screen);
void action_reprobe(struct screen *screen);
void action_reprobe_problems(struct screen *screen);
void action_reprobe_inconclusive(struct screen *screen);
void action_pause(struct screen *screen);

void action_pane_size(struct screen *screen);
void action_focus(struct screen *screen);
void action_detail_down(struct screen *screen);
void action_detail_up(struct screen *screen);
void action_preflight(struct screen *screen);
void action_notes(struct screen *screen);
void action_against(struct screen *screen);
const char *blocked_reading(const struct screen *screen);
const char *blocked_being_read(const struct screen *screen);
const char *blocked_list(const struct screen *screen);
const char *blocked_no_notes(const struct screen *screen);
void action_theme(struct screen *screen);
void action_transcript(struct screen *screen);
const char *blocked_no_transcript(const struct screen *screen);
void action_mouse(struct screen *screen);
void action_help(struct screen *screen);
void action_palette(struct screen *screen);
void action_redraw(struct screen *screen);
void action_suspend(struct screen *screen);
void action_back(struct screen *screen);
void action_quit(struct screen *screen);

const char *blocked_empty(const struct screen *screen);
const char *blocked_no_hit(const struct screen *screen);
const char *blocked_exporting(const struct screen *screen);
const char *blocked_not_keeping(const struct screen *screen);
const char *blocked_no_message(const struct screen *screen);
const char *blocked_no_problem(const struct screen *screen);
const char *blocked_not_chosen(const struct screen *screen);
const char *blocked_nothing_to_undo(const struct screen *screen);
const char *blocked_offline_inconclusive(const struct screen *screen);
const char *blocked_not_pasted(const struct screen *screen);
const char *blocked_not_reclassable(const struct screen *screen);
const char *blocked_not_taggable(const struct screen *screen);
const char *blocked_not_target(const struct screen *screen);
const char *blocked_offline_row(const struct screen *screen);
const char *blocked_offline_problems(const struct screen *screen);
const char *blocked_offline(const struct screen *screen);
const char *blocked_not_probing(const struct screen *screen);
const char *blocked_no_color(const struct screen *screen);
const char *blocked_no_pane(const struct screen *screen);
