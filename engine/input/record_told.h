/* For tests of readers that give records: what one hands on, as text. */
#pragma once

#include "engine/input/record.h"

/* The file at `path` as UTF-8; NULL when it can't be read. free() it. */
char *record_sample(const char *path);

/* A line per call of the sink, in order: "record LINE:NUMBER NAME=TEXT NAME=[ITEM|ITEM] NAME=- ...", with
 * NAME=?ITEM for FIELD_LOST and NAME=[ITEM|... for FIELD_CUT; "problem LINE:NUMBER WHY". Only fields of
 * `names`, which NULL ends, in its order; all when it is NULL. free() it. */
char *record_told(void (*read)(const char *, const struct record_sink *), const char *text,
                  const char *const *names);

/* Cuts `text` at each byte. NULL when each cut gives first records of the whole and then one problem at most,
 * and none only where `may_be_silent`; else what the first bad cut gives, which is to be freed. */
char *record_bad_cut(void (*read)(const char *, const struct record_sink *), const char *text,
                     bool (*may_be_silent)(const char *text, size_t cut));
