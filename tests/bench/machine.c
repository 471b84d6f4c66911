#include "tests/bench/machine.h"

#include "engine/base/mem.h"
#include "tests/bench/die.h"

#include <ares.h>
#include <openssl/curve25519.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <time.h>
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

double machine_load(void)
{
    double load[1] = {0};

    getloadavg(load, 1);
    return load[0];
}

static double processor_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void agree_on_keys(unsigned times)
{
    static const uint8_t peer[32] = {9};
    uint8_t key[32] = {1}, secret[32];

    while (times--) {
        X25519(secret, key, peer);
        memcpy(key, secret, sizeof key);
    }
}

static void pass_bytes(unsigned times)
{
    char block[512] = {0};
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        die("no pair of sockets");
    while (times--)
        if (write(ends[0], block, sizeof block) < 0 || read(ends[1], block, sizeof block) < 0)
            die("a pair of sockets passes nothing on");
    close(ends[0]);
    close(ends[1]);
}

static void take_memory(unsigned times)
{
    void *blocks[256] = {NULL};

    while (times--) {
        void **place = &blocks[times * 7919 % 256];

        free(*place);
        *place = mem_array(16 + times % 500, 1);
    }
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        free(blocks[i]);
}

double machine_work_us(void)
{
    double before = processor_us();

    agree_on_keys(600);
    pass_bytes(20000);
    take_memory(100000);
    return processor_us() - before;
}

static char *entry_text(const json_t *machine, const char *key)
{
    json_t *value = json_object_get(machine, key);
    char *text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

    return text ? text : mem_string("not known");
}

void machine_compare(const json_t *old, const json_t *new, FILE *out)
{
    static const char *const keys[] = {"processor", "cores",        "memory_mib",
                                       "kernel",    "architecture", "libraries"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char *then = entry_text(old, keys[i]), *now = entry_text(new, keys[i]);

        if (strcmp(then, now) != 0)
            fprintf(out, "Another machine: %s was %s and is %s\n", keys[i], then, now);
        free(then);
        free(now);
    }
}

json_t *machine_describe(void)
{
    struct utsname system;
    char model[128];

    uname(&system);
    processor(model, sizeof model);
    return json_pack("{s:s, s:i, s:i, s:s, s:s, s:f, s:o}", "processor", model, "cores",
                     (int)sysconf(_SC_NPROCESSORS_ONLN), "memory_mib",
                     (int)(sysconf(_SC_PHYS_PAGES) / 1024 * sysconf(_SC_PAGESIZE) / 1024), "kernel",
                     system.release, "architecture", system.machine, "load", machine_load(), "libraries",
                     libraries());
}
