/* Facts and events in short form, for tests. */
#pragma once

#include "engine/model/model.h"

/* A moment in 2026 that tests take for now. */
#define FIXTURE_NOW 1795000000
#define FIXTURE_DAY 86400

/* SSLv3 to TLS 1.3 in five letters: a accepted, r refused, u unknown, - not tested. STARTTLS was offered, the
 * stage is STAGE_DONE, one attempt was made; nothing else is set. */
struct facts *fixture_facts(const char *versions);

/* The real handshake reached a ServerHello with this version and suite; also sets that version's own suite.
 */
void fixture_handshake(struct facts *facts, enum tls_version version, uint16_t suite, bool completed);

/* `names`: DNS names with a space between; valid for `days` days from FIXTURE_NOW. */
struct certificate *fixture_certificate(const char *names, bool trusted, int days);

/* A model with a built-in baseline and FIXTURE_NOW. */
struct model *fixture_model(const char *baseline);

/* Adds a domain that nothing is known of yet. */
struct target *fixture_target(struct model *model, const char *domain, enum target_class class,
                              enum requirement requirement);

/* Events: `hosts` is "10 mx1.example 20 mx2.example"; `addresses` has a space between; "" for none. */
void fixture_route(struct model *model, struct target *target, enum route route, enum dns_status status,
                   const char *hosts);
void fixture_beside(struct model *model, struct target *target, enum route route, enum dns_status status,
                    const char *hosts);
void fixture_addresses(struct model *model, const char *host, enum dns_status status, const char *addresses);
void fixture_probed(struct model *model, const char *host, const char *address, struct facts *facts);
void fixture_activity(struct model *model, const char *host, const char *address, enum stage stage);

/* A target with route MX, one host mx.DOMAIN at `address` and these facts. */
struct target *fixture_simple(struct model *model, const char *domain, enum target_class class,
                              enum requirement requirement, const char *address, struct facts *facts);
