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

/* Behind an error that says that it is no snapshot. */
static void say_more(char **error, const char *more)
{
    static const char none[] = "is no mxscope snapshot";
    size_t length = strlen(*error), tail = strlen(none);
    char *longer;

    if (length < tail || strcmp(*error + length - tail, none) != 0)
        return;
    longer = mem_format("%s; %s", *error, more);
    free(*error);
    *error = longer;
}

void report_also_expected(char **error)
{
    say_more(error, "expected one, or a report in JSON or JSONL");
}

void report_is_to_be_merged(const char *path, char **error)
{
    char *more = mem_format("it is a report, and mxscope merge -o NEW.mxscope %s makes one of it", path);

    if (report_is_json(path))
        say_more(error, more);
    free(more);
}
