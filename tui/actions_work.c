#include "tui/actions_work.h"

#include "engine/base/mem.h"
#include "tui/actions.h"
#include "tui/actions_find.h"
#include "tui/actions_line.h"
#include "tui/addition.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADDED_HERE "added here"

void work_select(struct screen *screen, const struct target *target)
{
    struct row row = {.kind = ROW_TARGET, .target = target->id};

    rows_reveal(screen->rows, &row, NULL);
    cursor_select(&screen->cursor, screen->rows, &row, state_tree_height(screen));
}

/* The source is plain to see here: it stays out of the error. */
static const char *without_source(const char *error)
{
    size_t length = strlen(ADDED_HERE ": ");

    return strncmp(error, ADDED_HERE ": ", length) == 0 ? error + length : error;
}

/* What an addition did. */
struct added {
    struct target *first; /* that is new; or, when none is, that was there already */
    size_t fresh, known;
};

static void remember_addition(struct screen *screen, const struct target *target, size_t all)
{
    char *what = all == 1 ? mem_format("the addition of %s", target->spec.domain)
                          : mem_string("the addition of targets");

    pasted_part(&screen->pasted, &screen->undo);
    undo_begin(&screen->undo, what);
    free(what);
}

static struct added add_all(struct screen *screen, const struct input *input)
{
    struct added added = {0};
    size_t i;

    for (i = 0; i < input->count; i++) {
        bool existed = false;
        struct target *target = model_add(screen->model, &input->specs[i], &existed);

        if (existed) {
            added.first = added.first ? added.first : target;
            added.known++;
            continue;
        }
        if (!added.fresh++) {
            added.first = target;
            remember_addition(screen, target, input->count);
        }
        undo_keep_added(&screen->undo, target);
        if (screen->audit)
            audit_add(screen->audit, target->id, &target->spec);
    }
    return added;
}

static void say_several(struct screen *screen, const struct added *added)
{
    if (!added->fresh)
        state_say(screen, STYLE_MESSAGE, "they are here already");
    else if (added->known)
        state_say(screen, STYLE_MESSAGE, "added %zu target%s, %zu %s here already; {undo} undoes it",
                  added->fresh, added->fresh == 1 ? "" : "s", added->known, added->known == 1 ? "is" : "are");
    else
        state_say(screen, STYLE_MESSAGE, "added %zu targets; {undo} undoes it", added->fresh);
}

static void say_added(struct screen *screen, const struct addition *addition, const struct added *added)
{
    const char *name = added->first->spec.domain;

    if (addition->input.count > 1)
        say_several(screen, added);
    else if (!added->fresh)
        state_say(screen, STYLE_MESSAGE, "%s is here already", name);
    else if (!screen->audit && screen->options->go_online)
        state_say(screen, STYLE_MESSAGE, "added %s; offline: {reprobe} probes it", name);
    else if (addition->addressed)
        state_say(screen, STYLE_MESSAGE, "added %s, the domain of %s", name, addition->addressed);
    else if (added->first->spec.class == CLASS_OPPORTUNISTIC)
        state_say(screen, STYLE_MESSAGE, "added %s; {partner} makes it a partner", name);
    else
        state_say(screen, STYLE_MESSAGE, "added %s", name);
}

static void add_and_select(struct screen *screen, const struct addition *addition)
{
    struct added added;

    screen->mode = MODE_TREE;
    line_accepted(screen);
    added = add_all(screen, &addition->input);
    screen->model_dirty = true;
    state_sync(screen);
    work_select(screen, added.first);
    say_added(screen, addition, &added);
}

void work_add(struct screen *screen)
{
    struct addition addition = {0};
    char *error = NULL;

    free(screen->prompt_error);
    screen->prompt_error = NULL;
    if (addition_read(&addition, screen->prompt.text, ADDED_HERE, &error))
        add_and_select(screen, &addition);
    else
        screen->prompt_error = mem_string(without_source(error));
    free(error);
    addition_release(&addition);
}

const char *blocked_not_target(const struct screen *screen)
{
    if (state_ghost(screen))
        return state_ghost(screen);
    return screen->cursor.row.target ? NULL : "that works on a domain and what is below it";
}

static bool is_shown(const struct screen *screen, const struct target *target)
{
    return !target->removed && (!screen->filter || filter_keeps(screen->filter, target));
}

/* All targets of a group or connector that the filter shows, or none of them when all were. */
static void tag_below(struct screen *screen, uint32_t id)
{
    const struct target *target = NULL;
    bool all = true;

    while ((target = rows_next_target(screen->rows, id, target)) != NULL)
        all &= !is_shown(screen, target) || rows_is_tagged(screen->rows, target->id);
    while ((target = rows_next_target(screen->rows, id, target)) != NULL)
        if (is_shown(screen, target))
            rows_set_tagged(screen->rows, target->id, !all);
}

const char *blocked_not_taggable(const struct screen *screen)
{
    return rows_count(screen->rows) ? state_ghost(screen) : blocked_empty(screen);
}

void action_tag(struct screen *screen)
{
    struct row row = screen->cursor.row;
    uint32_t id = row.target;

    if (!id)
        tag_below(screen, row.group + row.connector);
    else
        rows_set_tagged(screen->rows, id, !rows_is_tagged(screen->rows, id));
    find_tags_changed(screen);
    cursor_place(&screen->cursor, screen->rows, state_tree_height(screen));
    if (row_equal(&row, &screen->cursor.row) && !row_equal(&row, &screen->walked_to))
        cursor_move(&screen->cursor, screen->rows, 1, state_tree_height(screen));
}

const char *blocked_offline(const struct screen *screen)
{
    if (screen->audit)
        return NULL;
    if (state_loading(screen))
        return "the session is still being read; try again in a moment";
    return screen->options->go_online ? NULL : "nothing is probed in this session";
}

const char *blocked_not_probing(const struct screen *screen)
{
    return screen->audit ? NULL : "nothing is probed in this session";
}

const char *blocked_offline_row(const struct screen *screen)
{
    if (!rows_count(screen->rows))
        return blocked_empty(screen);
    return blocked_offline(screen) ? blocked_offline(screen) : state_ghost(screen);
}

const char *blocked_offline_problems(const struct screen *screen)
{
    if (blocked_offline(screen))
        return blocked_offline(screen);
    return rows_tagged(screen->rows) ? NULL : blocked_no_problem(screen);
}

static void go_online(struct screen *screen)
{
    char *error = NULL;

    screen->audit = screen->options->go_online(screen->options->online_context, screen->model, &error);
    if (screen->audit) {
        online_begin(&screen->online, screen->model);
        screen->then(screen);
        if (error)
            state_mention(screen, STYLE_CAUTION, error);
    } else {
        state_say(screen, STYLE_ERROR, "%s", error);
    }
    free(error);
}

/* False where nothing was probed so far: then it is asked whether that is to begin, and `then` to be done. */
static bool is_online(struct screen *screen, void (*then)(struct screen *screen))
{
    if (screen->audit)
        return true;
    screen->then = then;
    state_confirm(screen, go_online, true, "Offline so far. Probe from this machine?");
    return false;
}

static void reprobe(struct screen *screen, struct target *target)
{
    model_forget_target(screen->model, target);
    online_wake(&screen->online, screen->audit, target);
    audit_reprobe_target(screen->audit, target->id);
}

static void reprobe_host(struct screen *screen, struct host *host)
{
    model_forget_host(screen->model, host);
    online_wake(&screen->online, screen->audit, state_target(screen));
    audit_reprobe_host(screen->audit, &host->key);
}

static void reprobe_endpoint(struct screen *screen, struct endpoint *endpoint)
{
    model_forget_endpoint(screen->model, endpoint);
    online_wake(&screen->online, screen->audit, state_target(screen));
    audit_reprobe_endpoint(screen->audit, &endpoint->key);
}

/* Of several targets. */
static void say_reprobed(struct screen *screen, unsigned count, const char *kind)
{
    const char *plural = count == 1 ? "" : "s";

    if (screen->paused)
        state_say(screen, STYLE_MESSAGE, "queued %u %starget%s; paused until {pause}", count, kind, plural);
    else
        state_say(screen, STYLE_MESSAGE, "probing %u %starget%s again", count, kind, plural);
}

static unsigned reprobe_where(struct screen *screen,
                              bool (*wanted)(const struct screen *screen, const struct target *target))
{
    unsigned count = 0;
    size_t i;

    for (i = 0; i < model_target_count(screen->model); i++) {
        struct target *target = model_target_at(screen->model, i);

        if (target->removed || !wanted(screen, target))
            continue;
        reprobe(screen, target);
        count++;
    }
    return count;
}

static bool is_below(const struct screen *screen, const struct target *target)
{
    const struct row *row = &screen->cursor.row;

    return rows_is_below(screen->rows, target->id, row->group + row->connector) && is_shown(screen, target);
}

static bool is_tagged(const struct screen *screen, const struct target *target)
{
    return rows_is_tagged(screen->rows, target->id);
}

static bool has_problem(const struct screen *screen, const struct target *target)
{
    (void)screen;
    return rows_is_problem(target->judgement.verdict);
}

void action_reprobe(struct screen *screen)
{
    const struct row *row = &screen->cursor.row;
    struct host *host = state_host(screen);
    struct endpoint *endpoint = state_endpoint(screen);

    if (!is_online(screen, action_reprobe))
        return;
    screen->model_dirty = true;
    if (row->kind == ROW_GROUP || row->kind == ROW_CONNECTOR) {
        say_reprobed(screen, reprobe_where(screen, is_below), "");
        return;
    }
    if (row->kind == ROW_TARGET)
        reprobe(screen, state_target(screen));
    else if (row->kind == ROW_HOST && host)
        reprobe_host(screen, host);
    else if (endpoint)
        reprobe_endpoint(screen, endpoint);
    state_await(screen, state_target(screen));
}

void action_reprobe_problems(struct screen *screen)
{
    bool tagged = rows_tagged(screen->rows);
    unsigned count;

    if (!is_online(screen, action_reprobe_problems))
        return;
    count = reprobe_where(screen, tagged ? is_tagged : has_problem);
    screen->model_dirty = true;
    say_reprobed(screen, count, tagged ? "tagged " : "troubled ");
}

static bool is_inconclusive(const struct screen *screen, const struct target *target)
{
    (void)screen;
    return target->judgement.verdict == VERDICT_UNKNOWN || target->judgement.verdict == VERDICT_UNREACHABLE;
}

void action_reprobe_inconclusive(struct screen *screen)
{
    unsigned count;

    if (!is_online(screen, action_reprobe_inconclusive))
        return;
    count = reprobe_where(screen, is_inconclusive);
    screen->model_dirty = true;
    say_reprobed(screen, count, "inconclusive ");
}

const char *blocked_offline_inconclusive(const struct screen *screen)
{
    const unsigned *verdicts = rows_all_verdicts(screen->rows);

    if (blocked_offline(screen))
        return blocked_offline(screen);
    return verdicts[VERDICT_UNKNOWN] + verdicts[VERDICT_UNREACHABLE] ? NULL : "every target has a conclusion";
}

void action_pause(struct screen *screen)
{
    screen->paused = !screen->paused;
    if (screen->paused)
        audit_pause(screen->audit);
    else
        audit_resume(screen->audit);
    state_say(screen, STYLE_MESSAGE, screen->paused ? "no new connections until {pause}" : "probing goes on");
}
