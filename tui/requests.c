#include "tui/requests.h"

#include "tui/actions.h"
#include "tui/press.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* clang-format off */
static const struct request table[] = {
    {"down", "Move", {'j', PRESS_DOWN}, "next row", NULL, 0, action_down, blocked_empty},
    {"up", "Move", {'k', PRESS_UP}, "row before", NULL, 0, action_up, blocked_empty},
    {"page-down", "Move", {PRESS_PAGE_DOWN}, "one page down", NULL, 0, action_page_down, blocked_empty},
    {"page-up", "Move", {PRESS_PAGE_UP}, "one page up", NULL, 0, action_page_up, blocked_empty},
    {"half-page-down", "Move", {CONTROL('d')}, "half a page down", NULL, 0, action_half_down, blocked_empty},
    {"half-page-up", "Move", {CONTROL('u')}, "half a page up", NULL, 0, action_half_up, blocked_empty},
    {"first", "Move", {'g', PRESS_HOME}, "first row", NULL, 0, action_first, blocked_empty},
    {"last", "Move", {'G', PRESS_END}, "last row", NULL, 0, action_last, blocked_empty},
    {"next-problem", "Move", {'e'}, "next problem, the worst for mail first", "next", 6, action_next_problem, blocked_no_problem},
    {"previous-problem", "Move", {'E'}, "problem before", NULL, 0, action_previous_problem, blocked_no_problem},
    {"next-change", "Move", {'c'}, "next target that changed", NULL, 0, action_next_change, blocked_no_change},
    {"previous-change", "Move", {'C'}, "target before that changed", NULL, 0, action_previous_change, blocked_no_change},

    {"toggle", "Fold", {PRESS_ENTER}, "fold or unfold; on an address: its details", "open", 3, action_toggle, blocked_empty},
    {"unfold", "Fold", {'l', PRESS_RIGHT}, "unfold, or go to the first row below", NULL, 0, action_unfold, blocked_empty},
    {"fold", "Fold", {'h', PRESS_LEFT}, "fold, or go to the row above in the tree", NULL, 0, action_fold, blocked_empty},
    {"fold-all", "Fold", {'*'}, "unfold everything; again: fold to domains", NULL, 0, action_fold_all, blocked_empty},
    {"depth-1", "Fold", {'1'}, "show groups only", NULL, 0, action_depth_1, blocked_empty},
    {"depth-2", "Fold", {'2'}, "show domains", NULL, 0, action_depth_2, blocked_empty},
    {"depth-3", "Fold", {'3'}, "show hosts", NULL, 0, action_depth_3, blocked_empty},
    {"depth-4", "Fold", {'4'}, "show addresses", NULL, 0, action_depth_4, blocked_empty},
    {"depth-5", "Fold", {'5'}, "show TLS versions", NULL, 0, action_depth_5, blocked_empty},

    {"group", "Arrange", {'o'}, "group by class, verdict, mail, operator, change", "group", 14, action_group, blocked_empty},
    {"group-back", "Arrange", {'O'}, "group by the one before", NULL, 0, action_group_back, blocked_empty},
    {"sort", "Arrange", {'s'}, "sort by name, verdict, consequence, TLS, date", "sort", 15, action_sort, blocked_empty},
    {"sort-reverse", "Arrange", {'S'}, "sort the other way round", NULL, 0, action_sort_back, blocked_empty},

    {"search", "Find", {'/'}, "search all names and addresses", "find", 4, action_search, blocked_empty},
    {"next-hit", "Find", {'n'}, "next row that holds the searched text", NULL, 0, action_next_hit, blocked_no_hit},
    {"previous-hit", "Find", {'N'}, "row before that holds it", NULL, 0, action_previous_hit, blocked_no_hit},
    {"filter", "Find", {'f'}, "filter: text verdict: tls<1.2; Tab lists terms", "filter", 7, action_filter, blocked_empty},

    {"add", "Do", {'a'}, "add a domain or an endpoint URL", "add", 5, action_add, blocked_being_read},
    {"paste", "Do", {PRESS_PASTE}, "paste a list: adds its targets", NULL, 0, action_paste, blocked_list},
    {"import", "Do", {'I'}, "read targets or connectors from a file", NULL, 0, action_import, blocked_list},
    {"export", "Do", {'x'}, "write a report, or letters; all, shown, tagged", "export", 9, action_export, blocked_exporting},
    {"save", "Do", {'w'}, "keep this session in a file of its own", NULL, 0, action_save, blocked_not_keeping},
    {"compare", "Do", {'D'}, "what changed since an earlier snapshot", NULL, 0, action_against, blocked_reading},
    {"export-changes", "Do", {'X'}, "write what changed: text, JSON, CSV, Markdown", NULL, 0, action_export_changes, blocked_export_changes},
    {"pasted", "Do", {CONTROL('v')}, "what was not understood of the last list", NULL, 0, action_pasted, blocked_not_pasted},
    {"partner", "Do", {'p'}, "partner or opportunistic: selected or tagged", "class", 8, action_reclass, blocked_not_reclassable},
    {"note", "Do", {'t'}, "note, owner, contact, due date, state", "note", 13, action_note, blocked_not_chosen},
    {"remove", "Do", {'d', PRESS_DELETE}, "remove what is selected or tagged", NULL, 0, action_remove, blocked_not_chosen},
    {"undo", "Do", {'u'}, "undo the last addition, removal, change, note", "undo", 16, action_undo, blocked_nothing_to_undo},
    {"copy", "Do", {'y'}, "copy the selected name or address", NULL, 0, action_copy, blocked_empty},
    {"copy-row", "Do", {CONTROL('y')}, "copy the row, or all tagged, with tabs", NULL, 0, action_copy_row, blocked_empty},
    {"copy-message", "Do", {'Y'}, "copy the words for the partner, with To:", NULL, 0, action_copy_message, blocked_no_message},
    {"tag", "Do", {PRESS_SPACE}, "tag or untag the target, or all of a group", NULL, 0, action_tag, blocked_not_taggable},
    {"reprobe", "Do", {'r'}, "probe again what is selected", "re-probe", 10, action_reprobe, blocked_offline_row},
    {"reprobe-problems", "Do", {'R'}, "probe again what is tagged, else all problems", NULL, 0, action_reprobe_problems, blocked_offline_problems},
    {"reprobe-inconclusive", "Do", {CONTROL('r')}, "probe again whatever gave no conclusion", NULL, 0, action_reprobe_inconclusive, blocked_offline_inconclusive},
    {"baseline", "Do", {'b'}, "judge by another baseline, without probing", NULL, 0, action_baseline, NULL},
    {"pause", "Do", {'P'}, "pause probing, or go on", NULL, 0, action_pause, blocked_not_probing},

    {"detail-size", "Screen", {'v'}, "detail pane: none, normal, large", "details", 11, action_pane_size, NULL},
    {"detail-focus", "Screen", {PRESS_TAB}, "give the keys to the detail pane, or back", "pane", 12, action_focus, blocked_no_pane},
    {"detail-down", "Screen", {'J'}, "scroll the detail pane down", NULL, 0, action_detail_down, blocked_no_pane},
    {"detail-up", "Screen", {'K'}, "scroll the detail pane up", NULL, 0, action_detail_up, blocked_no_pane},
    {"transcript", "Screen", {'T'}, "read dialogue and details in $PAGER", NULL, 0, action_transcript, blocked_no_transcript},
    {"preflight", "Screen", {'!'}, "preflight: resolver, routes, mail port, EHLO", NULL, 0, action_preflight, NULL},
    {"notes", "Screen", {'i'}, "what the inputs left out, and why", NULL, 0, action_notes, blocked_no_notes},
    {"theme", "Screen", {CONTROL('t')}, "the next theme: other colours", NULL, 0, action_theme, blocked_no_color},
    {"mouse", "Screen", {'M'}, "let the mouse select and scroll, or not", NULL, 0, action_mouse, NULL},
    {"help", "Screen", {'?'}, "this list; Enter runs the selected line", "help", 1, action_help, NULL},
    {"palette", "Screen", {':'}, "run a command by its name", NULL, 0, action_palette, NULL},
    {"redraw", "Screen", {CONTROL('l')}, "paint the whole screen again", NULL, 0, action_redraw, NULL},
    {"suspend", "Screen", {CONTROL('z')}, "stop the program; fg brings it back", NULL, 0, action_suspend, NULL},
    {"back", "Screen", {PRESS_ESC}, "back out: leave the pane, clear the filter", NULL, 0, action_back, NULL},
    {"quit", "Screen", {'q', CONTROL('c')}, "leave; asks where that would lose anything", "quit", 2, action_quit, NULL},
};
/* clang-format on */

const struct request *requests_table(size_t *count)
{
    *count = COUNT(table);
    return table;
}
