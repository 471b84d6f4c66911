#include "tui/against.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/report/compare.h"
#include "tui/against_private.h"
#include "tui/snapshot_file.h"

#include <stdlib.h>
#include <string.h>

/* What is told of a target's own, and then what is told of the servers that its mail goes to. */
static bool servers_differ(const struct against *against, const struct target *target)
{
    for (size_t h = 0; h < target->host_count; h++) {
        const struct host *host = target->hosts[h].host;

        for (size_t e = 0; e < host->endpoint_count; e++) {
            enum since since = against_endpoint(against, host->endpoints[e]);

            if (since != SINCE_SAME && since != SINCE_NOT_COMPARED)
                return true;
        }
    }
    return false;
}

static enum since since_of_target(const struct against *against, const struct target *target)
{
    struct difference difference;
    enum change change = change_count;

    if (target->removed)
        return SINCE_NOT_COMPARED;
    if (compare_target(against->earlier.model, against->model, target, &difference)) {
        change = difference.change;
        difference_release(&difference);
    }
    if ((change == change_count || change == CHANGE_NOTED) && servers_differ(against, target))
        change = CHANGE_FACTS;
    return since_of(change);
}

enum since against_endpoint(const struct against *against, const struct endpoint *endpoint)
{
    struct difference difference;
    enum since since;

    if (!against->path || !compare_on_route(endpoint))
        return SINCE_NOT_COMPARED;
    if (!compare_endpoint(against->earlier.model, against->model, endpoint, &difference))
        return SINCE_SAME;
    since = since_of(difference.change);
    difference_release(&difference);
    return since;
}

static void make_room(struct against *against, uint32_t id)
{
    size_t room = against->id_room ? against->id_room : 1024;

    while (room <= id)
        room *= 2;
    if (room == against->id_room)
        return;
    against->waits = mem_resize(against->waits, room, sizeof *against->waits);
    against->likes = mem_resize(against->likes, room, sizeof *against->likes);
    against->elsewhere = mem_resize(against->elsewhere, room, sizeof(uint32_t *));
    memset(against->elsewhere + against->id_room, 0, (room - against->id_room) * sizeof(uint32_t *));
    memset(against->waits + against->id_room, 0, (room - against->id_room) * sizeof *against->waits);
    memset(against->likes + against->id_room, 0, (room - against->id_room) * sizeof *against->likes);
    against->id_room = room;
}

static void count(struct against *against, enum since since, int sign)
{
    if (since != SINCE_NOT_COMPARED)
        against->counts[since] += (unsigned)sign;
}

static void mark(struct against *against, const struct target *target)
{
    enum since since = since_of_target(against, target);

    count(against, rows_since(against->rows, target->id), -1);
    count(against, since, +1);
    rows_set_since(against->rows, target->id, since);
}

/* The target, and all that may be gone or have come back with it. */
static void compare_again(struct against *against, const struct target *target)
{
    const struct target *then = compare_like(against->earlier.model, target);
    uint32_t like = then ? then->id : 0;

    make_room(against, target->id);
    if (against->likes[target->id] && against->likes[target->id] != like)
        ghosts_look(against, model_target(against->earlier.model, against->likes[target->id]));
    against->likes[target->id] = like;
    mark(against, target);
    if (then)
        ghosts_look(against, then);
    ghosts_look_behind(against, target);
}

static void compare_first(struct against *against, const struct target *target)
{
    const struct target *then = compare_like(against->earlier.model, target);

    make_room(against, target->id);
    against->likes[target->id] = then ? then->id : 0;
    ghosts_note(against, target);
    mark(against, target);
}

/* One that came when all had been compared may bring back what was gone. */
static void compare_next(struct against *against, const struct target *target)
{
    if (against->round)
        compare_first(against, target);
    else
        compare_again(against, target);
}

/* False when there is none left. */
static bool step(struct against *against)
{
    const struct model *before = against->earlier.model;

    if (against->next_target < model_target_count(against->model))
        compare_next(against, model_target_at(against->model, against->next_target++));
    else if (against->next_gone < model_target_count(before))
        ghosts_look_at(against, model_target_at(before, against->next_gone++));
    else if (against->next_server < model_endpoint_count(before))
        ghosts_look_at_server(against, model_endpoint_at(before, against->next_server++));
    else
        return false;
    return true;
}

bool against_begin(struct against *against, struct model *model, struct rows *rows, const char *path,
                   char **error)
{
    against_cancel(against);
    against->model = model;
    against->rows = rows;
    against->reading = reading_begin(path, baseline_copy(model_baseline(model)), error);
    if (!against->reading)
        return false;
    free(against->wanted);
    against->wanted = mem_string(path);
    return true;
}

/* Targets that came meanwhile are compared like those that changed. */
static bool more(const struct against *against)
{
    return against->path &&
           (against->round || against->queued || against->next_target < model_target_count(against->model));
}

bool against_busy(const struct against *against)
{
    return (against->reading && reading_over(against->reading)) ||
           (against->leaving && reading_over(against->leaving)) || more(against);
}

bool against_coming(const struct against *against, unsigned *share)
{
    size_t all, done;

    *share = against->reading ? reading_share(against->reading) : 100;
    if (against->reading || !against->round || !against->fresh)
        return against->reading;
    all = model_target_count(against->model) + model_target_count(against->earlier.model) +
          model_endpoint_count(against->earlier.model) + 1;
    done = against->next_target + against->next_gone + against->next_server;
    *share = (unsigned)(done * 100 / all);
    return true;
}

char *against_progress(const struct against *against)
{
    unsigned share;

    if (!against_coming(against, &share))
        return NULL;
    return mem_format("%s %s: %u %%", against->reading ? "reading" : "comparing with",
                      snapshot_name(against->reading ? against->wanted : against->path), share);
}

int against_descriptor(const struct against *against)
{
    const struct reading *reading = against->reading ? against->reading : against->leaving;

    return reading ? reading_descriptor(reading) : -1;
}

/* Everything is compared anew, with marks as they are until then. */
static void begin_round(struct against *against)
{
    against->round = true;
    against->next_target = against->next_gone = against->next_server = 0;
    against->queued = 0;
    if (against->id_room)
        memset(against->waits, 0, against->id_room * sizeof *against->waits);
}

static void dispose(struct against *against, struct earlier *earlier)
{
    disposal_end(against->disposal);
    against->disposal = earlier->model ? earlier_dispose(earlier) : NULL;
}

static void take_leaving(struct against *against)
{
    struct earlier earlier;
    char *error;

    if (reading_end(against->leaving, &earlier, &error))
        dispose(against, &earlier);
    free(error);
    against->leaving = NULL;
}

static bool take_reading(struct against *against, char **error)
{
    struct earlier earlier;
    bool read = reading_end(against->reading, &earlier, error);

    against->reading = NULL;
    if (!read)
        return false;
    ghosts_drop(against);
    dispose(against, &against->earlier);
    against->earlier = earlier;
    free(against->path);
    against->path = against->wanted;
    against->wanted = NULL;
    against->when = earlier.session.finished_at ? earlier.session.finished_at : compare_time(earlier.model);
    against->fresh = true;
    begin_round(against);
    return true;
}

static void take_queued(struct against *against)
{
    uint32_t id = against->queue[--against->queued];

    against->waits[id] = 0;
    compare_again(against, model_target(against->model, id));
}

/* Another baseline judges both. */
static void follow_baseline(struct against *against)
{
    if (baseline_same(model_baseline(against->earlier.model), model_baseline(against->model)))
        return;
    compare_align(against->earlier.model, against->when, model_baseline(against->model));
    begin_round(against);
}

static enum against_news end_round(struct against *against)
{
    bool first = against->fresh;

    against->round = against->fresh = false;
    return first ? AGAINST_DONE : AGAINST_MOVED;
}

enum against_news against_go_on(struct against *against, size_t most, char **error)
{
    *error = NULL;
    if (against->leaving && reading_over(against->leaving))
        take_leaving(against);
    if (against->reading && reading_over(against->reading) && !take_reading(against, error))
        return AGAINST_FAILED;
    if (!more(against))
        return AGAINST_QUIET;
    follow_baseline(against);
    while (most && step(against))
        most--;
    if (against->round)
        return most ? end_round(against) : AGAINST_MOVED;
    while (most-- && against->queued)
        take_queued(against);
    return AGAINST_MOVED;
}

void against_changed(struct against *against, const uint32_t *changed, size_t count)
{
    for (size_t i = 0; against->path && i < count; i++) {
        make_room(against, changed[i]);
        if (against->waits[changed[i]])
            continue;
        against->waits[changed[i]] = 1;
        if (!(against->queued & (against->queued - 1)))
            against->queue =
                mem_resize(against->queue, against->queued ? 2 * against->queued : 1, sizeof *against->queue);
        against->queue[against->queued++] = changed[i];
    }
}

/* Frees what belongs to the comparison that is held, but for the earlier session. */
static void forget(struct against *against)
{
    for (size_t i = 0; i < against->id_room; i++)
        free(against->elsewhere[i]);
    free(against->elsewhere);
    free(against->path);
    free(against->queue);
    free(against->waits);
    free(against->likes);
    against->path = NULL;
    against->queue = NULL;
    against->waits = NULL;
    against->likes = NULL;
    against->elsewhere = NULL;
    against->queued = against->id_room = 0;
    against->round = against->fresh = false;
    memset(against->counts, 0, sizeof against->counts);
}

void against_end(struct against *against)
{
    if (!against->path)
        return;
    rows_forget_since(against->rows);
    ghosts_drop(against);
    dispose(against, &against->earlier);
    forget(against);
}

void against_cancel(struct against *against)
{
    if (!against->reading) {
        if (against->round && against->fresh)
            against_end(against);
        return;
    }
    reading_cancel(against->reading);
    if (against->leaving)
        take_leaving(against);
    against->leaving = against->reading;
    against->reading = NULL;
}

void against_release(struct against *against)
{
    if (against->reading)
        against_cancel(against);
    if (against->leaving)
        take_leaving(against);
    ghosts_release(against);
    disposal_end(against->disposal);
    earlier_release(&against->earlier);
    forget(against);
    free(against->wanted);
    memset(against, 0, sizeof *against);
}

char *against_title(const struct against *against, const struct comparison *comparison)
{
    char time[TEXT_TIME_SIZE];
    struct buf title;

    text_time(time, against->when);
    buf_init(&title, 0);
    buf_printf(&title, "Compared with %s of %.10s: ", snapshot_name(against->path), time);
    for (unsigned i = 0; i < change_count; i++)
        if (comparison->target_changes[i])
            buf_printf(&title, "%u %s, ", comparison->target_changes[i], change_name((enum change)i));
    buf_printf(&title, "%u unchanged", comparison->targets_unchanged);
    return buf_take_string(&title);
}
