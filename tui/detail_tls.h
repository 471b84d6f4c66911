/* The detail page's parts on TLS at one endpoint. */
#pragma once

#include "engine/model/model.h"
#include "tui/page.h"

#include <stdint.h>

/* One version's line. */
void detail_version(struct page *page, enum tls_version version, const struct facts *facts);

/* A line for each version: state, then suite, alert or why it is not known. */
void detail_versions(struct page *page, const struct facts *facts);

/* The certificate, both answers to whether its names fit, and the chain that was sent; nothing for NULL. */
void detail_certificate(struct page *page, const struct target *target, const struct host *host,
                        const struct endpoint *endpoint, const char *heading,
                        const struct certificate *certificate, int64_t now);
