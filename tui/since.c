#include "tui/since.h"

enum since since_of(enum change change)
{
    return (enum since)((unsigned)SINCE_CHANGED + (unsigned)change);
}

static enum change change_of(enum since since)
{
    return (enum change)((unsigned)since - SINCE_CHANGED);
}

const char *since_name(enum since since)
{
    if (since == SINCE_NOT_COMPARED)
        return "not-compared";
    return since == SINCE_SAME ? "same" : change_name(change_of(since));
}

const char *since_title(enum since since)
{
    if (since == SINCE_NOT_COMPARED)
        return "Not compared";
    return since == SINCE_SAME ? "The same" : change_title(change_of(since));
}
