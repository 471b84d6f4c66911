/* A lab, an audit of it and a model that follows: what the scenarios share. Failures end the test. */
#pragma once

#include "engine/audit/audit.h"
#include "engine/lab/lab.h"
#include "engine/model/model.h"

struct world {
    struct lab *lab;
    struct model *model;
    struct audit *audit;
};

/* Time-outs are short, the gap is 20 ms, the baseline exchange-online. */
void world_start(struct world *world);

/* The same in two steps: a lab with this zone (NULL: its own) and options to change, then the engine. */
void world_open(struct world *world, const char *zone, struct audit_options *options);
void world_open_lab(struct world *world, const struct lab_options *lab, struct audit_options *options);
void world_begin(struct world *world, const struct audit_options *options);

/* The same in another lab (NULL: the built-in one), after `adjust` (NULL: nothing) changed the options of the
 * audit. */
void world_start_in(struct world *world, const struct lab_options *lab,
                    void (*adjust)(struct audit_options *options));

/* Reads `text` as `mxscope TARGET` does, and adds it. */
struct target *world_add_text(struct world *world, const char *text);

/* The facts of the one endpoint that the target leads to. */
const struct facts *world_facts(const struct target *target);

/* Adds to model and audit; NULL when the same target is there already. */
struct target *world_add(struct world *world, const struct target_spec *spec);

/* Waits for one event, which the caller applies and releases. */
void world_await(struct world *world, struct event *event);

/* Waits for one event and applies it; false when it was EVENT_IDLE. */
bool world_step(struct world *world);

void world_end(struct world *world);
