/* What the rows are asked to be like: filtered, grouped, sorted, folded. With very many targets that comes a
 * little later than it is asked for. */
#pragma once

#include "tui/state.h"

/* Behind everything that asks the rows for another arrangement: takes it when it is there, else goes on with
 * it for a few milliseconds. */
void filter_rearranged(struct screen *screen);

/* Goes on for `most` targets. */
void filter_go_on(struct screen *screen, size_t most);

/* Once the rows are as asked for, what is above the selected row is opened. */
void filter_keep_selected(struct screen *screen);
/* Enter: false when the prompt's text can't be read, which prompt_error then says. */
bool filter_is_whole(struct screen *screen);
