/* The detail pane's sections on one endpoint. */
#pragma once

#include "engine/model/model.h"
#include "tui/page.h"

#include <stdbool.h>
#include <stdint.h>

/* State, versions grid and certificates, as the target sees them; `warnings` adds the endpoint's own. */
void detail_endpoint(struct page *page, const struct target *target, const struct host *host,
                     const struct endpoint *endpoint, int64_t now, bool warnings);

/* Dialogue, timings and attempts. */
void detail_endpoint_record(struct page *page, const struct endpoint *endpoint);
