#include "tests/bench/screen_side.h"

#include "engine/base/mem.h"
#include "tests/tui/sample.h"
#include "tui/screen.h"

#include <locale.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PROBES 1000 /* facts that are made to know what facts take */

struct watch {
    struct screen_side *side;
    size_t before; /* allocated when the screen began */
    unsigned long frame_bytes;
    int notify;
};

/* What curses writes goes through here. */
static atomic_ulong written;

/* Stands in for the C library's: counts what goes to the terminal. */
ssize_t write(int descriptor, const void *bytes, size_t length)
{
    ssize_t result = syscall(SYS_write, descriptor, bytes, length);

    if (descriptor == STDOUT_FILENO && result > 0)
        atomic_fetch_add(&written, (unsigned long)result);
    return result;
}

static size_t allocated(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

static int64_t nanoseconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void on_frame(void *context, unsigned long presses)
{
    struct watch *watch = context;
    struct screen_side *side = watch->side;
    unsigned long bytes = atomic_load(&written);

    if (bytes - watch->frame_bytes > atomic_load(&side->frame_most))
        atomic_store(&side->frame_most, bytes - watch->frame_bytes);
    watch->frame_bytes = bytes;
    atomic_store(&side->bytes, bytes);
    atomic_store(&side->frame_ns, nanoseconds(CLOCK_THREAD_CPUTIME_ID));
    if (!atomic_fetch_add(&side->frames, 1)) {
        atomic_store(&side->first, nanoseconds(CLOCK_MONOTONIC));
        atomic_store(&side->rows_bytes, allocated() - watch->before);
    }
    atomic_store(&side->presses, presses);
    (void)!write(watch->notify, "", 1);
}

/* Four kinds of servers: current, old, without TLS, not reached. */
static struct sample_endpoint kind_of(unsigned number, const char *address)
{
    static const struct sample_endpoint kinds[] = {{NULL, TLS_1_2, TLS_1_3, PROBE_OK},
                                                   {NULL, TLS_1_0, TLS_1_2, PROBE_OK},
                                                   {NULL, TLS_1_0, TLS_1_0, PROBE_OK},
                                                   {NULL, -1, -1, PROBE_OK},
                                                   {NULL, -1, -1, PROBE_CONNECT_TIMEOUT}};
    static const unsigned char shares[] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 4, 0};
    struct sample_endpoint endpoint = kinds[shares[number * 7 % sizeof shares]];

    endpoint.address = address;
    return endpoint;
}

static void add_domain(struct model *model, unsigned number)
{
    char *name = mem_format("domain%06u.example", number), *host = paced_host(number),
         *address = paced_address(number);
    struct sample_endpoint endpoint = kind_of(number, address);
    struct target *target = sample_add(model, name, number % 10 ? CLASS_OPPORTUNISTIC : CLASS_PARTNER);

    sample_route(model, target, host, 10);
    sample_addresses(model, host, &endpoint, 1);
    sample_facts(model, host, &endpoint);
    free(address);
    free(host);
    free(name);
}

static void measure_facts(struct screen_side *side, unsigned domains)
{
    struct facts **facts = mem_array(PROBES, sizeof *facts);
    size_t before = allocated();
    unsigned i;

    for (i = 0; i < PROBES; i++) {
        char *host = paced_host(i), *address = paced_address(i);
        struct sample_endpoint endpoint = kind_of(i, address);
        struct event event;

        sample_facts_event(&event, host, &endpoint);
        facts[i] = event.facts;
        event.facts = NULL;
        event_release(&event);
        free(address);
        free(host);
    }
    atomic_store(&side->facts_bytes, (allocated() - before) / PROBES * domains);
    for (i = 0; i < PROBES; i++)
        facts_free(facts[i]);
    free(facts);
}

int screen_side_run(struct screen_side *side, unsigned domains, int notify)
{
    struct watch watch = {.side = side, .notify = notify};
    struct screen_options options = {.on_frame = on_frame, .frame_context = &watch};
    struct model *model = sample_empty();
    struct audit *audit = paced_audit_new(domains, &side->pacing);
    unsigned i;
    int code;

    setlocale(LC_ALL, "");
    measure_facts(side, domains);
    watch.before = allocated();
    for (i = 0; i < domains; i++)
        add_domain(model, i);
    atomic_store(&side->model_bytes, allocated() - watch.before);
    watch.before = allocated();
    atomic_store(&side->started, nanoseconds(CLOCK_MONOTONIC));
    code = screen_run(model, audit, &options);
    paced_audit_free(audit);
    model_free(model);
    return code;
}
