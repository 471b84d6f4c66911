/* Whole screens as text, of several sizes, compared with those kept in tests/tui/golden. When a change is
 * meant, `bazel run //tests/tui:renew_screens` writes them anew; then look at the difference before it is
 * committed. */
#include "engine/base/buf.h"
#include "engine/base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIXTURE      "tests/tui/screen_fixture"
#define GOLDEN       "tests/tui/golden"
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct shape {
    const char *name, *lines, *columns;
    const char *options[3];
} shapes[] = {
    {"40x10", "10", "40", {NULL}},
    {"80x24", "24", "80", {NULL}},
    {"200x60", "60", "200", {NULL}},
    {"80x24-ascii", "24", "80", {"--ascii", NULL}},
    {"80x24-mono", "24", "80", {"--theme", "mono", NULL}},
};

/* Keys as in key scripts, after which the screen is saved. */
static const struct scene {
    const char *name;
    const char *option; /* of the fixture, or NULL */
    const char *script;
} scenes[] = {
    {"tree", NULL, ""},
    {"problem", NULL, "key e"},
    {"unfolded", NULL, "key 4 j j j"},
    {"detail", NULL, "key / \ntype 192.0.2.20\nkey Enter v"},
    {"operators", NULL, "key o o o"},
    {"filter", NULL, "key f\ntype verdict:not-ready\nkey Enter"},
    {"filter-nothing", NULL, "key f\ntype zzz"},
    {"search", NULL, "key /\ntype mx.t"},
    {"help", NULL, "key ?"},
    {"palette", NULL, "key :\ntype dep"},
    {"due", NULL,
     "key j j t Tab Tab Tab\ntype 2026-11-20\nkey Tab p Enter\nkey j t Tab Tab Tab\ntype 2026-11-28\n"
     "key Tab c Enter\nkey j j t Tab Tab Tab\ntype 2027-03-01\nkey Enter s s s s s s g"},
    {"due-filter", NULL, "key j j t Tab Tab Tab\ntype 2026-11-20\nkey Enter f\ntype due<7d\nkey Enter"},
    {"empty", "--empty", ""},
    {"preflight", "--preflight", "key !"},
    {"trouble", "--preflight", ""},
    {"hostile", "--hostile", "key 4 e"},
    {"beside", "--beside", "key 4"},
    {"compared", "--compared", ""},
    {"compared-change", "--compared", "key c"},
    {"compared-server", "--compared", "key / \ntype 2001\nkey Enter"},
    {"compared-gone", "--compared", "key / \ntype closed\nkey Enter"},
    {"compared-by-class", "--compared", "key o j c c"},
    {"compared-help", "--compared", "key ?"},
    {"compared-filter", "--compared", "key f\ntype change:"},
};

static char *read_whole(const char *path)
{
    FILE *file = fopen(path, "r");
    char block[4096];
    struct buf text;
    size_t got;

    buf_init(&text, 0);
    while (file && (got = fread(block, 1, sizeof block, file)) > 0)
        buf_add(&text, block, got);
    if (file)
        fclose(file);
    return file ? buf_take_string(&text) : (buf_release(&text), NULL);
}

static void write_script(const char *path, const struct scene *scene, const char *screen)
{
    FILE *file = fopen(path, "w");

    if (!file)
        abort();
    fprintf(file, "%s\nsave-screen %s\nquit\n", scene->script, screen);
    fclose(file);
}

static _Noreturn void run_fixture(const struct shape *shape, const struct scene *scene, const char *script,
                                  const char *home)
{
    const char *argv[12] = {FIXTURE, "--still", "--script", script};
    size_t count = 4, i;
    int nothing = open("/dev/null", O_RDWR);

    for (i = 0; i < COUNT(shape->options) && shape->options[i]; i++)
        argv[count++] = shape->options[i];
    argv[count] = scene->option;
    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    setenv("LINES", shape->lines, 1);
    setenv("COLUMNS", shape->columns, 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("TZ", "UTC", 1);
    setenv("HOME", home, 1);
    unsetenv("XDG_STATE_HOME");
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("NO_COLOR");
    execv(argv[0], (char *const *)argv);
    _exit(127);
}

/* The screen's text; NULL when the fixture failed. */
static char *screen_of(const struct shape *shape, const struct scene *scene, const char *folder)
{
    char *script = mem_format("%s/script", folder), *screen = mem_format("%s/screen.txt", folder), *text;
    int status = -1;
    pid_t child;

    unlink(screen);
    write_script(script, scene, screen);
    child = fork();
    if (!child)
        run_fixture(shape, scene, script, folder);
    waitpid(child, &status, 0);
    text = status ? NULL : read_whole(screen);
    free(screen);
    free(script);
    return text;
}

/* Lines of both that differ. */
static void print_difference(const char *kept, const char *now)
{
    char *old = mem_string(kept ? kept : ""), *new = mem_string(now), *a = old, *b = new;
    unsigned line;

    for (line = 1; a || b; line++) {
        const char *was = strsep(&a, "\n"), *is = strsep(&b, "\n");

        if (was && is && strcmp(was, is) == 0)
            continue;
        if (was)
            fprintf(stderr, "%3u -%s\n", line, was);
        if (is)
            fprintf(stderr, "%3u +%s\n", line, is);
    }
    free(new);
    free(old);
}

static bool compare(const struct shape *shape, const struct scene *scene, const char *folder)
{
    char *path = mem_format(GOLDEN "/%s-%s.txt", scene->name, shape->name), *kept = read_whole(path),
         *now = screen_of(shape, scene, folder);
    bool same = kept && now && strcmp(kept, now) == 0;

    if (!now)
        fprintf(stderr, "%s: the screen could not be made\n", path);
    else if (!same)
        fprintf(stderr, "%s is another screen now; renew it with bazel run //tests/tui:renew_screens\n",
                path);
    if (now && !same)
        print_difference(kept, now);
    free(now);
    free(kept);
    free(path);
    return same;
}

static void test_screens(void **state)
{
    const struct shape *shape = *state;
    const char *folder = getenv("TEST_TMPDIR");
    bool same = true;
    size_t i;

    for (i = 0; i < COUNT(scenes); i++)
        same &= compare(shape, &scenes[i], folder ? folder : "/tmp");
    assert_true(same);
}

static bool renew(const char *workspace, const struct shape *shape, const struct scene *scene)
{
    char *path = mem_format("%s/" GOLDEN "/%s-%s.txt", workspace, scene->name, shape->name),
         *text = screen_of(shape, scene, "/tmp");
    FILE *file = text ? fopen(path, "w") : NULL;
    bool ok = file && fputs(text, file) >= 0;

    if (file)
        ok &= fclose(file) == 0;
    if (!ok)
        fprintf(stderr, "%s can't be renewed\n", path);
    free(text);
    free(path);
    return ok;
}

static int renew_all(void)
{
    const char *workspace = getenv("BUILD_WORKSPACE_DIRECTORY");
    bool ok = workspace;
    size_t i, j;

    for (i = 0; workspace && i < COUNT(shapes); i++)
        for (j = 0; j < COUNT(scenes); j++)
            ok &= renew(workspace, &shapes[i], &scenes[j]);
    if (!workspace)
        fputs("expected to be started by bazel run\n", stderr);
    return ok ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct CMUnitTest tests[COUNT(shapes)];
    size_t i;

    if (argc > 1 && strcmp(argv[1], "--renew") == 0)
        return renew_all();
    for (i = 0; i < COUNT(shapes); i++)
        tests[i] = (struct CMUnitTest){shapes[i].name, test_screens, NULL, NULL, (void *)&shapes[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
