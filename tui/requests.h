/* The one table of requests. */
#pragma once

#include "tui/request.h"

#include <stddef.h>
#include <stdint.h>

const struct request *requests_table(size_t *count);

/* The request of a key, or NULL. */
const struct request *requests_of_key(uint32_t key);
