#include "engine/base/day.h"
#include "engine/base/mem.h"
#include "engine/report/compare_private.h"

#include <stdlib.h>
#include <string.h>

static char *owner_of(const struct target_spec *spec, bool to_people)
{
    (void)to_people;
    return mem_string(spec->owner);
}

static char *contact_of(const struct target_spec *spec, bool to_people)
{
    (void)to_people;
    return mem_string(spec->contact);
}

static char *state_of(const struct target_spec *spec, bool to_people)
{
    if (!spec->contact_state)
        return NULL;
    return mem_string(to_people ? contact_state_title(spec->contact_state)
                                : contact_state_name(spec->contact_state));
}

static char *due_of(const struct target_spec *spec, bool to_people)
{
    char day[DAY_TEXT_SIZE];

    (void)to_people;
    if (!spec->due)
        return NULL;
    day_text(day, spec->due);
    return mem_string(day);
}

static char *note_of(const struct target_spec *spec, bool to_people)
{
    (void)to_people;
    return mem_string(spec->note);
}

/* NULL for what is not there; the caller frees. */
static const struct {
    enum changed_fact fact;
    char *(*text)(const struct target_spec *spec, bool to_people);
} words[] = {
    {CHANGED_OWNER, owner_of}, {CHANGED_CONTACT, contact_of}, {CHANGED_STATE, state_of},
    {CHANGED_DUE, due_of},     {CHANGED_NOTE, note_of},
};

#define WORDS (sizeof words / sizeof *words)

static bool is_word(enum changed_fact fact)
{
    for (size_t i = 0; i < WORDS; i++)
        if (words[i].fact == fact)
            return true;
    return false;
}

static bool says_something(const char *text)
{
    return text && *text;
}

/* Takes `before` and `after` over. */
static void note_word(struct difference *out, size_t word, char *before, char *after)
{
    enum changed_fact fact = words[word].fact;
    char *was = words[word].text(&out->target_before->spec, true);
    char *is = words[word].text(&out->target->spec, true);
    const char *what = changed_fact_title(fact);

    if (!says_something(before))
        difference_note(out, fact, before, after, "%s is noted now: %s", what, is);
    else if (!says_something(after))
        difference_note(out, fact, before, after, "%s is not noted any more; it was: %s", what, was);
    else
        difference_note(out, fact, before, after, "%s was: %s; and is: %s", what, was, is);
    free(was);
    free(is);
}

void compare_words(struct difference *difference)
{
    for (size_t i = 0; i < WORDS; i++) {
        char *before = words[i].text(&difference->target_before->spec, false);
        char *after = words[i].text(&difference->target->spec, false);

        if (strcmp(before ? before : "", after ? after : "") != 0) {
            note_word(difference, i, before, after);
            continue;
        }
        free(before);
        free(after);
    }
}

bool compare_only_words(const struct difference *difference)
{
    for (size_t i = 0; i < difference->fact_count; i++)
        if (!is_word(difference->facts[i].fact))
            return false;
    return difference->fact_count;
}
