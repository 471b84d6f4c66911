/* The live filter's language: terms separated by spaces, all of which must hold. `!` before a term keeps
 * just the targets that it would leave out, those included of which nothing is known. The terms
 * (tui/filter_terms.h):
 * - verdict: class: consequence: route: reason: is: state: change: compare a word; its beginning is enough.
 *   change: tells how it stands against the session that is compared with, and matches nothing without one.
 *   What is there no more has no verdict, and so on.
 * - connector: owner: contact: note: look for text; with none behind, for a target that has one at all.
 *   contact: looks in what is noted and in what DNS says (SOA, TLS-RPT).
 * - operator: looks for text in who runs any host of the route (engine/report/provider.h), host: and address:
 * in any host or address, beside the route too; never by case.
 * - tls<1.2 (also <= > >= =) compares the best version of the weakest endpoint, cert<30d the days left of the
 *   certificate on the route that ends first (cert<0d: one is out of date), due<7d the days until it is to be
 *   done (due<0d: that day is over). Targets of which that is not known do not match.
 * - anything else is looked for in names, hosts, addresses, connector, owner, contact and note.
 * Values and text with spaces stand in quotation marks: connector:"To Fabrikam". */
#pragma once

#include "engine/model/model.h"
#include "tui/rows.h"

#include <stdbool.h>

struct filter;

/* NULL and *error (one sentence that says what was expected, the caller frees) for a term that can't be read:
 * a word that begins no known one, no version after tls, no days after cert, no such term,
 * no second quotation mark. */
struct filter *filter_parse(const char *text, char **error);

/* True when the text can't be read yet because its last term is on its way: "tls<", "tls<1." "cert<" or
 * "\"abc"; the first *whole bytes can. */
bool filter_is_begun(const char *text, size_t *whole);
void filter_free(struct filter *filter); /* NULL is allowed */

/* Where to look for what no target holds itself: the time and the tags. Both are borrowed and may be NULL,
 * as they are before: then the machine's clock counts, and nothing is tagged. */
void filter_look_in(struct filter *filter, const struct model *model, const struct rows *rows);

/* True when what it keeps depends on tags; on when targets are due; on an earlier session. */
bool filter_minds_tags(const struct filter *filter);
bool filter_minds_due(const struct filter *filter);
bool filter_minds_changes(const struct filter *filter);

bool filter_keeps(const struct filter *filter, const struct target *target);
