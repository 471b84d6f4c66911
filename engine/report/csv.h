/* Model → CSV (RFC 4180: a comma between, CRLF behind each record, quotes where they are needed), UTF-8
 * behind a byte order mark, so that spreadsheets read it right. The first record names the columns, whose
 * order stays; what comes new comes behind them. What is not known is an empty cell. A cell whose first
 * character behind spaces is one that makes spreadsheets compute (= + - @, also in full width, tab, CR, LF)
 * begins with an apostrophe besides. Dates are UTC. */
#pragma once

#include "engine/report/report.h"

/* One record for each target. */
void csv_domains_write(const struct model *model, const struct report_options *options, struct out *out);

/* One record for each endpoint of each target, as that target sees it; those beside the route say so. */
void csv_endpoints_write(const struct model *model, const struct report_options *options, struct out *out);
