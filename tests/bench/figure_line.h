/* How a benchmark tells the suite that runs it what it measured, besides what it prints. */
#pragma once

/* The environment names the file in this variable; where it names none, nothing is told. */
#define FIGURE_LINES "MXSCOPE_FIGURES"

/* Adds the line "NAME UNIT TARGET VALUE" to that file. Lower is better; `target` is the most that is wanted,
 * 0: nothing. No blanks in name and unit. Processes may do so one after another. */
void figure_line(const char *name, const char *unit, double target, double value);
