/* Model → Markdown (GitHub's kind, for its tables): summary, problems with the worst first, partners by
 * connector with the words to send, methods and limits. Text of strangers means nothing in it: no markup, no
 * HTML, no link but those that readers make of mail addresses. */
#pragma once

#include "engine/report/report.h"

void markdown_write(const struct model *model, const struct report_options *options, struct out *out);
