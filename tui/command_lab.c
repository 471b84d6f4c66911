#include "tui/command_lab.h"

#include "engine/base/words.h"
#include "engine/lab/lab.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int command_lab(const struct options *options)
{
    struct lab_options lab_options = {.port_base = options->port_base};
    enum protocol protocol;
    char *error = NULL;
    struct lab *lab;
    sigset_t set;
    int got;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    lab = lab_new(&lab_options, &error);
    if (!lab) {
        fprintf(stderr, "mxscope: %s\n", error);
        free(error);
        return 2;
    }
    printf("dns %s\n", lab_dns(lab));
    for (protocol = PROTOCOL_SMTP; protocol < protocol_count; protocol++)
        printf("%s %u\n", protocol_name(protocol), lab_port(lab, protocol));
    printf("trust-store %s\n", lab_trust_store(lab));
    fflush(stdout);
    while (sigwait(&set, &got) != 0)
        continue;
    lab_free(lab);
    return 0;
}
