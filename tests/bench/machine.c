#include "tests/bench/machine.h"

#include <ares.h>
#include <openssl/base.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <uv.h>

static void processor(char *model, size_t size)
{
    char line[256], name[128];
    FILE *in = fopen("/proc/cpuinfo", "r");

    snprintf(model, size, "unknown");
    while (in && fgets(line, sizeof line, in))
        if (sscanf(line, "model name : %127[^\n]", name) == 1) {
            snprintf(model, size, "%s", name);
            break;
        }
    if (in)
        fclose(in);
}

static json_t *libraries(void)
{
    char boringssl[32];

    snprintf(boringssl, sizeof boringssl, "API %d", BORINGSSL_API_VERSION);
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "boringssl", boringssl, "c-ares", ares_version(NULL),
                     "libuv", uv_version_string(), "sqlite", sqlite3_libversion(), "jansson",
                     JANSSON_VERSION);
}

json_t *machine_describe(void)
{
    struct utsname system;
    double load[1] = {0};
    char model[128];

    uname(&system);
    processor(model, sizeof model);
    getloadavg(load, 1);
    return json_pack("{s:s, s:i, s:i, s:s, s:s, s:f, s:o}", "processor", model, "cores",
                     (int)sysconf(_SC_NPROCESSORS_ONLN), "memory_mib",
                     (int)(sysconf(_SC_PHYS_PAGES) / 1024 * sysconf(_SC_PAGESIZE) / 1024), "kernel",
                     system.release, "architecture", system.machine, "load", load[0], "libraries",
                     libraries());
}
