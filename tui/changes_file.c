#include "tui/changes_file.h"

#include "engine/report/report.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static char *as_csv(const struct comparison *comparison, const struct compare_options *options)
{
    (void)options;
    return compare_csv(comparison);
}

static const struct form {
    const char *suffix;
    char *(*make)(const struct comparison *comparison, const struct compare_options *options);
} forms[] = {{".txt", compare_text}, {".json", compare_json}, {".csv", as_csv}, {".md", compare_markdown}};

static const struct form *form_of(const char *path)
{
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot && i < sizeof forms / sizeof *forms; i++)
        if (strcasecmp(dot, forms[i].suffix) == 0)
            return &forms[i];
    return NULL;
}

bool changes_file_takes(const char *path)
{
    return form_of(path);
}

bool changes_file_write(const void *what, const char *path, char **error)
{
    const struct changes *changes = what;
    struct comparison comparison;
    char *text;
    bool ok;

    compare_models(changes->before, changes->after, &comparison);
    text = form_of(path)->make(&comparison, &changes->options);
    ok = report_write(path, text, error);
    free(text);
    comparison_release(&comparison);
    return ok;
}
