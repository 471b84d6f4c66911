#include "tui/autosave.h"

#include "engine/base/mem.h"

#include <errno.h>
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
