#include "tui/snapshot_file.h"

#include "engine/base/mem.h"
#include "engine/base/thread.h"
#include "engine/report/read.h"
#include "tui/report_session.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEAD_SIZE = 100, NUMBER_AT = 68 }; /* of an SQLite file */

struct store *snapshot_open(const char *path, char **error)
{
    struct store *store = store_open(path, STORE_READ, error);

    if (!store)
        report_also_expected(error);
    if (!store || !store_is_new(store))
        return store;
    *error = mem_format("%s: there is no session in it yet", path);
    store_close(store);
    return NULL;
}

static struct model *load_snapshot(const char *path, struct store_session *session, char **error)
{
    struct store *store = snapshot_open(path, error);
    struct model *model = store ? store_load(store, session, error) : NULL;

    store_close(store);
    return model;
}

static struct model *load_report(const char *path, struct store_session *session, char **error)
{
    struct report_about about;
    struct model *model = report_read(path, &about, error);

    *session = report_session(&about);
    return model;
}

struct model *snapshot_load(const char *path, struct store_session *session, char **error)
{
    *session = (struct store_session){0};
    return report_is_json(path) ? load_report(path, session, error) : load_snapshot(path, session, error);
}

static bool check_report(const char *path, char **error)
{
    struct report_about about;
    struct model *model = NULL;
    struct report_reading *reading = report_read_begin(path, &about, &model, error);
    bool ok = reading;

    if (reading)
        report_read_end(reading);
    report_about_release(&about);
    model_free(model);
    return ok;
}

/* The file format's magic, and the application's number behind it. */
static bool begins_well(const char *path)
{
    static const char magic[16] = "SQLite format 3";
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    unsigned char head[HEAD_SIZE] = {0};
    uint32_t number;

    if (descriptor < 0)
        return false;
    if (read(descriptor, head, sizeof head) != sizeof head)
        head[0] = 0;
    close(descriptor);
    number = (uint32_t)head[NUMBER_AT] << 24 | (uint32_t)head[NUMBER_AT + 1] << 16 |
             (uint32_t)head[NUMBER_AT + 2] << 8 | head[NUMBER_AT + 3];
    return memcmp(head, magic, sizeof magic) == 0 && number == STORE_APPLICATION;
}

bool snapshot_check(const char *path, char **error)
{
    struct store *store;

    if (report_is_json(path))
        return check_report(path, error);
    if (begins_well(path))
        return true;
    store = snapshot_open(path, error);
    store_close(store);
    return store;
}

struct reading {
    const char *path;
    struct model *model;
    struct store_session *session;
    char *error;
};

static void *read_one(void *context)
{
    struct reading *reading = context;

    reading->model = snapshot_load(reading->path, reading->session, &reading->error);
    return NULL;
}

static void give_up(struct reading readings[2])
{
    for (int i = 0; i < 2; i++) {
        model_free(readings[i].model);
        store_session_release(readings[i].session);
        free(readings[i].error);
    }
}

bool snapshot_load_pair(const char *const paths[2], struct model *models[2], struct store_session sessions[2],
                        char **error)
{
    struct reading readings[2] = {{paths[0], NULL, &sessions[0], NULL}, {paths[1], NULL, &sessions[1], NULL}};
    pthread_t thread;
    bool apart = thread_start(&thread, read_one, &readings[0]) == 0;

    read_one(&readings[1]);
    if (apart)
        pthread_join(thread, NULL);
    else
        read_one(&readings[0]);
    models[0] = readings[0].model;
    models[1] = readings[1].model;
    if (models[0] && models[1])
        return true;
    *error = mem_string(models[0] ? readings[1].error : readings[0].error);
    give_up(readings);
    return false;
}

const char *snapshot_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}
