#include "tui/merge_place.h"

#include "engine/base/mem.h"
#include "engine/base/reader.h"
#include "engine/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES     16                     /* others may come and go between two steps */
#define LOCK_AT   (((off_t)1 << 46) + 1) /* beside the lock of who keeps a session in a file */
#define HEAD_SIZE 100                    /* of an SQLite file: sqlite.org/fileformat2.html, section 1.3 */
#define AT_ID     68

enum found { FOUND_ROOM, FOUND_REST, FOUND_OTHER, FOUND_TROUBLE };

static char *place_of(const char *output)
{
    return mem_format("%s.merging", output);
}

static bool fail(const char *path, const char *what, char **error)
{
    *error = mem_format("%s: %s", path, what);
    return false;
}

static bool same_file(const struct stat *left, const struct stat *right)
{
    return left->st_dev == right->st_dev && left->st_ino == right->st_ino;
}

bool merge_place_is(const char *output, const char *path)
{
    char *place = place_of(output);
    struct stat left, right;
    bool is = stat(place, &left) == 0 && stat(path, &right) == 0 && same_file(&left, &right);

    free(place);
    return is;
}

static void remove_journal(const char *path)
{
    char *journal = mem_format("%s-journal", path);

    unlink(journal);
    free(journal);
}

/* A snapshot, or one whose first page never came to the disk. */
static bool is_rest(int descriptor)
{
    uint8_t head[HEAD_SIZE] = {0};
    struct reader id = reader_of(head + AT_ID, 4);
    size_t zeros = 0;

    if (pread(descriptor, head, sizeof head, 0) < 0)
        return false;
    while (zeros < sizeof head && !head[zeros])
        zeros++;
    return zeros == sizeof head || reader_u32(&id) == STORE_APPLICATION;
}

/* What the locked file is, which the path may have ceased to name. */
static enum found look(const struct merge_place *place)
{
    struct stat held, named;

    if (fstat(place->lock, &held) < 0)
        return FOUND_TROUBLE;
    if (lstat(place->path, &named) < 0 || !same_file(&held, &named))
        return FOUND_OTHER;
    if (!held.st_size && held.st_nlink == 1)
        return FOUND_ROOM;
    return is_rest(place->lock) ? FOUND_REST : FOUND_TROUBLE;
}

static bool lock(const struct merge_place *place, char **error)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCK_AT, .l_len = 1};

    if (fcntl(place->lock, F_OFD_SETLK, &lock) == 0)
        return true;
    if (errno == EAGAIN || errno == EACCES)
        return fail(place->path, "another mxscope merge writes there", error);
    return fail(place->path, strerror(errno), error);
}

/* True when that settled it: the place is ours, or *error says why it can't be. */
static bool try_to_take(struct merge_place *place, char **error)
{
    enum found found;

    place->lock = open(place->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK, 0666);
    if (place->lock < 0) {
        fail(place->path, errno == ENOSPC ? "there is no room left on the disk" : strerror(errno), error);
        return true;
    }
    if (!lock(place, error))
        return true;
    found = look(place);
    if (found == FOUND_TROUBLE)
        fail(place->path, "is in the way, and no rest of a merge; expected room for a file there", error);
    if (found == FOUND_ROOM || found == FOUND_REST)
        remove_journal(place->path);
    if (found == FOUND_REST)
        unlink(place->path);
    return found == FOUND_ROOM || found == FOUND_TROUBLE;
}

static void unlock(struct merge_place *place)
{
    if (place->lock >= 0)
        close(place->lock);
    place->lock = -1;
}

bool merge_place_open(struct merge_place *place, const char *output, char **error)
{
    *place = (struct merge_place){place_of(output), output, -1};
    for (int i = 0; i < TRIES; i++) {
        if (try_to_take(place, error))
            break;
        unlock(place);
    }
    if (place->lock >= 0 && !*error)
        return true;
    if (!*error)
        fail(place->path, "others come and go there", error);
    unlock(place);
    free(place->path);
    *place = (struct merge_place){.lock = -1};
    return false;
}

/* Where the file system can't rename without taking another's place: a second name, else a name that was
 * free. */
static bool rename_carefully(const char *from, const char *to)
{
    int reserved, why;

    if (link(from, to) == 0)
        return unlink(from) == 0;
    if (errno == EEXIST)
        return false;
    reserved = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (reserved < 0)
        return false;
    close(reserved);
    if (rename(from, to) == 0)
        return true;
    why = errno;
    unlink(to);
    errno = why;
    return false;
}

/* A new name is on the disk when its folder is. */
static void sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? mem_string_n(path, (size_t)(slash - path) + 1) : mem_string(".");
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (descriptor >= 0) {
        fsync(descriptor);
        close(descriptor);
    }
    free(folder);
}

bool merge_place_finish(struct merge_place *place, char **error)
{
    const char *from = place->path, *to = place->output;
    bool done = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0;

    if (!done && (errno == EINVAL || errno == ENOSYS))
        done = rename_carefully(from, to);
    if (!done) {
        *error = mem_format("%s: %s; expected the path of a new file", to, strerror(errno));
        return false;
    }
    sync_folder(to);
    free(place->path);
    place->path = NULL;
    return true;
}

void merge_place_close(struct merge_place *place)
{
    if (place->path) {
        remove_journal(place->path);
        unlink(place->path);
    }
    free(place->path);
    place->path = NULL;
    unlock(place);
}
