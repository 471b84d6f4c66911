#include "engine/base/mem.h"
#include "engine/report/compare_private.h"

#include <stdlib.h>
#include <string.h>

static const struct target_spec *spec_of(const struct difference *difference)
{
    return difference->target ? &difference->target->spec : &difference->target_before->spec;
}

static int by_domain(const void *left, const void *right)
{
    const struct difference *const *a = left, *const *b = right;
    int order = strcmp(spec_of(*a)->domain, spec_of(*b)->domain);

    return order ? order : *a < *b ? -1 : *a > *b;
}

/* What one is told whose domain stands as `other` in the other session. */
static char *words_of(const struct target_spec *other, bool gone)
{
    return mem_format("The domain %s %s%s%s.", gone ? "is there now as" : "was there before, as",
                      target_class_name(other->class), other->connector ? ", " : "",
                      other->connector ? other->connector : "");
}

static void add_sentence(struct difference *difference, const struct difference *other)
{
    char *words = words_of(spec_of(other), !difference->target);
    char *whole = mem_format("%s %s", difference->sentence, words);

    free(words);
    free(difference->sentence);
    difference->sentence = whole;
}

/* `some` are all of one domain. */
static void tell(struct difference *const *some, size_t count)
{
    const struct difference *gone = NULL, *appeared = NULL;

    for (size_t i = count; i--;) {
        if (some[i]->target)
            appeared = some[i];
        else
            gone = some[i];
    }
    for (size_t i = 0; gone && appeared && i < count; i++)
        add_sentence(some[i], some[i]->target ? gone : appeared);
}

void compare_moved(struct comparison *comparison)
{
    unsigned most = comparison->target_changes[CHANGE_APPEARED] + comparison->target_changes[CHANGE_GONE];
    struct difference **some = mem_array(most, sizeof *some);
    size_t count = 0, end;

    for (size_t i = 0; i < comparison->target_count; i++) {
        enum change change = comparison->targets[i].change;

        if (change == CHANGE_APPEARED || change == CHANGE_GONE)
            some[count++] = &comparison->targets[i];
    }
    if (count)
        qsort(some, count, sizeof *some, by_domain);
    for (size_t i = 0; i < count; i = end) {
        end = i + 1;
        while (end < count && strcmp(spec_of(some[i])->domain, spec_of(some[end])->domain) == 0)
            end++;
        tell(some + i, end - i);
    }
    free(some);
}

char *compare_moved_words(const struct model *here, const struct model *there, const struct target *target,
                          bool gone)
{
    for (size_t i = 0; i < model_target_count(there); i++) {
        const struct target *other = model_target_at(there, i);

        if (!other->removed && strcmp(other->spec.domain, target->spec.domain) == 0 &&
            !compare_like(here, other))
            return words_of(&other->spec, gone);
    }
    return NULL;
}
