/* What the mouse does: a click selects a row, on its fold mark or on the selected row it folds or unfolds, in
 * the detail pane it gives the pane the keys; the wheel scrolls what is under the pointer, lists and pages
 * too. */
#pragma once

#include "tui/report.h"
#include "tui/state.h"

void mouse_take(struct screen *screen, const struct report_mouse *mouse);
