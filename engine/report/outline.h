/* The outline of a report in JSON or JSONL: its head, and its elements one after the other. Which of the two
 * it is shows in the first key; keys may stand in any order. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct outline;

/* NULL and *error (one sentence, the caller frees) for what is no such report. */
struct outline *outline_open(const char *path, char **error);
void outline_close(struct outline *outline); /* NULL is allowed */

/* Of JSON: an object of the members that a report's head has, as long as the outline; NULL in JSONL. What
 * else there is must be JSON, and is left aside. */
const json_t *outline_head(const struct outline *outline);

/* The next element, with its line; NULL at the end (*over), and for a file that goes on otherwise: *error.
 * The caller releases the reference. */
json_t *outline_next(struct outline *outline, uint64_t *line, bool *over, char **error);

/* How much of the file was taken, in percent. */
unsigned outline_share(const struct outline *outline);

/* To the first element again. */
void outline_return(struct outline *outline);
