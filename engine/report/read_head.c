#include "engine/report/read_head.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/report/read_facts.h"

#include <stdlib.h>
#include <string.h>

#define SUITES_MOST  1000
#define NOTES_MOST   1000000
#define TARGETS_MOST UINT32_MAX

static void read_suites(const struct take *from, struct baseline *baseline)
{
    struct take list;
    size_t count;

    if (take_is_null(from, "suites"))
        return;
    list = take_list(from, "suites", SUITES_MOST, &count);
    baseline->suites = mem_array(count ? count : 1, sizeof *baseline->suites);
    baseline->suite_count = count;
    for (size_t i = 0; i < count; i++) {
        struct take item = take_item(&list, i);

        baseline->suites[i] = read_suite_of(&item);
    }
}

/* What a report of just a name and a floor does not say of it is as in the one that is built in by that name
 * and has that floor; else nothing more is demanded. */
static struct baseline *known_baseline(struct baseline *said)
{
    struct baseline *known = baseline_builtin(said->name);

    if (!known || known->minimum != said->minimum) {
        baseline_free(known);
        return said;
    }
    baseline_free(said);
    return known;
}

static struct baseline *read_baseline(const struct take *from)
{
    struct baseline *baseline = mem_alloc(sizeof *baseline);

    baseline->name = take_some_text(from, "name");
    baseline->minimum = (enum tls_version)take_word(from, "minimum_version", TAKE_VERSION);
    baseline->title = take_text(from, "title");
    if (!baseline->title)
        baseline->title = mem_string("");
    baseline->since = take_text(from, "since");
    read_suites(from, baseline);
    if (!take_failed(from))
        return json_object_get(from->value, "suites") ? baseline : known_baseline(baseline);
    baseline_free(baseline);
    return NULL;
}

static void read_check(const struct take *checks, enum check check, struct preflight *preflight)
{
    struct take from = take_part(checks, check_name(check));
    enum check_state state =
        from.value ? (enum check_state)take_word(&from, "state", TAKE_CHECK_STATE) : CHECK_UNKNOWN;
    char *detail = take_text(&from, "detail");

    preflight_set(preflight, check, state, detail);
    free(detail);
}

static void read_format(const struct take *document)
{
    struct take format = take_member(document, "format"), version = take_member(document, "version");

    if (!json_is_string(format.value) || strcmp(json_string_value(format.value), "mxscope") != 0)
        take_fail(&format, "\"mxscope\", as in reports that mxscope writes with --format json");
    if (json_is_integer(version.value) && json_integer_value(version.value) > 1)
        take_fail(&version, "1; the report was written by a newer mxscope");
    take_number(document, "version", 1, 1);
}

/* A report of some targets only stays one: a session can't say so otherwise than by a note. */
static void read_selection(const struct take *document, struct read_head *head)
{
    struct take selection = take_object_or_null(document, "selection");
    char *filter, *safe;
    unsigned of;

    if (!selection.value)
        return;
    filter = take_some_text(&selection, "filter");
    safe = text_escaped(filter, strlen(filter));
    of = (unsigned)take_number(&selection, "of", 0, TARGETS_MOST);
    strings_addf(&head->notes, "the report holds only those of %u targets that were chosen by: %s", of, safe);
    free(filter);
    free(safe);
}

static void read_about(const struct take *from, struct report_about *about)
{
    about->generator = take_text(from, "generator");
    about->vantage = take_text(from, "vantage");
    about->options = take_text(from, "options");
    about->started_at = take_time(from, "started_at");
    about->finished_at = take_time(from, "finished_at");
    about->complete = take_flag(from, "complete", false);
}

void read_head(const struct take *document, struct read_head *head)
{
    struct take baseline, checks;

    memset(head, 0, sizeof *head);
    read_format(document);
    read_about(document, &head->about);
    baseline = take_object(document, "baseline");
    head->baseline = read_baseline(&baseline);
    checks = take_part(document, "preflight");
    for (unsigned i = 0; i < check_count && !take_failed(document); i++)
        read_check(&checks, (enum check)i, &head->preflight);
    head->preflight.denies = take_flag(document, "resolver_denies", false);
    take_strings(document, "input_notes", NOTES_MOST, false, &head->notes);
    read_selection(document, head);
}

/* The name of one that is built in, or all of it. */
static struct baseline *read_judged_baseline(const struct take *judged)
{
    struct take from = take_member(judged, "baseline");
    struct baseline *baseline = NULL;

    if (take_failed(judged))
        return NULL;
    if (json_is_object(from.value))
        return read_baseline(&from);
    if (json_is_string(from.value))
        baseline = baseline_builtin(json_string_value(from.value));
    if (!baseline)
        take_fail(&from, "the name of a baseline that is built in, or an object that says what it is");
    return baseline;
}

static void read_state(const struct take *judged, const char *key, enum check check,
                       struct preflight *preflight)
{
    preflight_set(preflight, check,
                  (enum check_state)take_word_or(judged, key, TAKE_CHECK_STATE, CHECK_UNKNOWN), NULL);
}

static void read_session(const struct take *element, struct read_head *head)
{
    struct take session = take_object_or_null(element, "session");

    head->tells = session.value;
    read_about(&session, &head->about);
    read_selection(&session, head);
    head->targets = take_number_or(&session, "targets", 1, TARGETS_MOST, 0);
}

void read_line_head(const struct take *element, struct read_head *head)
{
    struct take judged = take_object(element, "judged");

    memset(head, 0, sizeof *head);
    head->baseline = read_judged_baseline(&judged);
    read_state(&judged, "resolver", CHECK_RESOLVER, &head->preflight);
    read_state(&judged, "starttls_path", CHECK_STARTTLS_PATH, &head->preflight);
    head->preflight.denies = take_flag(&judged, "resolver_denies", false);
    read_session(element, head);
}

void read_head_release(struct read_head *head)
{
    report_about_release(&head->about);
    baseline_free(head->baseline);
    preflight_release(&head->preflight);
    strings_release(&head->notes);
}
