#include "tests/bench/thread_cpu.h"

#include "engine/base/mem.h"
#include "tests/bench/die.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static double taken_us(const char *thread)
{
    char *path = mem_format("/proc/self/task/%s/schedstat", thread);
    FILE *in = fopen(path, "r");
    double nanoseconds;

    if (!in || fscanf(in, "%lf", &nanoseconds) != 1)
        die("the kernel does not tell what a thread takes");
    fclose(in);
    free(path);
    return nanoseconds / 1000;
}

static void add(struct thread_cpu *cpu, double us)
{
    cpu->others_us += us;
    if (us > cpu->busiest_us)
        cpu->busiest_us = us;
}

void thread_cpu_read(struct thread_cpu *cpu)
{
    DIR *threads = opendir("/proc/self/task");
    struct dirent *entry;

    if (!threads)
        die("the kernel does not tell of threads");
    *cpu = (struct thread_cpu){0};
    while ((entry = readdir(threads)) != NULL)
        if (*entry->d_name != '.' && atol(entry->d_name) != (long)getpid())
            add(cpu, taken_us(entry->d_name));
    closedir(threads);
}
