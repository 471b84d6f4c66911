#include "tui/listing.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

#define SHORT 16384 /* bytes of text that take no time */

static void take_leaving(struct listing *listing)
{
    struct input input;
    char *error;

    if (list_reading_end(listing->leaving, &input, &error))
        input_release(&input);
    free(error);
    listing->leaving = NULL;
}

void listing_cancel(struct listing *listing)
{
    pasted_release(&listing->incoming);
    strings_release(&listing->files);
    if (!listing->reading)
        return;
    list_reading_cancel(listing->reading);
    if (listing->leaving)
        take_leaving(listing);
    listing->leaving = listing->reading;
    listing->reading = NULL;
}

void listing_release(struct listing *listing)
{
    listing_cancel(listing);
    if (listing->leaving)
        take_leaving(listing);
}

bool listing_begin(struct listing *listing, const char *path, const struct strings *before, char **error)
{
    struct strings files = {0};

    if (before)
        strings_copy(&files, before);
    strings_add_once(&files, path);
    listing_cancel(listing);
    listing->files = files;
    listing->reading = list_reading_begin(&files, error);
    return listing->reading;
}

bool listing_begin_text(struct listing *listing, const uint8_t *bytes, size_t length, char **error)
{
    struct input input = {.count = 0};

    listing_cancel(listing);
    if (length > SHORT) {
        listing->reading = list_reading_begin_text(bytes, length, error);
        return listing->reading;
    }
    list_text(bytes, length, &input);
    pasted_begin(&listing->incoming, &input, &listing->files);
    return true;
}

bool listing_coming(const struct listing *listing)
{
    return listing->reading || listing->incoming.state == PASTED_WEIGHED;
}

bool listing_ready(const struct listing *listing)
{
    return !listing_coming(listing) && listing->incoming.state != PASTED_NOTHING;
}

bool listing_busy(const struct listing *listing)
{
    return (listing->reading && list_reading_over(listing->reading)) ||
           (listing->leaving && list_reading_over(listing->leaving)) ||
           listing->incoming.state == PASTED_WEIGHED;
}

int listing_descriptor(const struct listing *listing)
{
    const struct list_reading *reading = listing->reading ? listing->reading : listing->leaving;

    return reading ? list_reading_descriptor(reading) : -1;
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash && slash[1] ? slash + 1 : path;
}

char *listing_progress(const struct listing *listing)
{
    const struct strings *files = listing->reading ? &listing->files : &listing->incoming.files;

    if (!listing_coming(listing))
        return NULL;
    return mem_format("reading %s: %u %%",
                      files->count ? file_name(files->items[files->count - 1]) : "what was pasted",
                      listing->reading ? list_reading_share(listing->reading) : 100);
}

static bool take_reading(struct listing *listing, char **error)
{
    struct input input;
    bool read = list_reading_end(listing->reading, &input, error);

    listing->reading = NULL;
    if (read)
        pasted_begin(&listing->incoming, &input, &listing->files);
    else
        strings_release(&listing->files);
    return read;
}

bool listing_go_on(struct listing *listing, const struct model *model, size_t most, char **error)
{
    *error = NULL;
    if (listing->leaving && list_reading_over(listing->leaving))
        take_leaving(listing);
    if (listing->reading && list_reading_over(listing->reading) && !take_reading(listing, error))
        return false;
    if (listing->incoming.state == PASTED_WEIGHED)
        pasted_weigh(&listing->incoming, model, most);
    return true;
}

void listing_take(struct listing *listing, struct pasted *pasted)
{
    pasted_release(pasted);
    *pasted = listing->incoming;
    listing->incoming = (struct pasted){.state = PASTED_NOTHING};
}
