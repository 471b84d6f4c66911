#include "tui/export_job.h"

#include "engine/base/mem.h"
#include "engine/report/format.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAID_MOST 4096

static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? mem_string_n(path, (size_t)(slash - path) + 1) : mem_string(".");
}

static char *folder_hindrance(const char *path)
{
    char *folder = folder_of(path), *beside = mem_format("%s/.mxscope.XXXXXX", folder), *sentence = NULL;
    int descriptor = mkstemp(beside);

    if (descriptor < 0) {
        sentence = mem_format("%s: %s", folder, strerror(errno));
    } else {
        close(descriptor);
        unlink(beside);
    }
    free(beside);
    free(folder);
    return sentence;
}

static bool is_report(const char *path)
{
    return report_format_of(path);
}

char *export_hindrance(const char *path)
{
    char *suffixes = report_format_suffixes(), *sentence = export_hindrance_but(path, is_report, suffixes);

    free(suffixes);
    return sentence;
}

char *export_hindrance_but(const char *path, bool (*takes)(const char *path), const char *wanted)
{
    struct stat about;

    if (!*path)
        return mem_string("the path of a file is expected");
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode))
        return mem_format("%s is %s, not a file", path, S_ISDIR(about.st_mode) ? "a folder" : "a device");
    if (!takes(path))
        return mem_format("its name must end in %s", wanted);
    if (access(path, F_OK) == 0 && access(path, W_OK) < 0)
        return mem_format("%s: %s", path, strerror(errno));
    return folder_hindrance(path);
}

bool export_running(const struct export_job *job)
{
    return job->process > 0;
}

/* Nothing of the screen's, the engine's and the terminal's is this process's business. */
static void leave_all(int descriptor)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC), number;
    sigset_t none;

    mem_on_exhausted(NULL);
    for (number = 1; number < NSIG; number++)
        signal(number, number == SIGXFSZ || number == SIGPIPE ? SIG_IGN : SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    if (descriptor != STDERR_FILENO + 1)
        dup2(descriptor, STDERR_FILENO + 1);
    close_range(STDERR_FILENO + 2, ~0u, 0);
}

/* What is to be written, and how. */
struct piece {
    bool (*write)(const void *what, const char *path, char **error);
    const void *what;
};

static _Noreturn void work(const struct piece *piece, const char *path, int descriptor)
{
    char *error = NULL;
    bool ok;

    leave_all(descriptor);
    ok = piece->write(piece->what, path, &error);
    if (!ok && error)
        (void)!write(STDERR_FILENO + 1, error, strlen(error));
    _exit(ok ? 0 : 1);
}

struct report {
    const struct model *model;
    const struct report_options *options;
};

static bool write_report(const void *what, const char *path, char **error)
{
    const struct report *report = what;

    return report_save(path, report_format_of(path), report->model, report->options, error);
}

bool export_begin(struct export_job *job, const struct model *model, const struct report_options *options,
                  const char *path, char **error)
{
    const struct report report = {model, options};

    return export_begin_with(job, write_report, &report, path, error);
}

bool export_begin_with(struct export_job *job,
                       bool (*write)(const void *what, const char *path, char **error), const void *what,
                       const char *path, char **error)
{
    const struct piece piece = {write, what};
    int ends[2];
    pid_t process;

    if (pipe2(ends, O_CLOEXEC) < 0) {
        *error = mem_format("%s: %s", path, strerror(errno));
        return false;
    }
    process = fork();
    if (process == 0)
        work(&piece, path, ends[1]);
    close(ends[1]);
    if (process < 0) {
        *error = mem_format("%s: no process to write it: %s", path, strerror(errno));
        close(ends[0]);
        return false;
    }
    free(job->path);
    *job = (struct export_job){.process = process, .descriptor = ends[0], .path = mem_string(path)};
    buf_init(&job->said, SAID_MOST);
    return true;
}

/* True at the end of what the process says. */
static bool listen_on(struct export_job *job, bool wait)
{
    struct pollfd ready = {job->descriptor, POLLIN, 0};
    char bytes[512];
    ssize_t got;

    while (poll(&ready, 1, wait ? -1 : 0) != 0) {
        got = read(job->descriptor, bytes, sizeof bytes);
        if (got > 0)
            buf_add(&job->said, bytes, (size_t)got);
        else if (got == 0 || errno != EINTR)
            return true;
    }
    return false;
}

bool export_ended(struct export_job *job, bool wait, char **error)
{
    pid_t got;
    int status = 0;

    *error = NULL;
    if (!export_running(job) || !listen_on(job, wait))
        return false;
    while ((got = waitpid(job->process, &status, 0)) < 0 && errno == EINTR)
        ;
    close(job->descriptor);
    job->process = 0;
    if (job->said.length)
        *error = buf_take_string(&job->said);
    else if (got < 0 || !WIFEXITED(status) || WEXITSTATUS(status))
        *error = mem_format("%s: the process that wrote it ended early", job->path);
    buf_release(&job->said);
    return true;
}

void export_release(struct export_job *job)
{
    free(job->path);
    *job = (struct export_job){.process = 0};
}
