/* What the versions column says in few letters, and how much is at work. */
#pragma once

#include "engine/report/versions.h"

/* "1.3", "1.0–1.3" (the en dash a hyphen in ASCII), "SSL3", "none", or "" while nothing is known. */
#define SUMMARY_SIZE 24
void summary_text(const struct summary_versions *versions, bool ascii, char out[SUMMARY_SIZE]);

/* Endpoints below a target, those beside its route too, and how many of the route's are at work right now. */
struct summary_work {
    unsigned endpoints, busy;
};
struct summary_work summary_work_of(const struct target *target);
