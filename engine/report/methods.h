/* How the facts of a report were found, and what they don't say: the same sentences in each report for
 * people. */
#pragma once

#include "engine/base/strings.h"
#include "engine/report/report.h"
#include "engine/report/summary.h"

/* Sentences, of which some have text of strangers in them. The caller releases. */
void report_methods(const struct model *model, const struct report_options *options, struct strings *out);
void report_limits(const struct model *model, const struct report_options *options,
                   const struct report_summary *summary, struct strings *out);

/* "Who is ready for TLS 1.2 or better?" The caller frees. */
char *report_title(const struct model *model);

/* "exchange-online (Exchange Online), at least TLS 1.2, one of its 12 cipher suites, in force since
 * 2020-10-15". The caller frees. */
char *report_floor(const struct model *model);

/* "4 of 41 targets: class:partner state:to-contact", NULL where the report is of all; the caller frees. */
char *report_selection(const struct model *model, const struct report_options *options);

/* "2026-11-18 11:05 to 2026-11-18 11:06 UTC"; the caller frees. */
char *report_period(const struct report_options *options);
