/* What an endpoint does, in words: "gw.fabrikam.example (192.0.2.14) accepts TLS 1.0 only". */
#pragma once

#include "engine/base/buf.h"
#include "engine/model/model.h"

/* Appends "gw.fabrikam.example (192.0.2.14)"; the port too when it is not the protocol's. */
void explain_name(const struct host *host, const struct endpoint *endpoint, struct buf *out);

/* Appends the clause that `judgement` stands for; `endpoint` and `host` may be NULL for what DNS decides. */
void explain_clause(const struct model *model, const struct target *target, const struct host *host,
                    const struct endpoint *endpoint, const struct judgement *judgement, struct buf *out);

/* Appends what follows for mail, from "; " to the full stop. */
void explain_outcome(const struct model *model, const struct target *target, enum verdict verdict,
                     struct buf *out);

/* Appends "expired on 2026-01-31" or "is valid only from 2027-01-31". */
void explain_dates(const struct certificate *certificate, int64_t now, struct buf *out);

/* Appends "STARTTLS was offered on 3 of 5 connections". */
void explain_starttls_mixture(const struct tally *tally, struct buf *out);

/* Appends "of 5 offers of all versions 3 were answered with TLS 1.3, 2 were answered with TLS 1.0". */
void explain_version_mixture(const struct facts *facts, struct buf *out);

/* Appends "a.example, b.example and 3 more"; "no name" when there is none. */
void explain_names(const struct certificate *certificate, struct buf *out);
