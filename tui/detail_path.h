/* The detail page's parts on the way that mail takes: route, hosts, addresses and the DNS records behind
 * them. */
#pragma once

#include "engine/model/model.h"
#include "tui/page.h"

/* "✗ not ready". */
void detail_verdict(struct page *page, int column, enum verdict verdict);

/* What the lookup ended with, unless nothing was asked. */
void detail_dns(struct page *page, const struct dns_facts *dns);

/* A host's addresses, each with verdict and versions. */
void detail_addresses(struct page *page, const struct model *model, const struct target *target,
                      const struct host *host);

/* Route, hosts and addresses of the target's mail, and of its domain's MX where those stand beside it. */
void detail_path(struct page *page, const struct model *model, const struct target *target);
void detail_beside(struct page *page, const struct model *model, const struct target *target);

/* Every record that led to the target's hosts, or to one host, as dig shows it. */
void detail_records(struct page *page, const struct target *target);
void detail_host_records(struct page *page, const struct host *host);

/* "!" and a sentence for each. */
void detail_list_warnings(struct page *page, const struct strings *warnings);
