#include "tests/bench/child.h"
#include "tests/bench/die.h"
#include "tests/bench/figure_line.h"
#include "tests/bench/parts.h"

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status;
    (void)kind;
    (void)at;
    return remove(path);
}

static void take_lines(struct bench *bench, const char *path, const char *program)
{
    FILE *in = fopen(path, "r");
    char name[64], unit[32];
    double target, value;
    unsigned count = 0;

    while (in && fscanf(in, "%63s %31s %lf %lf", name, unit, &target, &value) == 4) {
        figures_add(&bench->figures, name, unit, BETTER_LOWER, value);
        figures_want(&bench->figures, name, target);
        count++;
    }
    if (!count)
        die("%s told of no figure", program);
    fclose(in);
}

/* Runs another benchmark in a folder of its own and takes over what it tells. */
static void run_program(struct bench *bench, const char *program, const char *argument, const char *value)
{
    char folder[] = "/tmp/mxscope-bench-XXXXXX", lines[64], whole[PATH_MAX];
    const char *argv[] = {whole, argument, value, NULL};
    struct child_usage usage;
    int home = -1;

    if (!realpath(program, whole) || !mkdtemp(folder))
        die("%s: no such program, or no folder for it in /tmp", program);
    snprintf(lines, sizeof lines, "%s/figures", folder);
    setenv(FIGURE_LINES, lines, 1);
    home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (home < 0 || chdir(folder) != 0)
        die("%s can't be entered", folder);
    if (child_wait(child_start(argv), &usage) != 0)
        die("%s failed", program);
    take_lines(bench, lines, program);
    if (fchdir(home) != 0)
        die("there is no way back from %s", folder);
    close(home);
    unsetenv(FIGURE_LINES);
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void part_files(struct bench *bench)
{
    run_program(bench, bench->programs[PROGRAM_CONNECTORS], NULL, NULL);
    run_program(bench, bench->programs[PROGRAM_SNAPSHOT], NULL, NULL);
    run_program(bench, bench->programs[PROGRAM_REPORTS], ".", NULL);
}

void part_screen(struct bench *bench)
{
    run_program(bench, bench->programs[PROGRAM_SCREEN], "--keys", "900");
}
