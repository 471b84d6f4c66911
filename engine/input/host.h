/* "host", "host:port", "192.0.2.1", "[2001:db8::1]:25", "[mail.contoso.com]:25" (as Exchange and Postfix
 * write a host that is not looked up by MX). */
#pragma once

#include "engine/model/target.h"

/* On success NULL, and `out->host` is the caller's to free. Otherwise a static fragment that says what is
 * wrong. */
const char *host_parse(const char *text, struct host_port *out);

/* The canonical URL of an endpoint, the caller frees. */
char *host_url(enum protocol protocol, const struct host_port *host);
