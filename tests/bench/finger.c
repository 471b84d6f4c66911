#include "tests/bench/finger.h"

#include "engine/base/mem.h"
#include "tests/bench/die.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void write_config(const char *folder)
{
    char *path = mem_format("%s/main.cf", folder);
    FILE *out = NULL;

    if (mkdir(folder, 0700) == 0)
        out = fopen(path, "w");
    if (!out)
        die("no folder for Postfix's configuration");
    fputs("compatibility_level = 3.6\nmail_owner = daemon\nsetgid_group = users\n", out);
    fclose(out);
    free(path);
}

void finger_find(struct finger *finger)
{
    const char *trees = getenv("MXSCOPE_SERVERS") ? getenv("MXSCOPE_SERVERS") : "/var/cache/mxscope-tests";
    char *unpacked = mem_format("%s/postfix/usr/sbin/posttls-finger", trees);
    char *libraries = mem_format("%s/postfix/usr/lib/postfix", trees);
    const char *program = "/usr/sbin/posttls-finger";

    *finger = (struct finger){0};
    if (access(program, X_OK) != 0) {
        program = unpacked;
        setenv("LD_LIBRARY_PATH", libraries, 1);
    }
    if (access(program, X_OK) == 0) {
        finger->folder = mem_format("/tmp/mxscope-bench-%d.postfix", (int)getpid());
        write_config(finger->folder);
        setenv("MAIL_CONFIG", finger->folder, 1);
        finger->command = mem_format("%s -c -l may -L none [{host}]:{port}", program);
    }
    free(libraries);
    free(unpacked);
}

void finger_release(struct finger *finger)
{
    char *file = mem_format("%s/main.cf", finger->folder ? finger->folder : "");

    unsetenv("LD_LIBRARY_PATH");
    unsetenv("MAIL_CONFIG");
    if (finger->folder) {
        unlink(file);
        rmdir(finger->folder);
    }
    free(file);
    free(finger->command);
    free(finger->folder);
}
