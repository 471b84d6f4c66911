#include "engine/model/model_private.h"

#include <stdlib.h>
#include <string.h>

void model_mark_unsaved(struct model *model, uint32_t id)
{
    struct node *node = &model->nodes[id];

    if (!model->watched || (node->word & NODE_UNSAVED))
        return;
    node->word |= NODE_UNSAVED;
    model->unsaved = array_room(model->unsaved, model->unsaved_count, sizeof *model->unsaved);
    model->unsaved[model->unsaved_count++] = id;
}

void model_watch(struct model *model, bool on)
{
    model->watched = on;
}

bool model_any_unsaved(const struct model *model)
{
    return model->unsaved_count;
}

void model_mark_all_unsaved(struct model *model)
{
    size_t id;

    for (id = 0; id < model->node_count; id++)
        model_mark_unsaved(model, (uint32_t)id);
}

/* The oldest go first. The array keeps the capacity that array_room expects of its length. */
static void leave_rest(struct model *model, size_t taken)
{
    size_t left = model->unsaved_count - taken, i;
    uint32_t *all = model->unsaved, *rest = NULL;

    for (i = 0; i < left; i++) {
        rest = array_room(rest, i, sizeof *rest);
        rest[i] = all[taken + i];
    }
    free(all);
    model->unsaved = rest;
    model->unsaved_count = left;
}

uint32_t *model_take_unsaved(struct model *model, size_t most, size_t *count)
{
    size_t taken = model->unsaved_count < most ? model->unsaved_count : most, i;
    uint32_t *ids = mem_array(taken, sizeof *ids);

    for (i = 0; i < taken; i++) {
        ids[i] = model->unsaved[i];
        model->nodes[ids[i]].word &= ~NODE_UNSAVED;
    }
    leave_rest(model, taken);
    *count = taken;
    return ids;
}
