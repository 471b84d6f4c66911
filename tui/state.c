#include "tui/state.h"

#include "engine/base/mem.h"
#include "tui/clock.h"
#include "tui/press.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SLICE     3   /* milliseconds */
#define DONE_WIDE 100 /* columns for the longer sentence */
#define NEXT_WIDE 62  /* for the keys that are of use then */

void state_start(struct screen *screen, struct model *model, struct audit *audit,
                 const struct screen_options *options)
{
    size_t changed;

    screen->model = model;
    screen->options = options;
    screen->kept = options->kept;
    if (state_loading(screen))
        screen->waiting = audit;
    else
        screen->audit = audit;
    screen->against_asked = options->against;
    free(model_take_changed(model, &changed)); /* the rows read all there is */
    screen->rows = rows_new(model);
    screen->detail.size = PANE_NORMAL;
    screen->slice = SLICE;
    screen->began = (int64_t)time(NULL);
    map_init(&screen->former);
    if (model_notes(model)->count)
        state_say(screen, STYLE_MESSAGE, "{notes} shows what the inputs left out (%zu notes)",
                  model_notes(model)->count);
}

void state_finish(struct screen *screen)
{
    against_release(&screen->against);
    rows_free(screen->rows);
    filter_free(screen->filter);
    free(screen->filter_text);
    filter_free(screen->filter_change.filter);
    free(screen->filter_change.text);
    free(screen->filter_before);
    free(screen->search.needle);
    free(screen->search.typed);
    free(screen->saved);
    free(screen->prompt_error);
    candidates_release(&screen->candidates);
    free(screen->recall.typed);
    history_release(&screen->history);
    export_release(&screen->exporting);
    free(screen->export_path);
    free(screen->question);
    free(screen->exported);
    free(screen->message);
    while (screen->mention_count)
        free(screen->mentions[--screen->mention_count].text);
    online_release(&screen->online);
    free(screen->copy);
    free(screen->reading);
    listing_release(&screen->listing);
    pasted_release(&screen->pasted);
    page_release(&screen->detail.page);
    map_release(&screen->former, NULL);
    undo_release(&screen->undo);
    inquiry_release(&screen->inquiry);
    free(screen->form_title);
    free(screen->baseline_name);
}

void state_ask(struct screen *screen, enum asking asking, const char *text)
{
    screen->mode = MODE_PROMPT;
    screen->asking = asking;
    prompt_set(&screen->prompt, text);
    free(screen->prompt_error);
    screen->prompt_error = NULL;
    candidates_release(&screen->candidates);
    free(screen->recall.typed);
    screen->recall = (struct recall){0, NULL};
}

static __attribute__((format(printf, 2, 0))) char *words(const struct screen *screen, const char *format,
                                                         va_list args)
{
    char *text = NULL, *expanded = keymap_expand(&screen->keymap, format, true);

    if (vasprintf(&text, expanded, args) < 0)
        text = mem_string("");
    free(expanded);
    return text;
}

void state_confirm(struct screen *screen, void (*confirmed)(struct screen *screen), bool only_yes,
                   const char *format, ...)
{
    char *asked;
    va_list args;

    va_start(args, format);
    asked = words(screen, format, args);
    va_end(args);
    free(screen->question);
    screen->question = mem_format("%s y n", asked);
    screen->only_yes = only_yes;
    screen->confirmed = confirmed;
    screen->mode = MODE_CONFIRM;
    free(asked);
}

void state_say(struct screen *screen, enum style style, const char *format, ...)
{
    char *text;
    va_list args;

    va_start(args, format);
    text = words(screen, format, args);
    va_end(args);
    free(screen->message);
    screen->message = text;
    screen->message_style = style;
    screen->message_brief = screen->message_asked = false;
    screen->dirty = true;
}

static void mention(struct screen *screen, enum style style, const char *text)
{
    state_say(screen, style, "%s", text);
    screen->message_brief = true;
}

/* What stands there was not read, and is no less than what comes: a warning, or for a warning what a key was
 * answered. */
static bool stays(const struct screen *screen, enum style style)
{
    if (!screen->message)
        return false;
    return screen->message_brief ? screen->message_style != STYLE_MESSAGE : style != STYLE_MESSAGE;
}

void state_mention(struct screen *screen, enum style style, const char *text)
{
    if (!stays(screen, style))
        mention(screen, style, text);
    else if (screen->mention_count < MENTIONS_MOST)
        screen->mentions[screen->mention_count++] = (struct mention){mem_string(text), style};
}

void state_mention_next(struct screen *screen)
{
    struct mention next = screen->mentions[0];

    if (screen->message || !screen->mention_count)
        return;
    screen->mention_count--;
    memmove(screen->mentions, screen->mentions + 1, screen->mention_count * sizeof next);
    mention(screen, next.style, next.text);
    free(next.text);
}

void state_await(struct screen *screen, const struct target *target)
{
    state_say(screen, STYLE_MESSAGE, screen->paused ? "queued; paused until {pause}" : "probing it again");
    screen->message_asked = true;
    screen->asked = target->judgement.verdict == VERDICT_PENDING ? target->id : 0;
}

/* What came of the target that was asked for anew, unless something else is to be read by now. */
static void tell_asked(struct screen *screen)
{
    const struct target *target = model_target(screen->model, screen->asked);
    enum verdict verdict = target ? target->judgement.verdict : VERDICT_PENDING;
    char *text;

    if (!screen->asked || (target && !target->removed && verdict == VERDICT_PENDING))
        return;
    screen->asked = 0;
    if (!target || target->removed || (screen->message && !screen->message_asked))
        return;
    text = mem_format("probed again: %s%s%s", verdict == target->former ? "still " : "",
                      verdict_title(verdict), verdict == target->former ? "" : " now");
    state_mention(screen, STYLE_MESSAGE, text);
    free(text);
}

static void read_work(struct screen *screen)
{
    struct audit_progress progress;
    struct model_counts counts;

    if (screen->audit) {
        audit_progress(screen->audit, &progress);
        screen->work = (struct work){.targets = progress.targets,
                                     .resolved = progress.targets_resolved,
                                     .endpoints = progress.endpoints,
                                     .judged = progress.ready_done,
                                     .done = progress.full_done,
                                     .running = progress.running,
                                     .queued = progress.queued,
                                     .later = progress.waiting_later,
                                     .limit = progress.limit,
                                     .busy = state_busy(screen),
                                     .paused = screen->paused};
        pace_take(&screen->pace, clock_milliseconds(), progress.ready_done + progress.full_done);
        return;
    }
    model_counts(screen->model, &counts);
    screen->work = (struct work){.targets = counts.targets, .endpoints = counts.endpoints};
}

/* Adds ", e walks them" to a text, where a request of that name has a key. */
static void add_next(const struct screen *screen, char **text, const char *request, const char *does)
{
    char name[PRESS_NAME_SIZE];
    const char *key = keymap_name(&screen->keymap, request, name);
    char *longer;

    if (!key)
        return;
    longer = mem_format("%s, %s %s", *text, key, does);
    free(*text);
    *text = longer;
}

static char *done_text(const struct screen *screen)
{
    bool wall = screen->layout.wall >= 0, wide = wall || screen->layout.tree.width >= DONE_WIDE;
    unsigned problems = state_problems(screen), stops = 0, clear = 0;
    char *text;
    size_t i;

    for (i = 0; i < model_target_count(screen->model); i++) {
        const struct target *target = model_target_at(screen->model, i);

        stops += !target->removed && target->consequence == CONSEQUENCE_STOPS;
        clear += !target->removed && target->consequence == CONSEQUENCE_PLAINTEXT;
    }
    text = wide && problems ? mem_format("done: mail stops for %u, goes in clear for %u; %u problem%s", stops,
                                         clear, problems, problems == 1 ? "" : "s")
                            : mem_format("done: %u problem%s", problems, problems == 1 ? "" : "s");
    if (!wall && screen->layout.tree.width < NEXT_WIDE)
        return text;
    if (problems)
        add_next(screen, &text, "next-problem", "walks them");
    add_next(screen, &text, "export", "exports");
    return text;
}

/* Once, when the last probe ended, unless there is something else to read. */
static void tell_done(struct screen *screen)
{
    char *text;

    if (screen->message || screen->paused || !rows_targets(screen->rows))
        return;
    text = done_text(screen);
    state_mention(screen, STYLE_MESSAGE, text);
    free(text);
}

/* The engine goes by the baseline that it began with. */
static void ask_contacts(struct screen *screen, const uint32_t *changed, size_t count)
{
    for (size_t i = 0; screen->audit && screen->inquiry.on && i < count; i++) {
        const struct target *target = model_target(screen->model, changed[i]);

        if (!online_is_asleep(&screen->online, target) && inquiry_takes(&screen->inquiry, target))
            audit_contacts(screen->audit, target->id);
    }
}

void state_sync(struct screen *screen)
{
    bool was_busy = screen->work.busy;
    size_t count = 0;
    uint32_t *changed;

    if (screen->model_dirty) {
        changed = model_take_changed(screen->model, &count);
        rows_sync(screen->rows, changed, count);
        against_changed(&screen->against, changed, count);
        ask_contacts(screen, changed, count);
        free(changed);
        screen->detail.stale = true;
        screen->dirty = true;
        if (screen->mode == MODE_FORM && screen->noted)
            form_suggest(&screen->form, model_target(screen->model, screen->noted));
        tell_asked(screen);
    }
    if (screen->model_dirty || screen->audit)
        read_work(screen);
    if (was_busy && !screen->work.busy)
        tell_done(screen);
    screen->model_dirty = false;
}

struct target *state_target(const struct screen *screen)
{
    return model_target(screen->model, screen->cursor.row.target);
}

struct host *state_host(const struct screen *screen)
{
    return model_host(screen->model, screen->cursor.row.host);
}

struct endpoint *state_endpoint(const struct screen *screen)
{
    return model_endpoint(screen->model, screen->cursor.row.endpoint);
}

const char *state_ghost(const struct screen *screen)
{
    return rows_is_ghost(screen->cursor.row.target) ? "it is there no more, and only shown" : NULL;
}

bool state_busy(const struct screen *screen)
{
    return screen->audit && audit_busy(screen->audit);
}

bool state_loading(const struct screen *screen)
{
    return screen->waiting || (screen->kept && keeping_loading(screen->kept));
}

unsigned state_problems(const struct screen *screen)
{
    const unsigned *verdicts = rows_all_verdicts(screen->rows);
    unsigned problems = 0, verdict;

    for (verdict = 0; verdict < verdict_count; verdict++)
        if (rows_is_problem((enum verdict)verdict))
            problems += verdicts[verdict];
    return problems;
}

size_t state_tree_height(const struct screen *screen)
{
    return screen->layout.tree.height > 0 ? (size_t)screen->layout.tree.height : 1;
}
