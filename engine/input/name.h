/* Host and domain names as people type them → A-labels. RFC 1035 §2.3.4, RFC 5890 (IDNA2008 with TR46
 * mapping). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A domain that mail is addressed to: at least two labels of letters, digits and hyphens after IDNA. On
 * success *ascii (lower-case A-labels, no trailing dot) and *unicode (U-labels) are the caller's to free. On
 * failure returns a static fragment that says what was expected ("…expected a domain such as contoso.com");
 * NULL on success. */
const char *name_domain(const char *text, char **ascii, char **unicode);

/* A host name: as above, but underscores and a single label are allowed. */
const char *name_host(const char *text, char **ascii);
