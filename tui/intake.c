#include "tui/intake.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

bool intake_open(struct intake *intake, int from)
{
    int ends[2];

    memset(intake, 0, sizeof *intake);
    intake->from = from;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return false;
    intake->to = ends[1];
    intake->keys = fdopen(ends[0], "r");
    paste_init(&intake->paste);
    return intake->keys;
}

void intake_close(struct intake *intake)
{
    if (!intake->keys)
        return;
    fclose(intake->keys);
    close(intake->to);
    paste_release(&intake->paste);
    memset(intake, 0, sizeof *intake);
}

static bool more(struct intake *intake)
{
    struct pollfd wait = {intake->from, POLLIN, 0};
    ssize_t got;

    if (intake->at < intake->length)
        return true;
    if (poll(&wait, 1, 0) <= 0 || !(wait.revents & POLLIN))
        return false;
    got = read(intake->from, intake->bytes, sizeof intake->bytes);
    intake->at = 0;
    intake->length = got > 0 ? (size_t)got : 0;
    return got > 0;
}

/* The pipe is empty and holds more than a read and a sequence that was kept back. */
static void pass_on(struct intake *intake)
{
    struct buf *keys = &intake->paste.keys;

    if (keys->length)
        (void)!write(intake->to, keys->bytes, keys->length);
    buf_reset(keys);
}

bool intake_take(struct intake *intake, int64_t now, enum paste_outcome *outcome)
{
    bool any = more(intake);
    size_t used = 0;

    if (any)
        *outcome =
            paste_feed(&intake->paste, intake->bytes + intake->at, intake->length - intake->at, now, &used);
    else
        *outcome = paste_late(&intake->paste, now);
    intake->at += used;
    any |= intake->paste.keys.length || *outcome != PASTE_NONE;
    pass_on(intake);
    return any;
}
