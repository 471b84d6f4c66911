/* A data file compiled into the program (see mx_embed in data/bazel/defs.bzl). */
#pragma once

#include <stddef.h>

struct embedded_file {
    const char *name; /* base name; NULL ends a list */
    const char *text; /* not counted in `length`: one NUL byte behind the end */
    size_t length;    /* bytes */
};
