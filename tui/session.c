#include "tui/session.h"

#include "engine/base/mem.h"
#include "engine/base/map.h"
#include "engine/input/input.h"
#include "engine/model/carried.h"
#include "tui/autosave.h"
#include "tui/last_words.h"
#include "tui/report_session.h"
#include "tui/resume.h"
#include "tui/shard.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define USAGE            2
#define COMMAND_LINE     "command line" /* where a name says nothing of what is demanded */
#define DEFAULT_BASELINE "exchange-online"
#define LEAVE_MS         2500
#define AT_A_TIME        1000 /* endpoints and targets that the engine is told of */
#define PROBLEMS_MOST    50   /* that are printed; all are in the report */

static int complain(char *error)
{
    fprintf(stderr, "mxscope: %s\n", error);
    free(error);
    return USAGE;
}

static bool ends_in(const char *word, const char *const *suffixes)
{
    const char *dot = strrchr(word, '.');

    for (; dot && *suffixes; suffixes++)
        if (strcasecmp(dot, *suffixes) == 0)
            return true;
    return false;
}

/* A TARGET that is the name of an input file: no top-level domain is called so, or no domain has that form. A
 * file that is called like a domain is one only behind a slash. */
static bool is_file_name(const char *word)
{
    static const char *const never[] = {".json", ".csv", ".txt", ".xml", NULL}, *const perhaps[] = {".cf",
                                                                                                    NULL};
    struct target_spec spec;
    struct stat about;
    char *error = NULL;
    bool there, other;

    if (strstr(word, "://"))
        return false;
    if (strchr(word, '/') || ends_in(word, never))
        return true;
    there = stat(word, &about) == 0 && !S_ISDIR(about.st_mode);
    other = !input_target(word, CLASS_OPPORTUNISTIC, "", &spec, &error);
    target_spec_release(&spec);
    free(error);
    return there && (other || ends_in(word, perhaps));
}

static bool read_file(const char *path, struct input *input)
{
    char *error = NULL;
    bool ok = input_read_file(path, input, &error);

    if (!ok)
        complain(error);
    return ok;
}

static bool add_words(const struct strings *words, enum target_class class, struct input *input)
{
    bool ok = true;
    size_t i;

    for (i = 0; i < words->count; i++) {
        char *error = NULL;

        if (class == CLASS_OPPORTUNISTIC && is_file_name(words->items[i])) {
            ok &= read_file(words->items[i], input);
        } else if (!input_add_target(input, words->items[i], class, COMMAND_LINE, &error)) {
            complain(error);
            ok = false;
        }
    }
    return ok;
}

/* Problems, and notes unless the run is refused for the problems anyway. */
static void tell(const struct input *input, bool starts)
{
    size_t i;

    for (i = 0; starts && i < input->notes.count; i++)
        fprintf(stderr, "mxscope: %s\n", input->notes.items[i]);
    for (i = 0; i < input->problem_count && i < PROBLEMS_MOST; i++)
        fprintf(stderr, "mxscope: %s\n", input->problems[i].message);
    if (input->problem_count > PROBLEMS_MOST)
        fprintf(stderr, "mxscope: and %zu more like these\n", input->problem_count - PROBLEMS_MOST);
}

/* Reads every input; prints every note and problem. False when the run must not start. */
static bool read_targets(const struct options *options, struct input *input)
{
    bool ok = true;
    size_t i;

    for (i = 0; i < options->inputs.count; i++)
        ok &= read_file(options->inputs.items[i], input);
    ok &= add_words(&options->partners, CLASS_PARTNER, input);
    ok &= add_words(&options->targets, CLASS_OPPORTUNISTIC, input);
    input_finish(input);
    ok &= !input->problem_count || options->lenient;
    tell(input, ok);
    return ok;
}

static int start_demo(struct session *session, struct audit_options *audit, struct input *input)
{
    const char *targets = lab_demo_targets();
    struct lab_options options = {0};
    char *error = NULL;

    session->lab = lab_new(&options, &error);
    if (!session->lab)
        return complain(error);
    session->dns_address = mem_string(lab_dns(session->lab));
    audit->dns_servers = (const char *const *)&session->dns_address;
    audit->dns_server_count = 1;
    audit->smtp_port = lab_port(session->lab, PROTOCOL_SMTP);
    audit->trust_store = lab_trust_store(session->lab);
    if (!audit->helo_name)
        audit->helo_name = "mxscope.example";
    audit->world4 = "127.0.0.1"; /* where the lab is */
    audit->world6 = "::1";
    audit->per_host_gap = 0.02;
    audit->per_operator = 0;
    audit->retry_later = 2;
    audit->connect_timeout = 3;
    audit->banner_timeout = 5;
    audit->io_timeout = 3;
    audit->dns_timeout = 2;
    if (!input->count)
        input_read("demo.csv", targets, strlen(targets), input);
    input_finish(input);
    return 0;
}

/* What was read stays at hand: on the screen, in reports. */
static void keep_notes(struct model *model, const struct input *input)
{
    struct strings problems = {0};
    size_t i;

    for (i = 0; i < input->problem_count; i++)
        strings_add(&problems, input->problems[i].message);
    model_add_new_notes(model, &problems);
    model_add_new_notes(model, &input->notes);
    strings_release(&problems);
}

/* `target` is NULL where it is new; one that was removed comes back. */
static void add_target(const struct target_spec *spec, struct target *target, struct session *session)
{
    bool fresh = !target;

    if (fresh)
        target = model_add(session->model, spec, NULL);
    if (strcmp(spec->source, COMMAND_LINE) != 0)
        fresh |= model_respecify(session->model, target, spec) == RESPECIFIED_WAY;
    if (fresh)
        audit_add(session->audit, target->id, &target->spec);
}

/* Of several that are the same target the first counts. */
static void add_targets(const struct options *options, const struct input *input, struct session *session)
{
    struct carried carried = {.looked = 0};
    struct map seen;
    size_t i;

    map_init(&seen);
    carried_look(&carried, session->model, SIZE_MAX);
    for (i = 0; i < input->count; i++) {
        const struct target_spec *spec = &input->specs[i];
        struct target *target;
        char *key;

        if (options->shards && shard_of(spec->domain, options->shards) != options->shard)
            continue;
        target = carried_find(&carried, session->model, spec, &key);
        if (!map_put(&seen, key, &seen))
            add_target(spec, target, session);
        free(key);
    }
    carried_release(&carried);
    map_release(&seen, NULL);
}

/* Opens the snapshot; the session that it holds is gone on with. */
static bool open_snapshot(const struct options *options, struct session *session)
{
    char *error = NULL;

    if (!keeping_open(&session->keeping, options->snapshot, STORE_WRITE, &session->model, &error)) {
        report_is_to_be_merged(options->snapshot, &error);
        complain(error);
        return false;
    }
    if (session->keeping.loaded && !options->again)
        session->started_at = session->keeping.about.started_at;
    return true;
}

/* A baseline that is asked for stands above the snapshot's. */
static bool make_model(const struct options *options, struct session *session)
{
    const char *name = options->baseline ? options->baseline : DEFAULT_BASELINE;
    struct baseline *baseline;
    char *error = NULL;

    if (options->snapshot && !options->explain_pacing && !open_snapshot(options, session))
        return false;
    if (session->model && !options->baseline)
        return true;
    baseline = baseline_load(name, &error);
    if (!baseline)
        complain(error);
    else if (session->model)
        model_set_baseline(session->model, baseline);
    else
        session->model = model_new(baseline);
    return baseline;
}

char *session_keep_unnamed(const struct options *options, struct keeping *keeping, struct model *model)
{
    bool screen = options->command == COMMAND_SCREEN || options->command == COMMAND_OPEN;
    bool people = isatty(STDIN_FILENO) || (screen && !options->plain); /* it may have hung up */
    bool wanted = screen && people && !options->demo && !options->script && !options->explain_pacing;
    char *path = NULL, *error = NULL, *trouble = NULL;

    if (wanted)
        path = autosave_path(getenv("XDG_STATE_HOME"), getenv("HOME"), &error);
    if (path)
        autosave_tidy(path, AUTOSAVE_KEPT);
    if (path)
        keeping_begin_unnamed(keeping, path, model, &error);
    if (error)
        trouble = mem_format("this session is kept nowhere: %s", error);
    free(error);
    free(path);
    return trouble;
}

bool session_end_keeping(const struct options *options, struct keeping *keeping, struct model *model,
                         const char *trouble)
{
    char *path = mem_string(keeping_path(keeping)), *error = NULL, *words = NULL;
    bool any = model_target_count(model), ok = keeping_end(keeping, model, keeping_complete(model), &error);

    if (!ok) {
        fprintf(stderr, "mxscope: %s\n", error);
    } else if (path && any) {
        words = last_words(path, options->demo);
        fputs(words, stderr);
    } else if (trouble && any) {
        fprintf(stderr, "mxscope: %s\n", trouble);
    }
    free(words);
    free(error);
    free(path);
    return ok;
}

static bool begin_keeping(const struct options *options, struct session *session, char **error)
{
    struct store_session *about = &session->keeping.about;

    free(about->vantage);
    free(about->options);
    about->vantage = mem_string(audit_helo_name(session->audit));
    about->options = mem_string(options->words);
    about->started_at = session->started_at;
    if (!session->keeping.store) {
        session->trouble = session_keep_unnamed(options, &session->keeping, session->model);
        return true;
    }
    return keeping_begin(&session->keeping, session->model, error);
}

static void name_others(const struct options *options, struct audit_options *audit)
{
    if (options->dns_servers.count) {
        audit->dns_servers = (const char *const *)options->dns_servers.items;
        audit->dns_server_count = options->dns_servers.count;
    }
    if (options->controls.count) {
        audit->controls = (const char *const *)options->controls.items;
        audit->control_count = options->controls.count;
    }
}

struct audit *session_begin_audit(const struct options *options, const struct model *model, char **error)
{
    struct audit_options audit = options->audit;

    name_others(options, &audit);
    audit.baseline = model_baseline(model);
    return audit_new(&audit, error);
}

static int start(const struct options *options, struct session *session)
{
    struct audit_options audit = options->audit;
    char *error = NULL;

    if (options->demo && start_demo(session, &audit, &session->input))
        return USAGE;
    name_others(options, &audit);
    if (!make_model(options, session))
        return USAGE;
    audit.baseline = model_baseline(session->model);
    audit.resolve_only = options->explain_pacing;
    audit.no_activity = options->explain_pacing || options->command == COMMAND_AUDIT;
    session->limits = audit;
    session->audit = audit_new(&audit, &error);
    return session->audit ? 0 : complain(error);
}

/* Also one that is to be asked everything again. */
static bool tell_engine(struct session *session)
{
    int64_t since = session->options->again ? INT64_MAX : session->started_at;

    return resume_go_on(&session->walk, session->model, session->audit, session->limits.depth, since,
                        AT_A_TIME);
}

bool session_go_on(struct session *session, bool *over, char **error)
{
    *over = !session->keeping.loaded || tell_engine(session);
    if (!*over)
        return true;
    keep_notes(session->model, &session->input);
    add_targets(session->options, &session->input, session);
    input_release(&session->input);
    return begin_keeping(session->options, session, error);
}

bool session_keep_changes(struct session *session, char **error)
{
    struct keeping *keeping = &session->keeping;

    if (!keeping->store || !keeping->loaded || !model_any_unsaved(session->model))
        return true;
    if (!keeping_load_all(keeping, error))
        return false;
    keeping->at_rest = true; /* nothing was asked */
    return keeping_begin(keeping, session->model, error);
}

/* The snapshot may hold targets; one that is not there holds none. */
static bool may_resume(const struct options *options)
{
    struct stat about;

    return options->snapshot && stat(options->snapshot, &about) == 0 && about.st_size;
}

int session_open(const struct options *options, struct session *session)
{
    bool must_have = options->command == COMMAND_AUDIT || options->explain_pacing;

    memset(session, 0, sizeof *session);
    session->options = options;
    session->started_at = (int64_t)time(NULL);
    if (!read_targets(options, &session->input))
        return USAGE;
    if (!must_have || session->input.count || options->demo || may_resume(options))
        return start(options, session);
    return complain(mem_string("nothing to audit; expected domains, --partner DOMAIN or --input FILE"));
}

int session_start(const struct options *options, struct session *session)
{
    int code = session_open(options, session);
    char *error = NULL;
    bool over = false, ok;

    if (code)
        return code;
    ok = keeping_load_all(&session->keeping, &error);
    while (ok && !over)
        ok = session_go_on(session, &over, &error);
    return ok ? 0 : complain(error);
}

/* Says QUIT in the dialogues that are open, for as long as the engine waits for their replies (two seconds).
 */
static void leave(struct audit *audit)
{
    struct pollfd wait = {audit_descriptor(audit), POLLIN, 0};
    struct audit_progress progress;
    bool idle = false;

    audit_progress(audit, &progress);
    if (!progress.running)
        return;
    audit_cancel(audit);
    while (!idle && poll(&wait, 1, LEAVE_MS) > 0) {
        struct event event;

        while (audit_next(audit, &event)) {
            idle |= event.type == EVENT_IDLE && !audit_busy(audit);
            event_release(&event);
        }
    }
}

void session_end_audit(struct audit *audit)
{
    if (audit)
        leave(audit);
    audit_free(audit);
}

void session_release(struct session *session)
{
    char *error = NULL;

    session_end_audit(session->audit);
    keeping_end(&session->keeping, session->model, false, &error);
    free(error);
    model_free(session->model);
    input_release(&session->input);
    free(session->trouble);
    lab_free(session->lab);
    free(session->dns_address);
    memset(session, 0, sizeof *session);
}
