/* Whose mail stops when a certificate ends soon. Pure. */
#pragma once

#include "engine/model/model.h"

#include <stddef.h>

#define EXPIRING_DAYS 30

/* Targets that demand a valid certificate and have one, on their route, that ends within EXPIRING_DAYS and
 * has not ended yet; the first to end first. The caller frees; NULL when `*count` is 0. */
const struct target **report_expiring(const struct model *model, size_t *count);

/* Whole days that are left of it. */
int expiring_days_left(const struct model *model, const struct target *target);

/* "1 target demands …: mail stops when it ends.", for people; the caller frees. */
char *expiring_words(size_t count);
