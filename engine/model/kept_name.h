/* Are these names and addresses as mxscope itself writes them? A snapshot or a report may come from anyone,
 * and what it names is looked up and connected to. */
#pragma once

#include <stdbool.h>

/* Printable ASCII without spaces, as DNS names are once they are escaped, patterns and URLs too; not empty.
 */
bool kept_name_ok(const char *text);
bool kept_address_ok(const char *text); /* an IP literal */
