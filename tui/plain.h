/* The screen's work without a screen, for screen readers and pipes: commands by word on stdin, plain lines on
 * stdout. No colours, no motion of a cursor, no line that changes behind the reader. Targets whose verdict is
 * settled are told of as they come, a few lines a second at most. What comes from network or file is escaped
 * as on the screen. */
#pragma once

#include "engine/audit/audit.h"
#include "engine/model/model.h"
#include "tui/screen.h"

/* Holds back the signals that end it, until plain_run looks for them. To be called before any thread is
 * started: none but the caller's may take them. */
void plain_hold_signals(void);

/* As screen_run (model and audit are the caller's), but reads commands, one a line, until "quit" or the end
 * of stdin. 0; 3 when a signal ended it or stdout can't be written. A prompt is printed where stdin is a
 * terminal. Of the options those count that are not of looks. */
int plain_run(struct model *model, struct audit *audit, const struct screen_options *options);
