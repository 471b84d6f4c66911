#include "tui/actions_edit.h"

#include "engine/base/day.h"
#include "engine/base/mem.h"
#include "tui/actions.h"
#include "tui/actions_find.h"
#include "tui/actions_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ONLY_DOMAINS "only domains can be partner or opportunistic"
#define NOT_A_TARGET "that works on a domain or on what is tagged; {tag} tags all of this group"

/* What an action works on: the tagged targets, or the selected one where none is tagged. */
struct chosen {
    struct target **targets; /* owned; the array, not the targets */
    size_t count;
};

static struct chosen choose(const struct screen *screen)
{
    struct chosen chosen = {mem_array(rows_tagged(screen->rows) + 1, sizeof *chosen.targets), 0};
    size_t i;

    if (!rows_tagged(screen->rows)) {
        if (state_target(screen))
            chosen.targets[chosen.count++] = state_target(screen);
        return chosen;
    }
    for (i = 0; i < model_target_count(screen->model); i++) {
        struct target *target = model_target_at(screen->model, i);

        if (!target->removed && rows_is_tagged(screen->rows, target->id))
            chosen.targets[chosen.count++] = target;
    }
    return chosen;
}

/* "contoso.example", "12 tagged targets"; the caller frees. */
static char *name_of(const struct screen *screen, const struct chosen *chosen)
{
    if (rows_tagged(screen->rows))
        return mem_format("%zu tagged target%s", chosen->count, chosen->count == 1 ? "" : "s");
    return mem_string(chosen->targets[0]->spec.domain);
}

const char *blocked_not_chosen(const struct screen *screen)
{
    if (rows_tagged(screen->rows))
        return NULL;
    return screen->cursor.row.target ? state_ghost(screen) : NOT_A_TARGET;
}

/* Begins a step of undo called "the WHAT of NAME" for all that is chosen. */
static void remember(struct screen *screen, const struct chosen *chosen, const char *what, const char *name)
{
    char *text = mem_format("the %s of %s", what, name);
    size_t i;

    pasted_part(&screen->pasted, &screen->undo);
    undo_begin(&screen->undo, text);
    for (i = 0; i < chosen->count; i++)
        undo_keep(&screen->undo, chosen->targets[i], rows_is_tagged(screen->rows, chosen->targets[i]->id));
    free(text);
}

static void take_in(struct screen *screen)
{
    screen->model_dirty = true;
    state_sync(screen);
}

void action_remove(struct screen *screen)
{
    struct chosen chosen = choose(screen);
    char *name = name_of(screen, &chosen);
    size_t i;

    remember(screen, &chosen, "removal", name);
    for (i = 0; i < chosen.count; i++) {
        rows_set_tagged(screen->rows, chosen.targets[i]->id, false);
        model_remove(screen->model, chosen.targets[i]);
        if (screen->audit)
            audit_remove(screen->audit, chosen.targets[i]->id);
    }
    find_tags_changed(screen);
    take_in(screen);
    state_say(screen, STYLE_MESSAGE, "removed %s; {undo} brings %s back", name,
              chosen.count == 1 ? "it" : "them");
    free(name);
    free(chosen.targets);
}

/* The engine hears of targets that are there again, and of those that are gone again. */
static void tell_engine(void *context, struct target *target, bool tagged)
{
    struct screen *screen = context;

    if (tagged)
        rows_set_tagged(screen->rows, target->id, true);
    if (!screen->audit)
        return;
    if (target->removed)
        audit_remove(screen->audit, target->id);
    else
        online_add(&screen->online, screen->audit, target);
}

static void name_baseline(struct screen *screen)
{
    free(screen->baseline_name);
    screen->baseline_name = mem_string(model_baseline(screen->model)->name);
}

void action_undo(struct screen *screen)
{
    const struct undo_step *last = &screen->undo.steps[screen->undo.count - 1];
    struct row row = {.kind = ROW_TARGET, .target = last->count ? last->entries[0].target : 0};
    bool judges = last->baseline;
    char *what = undo_back(&screen->undo, screen->model, tell_engine, screen);

    take_in(screen);
    if (judges)
        name_baseline(screen);
    if (model_target(screen->model, row.target) && !model_target(screen->model, row.target)->removed) {
        rows_reveal(screen->rows, &row, NULL);
        cursor_select(&screen->cursor, screen->rows, &row, state_tree_height(screen));
    }
    state_say(screen, STYLE_MESSAGE, "undone: %s", what);
    free(what);
}

const char *blocked_nothing_to_undo(const struct screen *screen)
{
    return screen->undo.count ? NULL : "nothing was done that could be undone";
}

static bool has_class(const struct target *target)
{
    return target->spec.class == CLASS_PARTNER || target->spec.class == CLASS_OPPORTUNISTIC;
}

/* Leaves out relays and services, which have a class of their own. */
static void keep_domains(struct chosen *chosen)
{
    size_t i, kept = 0;

    for (i = 0; i < chosen->count; i++)
        if (has_class(chosen->targets[i]))
            chosen->targets[kept++] = chosen->targets[i];
    chosen->count = kept;
}

/* Asked for each footer: of what is tagged the action itself sees. */
const char *blocked_not_reclassable(const struct screen *screen)
{
    const struct target *target = state_target(screen);

    if (rows_tagged(screen->rows))
        return NULL;
    if (!target)
        return state_ghost(screen) ? state_ghost(screen) : NOT_A_TARGET;
    return has_class(target) ? NULL : ONLY_DOMAINS;
}

/* What a partner demands: what it demanded before, else what its connector's data says. */
static enum requirement partner_requirement(struct screen *screen, const struct target *target,
                                            const char *key)
{
    uintptr_t former = (uintptr_t)map_get(&screen->former, key);

    if (former)
        return (enum requirement)(former - 1);
    return target->spec.tls_domain ? REQUIREMENT_NAME : REQUIREMENT_ENCRYPTION;
}

/* Somebody means to write to them: who that is in DNS is looked up, unless it is known. */
static void ask_contacts(struct screen *screen, const struct target *target)
{
    if (screen->audit && !target->directory)
        audit_contacts(screen->audit, target->id);
}

static void set_by_hand(struct screen *screen, struct target *target, unsigned what)
{
    model_set_by_hand(screen->model, target, target->spec.by_hand | what);
}

static void reclass(struct screen *screen, struct target *target, enum target_class class)
{
    char key[16];

    if (target->spec.class == class)
        return;
    snprintf(key, sizeof key, "%u", target->id);
    set_by_hand(screen, target, BY_HAND(HAND_CLASS));
    if (class == CLASS_PARTNER) {
        model_reclass(screen->model, target, class, partner_requirement(screen, target, key));
        ask_contacts(screen, target);
        return;
    }
    map_put(&screen->former, key, (void *)((uintptr_t)target->spec.requirement + 1));
    model_reclass(screen->model, target, class, REQUIREMENT_NONE);
}

/* Partners become opportunistic where all are partners; else all become partners. */
void action_reclass(struct screen *screen)
{
    struct chosen chosen = choose(screen);
    enum target_class class = CLASS_OPPORTUNISTIC;
    char *name;
    size_t i;

    keep_domains(&chosen);
    if (!chosen.count) {
        state_say(screen, STYLE_MESSAGE, ONLY_DOMAINS);
        free(chosen.targets);
        return;
    }
    name = name_of(screen, &chosen);
    for (i = 0; i < chosen.count; i++)
        if (chosen.targets[i]->spec.class == CLASS_OPPORTUNISTIC)
            class = CLASS_PARTNER;
    remember(screen, &chosen, "change", name);
    for (i = 0; i < chosen.count; i++)
        reclass(screen, chosen.targets[i], class);
    take_in(screen);
    rows_reveal(screen->rows, &screen->cursor.row, NULL);
    state_say(screen, STYLE_MESSAGE, "%s %s %s now; {undo} undoes it", name, chosen.count == 1 ? "is" : "are",
              class == CLASS_OPPORTUNISTIC ? "opportunistic"
              : chosen.count == 1          ? "a partner"
                                           : "partners");
    free(name);
    free(chosen.targets);
}

void action_note(struct screen *screen)
{
    struct chosen chosen = choose(screen);
    struct target_notes notes = model_notes_of(chosen.targets[0]);

    free(screen->form_title);
    screen->form_title = name_of(screen, &chosen);
    screen->noted = chosen.targets[0]->id;
    if (rows_tagged(screen->rows))
        screen->noted = 0;
    if (chosen.count > 1)
        notes = (struct target_notes){0};
    form_open(&screen->form, &notes);
    if (chosen.count == 1)
        form_suggest(&screen->form, chosen.targets[0]);
    if (chosen.count == 1)
        ask_contacts(screen, chosen.targets[0]);
    screen->mode = MODE_FORM;
    free(chosen.targets);
}

/* Also what was emptied. */
static unsigned set_fields(const struct form *form)
{
    static const enum hand fields[form_field_count] = {[FORM_NOTE] = HAND_NOTE,
                                                       [FORM_OWNER] = HAND_OWNER,
                                                       [FORM_CONTACT] = HAND_CONTACT,
                                                       [FORM_DUE] = HAND_DUE,
                                                       [FORM_STATE] = HAND_STATE};
    unsigned set = 0;

    for (unsigned i = 0; i < form_field_count; i++)
        if (form->changed[i])
            set |= BY_HAND(fields[i]);
    return set;
}

static void put_notes(struct screen *screen, struct target *target, int32_t due)
{
    const struct form *form = &screen->form;
    struct target_notes notes = model_notes_of(target);

    if (form->changed[FORM_NOTE])
        notes.note = form->texts[FORM_NOTE].text;
    if (form->changed[FORM_OWNER])
        notes.owner = form->texts[FORM_OWNER].text;
    if (form->changed[FORM_CONTACT])
        notes.contact = form->texts[FORM_CONTACT].text;
    if (form->changed[FORM_DUE])
        notes.due = due;
    if (form->changed[FORM_STATE])
        notes.state = form->state;
    model_set_notes(screen->model, target, &notes);
    set_by_hand(screen, target, set_fields(form));
}

void edit_keep(struct screen *screen)
{
    struct chosen chosen;
    int32_t due;
    size_t i;

    if (!form_due(&screen->form, day_of(model_time(screen->model)), &due)) {
        state_say(screen, STYLE_ERROR, "no day; expected one as in 2026-12-01, +14d, +2w or +3m, or nothing");
        return;
    }
    chosen = (struct chosen){mem_alloc(sizeof *chosen.targets), 1};
    screen->mode = MODE_TREE;
    chosen.targets[0] = model_target(screen->model, screen->noted);
    if (!screen->noted) {
        free(chosen.targets);
        chosen = choose(screen);
    }
    if (set_fields(&screen->form)) {
        remember(screen, &chosen, "note", screen->form_title);
        for (i = 0; i < chosen.count; i++)
            put_notes(screen, chosen.targets[i], due);
        take_in(screen);
        state_say(screen, STYLE_MESSAGE, "noted on %s", screen->form_title);
    }
    free(chosen.targets);
}

void action_baseline(struct screen *screen)
{
    state_ask(screen, ASK_BASELINE, "");
    line_edited(screen);
}

/* Verdicts of all targets, in their order; the caller frees. */
static enum verdict *verdicts_of(const struct screen *screen)
{
    size_t count = model_target_count(screen->model), i;
    enum verdict *verdicts = mem_array(count + 1, sizeof *verdicts);

    for (i = 0; i < count; i++)
        verdicts[i] = model_target_at(screen->model, i)->judgement.verdict;
    return verdicts;
}

static unsigned count_changed(const struct screen *screen, const enum verdict *before)
{
    unsigned changed = 0;
    size_t i;

    for (i = 0; i < model_target_count(screen->model); i++) {
        const struct target *target = model_target_at(screen->model, i);

        changed += !target->removed && target->judgement.verdict != before[i];
    }
    return changed;
}

static void say_judged(struct screen *screen, const char *name, unsigned changed)
{
    unsigned asked = screen->inquiry.taken;
    char *more = asked ? mem_format("; DNS is asked whom to write to about %u", asked) : mem_string("");

    state_say(screen, STYLE_MESSAGE, "judged by %s: %u verdict%s changed, nothing was probed%s", name,
              changed, changed == 1 ? "" : "s", more);
    free(more);
}

void edit_baseline(struct screen *screen)
{
    char *error = NULL;
    struct baseline *baseline = baseline_load(screen->prompt.text, &error);
    enum verdict *before;
    unsigned changed;

    free(screen->prompt_error);
    screen->prompt_error = error;
    if (!baseline)
        return;
    line_accepted(screen);
    screen->mode = MODE_TREE;
    pasted_part(&screen->pasted, &screen->undo);
    undo_begin(&screen->undo, "the change of the baseline");
    before = verdicts_of(screen);
    undo_keep_baseline(&screen->undo, model_exchange_baseline(screen->model, baseline));
    changed = count_changed(screen, before);
    free(before);
    name_baseline(screen);
    screen->inquiry.on = true;
    screen->inquiry.taken = 0;
    take_in(screen);
    say_judged(screen, baseline->name, changed);
}
