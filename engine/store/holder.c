#include "engine/store/holder.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_SIZE 64
#define LINE_SIZE 256

/* "lock:\t1: OFDLCK ADVISORY  WRITE -1 fe:00:4711 70368744177664 70368744177664": proc_pid_fdinfo(5). */
static bool is_that_lock(const char *line, ino_t inode, off_t at)
{
    uintmax_t of_inode;
    intmax_t start;

    return sscanf(line, "lock: %*d: OFDLCK %*s %*s %*d %*x:%*x:%ju %jd", &of_inode, &start) == 2 &&
           of_inode == inode && start == at;
}

static bool has_lock(const char *path, ino_t inode, off_t at)
{
    FILE *file = fopen(path, "re");
    char line[LINE_SIZE];
    bool found = false;

    while (file && !found && fgets(line, sizeof line, file))
        found = is_that_lock(line, inode, at);
    if (file)
        fclose(file);
    return found;
}

static bool holds(long process, ino_t inode, off_t at)
{
    char path[PATH_SIZE];
    struct dirent *entry;
    bool found = false;
    DIR *folder;

    snprintf(path, sizeof path, "/proc/%ld/fdinfo", process);
    folder = opendir(path);
    while (folder && !found && (entry = readdir(folder))) {
        snprintf(path, sizeof path, "/proc/%ld/fdinfo/%d", process, atoi(entry->d_name));
        found = *entry->d_name != '.' && has_lock(path, inode, at);
    }
    if (folder)
        closedir(folder);
    return found;
}

long holder_of(ino_t inode, off_t at)
{
    DIR *folder = opendir("/proc");
    struct dirent *entry;
    long found = 0;

    while (folder && !found && (entry = readdir(folder))) {
        long process = atol(entry->d_name);

        if (process > 0 && holds(process, inode, at))
            found = process;
    }
    if (folder)
        closedir(folder);
    return found;
}
