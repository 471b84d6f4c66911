#include "tui/report_session.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

struct store_session report_session(struct report_about *about)
{
    struct store_session session = {about->generator,  about->vantage,     about->options,
                                    about->started_at, about->finished_at, about->complete};

    memset(about, 0, sizeof *about);
    return session;
}

void report_also_expected(char **error)
{
    static const char none[] = "is no mxscope snapshot";
    size_t length = strlen(*error), tail = strlen(none);
    char *longer;

    if (length < tail || strcmp(*error + length - tail, none) != 0)
        return;
    longer = mem_format("%s; expected one, or a report in JSON or JSONL", *error);
    free(*error);
    *error = longer;
}
