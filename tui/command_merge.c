#include "tui/command_merge.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/model/merge.h"
#include "engine/report/compare.h"
#include "engine/store/writer.h"
#include "tui/keeping.h"
#include "tui/merge_place.h"
#include "tui/snapshot_file.h"
#include "tui/version.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DONE = 0, USAGE = 2, UNFINISHED = 3 };

struct input {
    const char *path;
    struct model *model;
    struct store_session session;
    int64_t when;
};

static int complain(char *error, int code)
{
    fprintf(stderr, "mxscope: %s\n", error);
    free(error);
    return code;
}

static void release(struct input *inputs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        model_free(inputs[i].model);
        store_session_release(&inputs[i].session);
    }
    free(inputs);
}

static bool is_there(const char *path)
{
    struct stat status;

    return lstat(path, &status) == 0;
}

static bool read_inputs(const struct strings *paths, struct input *inputs, char **error)
{
    for (size_t i = 0; i < paths->count; i++) {
        struct input *input = &inputs[i];

        input->path = paths->items[i];
        input->model = snapshot_load(input->path, &input->session, error);
        if (!input->model)
            return false;
        input->when = input->session.finished_at;
        if (!input->when)
            input->when = compare_time(input->model);
    }
    return true;
}

static int by_text(const char *left, const char *right)
{
    return strcmp(left ? left : "", right ? right : "");
}

/* The oldest first, whatever the order on the command line. */
static int by_time(const void *left, const void *right)
{
    const struct input *a = left, *b = right;

    if (a->when != b->when)
        return a->when < b->when ? -1 : 1;
    if (a->session.started_at != b->session.started_at)
        return a->session.started_at < b->session.started_at ? -1 : 1;
    return by_text(a->session.vantage, b->session.vantage) ? by_text(a->session.vantage, b->session.vantage)
                                                           : strcmp(a->path, b->path);
}

static bool named_before(const struct input *inputs, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (by_text(inputs[i].session.vantage, inputs[index].session.vantage) == 0)
            return true;
    return !inputs[index].session.vantage;
}

/* "a.example, b.example"; the caller frees. */
static char *vantages(const struct input *inputs, size_t count)
{
    struct buf text;

    buf_init(&text, 0);
    for (size_t i = 0; i < count; i++)
        if (!named_before(inputs, i))
            buf_printf(&text, "%s%s", text.length ? ", " : "", inputs[i].session.vantage);
    return text.length ? buf_take_string(&text) : NULL;
}

static struct store_session about(const struct input *inputs, size_t count, const struct model *model,
                                  const struct options *options)
{
    struct store_session session = {
        .generator = mem_string(VERSION_GENERATOR),
        .vantage = vantages(inputs, count),
        .options = mem_string(options->words),
        .started_at = inputs[0].session.started_at,
        .complete = keeping_complete(model),
    };

    for (size_t i = 0; i < count; i++) {
        int64_t began = inputs[i].session.started_at;

        if (began && (!session.started_at || began < session.started_at))
            session.started_at = began;
        if (inputs[i].when > session.finished_at)
            session.finished_at = inputs[i].when;
    }
    return session;
}

static struct model *merge(const struct input *inputs, size_t count)
{
    struct merge_source *sources = mem_array(count, sizeof *sources);
    struct model *model;

    for (size_t i = 0; i < count; i++)
        sources[i] = (struct merge_source){inputs[i].model, inputs[i].session.vantage,
                                           inputs[i].session.started_at, inputs[i].when};
    model = merge_models(sources, count);
    free(sources);
    return model;
}

static bool write_model(const char *path, struct model *model, const struct store_session *session,
                        char **error)
{
    struct store *store = store_open(path, STORE_WRITE, error);
    struct store_writer *writer = store ? store_writer_new(store, model, false, session, error) : NULL;

    if (store && !writer)
        store_close(store);
    return writer && store_writer_end(writer, model, session, error);
}

/* What could not be written whole is gone again. */
static int write_merged(const struct options *options, const struct input *inputs, size_t count)
{
    struct merge_place place;
    struct store_session session;
    struct model *model;
    char *error = NULL;
    bool ok;

    if (!merge_place_open(&place, options->output, &error))
        return complain(error, UNFINISHED);
    model = merge(inputs, count);
    session = about(inputs, count, model, options);
    ok = write_model(place.path, model, &session, &error) && merge_place_finish(&place, &error);
    merge_place_close(&place);
    store_session_release(&session);
    model_free(model);
    return ok ? DONE : complain(error, UNFINISHED);
}

/* False when a rest of a merge is an input, which would go with the next. */
static bool are_apart(const struct options *options)
{
    for (size_t i = 0; i < options->targets.count; i++)
        if (merge_place_is(options->output, options->targets.items[i]))
            return false;
    return true;
}

int command_merge(const struct options *options)
{
    size_t count = options->targets.count;
    struct input *inputs;
    char *error = NULL;
    int code;

    if (is_there(options->output))
        return complain(mem_format("%s: is there already; expected the path of a new file", options->output),
                        USAGE);
    if (!are_apart(options))
        return complain(mem_format("%s.merging: is one of the snapshots, and where the new file is written; "
                                   "expected another path of a new file",
                                   options->output),
                        USAGE);
    inputs = mem_array(count, sizeof *inputs);
    if (read_inputs(&options->targets, inputs, &error)) {
        qsort(inputs, count, sizeof *inputs, by_time);
        code = write_merged(options, inputs, count);
    } else {
        code = complain(error, USAGE);
    }
    release(inputs, count);
    return code;
}
