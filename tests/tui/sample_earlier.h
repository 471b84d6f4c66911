/* A snapshot of how the made-up session (tests/tui/sample.h) was a week before: every kind of change lies
 * between. */
#pragma once

/* Writes it; what stands there is replaced. Aborts when that can't be done. */
void sample_save_earlier(const char *path);
