/* The one table of requests. */
#pragma once

#include "tui/request.h"

#include <stddef.h>

const struct request *requests_table(size_t *count);
