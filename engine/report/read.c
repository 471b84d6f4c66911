#include "engine/report/read.h"

#include "engine/base/mem.h"
#include "engine/report/outline.h"
#include "engine/report/read_head.h"
#include "engine/report/read_said.h"
#include "engine/report/read_target.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TARGETS_MOST 4000000 /* as many as inputs may bring */

struct report_reading {
    char *path; /* owned */
    struct outline *outline;
    struct model *model; /* the caller's */
    size_t count;        /* of the elements that were read */
    struct read_said said;
    int64_t when; /* the time that it speaks of */
    /* Of JSONL: what its first line says of the session, and of how many lines it is one. */
    struct report_about first;
    int64_t lines;
    bool several, unfinished; /* another line is from another session, or from one that is not complete */
};

void report_about_release(struct report_about *about)
{
    free(about->generator);
    free(about->vantage);
    free(about->options);
    memset(about, 0, sizeof *about);
}

bool report_is_json(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    char first[64];
    ssize_t length, at = 0;

    if (descriptor < 0)
        return false;
    length = read(descriptor, first, sizeof first);
    close(descriptor);
    if (length >= 3 && memcmp(first, "\xef\xbb\xbf", 3) == 0)
        at = 3;
    while (at < length && first[at] && strchr(" \t\r\n", first[at]))
        at++;
    return at < length && first[at] == '{';
}

static const char *end_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static bool is_lines(const struct report_reading *reading)
{
    return !outline_head(reading->outline);
}

static struct report_about copy_about(const struct report_about *about)
{
    struct report_about copy = *about;

    copy.generator = mem_string(about->generator);
    copy.vantage = mem_string(about->vantage);
    copy.options = mem_string(about->options);
    return copy;
}

/* The first line says by what it is judged, and from which session it is. */
static char *read_first_line(struct report_reading *reading, struct read_head *head)
{
    struct taking taking = {.file = reading->path};
    char *error = NULL;
    bool over;
    json_t *first = outline_next(reading->outline, &taking.line, &over, &error);
    const struct take from = {&taking, NULL, NULL, 0, first};

    outline_return(reading->outline);
    if (!first)
        return error;
    read_line_head(&from, head);
    json_decref(first);
    reading->first = copy_about(&head->about);
    reading->lines = head->targets;
    if (!head->tells)
        strings_addf(&head->notes,
                     "%s: its lines say nothing of the vantage point, the times and the options of a "
                     "session, nor whether it was complete",
                     end_of(reading->path));
    return taking.error;
}

/* An error, or NULL. */
static char *read_begin(struct report_reading *reading, struct read_head *head)
{
    struct taking taking = {.file = reading->path};
    const struct take from = {&taking, NULL, NULL, 0, outline_head(reading->outline)};

    if (is_lines(reading))
        return read_first_line(reading, head);
    read_head(&from, head);
    return taking.error;
}

static void apply_preflight(struct model *model, const struct preflight *preflight)
{
    struct event event = {.type = EVENT_PREFLIGHT};

    preflight_copy(&event.preflight, preflight);
    model_apply(model, &event);
    event_release(&event);
}

static struct model *make_model(struct read_head *head)
{
    struct model *model = model_new(head->baseline);

    head->baseline = NULL;
    model_keep_past(model, false);
    apply_preflight(model, &head->preflight);
    model_add_notes(model, &head->notes);
    return model;
}

struct report_reading *report_read_begin(const char *path, struct report_about *about, struct model **model,
                                         char **error)
{
    struct report_reading *reading = mem_alloc(sizeof *reading);
    struct read_head head = {0};
    char *wrong = NULL;

    memset(about, 0, sizeof *about);
    reading->path = mem_string(path);
    reading->outline = outline_open(path, &wrong);
    if (reading->outline)
        wrong = read_begin(reading, &head);
    if (wrong) {
        *error = wrong;
        report_read_end(reading);
        reading = NULL;
    } else {
        reading->model = *model = make_model(&head);
        *about = head.about;
        memset(&head.about, 0, sizeof head.about);
        reading->when = about->finished_at;
    }
    read_head_release(&head);
    return reading;
}

/* The latest probe, where the report does not say when it was finished. */
static void note_time(struct report_reading *reading, const struct read_target *read)
{
    for (size_t h = 0; h < read->host_count; h++) {
        const struct read_host *host = &read->hosts[h];

        for (size_t i = 0; i < host->addresses.addresses.count; i++)
            if (host->facts[i] && host->facts[i]->probed_at > reading->when)
                reading->when = host->facts[i]->probed_at;
    }
}

/* The worse of two states counts, so that nothing unknown becomes a no. */
static bool join_preflight(const struct preflight *known, struct preflight *preflight)
{
    static const enum check checks[] = {CHECK_RESOLVER, CHECK_STARTTLS_PATH};
    bool worse = preflight->denies && !known->denies;

    preflight->denies |= known->denies;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        enum check_state before = known->checks[checks[i]].state;

        worse |= preflight->checks[checks[i]].state > before;
        if (preflight->checks[checks[i]].state < before)
            preflight_set(preflight, checks[i], before, NULL);
    }
    return worse;
}

static bool same_text(const char *left, const char *right)
{
    return left && right ? strcmp(left, right) == 0 : left == right;
}

static void join_session(struct report_reading *reading, const struct read_head *head)
{
    const struct report_about *first = &reading->first;

    reading->several |=
        head->about.started_at != first->started_at || !same_text(head->about.vantage, first->vantage);
    reading->unfinished |= !head->about.complete;
}

/* What one line of JSONL is judged by and says of its session, and those before it may not be. */
static void join_line(struct report_reading *reading, const struct take *element)
{
    const struct baseline *known = model_baseline(reading->model);
    struct take at = take_member(element, "judged");
    struct read_head head;

    read_line_head(element, &head);
    join_session(reading, &head);
    if (head.baseline && !baseline_same(head.baseline, known))
        take_fail_so(&at, "has another baseline than the lines before; expected \"%s\"", known->name);
    if (!take_failed(element) && join_preflight(model_preflight(reading->model), &head.preflight))
        apply_preflight(reading->model, &head.preflight);
    read_head_release(&head);
}

static void add_target(struct report_reading *reading, const struct take *element)
{
    struct read_target read;

    read_target(element, reading->model, &read);
    if (!take_failed(element)) {
        note_time(reading, &read);
        read_said_add(&reading->said, read_target_apply(reading->model, &read)->id, &read.said);
        reading->count++;
    }
    read_target_release(&read);
}

/* In errors an element of JSON is `domains[3]`, one of JSONL its line. An error, or NULL. */
static char *read_element(struct report_reading *reading, const json_t *value, uint64_t line)
{
    bool lines = is_lines(reading);
    struct taking taking = {.file = reading->path, .line = lines ? line : 0};
    const struct take root = {.all = &taking}, list = {&taking, &root, "domains", 0, NULL};
    const struct take element = {&taking, lines ? NULL : &list, NULL, reading->count, value};

    if (reading->count >= TARGETS_MOST)
        return mem_format("%s: has more than %d domains; expected no more", reading->path, TARGETS_MOST);
    if (lines)
        join_line(reading, &element);
    add_target(reading, &element);
    return taking.error;
}

static bool read_some(struct report_reading *reading, unsigned targets, bool *over, char **error)
{
    while (targets--) {
        uint64_t line = 0;
        json_t *value = outline_next(reading->outline, &line, over, error);

        if (!value)
            return *over;
        *error = read_element(reading, value, line);
        json_decref(value);
        if (*error)
            return false;
    }
    return true;
}

static bool lacks_lines(const struct report_reading *reading)
{
    return !reading->several && reading->lines && (uint64_t)reading->lines != reading->count;
}

static void note_lines(const struct report_reading *reading, struct strings *notes)
{
    if (reading->several)
        strings_addf(notes,
                     "%s: its lines are from several sessions; the vantage point, the times and the options "
                     "are those of the first",
                     end_of(reading->path));
    if (lacks_lines(reading))
        strings_addf(notes, "%s: it has %zu lines of the %lld that were written", end_of(reading->path),
                     reading->count, (long long)reading->lines);
}

static void end(struct report_reading *reading)
{
    struct strings notes = {0};

    note_lines(reading, &notes);
    read_said_compare(&reading->said, end_of(reading->path), reading->model, reading->when, &notes);
    model_add_notes(reading->model, &notes);
    strings_release(&notes);
    model_keep_past(reading->model, true);
}

bool report_read_more(struct report_reading *reading, unsigned targets, bool *over, char **error)
{
    bool ok;

    *over = false;
    model_watch(reading->model, false); /* what is read is no change */
    ok = read_some(reading, targets, over, error);
    if (*over)
        end(reading);
    model_watch(reading->model, true);
    return ok;
}

bool report_read_complete(const struct report_reading *reading)
{
    return !is_lines(reading) || !(reading->unfinished || lacks_lines(reading));
}

unsigned report_read_share(const struct report_reading *reading)
{
    return outline_share(reading->outline);
}

void report_read_end(struct report_reading *reading)
{
    outline_close(reading->outline);
    read_said_release(&reading->said);
    report_about_release(&reading->first);
    free(reading->path);
    free(reading);
}

struct model *report_read(const char *path, struct report_about *about, char **error)
{
    struct model *model = NULL;
    struct report_reading *reading = report_read_begin(path, about, &model, error);
    bool over = false, ok = reading;

    while (ok && !over)
        ok = report_read_more(reading, UINT_MAX, &over, error);
    about->complete = about->complete && ok && report_read_complete(reading);
    if (reading)
        report_read_end(reading);
    if (ok)
        return model;
    if (reading)
        model_free(model);
    return NULL;
}
