/* remote LINES COLUMNS NAME=VALUE... PROGRAM ARGS...: runs a program in a terminal of its own for a test that
 * is no C program. Commands are lines on stdin, answers are lines on stdout: send HEX   types these bytes; no
 * answer look       the screen as it is: its lines, each behind "|", then "running", or "exit CODE" once it
 * ended kill       ends it by SIGKILL; "exit CODE" wait       waits for its end; "exit CODE" The program is
 * killed when stdin ends. */
#include "engine/base/mem.h"
#include "tests/tui/harness.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct remote {
    struct harness *harness;
    int exit_code; /* -1 while it runs */
};

static bool at_once(struct harness *harness, void *context)
{
    (void)harness, (void)context;
    return true;
}

static void type(struct remote *remote, const char *hex)
{
    char bytes[2] = {0};
    unsigned byte;

    for (; sscanf(hex, "%2x", &byte) == 1 && hex[1]; hex += 2) {
        bytes[0] = (char)byte;
        harness_send(remote->harness, bytes);
    }
}

static void tell_end(struct remote *remote)
{
    if (remote->exit_code < 0)
        remote->exit_code = harness_wait_exit(remote->harness);
    printf("exit %d\n", remote->exit_code);
}

static void look(struct remote *remote)
{
    char *text, *line, *rest;

    harness_wait_for(remote->harness, at_once, NULL);
    text = rest = harness_text(remote->harness);
    while ((line = strsep(&rest, "\n")) && rest)
        printf("|%s\n", line);
    free(text);
    if (harness_has_ended(remote->harness))
        tell_end(remote);
    else
        puts("running");
}

static void obey(struct remote *remote, const char *command)
{
    if (strncmp(command, "send ", 5) == 0)
        type(remote, command + 5);
    else if (strcmp(command, "look") == 0)
        look(remote);
    else if (strcmp(command, "kill") == 0)
        harness_signal(remote->harness, SIGKILL);
    if (strcmp(command, "kill") == 0 || strcmp(command, "wait") == 0)
        tell_end(remote);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    struct remote remote = {NULL, -1};
    const char **environment = mem_array((size_t)argc, sizeof *environment);
    char *line = NULL;
    size_t room = 0;
    int i, count = 0;

    for (i = 3; i < argc && strchr(argv[i], '='); i++)
        environment[count++] = argv[i];
    if (i >= argc) {
        fputs("usage: remote LINES COLUMNS NAME=VALUE... PROGRAM ARGS...\n", stderr);
        return 2;
    }
    remote.harness = harness_start((const char *const *)argv + i, atoi(argv[1]), atoi(argv[2]), environment);
    while (getline(&line, &room, stdin) > 0) {
        line[strcspn(line, "\n")] = 0;
        obey(&remote, line);
    }
    harness_free(remote.harness);
    free(environment);
    free(line);
    return 0;
}
