#include "engine/report/report.h"

#include "engine/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(const char *path, const char *expected, char **error)
{
    *error = mem_format("%s: %s; expected %s", path, strerror(errno), expected);
    return false;
}

struct sink {
    int descriptor;
    int why; /* errno of the write that failed */
};

static bool write_all(void *data, const char *text, size_t left)
{
    struct sink *sink = data;

    while (left) {
        ssize_t written = write(sink->descriptor, text, left);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            sink->why = errno;
            return false;
        }
        text += written;
        left -= (size_t)written;
    }
    return true;
}

/* What is written, whatever it is written to. */
struct content {
    void (*fill)(struct out *out, const void *data);
    const void *data;
};

/* On failure `errno` says why. */
static bool write_content(int descriptor, const struct content *content)
{
    struct sink sink = {descriptor, 0};
    struct out out;
    bool ok;

    out_init(&out, write_all, &sink);
    content->fill(&out, content->data);
    ok = out_flush(&out);
    out_release(&out);
    errno = sink.why;
    return ok;
}

/* close() after a failure, keeping why. */
static bool close_after(int descriptor, bool ok)
{
    int why = errno;

    if (close(descriptor) < 0 && ok)
        return false;
    errno = why;
    return ok;
}

static bool write_stdout(const struct content *content, char **error)
{
    fflush(stdout);
    if (write_content(STDOUT_FILENO, content))
        return true;
    return fail("standard output", "an output that takes the whole report", error);
}

static bool write_device(const char *path, const struct content *content, char **error)
{
    int descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

    if (descriptor >= 0 && close_after(descriptor, write_content(descriptor, content)))
        return true;
    return fail(path, "an output that takes the whole report", error);
}

/* A new file beside `path`, with the mode that `path` has or that a new file gets. */
static int open_beside(const char *path, const struct stat *old, char **name)
{
    unsigned n;
    int descriptor = -1;

    for (n = 0; n < 100 && descriptor < 0; n++) {
        *name = mem_format("%s.%ld-%u.tmp", path, (long)getpid(), n);
        descriptor = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (descriptor >= 0)
            break;
        free(*name);
        *name = NULL;
        if (errno != EEXIST)
            break;
    }
    if (descriptor >= 0 && old && fchmod(descriptor, old->st_mode & 07777) < 0)
        errno = 0;
    return descriptor;
}

/* The rename lasts over a power cut only once the folder is on disk; not every file system can say so. */
static void sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? mem_string_n(path, (size_t)(slash - path) + 1) : mem_string(".");
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    free(folder);
    if (descriptor < 0)
        return;
    (void)!fsync(descriptor);
    close(descriptor);
}

static bool write_file(const char *path, const struct stat *old, const struct content *content, char **error)
{
    char *name = NULL;
    int descriptor = open_beside(path, old, &name);
    bool ok;

    if (descriptor < 0)
        return fail(path, "a file in a folder that can be written", error);
    ok = close_after(descriptor, write_content(descriptor, content) && fsync(descriptor) == 0) &&
         rename(name, path) == 0;
    if (ok) {
        sync_folder(path);
    } else {
        fail(path, "room for the whole report", error);
        unlink(name);
    }
    free(name);
    return ok;
}

static bool write_to(const char *path, const struct content *content, char **error)
{
    struct stat old;
    char *real;
    bool exists, ok;

    if (!path || strcmp(path, "-") == 0)
        return write_stdout(content, error);
    exists = stat(path, &old) == 0;
    if (exists && S_ISDIR(old.st_mode)) {
        errno = EISDIR;
        return fail(path, "a file", error);
    }
    if (exists && !S_ISREG(old.st_mode))
        return write_device(path, content, error);
    real = realpath(path, NULL);
    ok = write_file(real ? real : path, exists ? &old : NULL, content, error);
    free(real);
    return ok;
}

bool report_fill(const char *path, void (*fill)(struct out *out, const void *data), const void *data,
                 char **error)
{
    return write_to(path, &(struct content){fill, data}, error);
}

static void fill_text(struct out *out, const void *text)
{
    out_string(out, text);
}

bool report_write(const char *path, const char *text, char **error)
{
    return report_fill(path, fill_text, text, error);
}
