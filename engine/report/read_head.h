/* What a report says of the session beside its targets. */
#pragma once

#include "engine/model/baseline.h"
#include "engine/model/preflight.h"
#include "engine/report/read.h"
#include "engine/report/take.h"

#include <stdbool.h>
#include <stdint.h>

struct read_head {
    struct report_about about;
    struct baseline *baseline; /* NULL after a failure */
    struct preflight preflight;
    struct strings notes;
    bool tells;      /* of a line of JSONL: it says what session it is from */
    int64_t targets; /* of how many lines that is one; 0: that is not said */
};

/* Of a report's members but `domains`, as one object. Fills `head`, which the caller releases whatever comes.
 */
void read_head(const struct take *document, struct read_head *head);
/* Of a line of JSONL: baseline and preflight, as far as verdicts look at that, and the session. */
void read_line_head(const struct take *element, struct read_head *head);
void read_head_release(struct read_head *head);
