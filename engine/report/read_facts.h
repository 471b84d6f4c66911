/* The facts of an element of `endpoints[]`. */
#pragma once

#include "engine/model/facts.h"
#include "engine/report/take.h"

/* NULL where nothing was observed yet, and after a failure. The caller frees. Verdict, reason and explanation
 * are not looked at: they follow. */
struct facts *read_facts(const struct take *endpoint);

/* A cipher suite by its name, or by its number when it has none ("0x1301"); null: 0. */
uint16_t read_suite(const struct take *object, const char *key);
/* The same for the text of a value. */
uint16_t read_suite_of(const struct take *value);
