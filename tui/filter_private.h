/* What parsing and matching of filters share. */
#pragma once

#include "tui/filter.h"
#include "tui/filter_terms.h"

struct term {
    enum filter_kind kind;
    bool inverse;
    char *value;               /* owned */
    struct filter_bound bound; /* FILTER_TLS, FILTER_CERT, FILTER_DUE */
};

struct filter {
    struct term *terms; /* owned */
    size_t count;
    const struct model *model;
    const struct rows *rows;
};
