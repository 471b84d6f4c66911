#include "tui/state_file.h"

#include "engine/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_directory(const char *path)
{
    struct stat about;

    return path && *path == '/' && stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

char *state_file_path(const char *state_home, const char *home, const char *name)
{
    if (state_home && *state_home == '/')
        return mem_format("%s/mxscope/%s", state_home, name);
    return is_directory(home) ? mem_format("%s/.local/state/mxscope/%s", home, name) : NULL;
}

char *state_file_read(const char *path, size_t most)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char *text = mem_alloc(most + 1);
    size_t length = 0;
    struct stat about;
    ssize_t got = 1;
    char *nul;

    if (descriptor >= 0 && fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode))
        while (length < most && (got = read(descriptor, text + length, most - length)) > 0)
            length += (size_t)got;
    if (descriptor >= 0)
        close(descriptor);
    while ((nul = memchr(text, '\0', length)))
        *nul = '\1';
    text[length] = '\0';
    return text;
}

/* Those above the last part, the user's alone. */
static bool make_directories(const char *path)
{
    char *copy = mem_string(path), *slash;
    bool ok = true;

    for (slash = strchr(copy + 1, '/'); ok && slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        ok = mkdir(copy, 0700) == 0 || errno == EEXIST || is_directory(copy);
        *slash = '/';
    }
    free(copy);
    return ok;
}

static bool write_all(int descriptor, const uint8_t *bytes, size_t length)
{
    ssize_t written;

    for (; length; bytes += written, length -= (size_t)written) {
        written = write(descriptor, bytes, length);
        if (written < 0 && errno != EINTR)
            return false;
        if (written < 0)
            written = 0;
    }
    return true;
}

/* mkstemp makes it with mode 0600. */
static bool replace_file(const char *path, const uint8_t *bytes, size_t length)
{
    char *beside = mem_format("%s.XXXXXX", path);
    int descriptor = mkstemp(beside), why;
    bool ok = descriptor >= 0 && write_all(descriptor, bytes, length);

    why = errno;
    if (descriptor >= 0 && close(descriptor) < 0 && ok) {
        ok = false;
        why = errno;
    }
    if (ok && rename(beside, path) < 0) {
        ok = false;
        why = errno;
    }
    if (!ok && descriptor >= 0)
        unlink(beside);
    free(beside);
    errno = why;
    return ok;
}

bool state_file_replace(const char *path, const uint8_t *bytes, size_t length)
{
    return make_directories(path) && replace_file(path, bytes, length);
}
