#include "tests/tui/drive.h"

#include "engine/base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

struct harness *drive_fixture(int lines, int columns, const char *option, const char *value,
                              const char *variable)
{
    const char *argv[] = {"tests/tui/screen_fixture", option, value, NULL}, *environment[] = {variable, NULL};

    return harness_start(argv, lines, columns, environment);
}

struct harness *drive_program(const char *const *argv, int lines, int columns, const char *home)
{
    char *variable = home ? mem_format("HOME=%s", home) : NULL;
    const char *environment[] = {variable, NULL};
    struct harness *harness = harness_start(argv, lines, columns, environment);

    free(variable);
    return harness;
}

char *drive_folder(void)
{
    const char *base = getenv("TEST_TMPDIR");
    char *folder = mem_format("%s/drive.XXXXXX", base ? base : "/tmp");

    assert_non_null(mkdtemp(folder));
    return folder;
}

void drive_keys(struct harness *harness, const char *names)
{
    char *copy = mem_string(names), *rest = copy, *name;

    while ((name = strsep(&rest, " ")))
        assert_true(harness_key(harness, name));
    free(copy);
}

void drive_quit(struct harness *harness)
{
    drive_keys(harness, "q");
    assert_int_equal(harness_wait_exit(harness), 0);
    assert_false(harness_alternate(harness));
    assert_true(harness_cursor_visible(harness));
    assert_true(harness_modes_restored(harness));
    harness_free(harness);
}

static bool is_selected(struct harness *harness, void *text)
{
    int line, column;
    char *row;
    bool holds;

    harness_cursor(harness, &line, &column);
    row = harness_line(harness, line);
    holds = strstr(row, text) && harness_look(harness, line, 0).reverse;
    free(row);
    return holds;
}

void drive_until_selected(struct harness *harness, const char *text)
{
    if (!harness_wait_for(harness, is_selected, (void *)text))
        fail_msg("expected \"%s\" to be selected", text);
}

static bool is_in_footer(struct harness *harness, void *text)
{
    char *line = harness_line(harness, DRIVE_FOOTER);
    bool holds = strstr(line, text);

    free(line);
    return holds;
}

void drive_until_footer(struct harness *harness, const char *text)
{
    if (!harness_wait_for(harness, is_in_footer, (void *)text))
        fail_msg("expected \"%s\" in the footer", text);
}

static bool was_sent(struct harness *harness, void *bytes)
{
    return harness_sent(harness, bytes) > 0;
}

void drive_until_sent(struct harness *harness, const char *bytes)
{
    if (!harness_wait_for(harness, was_sent, (void *)bytes))
        fail_msg("expected the program to send \"%s\"", bytes + 1);
}
