/* Mail servers that scanners are measured against: real Postfix where tests/real has it unpacked and this is
 * root, else the lab. */
#pragma once

#include "engine/base/strings.h"
#include "tests/bench/lab_process.h"

#include <stdbool.h>
#include <stdio.h>

#define SERVER_DOMAINS 300 /* domain-0.example …: an endpoint each, since each has a host name of its own */

struct servers {
    bool real;
    char dns[64], trust[256];
    unsigned port;
    struct strings addresses; /* which the domains share; owned */
    struct lab_process lab;   /* unless real */
    pid_t script;
    FILE *said; /* by the script */
    int keep;   /* real: they run while this pipe is open */
};

/* `script` is real_postfix.py, `mxscope` a path that it wants and does not use. */
void servers_start(struct servers *servers, const char *script, const char *mxscope);
void servers_stop(struct servers *servers);
