#include "tui/autosave.h"

#include "engine/base/mem.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool is_absolute(const char *path)
{
    return path && *path == '/';
}

static bool make_folder(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

/* Makes each folder of the path that is not there yet. */
static bool make_folders(char *path)
{
    for (char *at = path + 1; *at; at++) {
        if (*at != '/')
            continue;
        *at = 0;
        if (!make_folder(path)) {
            *at = '/';
            return false;
        }
        *at = '/';
    }
    return make_folder(path);
}

static char *file_name(const char *folder)
{
    time_t now = time(NULL);
    struct tm when;
    char day[40];

    localtime_r(&now, &when);
    strftime(day, sizeof day, "%Y-%m-%d-%H%M%S", &when);
    return mem_format("%s/%s-%ld.mxscope", folder, day, (long)getpid());
}

char *autosave_path(const char *state_home, const char *home, char **error)
{
    char *folder = is_absolute(state_home) ? mem_format("%s/mxscope", state_home)
                   : is_absolute(home)     ? mem_format("%s/.local/state/mxscope", home)
                                           : NULL;
    char *path = NULL;

    if (folder && make_folders(folder))
        path = file_name(folder);
    else if (folder)
        *error = mem_format("%s: %s", folder, strerror(errno));
    free(folder);
    return path;
}

struct old {
    char *path; /* owned */
    struct timespec written;
};

struct olds {
    struct old *items;
    size_t count;
};

/* "2026-11-26-101500-4711.mxscope", digits where digits are. */
static bool is_ours(const char *name, long *process)
{
    static const char form[] = "0000-00-00-000000-";
    size_t i;
    char *end;

    for (i = 0; form[i]; i++)
        if (form[i] == '0' ? !isdigit((unsigned char)name[i]) : name[i] != form[i])
            return false;
    if (!isdigit((unsigned char)name[i]))
        return false;
    *process = strtol(name + i, &end, 10);
    return *process > 0 && strcmp(end, ".mxscope") == 0;
}

static void look_at(struct olds *olds, const char *folder, const char *name)
{
    struct stat about;
    long process;
    char *path;

    if (!is_ours(name, &process) || kill((pid_t)process, 0) == 0 || errno != ESRCH)
        return;
    path = mem_format("%s/%s", folder, name);
    if (lstat(path, &about) < 0 || !S_ISREG(about.st_mode)) {
        free(path);
        return;
    }
    if (!(olds->count & (olds->count - 1)))
        olds->items = mem_resize(olds->items, olds->count ? 2 * olds->count : 1, sizeof *olds->items);
    olds->items[olds->count++] = (struct old){path, about.st_mtim};
}

static int newest_first(const void *left, const void *right)
{
    const struct old *a = left, *b = right;

    if (a->written.tv_sec != b->written.tv_sec)
        return a->written.tv_sec < b->written.tv_sec ? 1 : -1;
    if (a->written.tv_nsec != b->written.tv_nsec)
        return a->written.tv_nsec < b->written.tv_nsec ? 1 : -1;
    return strcmp(b->path, a->path);
}

/* With what SQLite may have left beside it. */
static void remove_old(const char *path)
{
    static const char *const beside[] = {"-journal", "-wal", "-shm"};
    size_t i;

    if (unlink(path) < 0)
        return;
    for (i = 0; i < sizeof beside / sizeof beside[0]; i++) {
        char *name = mem_format("%s%s", path, beside[i]);

        unlink(name);
        free(name);
    }
}

void autosave_tidy(const char *path, size_t kept)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? mem_string_n(path, (size_t)(slash - path)) : mem_string(".");
    DIR *directory = opendir(folder);
    struct olds olds = {NULL, 0};
    struct dirent *entry;
    size_t i;

    while (directory && (entry = readdir(directory)))
        look_at(&olds, folder, entry->d_name);
    if (directory)
        closedir(directory);
    if (olds.count)
        qsort(olds.items, olds.count, sizeof *olds.items, newest_first);
    for (i = 0; i < olds.count; i++) {
        if (i >= kept)
            remove_old(olds.items[i].path);
        free(olds.items[i].path);
    }
    free(olds.items);
    free(folder);
}
