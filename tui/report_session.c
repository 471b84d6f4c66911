#include "tui/report_session.h"

#include <string.h>

struct store_session report_session(struct report_about *about)
{
    struct store_session session = {about->generator,  about->vantage,     about->options,
                                    about->started_at, about->finished_at, about->complete};

    memset(about, 0, sizeof *about);
    return session;
}
