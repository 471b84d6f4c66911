#include "tui/command_diff.h"

#include "engine/base/mem.h"
#include "engine/report/compare_write.h"
#include "engine/report/report.h"
#include "tui/snapshot_file.h"
#include "tui/version.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DONE = 0, REGRESSED = 1, USAGE = 2, UNFINISHED = 3 };

static int complain(char *error, int code)
{
    fprintf(stderr, "mxscope: %s\n", error);
    free(error);
    return code;
}

static struct compare_session session_of(const char *path, const struct store_session *session)
{
    return (struct compare_session){snapshot_name(path), session->vantage, session->started_at,
                                    session->finished_at, session->complete};
}

static char *write_as(enum diff_format format, const struct comparison *comparison,
                      const struct compare_options *options)
{
    switch (format) {
    case DIFF_JSON:
        return compare_json(comparison, options);
    case DIFF_CSV:
        return compare_csv(comparison);
    case DIFF_MARKDOWN:
        return compare_markdown(comparison, options);
    case DIFF_TEXT:
        break;
    }
    return compare_text(comparison, options);
}

static int write_comparison(const struct options *options, const struct comparison *comparison,
                            const struct compare_options *said)
{
    int code = comparison_regressed(comparison) ? REGRESSED : DONE;
    char *text, *error = NULL;

    if (options->if_changed && !comparison->target_count && !comparison->endpoint_count)
        return DONE;
    text = write_as(options->diff_format, comparison, said);
    if (!report_write(options->output, text, &error))
        code = complain(error, UNFINISHED);
    free(text);
    return code;
}

static int compare(const struct options *options, struct model *models[2],
                   const struct store_session sessions[2])
{
    int64_t now = sessions[1].finished_at ? sessions[1].finished_at : compare_time(models[1]);
    bool same = baseline_same(model_baseline(models[0]), model_baseline(models[1]));
    char *former = same ? NULL : mem_string(model_baseline(models[0])->name);
    const struct compare_options said = {
        .generator = VERSION_GENERATOR,
        .baseline = model_baseline(models[1]),
        .former_baseline = former,
        .before = session_of(options->targets.items[0], &sessions[0]),
        .after = session_of(options->targets.items[1], &sessions[1]),
    };
    struct comparison comparison;
    int code;

    model_set_now(models[1], now);
    compare_align(models[0], sessions[0].finished_at, model_baseline(models[1]));
    compare_models(models[0], models[1], &comparison);
    code = write_comparison(options, &comparison, &said);
    comparison_release(&comparison);
    free(former);
    return code;
}

int command_diff(const struct options *options)
{
    const char *const paths[2] = {options->targets.items[0], options->targets.items[1]};
    struct store_session sessions[2];
    struct model *models[2];
    char *error = NULL;
    int code;

    if (!snapshot_load_pair(paths, models, sessions, &error))
        return complain(error, USAGE);
    code = compare(options, models, sessions);
    for (int i = 0; i < 2; i++) {
        store_session_release(&sessions[i]);
        model_free(models[i]);
    }
    return code;
}
