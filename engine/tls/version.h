/* TLS protocol versions that a mail server may still speak. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum tls_version { TLS_SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 };
#define TLS_VERSIONS 5

/* 0x0300 … 0x0304 (RFC 6101, 2246, 4346, 5246, 8446). */
uint16_t tls_version_wire(enum tls_version version);

/* False for a value that is none of the five. */
bool tls_version_from_wire(uint16_t wire, enum tls_version *version);

/* "SSLv3", "TLSv1.0" … as in CONTRACT's JSON; `tls_version_title` is "SSL 3.0", "TLS 1.0" … for people. */
const char *tls_version_name(enum tls_version version);
const char *tls_version_title(enum tls_version version);
bool tls_version_parse(const char *name, enum tls_version *version);
