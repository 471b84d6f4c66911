/* The policy record of SMTP TLS Reporting (RFC 8460, section 3): where a domain wants to be told of mail that
 * could not be encrypted. Text as TXT records are spelled by engine/net/dns_message.h. Pure, and bounded by
 * the text's length. */
#pragma once

#include "engine/base/strings.h"

#include <stdbool.h>
#include <stddef.h>

#define TLS_RPT_MOST 4096 /* bytes of a record; a longer one is none */

/* The name whose TXT records hold it: "_smtp._tls." before the domain. The caller frees. */
char *tls_rpt_name(const char *domain);

/* The one text of `count` that is a version 1 record. NULL when there is none, and when there are several:
 * then the domain has none (section 3). */
const char *tls_rpt_choose(const char *const *texts, size_t count);

/* Adds the URIs of its `rua` that mean something: mailto with a plain address, https. False when the record
 * is broken or has no such URI; then nothing is added. */
bool tls_rpt_read(const char *record, struct strings *uris);
