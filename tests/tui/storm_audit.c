#include "tests/tui/storm_audit.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

struct audit {
    uint32_t wanted;
    bool paused;
};

struct audit *storm_audit_new(void)
{
    return mem_alloc(sizeof(struct audit));
}

void storm_audit_free(struct audit *audit)
{
    free(audit);
}

uint32_t storm_audit_wanted(struct audit *audit)
{
    uint32_t wanted = audit->wanted;

    audit->wanted = 0;
    return wanted;
}

int audit_descriptor(const struct audit *audit)
{
    (void)audit;
    return -1;
}

bool audit_next(struct audit *audit, struct event *event)
{
    (void)audit, (void)event;
    return false;
}

void audit_add(struct audit *audit, uint32_t id, const struct target_spec *spec)
{
    (void)spec;
    audit->wanted = id;
}

void audit_remove(struct audit *audit, uint32_t id)
{
    audit->wanted = audit->wanted == id ? 0 : audit->wanted;
}

void audit_keep(struct audit *audit, const struct endpoint_key *key)
{
    (void)audit;
    (void)key;
}

void audit_contacts(struct audit *audit, uint32_t id)
{
    (void)audit, (void)id;
}

void audit_reprobe_target(struct audit *audit, uint32_t id)
{
    audit->wanted = id;
}

void audit_reprobe_host(struct audit *audit, const struct host_key *key)
{
    (void)audit, (void)key;
}

void audit_reprobe_endpoint(struct audit *audit, const struct endpoint_key *key)
{
    (void)audit, (void)key;
}

void audit_cancel(struct audit *audit)
{
    (void)audit;
}

void audit_pause(struct audit *audit)
{
    audit->paused = true;
}

void audit_resume(struct audit *audit)
{
    audit->paused = false;
}

void audit_progress(struct audit *audit, struct audit_progress *progress)
{
    memset(progress, 0, sizeof *progress);
    progress->paused = audit->paused;
    progress->targets = 100;
    progress->targets_resolved = progress->endpoints = 90;
    progress->ready_done = 50;
    progress->full_done = 40;
    progress->running = 2;
    progress->queued = 10;
}

bool audit_busy(struct audit *audit)
{
    (void)audit;
    return true;
}

const char *audit_helo_name(const struct audit *audit)
{
    (void)audit;
    return "storm.example";
}
