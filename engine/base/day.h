/* Days without a time of day, as people set them: a day's number counts from 1970-01-01, which is 0 and
 * stands for no day at all where a day may be missing. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define DAY_TEXT_SIZE 11      /* "2026-12-01" and its end */
#define DAY_MOST      2932896 /* 9999-12-31 */

/* `day`, between 0 and DAY_MOST, as YYYY-MM-DD. */
void day_text(char out[DAY_TEXT_SIZE], int32_t day);

/* False unless all of `text` is a day of the calendar from 1970-01-02 to 9999-12-31, as YYYY-MM-DD. */
bool day_parse(const char *text, int32_t *day);

/* The same, or relative to `today`: "today", "+14d" and "+14", "+2w", "+3m" (months; the last day of a month
 * that is shorter), "-1d". Blanks around are nothing. */
bool day_read(const char *text, int32_t today, int32_t *day);

/* The day of a time, seconds since 1970, in UTC. */
int32_t day_of(int64_t when);
