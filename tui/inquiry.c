#include "tui/inquiry.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

static void make_room(struct inquiry *inquiry, size_t id)
{
    size_t room = inquiry->count ? inquiry->count : 256;

    while (room <= id)
        room *= 2;
    if (room == inquiry->count)
        return;
    inquiry->asked = mem_resize(inquiry->asked, room, sizeof *inquiry->asked);
    memset(inquiry->asked + inquiry->count, 0, (room - inquiry->count) * sizeof *inquiry->asked);
    inquiry->count = room;
}

bool inquiry_takes(struct inquiry *inquiry, const struct target *target)
{
    if (!inquiry->on || target->removed || target->spec.is_endpoint || target->directory ||
        !verdict_falls_short(target->judgement.verdict))
        return false;
    make_room(inquiry, target->id);
    if (inquiry->asked[target->id])
        return false;
    inquiry->taken++;
    return inquiry->asked[target->id] = true;
}

void inquiry_release(struct inquiry *inquiry)
{
    free(inquiry->asked);
    *inquiry = (struct inquiry){.on = false};
}
