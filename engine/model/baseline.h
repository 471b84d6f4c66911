/* A baseline: the floor to judge by. Data files (data/baselines/NAME.baseline), three of them built in. */
#pragma once

#include "engine/tls/version.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct baseline {
    char *name;               /* "exchange-online" */
    char *title;              /* one line for people */
    enum tls_version minimum; /* the floor */
    uint16_t *suites;         /* suites the sender offers at or above the floor, its order; NULL = any */
    size_t suite_count;
    char *since; /* "2020-10-15", the date the floor is in force; NULL when not said */
};

/* `name_or_file`: a built-in name (exchange-online, tls1.2, tls1.3), else a file. NULL and *error (one
 * sentence with file and line, the caller frees) otherwise. */
struct baseline *baseline_load(const char *name_or_file, char **error);

/* The built-in one of that name; NULL when there is none. No file is looked at. */
struct baseline *baseline_builtin(const char *name);

/* Parses a baseline's text; `source` is named in errors. */
struct baseline *baseline_parse(const char *source, const char *text, size_t length, char **error);

struct baseline *baseline_copy(const struct baseline *baseline);
/* True when both judge alike: the same name, floor and suites. */
bool baseline_same(const struct baseline *left, const struct baseline *right);
void baseline_free(struct baseline *baseline);

/* True when the sender offers the suite; always true for a baseline without a list. */
bool baseline_offers(const struct baseline *baseline, uint16_t suite);

/* Names of the built-in baselines, NULL-ended. */
const char *const *baseline_names(void);
