#include "engine/model/directory.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

struct directory *directory_new(void)
{
    return mem_alloc(sizeof(struct directory));
}

void directory_free(struct directory *directory)
{
    if (!directory)
        return;
    free(directory->zone);
    free(directory->mailbox);
    free(directory->record);
    strings_release(&directory->uris);
    free(directory);
}

struct directory *directory_copy(const struct directory *from)
{
    struct directory *to = directory_new();

    to->zone_status = from->zone_status;
    to->zone = mem_string(from->zone);
    to->mailbox = mem_string(from->mailbox);
    to->report_status = from->report_status;
    to->record = mem_string(from->record);
    strings_copy(&to->uris, &from->uris);
    return to;
}

bool directory_told(enum dns_status status)
{
    return status == DNS_OK || status == DNS_NXDOMAIN || status == DNS_NO_DATA;
}

static bool is_newer(enum dns_status status, enum dns_status than)
{
    return directory_told(status) || (status != DNS_NOT_QUERIED && !directory_told(than));
}

static void move(char **to, char **from)
{
    free(*to);
    *to = *from;
    *from = NULL;
}

void directory_renew(struct directory *to, struct directory *from)
{
    if (is_newer(from->zone_status, to->zone_status)) {
        to->zone_status = from->zone_status;
        move(&to->zone, &from->zone);
        move(&to->mailbox, &from->mailbox);
    }
    if (!is_newer(from->report_status, to->report_status))
        return;
    to->report_status = from->report_status;
    move(&to->record, &from->record);
    strings_release(&to->uris);
    to->uris = from->uris;
    from->uris = (struct strings){0};
}
