#include "tests/bench/servers.h"

#include "engine/base/mem.h"
#include "tests/bench/die.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define ADDRESSES 20

static _Noreturn void run_script(const char *script, const char *mxscope, int in, int out)
{
    char domains[16];

    prctl(PR_SET_PDEATHSIG, SIGTERM);
    snprintf(domains, sizeof domains, "%d", SERVER_DOMAINS);
    setenv("MXSCOPE_BENCH_DOMAINS", domains, 1);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    execl("/usr/bin/python3", "python3", "-B", script, mxscope, (char *)NULL);
    _exit(127);
}

static bool read_places(struct servers *servers, FILE *in)
{
    char word[64];

    if (fscanf(in, "%63s %u %255s", servers->dns, &servers->port, servers->trust) != 3 ||
        strcmp(servers->dns, "FAIL") == 0)
        return false;
    while (fscanf(in, "%63s", word) == 1 && strcmp(word, "end") != 0)
        strings_add(&servers->addresses, word);
    return servers->addresses.count > 0;
}

static bool start_real(struct servers *servers, const char *script, const char *mxscope)
{
    int to[2], from[2];

    if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0)
        die("no pipe");
    fflush(NULL);
    servers->script = fork();
    if (servers->script == 0)
        run_script(script, mxscope, to[0], from[1]);
    close(to[0]);
    close(from[1]);
    servers->keep = to[1];
    servers->said = fdopen(from[0], "r");
    return servers->script > 0 && servers->said && read_places(servers, servers->said);
}

static void stop_real(struct servers *servers)
{
    struct child_usage usage;

    close(servers->keep);
    child_wait(servers->script, &usage);
    if (servers->said)
        fclose(servers->said);
}

static void start_lab(struct servers *servers)
{
    const struct lab_plan plan = {.domains = SERVER_DOMAINS,
                                  .hosts = SERVER_DOMAINS,
                                  .addresses = ADDRESSES,
                                  .persona = "min=TLSv1.2 max=TLSv1.3"};

    lab_process_start(&servers->lab, &plan);
    memcpy(servers->dns, servers->lab.dns, sizeof servers->dns);
    memcpy(servers->trust, servers->lab.trust, sizeof servers->trust);
    servers->port = servers->lab.port;
    for (unsigned i = 0; i < ADDRESSES; i++)
        strings_give(&servers->addresses, lab_address(i));
}

void servers_start(struct servers *servers, const char *script, const char *mxscope)
{
    *servers = (struct servers){0};
    servers->real = geteuid() == 0 && start_real(servers, script, mxscope);
    if (servers->real)
        return;
    if (servers->script > 0)
        stop_real(servers);
    fputs(" (no real Postfix here: run as root, after tests/real/unpack.sh; against the lab)", stderr);
    start_lab(servers);
}

void servers_stop(struct servers *servers)
{
    if (servers->real)
        stop_real(servers);
    else
        lab_process_stop(&servers->lab);
    strings_release(&servers->addresses);
}
