#include "tui/list_reading.h"

#include "engine/base/mem.h"
#include "engine/base/thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct list_reading {
    struct strings paths; /* the thread's until the end, like all before it */
    uint8_t *text;        /* owned; NULL: `paths` are read */
    size_t length;
    struct input input;
    char *error; /* owned */
    pthread_t thread;
    int descriptor;
    struct input_watch watch;
    atomic_uint files; /* read to their end */
    atomic_bool over;
};

static void raise_flag(const struct list_reading *reading)
{
    while (eventfd_write(reading->descriptor, 1) < 0 && errno == EINTR)
        continue;
}

void list_text(const uint8_t *bytes, size_t length, struct input *input)
{
    uint8_t *text = mem_alloc(length + 1);
    size_t i;

    for (i = 0; i < length; i++)
        text[i] = bytes[i] == '\r' && (i + 1 == length || bytes[i + 1] != '\n') ? '\n' : bytes[i];
    input_read("pasted", text, length, input);
    input_finish(input);
    free(text);
}

static bool read_files(struct list_reading *reading)
{
    bool ok = true;

    for (size_t i = 0; ok && i < reading->paths.count && !reading->watch.unwanted; i++) {
        reading->watch.lines = 0;
        ok = input_read_file(reading->paths.items[i], &reading->input, &reading->error);
        reading->files += ok;
    }
    if (ok)
        input_finish(&reading->input);
    return ok;
}

static void *work(void *context)
{
    struct list_reading *reading = context;
    bool ok = true;

    if (reading->text)
        list_text(reading->text, reading->length, &reading->input);
    else
        ok = read_files(reading);
    if (!ok || reading->watch.unwanted)
        input_release(&reading->input);
    reading->over = true;
    raise_flag(reading);
    return NULL;
}

static void release(struct list_reading *reading)
{
    if (reading->descriptor >= 0)
        close(reading->descriptor);
    strings_release(&reading->paths);
    free(reading->text);
    free(reading);
}

static struct list_reading *begin(struct list_reading *reading, char **error)
{
    int err;

    reading->input.watch = &reading->watch;
    reading->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    err = reading->descriptor < 0 ? errno : thread_start(&reading->thread, work, reading);
    if (!err)
        return reading;
    *error = mem_format("no list can be read now: %s", strerror(err));
    release(reading);
    return NULL;
}

struct list_reading *list_reading_begin(const struct strings *paths, char **error)
{
    struct list_reading *reading = mem_alloc(sizeof *reading);

    strings_copy(&reading->paths, paths);
    return begin(reading, error);
}

struct list_reading *list_reading_begin_text(const uint8_t *bytes, size_t length, char **error)
{
    struct list_reading *reading = mem_alloc(sizeof *reading);

    reading->text = mem_alloc(length + 1);
    reading->length = length;
    memcpy(reading->text, bytes, length);
    return begin(reading, error);
}

int list_reading_descriptor(const struct list_reading *reading)
{
    return reading->descriptor;
}

bool list_reading_over(const struct list_reading *reading)
{
    return reading->over;
}

/* Of all files alike: how large those to come are is not known. */
unsigned list_reading_share(const struct list_reading *reading)
{
    unsigned files = reading->text ? 1 : (unsigned)reading->paths.count, read = reading->files,
             lines = reading->watch.lines;
    unsigned long of_this = lines ? 100ul * reading->watch.line / lines : 0;

    if (read >= files)
        return 100;
    return (unsigned)((100ul * read + (of_this < 100 ? of_this : 100)) / files);
}

void list_reading_cancel(struct list_reading *reading)
{
    reading->watch.unwanted = true;
}

bool list_reading_end(struct list_reading *reading, struct input *input, char **error)
{
    bool read;

    pthread_join(reading->thread, NULL);
    read = !reading->error && !reading->watch.unwanted;
    *error = reading->watch.unwanted ? NULL : reading->error;
    if (reading->watch.unwanted)
        free(reading->error);
    if (reading->watch.unwanted || !read)
        input_release(&reading->input);
    *input = reading->input;
    input->watch = NULL;
    release(reading);
    return read;
}
