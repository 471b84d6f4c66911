#include "engine/model/model_private.h"

#include <stdlib.h>

struct host *model_known_host(const struct model *model, const struct host_key *key)
{
    char *text = host_key_text(key);
    struct host *host = map_get(&model->host_keys, text);

    free(text);
    return host;
}

void model_remember_verdicts(struct model *model)
{
    for (size_t i = 0; i < model->target_count; i++) {
        model->targets[i]->former = model->targets[i]->judgement.verdict;
        model_mark_said(model, model->targets[i]);
    }
}

struct endpoint *model_known_endpoint(const struct model *model, const struct endpoint_key *key)
{
    char *text = endpoint_key_text(key);
    struct endpoint *endpoint = map_get(&model->endpoint_keys, text);

    free(text);
    return endpoint;
}
