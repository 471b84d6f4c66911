#include "tui/keeping.h"

#include "engine/base/mem.h"
#include "tui/report_session.h"
#include "tui/version.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ROWS_AT_A_TIME    64
#define TARGETS_AT_A_TIME 4 /* of a report: each may have many endpoints */
#define CLOCK_SIZE        16

static void set(char **text, const char *value)
{
    char *copy = mem_string(value);

    free(*text);
    *text = copy;
}

static void end_loading(struct keeping *keeping)
{
    if (keeping->report)
        report_read_end(keeping->report);
    keeping->report = NULL;
    if (keeping->loading)
        store_load_end(keeping->loading);
    keeping->loading = NULL;
}

/* Of a store that nothing is to be written to. */
static void end_look(struct keeping *keeping)
{
    end_loading(keeping);
    store_close(keeping->store);
    keeping->store = NULL;
}

/* All of it was read: the file is let go of. */
static void rest(struct keeping *keeping)
{
    end_loading(keeping);
    if (keeping->store)
        store_rest(keeping->store);
    keeping->rested = keeping->store;
    keeping->store = NULL;
}

bool keeping_open(struct keeping *keeping, const char *path, enum store_mode mode, struct model **model,
                  char **error)
{
    *model = NULL;
    keeping->store = store_open(path, mode, error);
    if (!keeping->store)
        return false;
    keeping->loaded = !store_is_new(keeping->store);
    if (keeping->loaded)
        keeping->loading = store_load_begin(keeping->store, &keeping->about, model, error);
    if (keeping->loading || !keeping->loaded)
        return true;
    end_look(keeping);
    store_session_release(&keeping->about);
    return false;
}

static bool look_at_report(struct keeping *keeping, const char *path, struct model **model, char **error)
{
    struct report_about about;

    keeping->report = report_read_begin(path, &about, model, error);
    keeping->about = report_session(&about);
    return keeping->report;
}

bool keeping_look(struct keeping *keeping, const char *path, struct model **model, char **error)
{
    keeping->at_rest = true;
    if (report_is_json(path))
        return look_at_report(keeping, path, model, error);
    if (!keeping_open(keeping, path, STORE_READ, model, error)) {
        report_also_expected(error);
        return false;
    }
    if (keeping->loaded)
        return true;
    *error = mem_format("%s: there is no session in it yet", path);
    end_look(keeping);
    return false;
}

bool keeping_loading(const struct keeping *keeping)
{
    return keeping->loading || keeping->report;
}

bool keeping_load(struct keeping *keeping, char **error)
{
    bool over = false, ok = keeping->report
                                ? report_read_more(keeping->report, TARGETS_AT_A_TIME, &over, error)
                                : store_load_more(keeping->loading, ROWS_AT_A_TIME, &over, error);

    if (over && keeping->report)
        keeping->about.complete &= report_read_complete(keeping->report);
    if (!ok)
        end_look(keeping);
    else if (over && keeping->at_rest)
        rest(keeping);
    else if (over)
        end_loading(keeping);
    return ok;
}

bool keeping_load_all(struct keeping *keeping, char **error)
{
    bool ok = true;

    while (ok && keeping_loading(keeping))
        ok = keeping_load(keeping, error);
    return ok;
}

static void goes_on(struct keeping *keeping)
{
    keeping->about.finished_at = 0;
    keeping->about.complete = false;
}

/* What is said of the session while it is written. */
static void prepare_about(struct keeping *keeping, const struct model *model)
{
    set(&keeping->about.generator, VERSION_GENERATOR);
    if (keeping_rests(keeping))
        keeping->about.complete &= keeping_complete(model);
    else
        goes_on(keeping);
}

bool keeping_begin(struct keeping *keeping, struct model *model, char **error)
{
    prepare_about(keeping, model);
    keeping->writer = store_writer_new(keeping->store, model, keeping->loaded, &keeping->about, error);
    if (!keeping->writer)
        store_discard(keeping->store);
    keeping->store = NULL;
    return keeping->writer;
}

static bool end_writer(struct keeping *keeping, struct model *model, bool complete, char **error)
{
    if (keeping_rests(keeping)) {
        keeping->about.complete &= keeping_complete(model);
    } else {
        keeping->about.finished_at = (int64_t)time(NULL);
        keeping->about.complete = complete;
    }
    return store_writer_end(keeping->writer, model, &keeping->about, error);
}

bool keeping_begin_unnamed(struct keeping *keeping, const char *path, struct model *model, char **error)
{
    keeping->store = store_open(path, STORE_PRIVATE, error);
    if (!keeping->store)
        return false;
    keeping->loaded = false;
    set(&keeping->unnamed, store_path(keeping->store));
    return keeping_begin(keeping, model, error);
}

bool keeping_is_here(const struct keeping *keeping, const char *path)
{
    const char *here = keeping_path(keeping);
    struct stat left, right;

    return here && stat(here, &left) == 0 && stat(path, &right) == 0 && left.st_dev == right.st_dev &&
           left.st_ino == right.st_ino;
}

static bool may_move(const struct keeping *keeping, const char *path, char **error)
{
    if (keeping_is_here(keeping, path))
        *error = mem_format("%s: this session is kept there already", path);
    else if (keeping_loading(keeping))
        *error = mem_string("the session is still being read; try again in a moment");
    else
        return true;
    return false;
}

static struct store *open_new(const char *path, char **error)
{
    struct store *store = store_open(path, STORE_WRITE, error);

    if (!store || store_is_new(store))
        return store;
    *error = mem_format("%s: there is a session in it already; mxscope -s goes on with it", path);
    store_close(store);
    return NULL;
}

/* `*again`: it holds the session that was looked at, as it was then. */
static struct store *open_next(struct keeping *keeping, const char *path, bool *again, char **error)
{
    struct store *next;

    *again = keeping->rested && store_is_at(keeping->rested, path);
    if (!*again)
        return open_new(path, error);
    next = store_open_again(keeping->rested, error);
    if (next)
        keeping->rested = NULL;
    return next;
}

bool keeping_move(struct keeping *keeping, const char *path, struct model *model, char **error)
{
    struct store_writer *writer = may_move(keeping, path, error) ? store_writer_prepare(path, error) : NULL;
    struct store *next;
    char *unsaved = NULL;
    bool again;

    if (!writer)
        return false;
    next = open_next(keeping, path, &again, error);
    if (!next) {
        store_writer_cancel(writer);
        return false;
    }
    keeping->loaded =
        again && !keeping->writer; /* what was written elsewhere is no longer marked as changed */
    if (keeping->writer)
        end_writer(keeping, model, keeping_complete(model), &unsaved);
    free(unsaved);
    prepare_about(keeping, model);
    keeping->writer = writer;
    store_writer_begin(writer, next, model, keeping->loaded, &keeping->about);
    return true;
}

const char *keeping_looked_at(const struct keeping *keeping)
{
    const struct store *store = keeping->rested ? keeping->rested : keeping->store;

    return keeping_rests(keeping) && store ? store_path(store) : NULL;
}

void keeping_probes(struct keeping *keeping, const char *vantage)
{
    keeping->probed = true;
    goes_on(keeping);
    set(&keeping->about.vantage, vantage);
    if (keeping->writer)
        store_writer_tell(keeping->writer, &keeping->about);
}

/* What was added to a session that is only looked at was not asked. */
static void tell_incomplete(struct keeping *keeping, const struct model *model)
{
    if (!keeping_rests(keeping) || !keeping->about.complete || !model_any_unsaved(model) ||
        keeping_complete(model))
        return;
    keeping->about.complete = false;
    store_writer_tell(keeping->writer, &keeping->about);
}

bool keeping_take(struct keeping *keeping, struct model *model)
{
    if (!keeping->writer)
        return false;
    tell_incomplete(keeping, model);
    return store_writer_take(keeping->writer, model);
}

int keeping_descriptor(const struct keeping *keeping)
{
    return keeping->writer ? store_writer_descriptor(keeping->writer) : -1;
}

bool keeping_news(struct keeping *keeping, char **text)
{
    *text = NULL;
    return keeping->writer && store_writer_trouble(keeping->writer, text);
}

int64_t keeping_saved_at(const struct keeping *keeping, bool *trouble)
{
    *trouble = false;
    return keeping->writer ? store_writer_saved_at(keeping->writer, trouble) : 0;
}

char *keeping_saved_text(const struct keeping *keeping)
{
    bool trouble;
    time_t when = (time_t)keeping_saved_at(keeping, &trouble);
    struct tm day;
    char clock[CLOCK_SIZE] = "";

    if (when && localtime_r(&when, &day))
        strftime(clock, sizeof clock, "%H:%M:%S", &day);
    if (trouble)
        return mem_format("NOT SAVED%s%s", *clock ? " since " : "", clock);
    return *clock ? mem_format("saved %s", clock) : mem_string("");
}

const char *keeping_path(const struct keeping *keeping)
{
    return keeping->writer ? store_writer_path(keeping->writer) : NULL;
}

bool keeping_end(struct keeping *keeping, struct model *model, bool complete, char **error)
{
    bool named = keeping->unnamed && keeping->writer && strcmp(keeping->unnamed, keeping_path(keeping)) != 0;
    bool ok = true;

    if (keeping->writer)
        ok = end_writer(keeping, model, complete, error);
    if (keeping->unnamed && (named ? ok : !model_target_count(model)))
        unlink(keeping->unnamed);
    free(keeping->unnamed);
    if (keeping_loading(keeping))
        end_look(keeping);
    store_discard(keeping->store);
    store_close(keeping->rested);
    store_session_release(&keeping->about);
    memset(keeping, 0, sizeof *keeping);
    return ok;
}

bool keeping_rests(const struct keeping *keeping)
{
    return keeping->at_rest && !keeping->probed;
}

bool keeping_changed(const struct keeping *keeping, const struct model *model)
{
    return keeping->at_rest && !keeping->writer && model_any_unsaved(model);
}

static bool target_known(const struct target *target)
{
    if (target->removed)
        return true;
    if (target->route == ROUTE_UNRESOLVED)
        return false;
    for (size_t i = 0; i < model_all_hosts(target); i++)
        if (!model_any_host(target, i)->host->resolved)
            return false;
    return true;
}

static bool endpoint_known(const struct endpoint *endpoint)
{
    const struct facts *facts = endpoint->facts;

    return !endpoint->shared_by || (facts && facts->ended && !facts_starved(facts));
}

bool keeping_complete(const struct model *model)
{
    for (size_t i = 0; i < model_target_count(model); i++)
        if (!target_known(model_target_at(model, i)))
            return false;
    for (size_t i = 0; i < model_endpoint_count(model); i++)
        if (!endpoint_known(model_endpoint_at(model, i)))
            return false;
    return !model_names_lost(model) && model_preflight(model)->checks[CHECK_PORT_25].state != CHECK_TROUBLE;
}
