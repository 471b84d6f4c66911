#include "engine/base/day.h"
#include "engine/base/mem.h"
#include "engine/model/merge_private.h"

#include <stdlib.h>
#include <string.h>

/* What somebody emptied stays empty. */
static bool is_open(const struct target_spec *spec, enum hand what)
{
    return !(spec->by_hand & BY_HAND(what));
}

static void fill(struct target_spec *spec, enum hand what, char **text, const char *from)
{
    if (!*text && is_open(spec, what))
        *text = mem_string(from);
}

/* A class that somebody set is no input's. */
static void fill_class(struct target_spec *spec, const struct target_spec *older)
{
    if (!is_open(spec, HAND_CLASS) || is_open(older, HAND_CLASS))
        return;
    spec->class = older->class;
    spec->requirement = older->requirement;
}

/* What people wrote is not lost because a newer session began without it. */
static void fill_all(struct target_spec *spec, const struct target_spec *older)
{
    fill(spec, HAND_NOTE, &spec->note, older->note);
    fill(spec, HAND_OWNER, &spec->owner, older->owner);
    fill(spec, HAND_CONTACT, &spec->contact, older->contact);
    if (!spec->contact_state && is_open(spec, HAND_STATE))
        spec->contact_state = older->contact_state;
    if (!spec->due && is_open(spec, HAND_DUE))
        spec->due = older->due;
    fill_class(spec, older);
    spec->by_hand |= older->by_hand;
}

static char *note_of(const struct target_spec *spec)
{
    return mem_string(spec->note);
}

static char *owner_of(const struct target_spec *spec)
{
    return mem_string(spec->owner);
}

static char *contact_of(const struct target_spec *spec)
{
    return mem_string(spec->contact);
}

static char *state_of(const struct target_spec *spec)
{
    return spec->contact_state ? mem_string(contact_state_title(spec->contact_state)) : NULL;
}

static char *due_of(const struct target_spec *spec)
{
    char day[DAY_TEXT_SIZE];

    if (!spec->due)
        return NULL;
    day_text(day, spec->due);
    return mem_string(day);
}

static char *demand_of(const struct target_spec *spec)
{
    return mem_string(requirement_title(spec->requirement));
}

static char *name_of(const struct target_spec *spec)
{
    return mem_string(spec->tls_domain);
}

/* `ages`: what the same session had there earlier is the past. */
static const struct {
    const char *what;
    char *(*text)(const struct target_spec *spec);
    bool ages;
} fields[] = {
    {"note", note_of, false},
    {"owner", owner_of, true},
    {"contact", contact_of, true},
    {"state", state_of, true},
    {"due", due_of, true},
    {"what is asked of it", demand_of, true},
    {"name that is asked for", name_of, true},
};

static bool same_session(const struct merge_source *left, const struct merge_source *right)
{
    return left->began && left->began == right->began && merge_same_place(left, right);
}

static void keep_other(struct target_spec *spec, const struct merge_source *source, const char *what,
                       const char *mine, const char *other)
{
    char *saw;

    if (!other || (mine && strcmp(mine, other) == 0))
        return;
    saw = mem_format("%s: %s", what, other);
    merge_warn(&spec->remarks, source, source->when, saw);
    free(saw);
}

static void keep_others(struct target_spec *spec, const struct merge_source *newest,
                        const struct merge_source *source, const struct target_spec *older)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        char *mine, *other;

        if (fields[i].ages && same_session(newest, source))
            continue;
        mine = fields[i].text(spec);
        other = fields[i].text(older);
        keep_other(spec, source, fields[i].what, mine, other);
        free(mine);
        free(other);
    }
}

/* What an earlier merge kept of people's words stays, from whatever place. */
static void keep_told(struct target_spec *spec, const struct target_spec *older)
{
    static const struct merge none = {0};

    merge_keep_told(&none, &older->remarks, &spec->remarks);
}

void merge_people(const struct merge *merge, const struct views *views, struct target_spec *spec)
{
    const struct merge_source *newest = &merge->sources[views->newest];

    for (size_t i = views->newest; i-- > 0;) {
        const struct target *older = views->targets[i];

        if (!older)
            continue;
        fill_all(spec, &older->spec);
        keep_others(spec, newest, &merge->sources[i], &older->spec);
        keep_told(spec, &older->spec);
    }
    for (size_t i = views->newest + 1; i < merge->count; i++)
        if (views->removed[i])
            merge_warn(&spec->remarks, &merge->sources[i], merge->sources[i].when, "removed");
}
