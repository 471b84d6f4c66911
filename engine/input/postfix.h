/* Postfix's own tables → targets: transport(5) and smtp_tls_policy_maps as text, main.cf or the output of
 * `postconf -n` (postconf(5)). What one says means something only beside the others, so they are gathered,
 * and joined at the end as Postfix looks them up. */
#pragma once

#include "engine/input/input.h"

#include <stdbool.h>

enum postfix_kind { POSTFIX_NONE, POSTFIX_MAIN, POSTFIX_TRANSPORT, POSTFIX_POLICY };

/* What the text is, by its first logical line that says so. A plain list of targets is none of them. */
enum postfix_kind postfix_detect(const char *text);

/* Gathers; a logical line that can't be understood is a problem of its own. */
void postfix_read(enum postfix_kind kind, const char *source, const char *text, struct input *out);

/* Adds the targets that the tables name, and gives the ones that are there without connector the way and the
 * demand that Postfix has for them. Every entry becomes a target, or a note says why not. */
void postfix_finish(struct input *out);
