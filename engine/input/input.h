/* Text → targets. Everything is bounded; a bad line gives one error that names source, line and what was
 * expected. */
#pragma once

#include "engine/base/strings.h"
#include "engine/model/target.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* One TARGET of the command line or the screen: a domain (IDN welcome, trailing dot dropped) or an endpoint
 * URL. `class` applies to domains; smtp, submission and smtps URLs are `relay`, the others `service`. False
 * and *error (one sentence, the caller frees) for anything else: empty or long labels, characters no host
 * name has, an IP address without a scheme, a bad port, a path. On success the caller releases `spec`. */
bool input_target(const char *text, enum target_class class, const char *source, struct target_spec *spec,
                  char **error);

struct input_problem {
    unsigned line; /* 1-based; 0 for the whole file */
    char *message; /* "partners.csv:12: …" */
};

struct gathered;

/* How far a long input has come, for another thread. */
struct input_watch {
    atomic_uint lines, line; /* of the text that is read, and where that is; 0 lines: not known yet */
    atomic_bool unwanted;    /* set by who watches: the rest is skipped, and the result is of no use */
};

struct input {
    struct target_spec *specs; /* owned */
    size_t count;
    struct input_problem *problems; /* owned */
    size_t problem_count;
    struct strings notes; /* "connectors.json:3: connector "To X": disabled, so left out"; stop nothing */
    struct gathered *gathered; /* what only means something beside other inputs; owned */
    struct input_watch *watch; /* borrowed; NULL: nobody watches */
};

/* Reads a text list, a CSV with header, exports of Exchange's connectors and what belongs to them, or Postfix
 * maps (CONTRACT, "Input files"), the format detected from the content; UTF-8 or UTF-16, CRLF or LF. `source`
 * names it in errors. At most 256 MiB, 4,000,000 records and 10,000 smart hosts of a target. Appends to
 * `out`, which is complete only after input_finish. */
void input_read(const char *source, const void *bytes, size_t length, struct input *out);

/* Reads a file; "-" is stdin. False and *error when it can't be read. */
bool input_read_file(const char *path, struct input *out, char **error);

/* Adds one target as `input_target` reads it. False and *error when it is none. */
bool input_add_target(struct input *out, const char *text, enum target_class class, const char *source,
                      char **error);

/* After the last input: joins what the inputs say of each other (engine/input/gathered.h), so that each
 * domain has the connector that mail takes. Specs may come and go. */
void input_finish(struct input *input);

void input_release(struct input *input);
