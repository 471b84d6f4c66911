/* What one connection brought → the endpoint's facts, beyond the versions (plan.h folds those). Pure. */
#pragma once

#include "engine/model/baseline.h"
#include "engine/model/facts.h"
#include "engine/probe/plan.h"
#include "engine/probe/probe.h"

/* Adds the connection to the record of attempts and keeps the dialogue, TLS, certificate and timings of the
 * handshake's connection, or of the attempt that came furthest. Takes the certificate out of `result`. */
void fold_result(struct facts *facts, const struct baseline *baseline, const struct step *step,
                 struct probe_result *result);

/* Sets stage, error, `ended` and `full` for a plan that has nothing left to ask at its depth. `full`: the
 * depth was.
 */
void fold_end(struct facts *facts, bool full);

/* What was interrupted: a no that was not seen twice yet is taken back. */
void fold_cut(struct facts *facts);
