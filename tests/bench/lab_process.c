#include "tests/bench/lab_process.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/lab/lab.h"
#include "tests/bench/die.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define DESCRIPTORS_KEPT 5000 /* for the connections to the lab */

char *lab_domain(unsigned number)
{
    return mem_format("domain-%u.example", number);
}

char *lab_address(unsigned number)
{
    return mem_format("127.%u.%u.%u", 80 + number / 62500, number / 250 % 250 + 1, number % 250 + 1);
}

static void add_delay(struct buf *zone, const struct lab_plan *plan, const char *kind, unsigned number)
{
    if (plan->dns_delay)
        buf_printf(zone, "%s-%u.example DELAY %u\n", kind, number, plan->dns_delay);
}

static char *make_zone(const struct lab_plan *plan, unsigned addresses)
{
    struct buf zone;
    unsigned i;

    buf_init(&zone, 0);
    for (i = 0; i < addresses; i++) {
        char *address = lab_address(i);

        buf_printf(&zone, "server %s %s\n", address, plan->other && i % LAB_KINDS == 0 ? "other" : "usual");
        free(address);
    }
    for (i = 0; i < plan->hosts; i++) {
        char *address = lab_address(i % addresses);

        buf_printf(&zone, "mx-%u.example A %s\n", i, address);
        add_delay(&zone, plan, "mx", i);
        free(address);
    }
    for (i = 0; i < plan->domains; i++) {
        buf_printf(&zone, "domain-%u.example MX 10 mx-%u.example\n", i, i % plan->hosts);
        add_delay(&zone, plan, "domain", i);
    }
    return buf_take_string(&zone);
}

static unsigned addresses_of(const struct lab_plan *plan)
{
    struct rlimit limit;
    rlim_t most;

    getrlimit(RLIMIT_NOFILE, &limit);
    most = limit.rlim_max > 2 * DESCRIPTORS_KEPT ? limit.rlim_max - DESCRIPTORS_KEPT : limit.rlim_max / 2;
    if (plan->addresses && plan->addresses < most)
        most = plan->addresses;
    return plan->hosts < most ? plan->hosts : (unsigned)most;
}

static struct lab *open_lab(const struct lab_plan *plan)
{
    char *personas = mem_format("persona usual sni=each %s\npersona other like=usual %s\n", plan->persona,
                                plan->other ? plan->other : "");
    char *zone = make_zone(plan, addresses_of(plan)), *error = NULL;
    struct lab_options options = {.zone = zone, .personas = personas};
    struct lab *lab = lab_new(&options, &error);

    if (!lab)
        die("%s", error);
    free(zone);
    free(personas);
    return lab;
}

static _Noreturn void run_lab(const struct lab_plan *plan, int in, int out)
{
    struct lab_counts counts;
    struct lab *lab;
    char *line, asked;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NAME, "lab"); /* for perf report --comm */
    lab = open_lab(plan);
    line = mem_format("%s %u %s\n", lab_dns(lab), lab_port(lab, PROTOCOL_SMTP), lab_trust_store(lab));
    if (write(out, line, strlen(line)) < 0)
        die("the lab could not say where it is");
    while (read(in, &asked, 1) == 1) {
        lab_counts(lab, &counts);
        if (write(out, &counts.waited_ms, sizeof counts.waited_ms) < 0)
            break;
    }
    lab_free(lab);
    _exit(0);
}

/* Up to the newline, and no byte further. */
static void read_line(int in, char *line, size_t size)
{
    size_t length = 0;

    while (length + 1 < size && read(in, line + length, 1) == 1 && line[length] != '\n')
        length++;
    line[length] = 0;
}

void lab_process_start(struct lab_process *lab, const struct lab_plan *plan)
{
    int to[2], from[2];
    char line[512];

    if (pipe(to) != 0 || pipe(from) != 0)
        die("no pipe");
    fflush(NULL);
    lab->pid = fork();
    if (lab->pid < 0)
        die("no process for the lab");
    if (lab->pid == 0) {
        close(to[1]);
        close(from[0]);
        run_lab(plan, to[0], from[1]);
    }
    close(to[0]);
    close(from[1]);
    lab->ask = to[1];
    lab->hear = from[0];
    read_line(lab->hear, line, sizeof line);
    if (sscanf(line, "%63s %u %255s", lab->dns, &lab->port, lab->trust) != 3)
        die("the lab did not start");
}

unsigned long lab_process_waited(struct lab_process *lab)
{
    unsigned long waited = 0;

    if (write(lab->ask, "?", 1) != 1 || read(lab->hear, &waited, sizeof waited) != sizeof waited)
        die("the lab is gone");
    return waited;
}

void lab_process_stop(struct lab_process *lab)
{
    struct child_usage usage;

    close(lab->ask);
    close(lab->hear);
    child_wait(lab->pid, &usage);
}
