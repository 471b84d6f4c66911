/* The domains that connectors carry, by name. Inputs of one run are joined (engine/input): a domain that is
 * given by itself too is the connector's target. So it is with one that comes later, and with a connector
 * that comes later. */
#pragma once

#include "engine/base/map.h"
#include "engine/model/model.h"

#include <stdbool.h>
#include <stddef.h>

/* A zeroed one knows nobody; the model is to be the same in all calls. */
struct carried {
    struct map by_domain; /* the first target of each, borrowed */
    size_t looked;        /* how many of the model's targets are in it */
};

/* Takes in `most` targets more; true once all are. */
bool carried_look(struct carried *carried, const struct model *model, size_t most);
void carried_release(struct carried *carried);

/* The target that an input's `spec` names: the one with its key; or, where `spec` names a domain and no
 * connector, the one that a connector carries, and where it names a connector, the one of the domain that
 * none carries yet. NULL when it is new. *key becomes the key that the target has,
 * or will have once `spec` was taken in; the caller frees. A connector that a rule chooses may carry a part
 * of the mail only, and speaks for nobody. */
struct target *carried_find(const struct carried *carried, const struct model *model,
                            const struct target_spec *spec, char **key);
