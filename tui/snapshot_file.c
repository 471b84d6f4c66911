#include "tui/snapshot_file.h"

#include "engine/base/mem.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* True for what may be a report in JSON, which is no snapshot though it tells of one. */
static bool is_report(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    char first = 0;

    if (descriptor < 0)
        return false;
    if (read(descriptor, &first, 1) != 1)
        first = 0;
    close(descriptor);
    return first == '{';
}

/* NULL and *error where there is no session. */
static struct store *open_session(const char *path, char **error)
{
    struct store *store = store_open(path, STORE_READ, error);

    if (!store && is_report(path)) {
        free(*error);
        *error = mem_format("%s: this is JSON; a snapshot is expected, as mxscope -s FILE keeps it", path);
    }
    if (!store || !store_is_new(store))
        return store;
    *error = mem_format("%s: there is no session in it yet", path);
    store_close(store);
    return NULL;
}

struct model *snapshot_load(const char *path, struct store_session *session, char **error)
{
    struct store *store = open_session(path, error);
    struct model *model = NULL;

    *session = (struct store_session){0};
    if (store)
        model = store_load(store, session, error);
    store_close(store);
    return model;
}

bool snapshot_check(const char *path, char **error)
{
    struct store *store = open_session(path, error);

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
    bool apart = pthread_create(&thread, NULL, read_one, &readings[0]) == 0;

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
