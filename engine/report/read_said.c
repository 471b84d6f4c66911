#include "engine/report/read_said.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

#define NAMED_MOST 20

struct said_judgement {
    uint32_t target;
    struct judgement judgement;
};

void read_said_add(struct read_said *said, uint32_t target, const struct judgement *judgement)
{
    size_t count = said->count++;

    if (!(count & (count - 1)))
        said->items = mem_resize(said->items, count ? 2 * count : 1, sizeof *said->items);
    said->items[count] = (struct said_judgement){target, *judgement};
}

void read_said_release(struct read_said *said)
{
    free(said->items);
    memset(said, 0, sizeof *said);
}

static const char *reason_of(const struct judgement *judgement)
{
    const char *reason = judgement_reason(judgement);

    return reason ? reason : "";
}

static bool differs(const struct model *model, const struct said_judgement *said)
{
    const struct judgement *now = &model_target(model, said->target)->judgement;

    return now->verdict != said->judgement.verdict ||
           strcmp(reason_of(now), reason_of(&said->judgement)) != 0;
}

/* Keeps those that differ. */
static void sift(struct read_said *said, const struct model *model)
{
    size_t kept = 0;

    for (size_t i = 0; i < said->count; i++)
        if (differs(model, &said->items[i]))
            said->items[kept++] = said->items[i];
    said->count = kept;
}

/* "at-risk (no-shared-suite)". */
static char *judgement_text(const struct judgement *judgement)
{
    const char *reason = reason_of(judgement);

    return mem_format("%s%s%s%s", verdict_name(judgement->verdict), *reason ? " (" : "", reason,
                      *reason ? ")" : "");
}

static void note(const struct said_judgement *said, const char *name, const struct model *model,
                 struct strings *notes)
{
    const struct target *target = model_target(model, said->target);
    char *then = judgement_text(&said->judgement), *now = judgement_text(&target->judgement);

    strings_addf(notes, "%s: says that %s is %s; what it tells of it makes it %s", name, target->spec.domain,
                 then, now);
    free(then);
    free(now);
}

void read_said_compare(struct read_said *said, const char *name, struct model *model, int64_t when,
                       struct strings *notes)
{
    sift(said, model);
    if (said->count && when) {
        model_set_now(model, when);
        sift(said, model);
        model_set_now(model, 0);
    }
    for (size_t i = 0; i < said->count && i < NAMED_MOST; i++)
        note(&said->items[i], name, model, notes);
    if (said->count > NAMED_MOST)
        strings_addf(notes, "%s: says another verdict of %zu more than what it tells makes of them", name,
                     said->count - NAMED_MOST);
}
