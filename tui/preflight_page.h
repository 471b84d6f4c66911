/* The checks of preflight as a page: each with its state and its sentence. */
#pragma once

#include "engine/model/preflight.h"
#include "tui/page.h"

#include <stdbool.h>

void preflight_page_build(struct page *page, const struct preflight *preflight);

/* True when something was found out already. */
bool preflight_page_worth(const struct preflight *preflight);

/* How many checks are in trouble. */
unsigned preflight_page_troubles(const struct preflight *preflight);
