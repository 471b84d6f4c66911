#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/report/read_testing.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/report/sample.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *testing_path(const char *name)
{
    const char *folder = getenv("TEST_TMPDIR");

    return mem_format("%s/%s", folder ? folder : ".", name);
}

char *testing_written(const char *name, const char *text)
{
    char *path = testing_path(name), *error = NULL;

    if (!report_write(path, text, &error))
        fail_msg("%s", error);
    return path;
}

char *testing_json(struct model *model)
{
    struct report_options options = sample_options();

    model_set_now(model, FIXTURE_NOW);
    return report_json(model, &options);
}

struct model *testing_read(const char *text, struct report_about *about)
{
    char *path = testing_written("report.json", text), *error = NULL;
    struct report_about own;
    struct model *model = report_read(path, &own, &error);

    if (!model)
        fail_msg("%s", error);
    if (about)
        *about = own;
    else
        report_about_release(&own);
    unlink(path);
    free(path);
    return model;
}

void testing_refused(const char *text, const char *expected)
{
    char *path = testing_written("refused.json", text), *error = NULL;
    struct report_about about;
    struct model *model = report_read(path, &about, &error);

    if (model)
        fail_msg("is taken, though: %s", expected);
    assert_non_null(error);
    if (!strstr(error, expected) || strstr(error, path) != error || strchr(error, '\n'))
        fail_msg("\"%s\" does not say \"%s\"", error, expected);
    report_about_release(&about);
    free(error);
    unlink(path);
    free(path);
}

char *testing_changed(const char *text, const char *path, const char *value)
{
    json_t *root = json_loads(text, 0, NULL), *at = root, *next;
    char *copy = mem_string(path), *rest = copy, *key = strsep(&rest, "/"), *out;

    while (rest) {
        next = json_is_array(at) ? json_array_get(at, (size_t)atoi(key)) : json_object_get(at, key);
        if (!next)
            fail_msg("%s: no '%s'", path, key);
        at = next;
        key = strsep(&rest, "/");
    }
    next = value ? json_loads(value, JSON_DECODE_ANY, NULL) : NULL;
    if (json_is_array(at))
        json_array_set_new(at, (size_t)atoi(key), next);
    else if (next)
        json_object_set_new(at, key, next);
    else
        json_object_del(at, key);
    out = json_dumps(root, 0);
    json_decref(root);
    free(copy);
    return out;
}
