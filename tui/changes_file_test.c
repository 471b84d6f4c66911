#include "tui/changes_file.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST 16384

static struct model *with(const char *versions)
{
    struct model *model = fixture_model("tls1.2");

    fixture_simple(model, "contoso.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.1",
                   fixture_facts(versions));
    return model;
}

/* What is written under a name that ends so; the caller frees. */
static char *written(const struct changes *changes, const char *suffix)
{
    const char *base = getenv("TEST_TMPDIR");
    char *path = mem_format("%s/changes-%d%s", base ? base : "/tmp", (int)getpid(), suffix), *error = NULL;
    char *text = mem_alloc(MOST + 1);
    FILE *file;

    assert_true(changes_file_takes(path));
    assert_true(changes_file_write(changes, path, &error));
    file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, MOST, file)] = 0;
    fclose(file);
    unlink(path);
    free(path);
    return text;
}

static void as_the_suffix_says(void **state)
{
    static const struct {
        const char *suffix, *begins, *holds;
    } cases[] = {
        {".txt", "What changed: something regressed\n", "Regressed (1)"},
        {".json", "{", "\"regressed\""},
        {".csv", "\xef\xbb\xbf", "contoso.example"},
        {".MD", "# What changed", "### Regressed (1)"},
    };
    struct model *before = with("rrraa"), *after = with("rarrr");
    const struct changes changes = {
        before,
        after,
        {.generator = "test", .baseline = model_baseline(after), .before.name = "a", .after.name = "b"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = written(&changes, cases[i].suffix);

        if (strncmp(text, cases[i].begins, strlen(cases[i].begins)) != 0 || !strstr(text, cases[i].holds))
            fail_msg("%s: %s", cases[i].suffix, text);
        free(text);
    }
    model_free(before);
    model_free(after);
}

static void refused(void **state)
{
    struct model *before = with("rrraa");
    const struct changes changes = {
        before,
        before,
        {.generator = "test", .baseline = model_baseline(before), .before.name = "a", .after.name = "b"}};
    char *error = NULL;

    (void)state;
    assert_false(changes_file_takes("changes.html"));
    assert_false(changes_file_takes("changes"));
    assert_false(changes_file_write(&changes, "/nowhere/at/all.txt", &error));
    assert_non_null(error);
    free(error);
    model_free(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_the_suffix_says),
        cmocka_unit_test(refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
