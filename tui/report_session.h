/* What a report in JSON says of its session, as snapshots say it. */
#pragma once

#include "engine/report/read.h"
#include "engine/store/store.h"

/* Takes over what `about` holds, which is empty then. */
struct store_session report_session(struct report_about *about);

/* Where a snapshot was expected and a report would have done: "… is no mxscope snapshot" says so. Other
 * errors stay as they are. */
void report_also_expected(char **error);
