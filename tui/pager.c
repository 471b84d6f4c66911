#include "tui/pager.h"

#include "engine/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOT_RUN   126 /* the shell's codes: the command can't be run, or is not found */
#define NOT_FOUND 127

extern char **environ;

/* -+F: a short text is not to be gone at once. */
static const char usual[] =
    "if command -v less >/dev/null; then exec less -+F \"$1\"; else exec more \"$1\"; fi";

static const char *wanted(void)
{
    const char *pager = getenv("PAGER");

    return pager && *pager ? pager : NULL;
}

static bool write_all(int descriptor, const char *text)
{
    size_t left = strlen(text);

    while (left) {
        ssize_t written = write(descriptor, text, left);

        if (written < 0 && errno != EINTR)
            return false;
        text += written > 0 ? written : 0;
        left -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

/* mkostemp makes it readable for its owner alone. */
static bool write_file(struct pager *pager, const char *text, char **error)
{
    const char *directory = getenv("TMPDIR");
    int descriptor;
    bool written;

    pager->path = mem_format("%s/mxscope-XXXXXX", directory && *directory ? directory : "/tmp");
    descriptor = mkostemp(pager->path, O_CLOEXEC);
    if (descriptor < 0) {
        *error = mem_format("no temporary file %s: %s", pager->path, strerror(errno));
        return false;
    }
    written = write_all(descriptor, text);
    if (close(descriptor) < 0 || !written) {
        *error = mem_format("the temporary file %s can't be written: %s", pager->path, strerror(errno));
        unlink(pager->path);
        return false;
    }
    return true;
}

/* The environment with LESSSECURE set: no shell, no editor, no other files. The array is the caller's, its
 * strings are not. */
static char **secure_environment(void)
{
    static char secure[] = "LESSSECURE=1";
    size_t count = 0, kept = 0, i;
    char **copy;

    while (environ[count])
        count++;
    copy = mem_array(count + 2, sizeof *copy);
    for (i = 0; i < count; i++)
        if (strncmp(environ[i], "LESSSECURE=", strlen("LESSSECURE=")) != 0)
            copy[kept++] = environ[i];
    copy[kept++] = secure;
    copy[kept] = NULL;
    return copy;
}

/* Makes a process group the terminal's foreground, from the background too. Async-signal-safe. */
static void give_terminal(pid_t group)
{
    sigset_t set, before;

    sigemptyset(&set);
    sigaddset(&set, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &set, &before);
    tcsetpgrp(STDIN_FILENO, group);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Both sides do this, since either may come first. */
static void take_group(pid_t child)
{
    setpgid(child, child);
    give_terminal(child ? child : getpid());
}

static pid_t start(const char *command, const char *path)
{
    char *const argv[] = {
        (char *)"sh", (char *)"-c", (char *)(uintptr_t)command, (char *)"mxscope", (char *)(uintptr_t)path,
        NULL};
    char **environment = secure_environment();
    pid_t child = fork();

    if (!child) {
        take_group(0);
        execve("/bin/sh", argv, environment);
        _exit(NOT_FOUND);
    }
    if (child > 0)
        take_group(child);
    free(environment);
    return child;
}

static void forget(struct pager *pager)
{
    free(pager->path);
    memset(pager, 0, sizeof *pager);
}

bool pager_start(struct pager *pager, const char *text, char **error)
{
    char *command = wanted() ? mem_format("%s \"$1\"", wanted()) : mem_string(usual);
    bool good = write_file(pager, text, error);

    if (good) {
        pager->child = start(command, pager->path);
        good = pager->child > 0;
    }
    if (!good && !*error) {
        *error = mem_format("no process for the pager: %s", strerror(errno));
        unlink(pager->path);
    }
    if (!good)
        forget(pager);
    free(command);
    return good;
}

enum pager_state pager_look(struct pager *pager)
{
    pid_t got = waitpid(pager->child, &pager->status, WNOHANG | WUNTRACED);

    if (got == 0 || (got < 0 && errno == EINTR))
        return PAGER_RUNS;
    if (got > 0 && WIFSTOPPED(pager->status))
        return PAGER_STOPPED;
    pager->child = 0;
    return PAGER_ENDED;
}

void pager_go_on(const struct pager *pager)
{
    give_terminal(pager->child);
    kill(-pager->child, SIGCONT);
}

static char *say_end(int status)
{
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0,
        signal_number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

    if ((code == NOT_RUN || code == NOT_FOUND) && wanted())
        return mem_format("no pager runs: PAGER is \"%s\"", wanted());
    if (code == NOT_RUN || code == NOT_FOUND)
        return mem_string("no pager runs: neither less nor more is here; set PAGER");
    if (code)
        return mem_format("the pager ended with code %d", code);
    if (signal_number && signal_number != SIGINT && signal_number != SIGPIPE)
        return mem_format("the pager was ended by signal %d", signal_number);
    return NULL;
}

char *pager_end(struct pager *pager)
{
    bool called_off = pager->child > 0;
    char *trouble;

    if (called_off) {
        kill(-pager->child, SIGHUP);
        kill(-pager->child, SIGCONT);
        while (waitpid(pager->child, &pager->status, 0) < 0 && errno == EINTR)
            ;
    }
    give_terminal(getpgrp());
    unlink(pager->path);
    trouble = called_off ? NULL : say_end(pager->status);
    forget(pager);
    return trouble;
}
