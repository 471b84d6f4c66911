/* What a report in JSON says of its session, as snapshots say it. */
#pragma once

#include "engine/report/read.h"
#include "engine/store/store.h"

/* Takes over what `about` holds, which is empty then. */
struct store_session report_session(struct report_about *about);

/* Where a snapshot was expected and a report would have done: "… is no mxscope snapshot" says so. Other
 * errors stay as they are. */
void report_also_expected(char **error);
/* Where `path` is a report and a snapshot is to be written to: how one is made of it. */
void report_is_to_be_merged(const char *path, char **error);
