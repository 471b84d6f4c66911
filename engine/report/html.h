/* Model → one HTML page that needs nothing else: no network, and a script only for sorting its tables. Style
 * and script are data/report/. Of sessions with more than HTML_LISTED_MOST targets, tree and problems have
 * those that are partners or fall short, and count the others; the evidence of addresses is given for
 * partners, and for who falls short. Text of strangers is text in it, whatever it looks like. */
#pragma once

#include "engine/report/report.h"

#define HTML_LISTED_MOST 1000

void html_write(const struct model *model, const struct report_options *options, struct out *out);
