/* What the form and the baseline's prompt do. */
#pragma once

#include "tui/state.h"

/* Puts the form's changed fields on the targets that it was opened for. */
void edit_keep(struct screen *screen);

/* Judges by the baseline that the prompt names; an unusable one leaves the prompt open with prompt_error set.
 */
void edit_baseline(struct screen *screen);
