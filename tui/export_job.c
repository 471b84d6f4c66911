#include "tui/export_job.h"

#include "engine/base/mem.h"
#include "engine/report/format.h"
#include "engine/report/letters.h"
#include "engine/report/select.h"

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

bool export_is_letters(const char *path)
{
    return *path && path[strlen(path) - 1] == '/';
}

/* Without its slash. */
static char *bare_path(const char *path)
{
    size_t length = strlen(path);

    return mem_string_n(path, length > 1 ? length - 1 : length);
}

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

/* The folder may be there or not; the one above has to be. */
static char *letters_hindrance(const char *path)
{
    char *bare = bare_path(path), *sentence;
    struct stat about;

    if (stat(path, &about) == 0)
        sentence = folder_hindrance(path);
    else if (errno == ENOENT)
        sentence = folder_hindrance(bare);
    else
        sentence = mem_format("%s: %s", path, strerror(errno));
    free(bare);
    return sentence;
}

char *export_hindrance(const char *path)
{
    char *suffixes = report_format_suffixes();
    char *wanted = mem_format("%s, or in / for a folder of letters", suffixes), *sentence;

    sentence =
        export_is_letters(path) ? letters_hindrance(path) : export_hindrance_but(path, is_report, wanted);
    free(wanted);
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
    bool (*write)(const void *what, const char *path, char **said);
    const void *what;
};

static _Noreturn void work(const struct piece *piece, const char *path, int descriptor)
{
    char *said = NULL;
    bool ok;

    leave_all(descriptor);
    ok = piece->write(piece->what, path, &said);
    if (said)
        (void)!write(STDERR_FILENO + 1, said, strlen(said));
    _exit(ok ? 0 : 1);
}

struct report {
    struct model *model;
    const struct report_options *options;
    const struct export_choice *choice; /* NULL: everything */
};

/* What is said besides an error is how many there are. */
static bool write_letters(const struct model *model, const char *vantage, const char *path, char **said)
{
    char *folder = bare_path(path);
    struct letter *letter = letter_builtin();
    size_t count;
    bool ok = letters_write(letter, model, vantage, folder, &count, said);

    if (ok)
        *said = mem_format("%zu", count);
    letter_free(letter);
    free(folder);
    return ok;
}

static bool write_report(const void *what, const char *path, char **said)
{
    const struct report *report = what;
    struct report_options options = *report->options;

    if (report->choice) {
        options.selection = report->choice->words;
        options.selected_of = report_select(report->model, report->choice->wanted, report->choice->data);
    }
    if (export_is_letters(path))
        return write_letters(report->model, options.vantage, path, said);
    return report_save(path, report_format_of(path), report->model, &options, said);
}

bool export_begin(struct export_job *job, struct model *model, const struct report_options *options,
                  const struct export_choice *choice, const char *path, char **error)
{
    const struct report report = {model, options, choice};

    return export_begin_with(job, write_report, &report, path, error);
}

bool export_begin_with(struct export_job *job, bool (*write)(const void *what, const char *path, char **said),
                       const void *what, const char *path, char **error)
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
    if (got >= 0 && WIFEXITED(status) && !WEXITSTATUS(status))
        job->letters = strtoul(buf_string(&job->said), NULL, 10);
    else if (job->said.length)
        *error = buf_take_string(&job->said);
    else
        *error = mem_format("%s: the process that wrote it ended early", job->path);
    buf_release(&job->said);
    return true;
}

void export_release(struct export_job *job)
{
    free(job->path);
    *job = (struct export_job){.process = 0};
}
