/* What the reports for people count and put in order, the same in each of them. Pure. */
#pragma once

#include "engine/model/model.h"
#include "engine/report/versions.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPORT_DATE_SIZE 24

struct report_summary {
    struct model_counts counts;
    unsigned verdicts[verdict_count]; /* targets of all classes */
    unsigned consequences[consequence_count];
    unsigned versions[TLS_VERSIONS]; /* targets by the best version of their weakest server */
    unsigned clear;                  /* targets with a server known to offer no TLS; not in `versions` */
    unsigned silent;   /* targets that nothing is known of; neither in `versions` nor in `clear` */
    unsigned partners; /* targets that report_is_partner holds for */
    unsigned problems; /* targets that report_is_problem holds for */
    unsigned to_write; /* … of these those that mail does not reach encrypted for sure */
    unsigned contacts[contact_state_count]; /* problems by how far people are with them */
};

void report_summarise(const struct model *model, struct report_summary *summary);

/* Targets of one class. */
unsigned report_class_total(const struct report_summary *summary, enum target_class class);

/* Someone has to look: not ready, plaintext, at risk, unreachable or unknown. */
bool report_is_problem(const struct target *target);

/* A mail route of its own: class partner, or one that a connector carries. */
bool report_is_partner(const struct target *target);

/* Targets that are not removed and that `wanted` holds for, in this order: consequence, the worst first, what
 * is not known behind them all; verdict, the worst first; domain. The caller frees; NULL when `*count` is 0.
 */
const struct target **report_by_consequence(const struct model *model, bool (*wanted)(const struct target *),
                                            size_t *count);

/* The same in order of class, connector (those without one last), domain. */
const struct target **report_by_connector(const struct model *model, bool (*wanted)(const struct target *),
                                          size_t *count);

/* Of one class, and carried by one connector, or both by none: such targets follow each other in that order.
 */
bool report_same_connector(const struct target *a, const struct target *b);

/* The end of the certificate that ends first on the target's route, seconds since 1970; 0 when none is known.
 */
int64_t report_first_expiry(const struct target *target);

/* "TLSv1.0" of the weakest, or strongest, server; "none" when one offers no TLS; NULL while not known. */
const char *report_weakest(const struct summary_versions *versions);
const char *report_strongest(const struct summary_versions *versions);

/* "TLS 1.0", "TLS 1.0–1.3", "none", "none–TLS 1.2", or "" while not known, for people. */
#define REPORT_SPAN_SIZE 32
void report_span(const struct summary_versions *versions, char out[REPORT_SPAN_SIZE]);

/* "41 targets, 1 address"; the caller frees. */
char *report_size(const struct report_summary *summary);

/* "16 targets are partners or have a connector."; the caller frees. */
char *report_partner_count(const struct report_summary *summary);

/* The day by which it is to be done, "2026-12-01"; "" where none was set. */
void report_due(char out[REPORT_DATE_SIZE], const struct target *target);

/* "2026-11-23"; "" for 0. */
void report_date(char out[REPORT_DATE_SIZE], int64_t when);
