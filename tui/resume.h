/* Goes on with a session that a snapshot held. */
#pragma once

#include "engine/audit/audit.h"
#include "engine/model/model.h"

/* Says nothing any more of the place that was probed from: preflight begins anew, and facts that told of the
 * way out only are forgotten. Verdicts that come out otherwise than they are now count as changed. */
void resume_elsewhere(struct model *model);

/* Gives the engine all live targets of the model, whose names are looked up anew, and tells it which
 * endpoints are done. What an endpoint's facts say is kept unless they are from before `since` (seconds since
 * 1970), were cut short, say less than `depth` or the model's baseline want to know, or tell of this machine
 * and its way out only: that may be another one now (resume_elsewhere). */
void resume(struct model *model, struct audit *audit, enum depth depth, int64_t since);

/* The same a piece at a time, for at most so many endpoints and targets with each call, from a zeroed walk
 * on; true when that was all. Targets may come and go meanwhile; nothing else tells the engine of them. */
struct resume_walk {
    bool begun;
    size_t endpoint, target;
};
bool resume_go_on(struct resume_walk *walk, struct model *model, struct audit *audit, enum depth depth,
                  int64_t since, size_t most);
