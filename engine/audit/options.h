/* The audit's own copy of its options. Private to this room. */
#pragma once

#include "engine/audit/engine.h"

#include <stdbool.h>

/* Copies and checks what `from` points to. False and *error (the caller frees) for a source address that is
 * none, or an EHLO name that no server would take. */
bool options_take(struct audit *audit, const struct audit_options *from, char **error);

/* Frees the copies. */
void options_release(struct audit *audit);

/* The machine's full name, or one that says nothing; *known tells which. The caller frees. */
char *options_machine_name(bool *known);
