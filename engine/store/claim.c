#include "engine/store/claim.h"

#include "engine/base/mem.h"
#include "engine/base/reader.h"
#include "engine/store/holder.h"
#include "engine/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_SIZE  100 /* of an SQLite file: sqlite.org/fileformat2.html, section 1.3 */
#define AT_JOURNAL 18  /* how it is written and read: 1, or 2 with a write-ahead log */
#define AT_SCHEMA  60
#define AT_ID      68
#define FLAGS      (O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
#define LOCK_AT    ((off_t)1 << 46) /* SQLite's locks are at 1 GiB */

static const char magic[16] = "SQLite format 3";

static bool fail(const char *path, const char *what, char **error)
{
    *error = mem_format("%s: %s", path, what);
    return false;
}

static bool fail_system(const char *path, char **error)
{
    if (errno == ENOENT)
        return fail(path, "there is no such file or folder", error);
    if (errno == EACCES || errno == EPERM || errno == EROFS)
        return fail(path, "no permission to keep a snapshot there", error);
    if (errno == ENOSPC || errno == EDQUOT)
        return fail(path, "there is no room left on the disk", error);
    return fail(path, strerror(errno), error);
}

static int open_or_make(const char *path, unsigned mode, bool *made)
{
    int descriptor = -1;

    /* Twice, since another process may make or remove it between the two. */
    for (int i = 0; i < 2 && descriptor < 0; i++) {
        *made = false;
        descriptor = open(path, FLAGS);
        if (descriptor >= 0 || errno != ENOENT)
            break;
        descriptor = open(path, FLAGS | O_CREAT | O_EXCL, (mode_t)mode);
        *made = descriptor >= 0;
        if (descriptor < 0 && errno != EEXIST)
            break;
    }
    return descriptor;
}

static bool fail_held(int descriptor, const char *path, char **error)
{
    struct stat status;
    long process = fstat(descriptor, &status) == 0 ? holder_of(status.st_ino, LOCK_AT) : 0;
    char *who = process ? mem_format(" (process %ld)", process) : mem_string("");

    *error = mem_format("%s: another mxscope keeps its session there%s; mxscope open shows it meanwhile",
                        path, who);
    free(who);
    return false;
}

/* Another process may lock a file that was made here before this one does: then it is that one's. */
static bool lock(int descriptor, const char *path, bool *made, char **error)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCK_AT, .l_len = 1};

    if (fcntl(descriptor, F_OFD_SETLK, &lock) == 0)
        return true;
    if (errno != EAGAIN && errno != EACCES)
        return fail_system(path, error);
    *made = false;
    return fail_held(descriptor, path, error);
}

static bool is_file(int descriptor, const char *path, char **error)
{
    struct stat status;

    if (fstat(descriptor, &status) < 0)
        return fail_system(path, error);
    return S_ISREG(status.st_mode) || fail(path, "is no file; expected one for a snapshot", error);
}

static int claim(int descriptor, const char *path, bool *made, char **error)
{
    if (descriptor < 0) {
        fail_system(path, error);
        return -1;
    }
    if (is_file(descriptor, path, error) && lock(descriptor, path, made, error))
        return descriptor;
    close(descriptor);
    return -1;
}

int claim_file(const char *path, unsigned mode, bool *made, char **error)
{
    return claim(open_or_make(path, mode, made), path, made, error);
}

int claim_again(const char *path, char **error)
{
    bool made = false;

    return claim(open(path, FLAGS), path, &made, error);
}

/* What a power cut may leave of a file whose first commit was under way; the journal tells the rest. */
static bool is_cut_off(const char *path, const uint8_t *head, size_t length)
{
    char *journal = mem_format("%s-journal", path);
    bool there = access(journal, F_OK) == 0;
    size_t i = 0;

    while (i < length && !head[i])
        i++;
    free(journal);
    return there && i == length;
}

static bool check_head(const uint8_t *head, const char *path, char **error)
{
    struct reader schema = reader_of(head + AT_SCHEMA, 4), id = reader_of(head + AT_ID, 4);
    uint32_t version = reader_u32(&schema);

    if (reader_u32(&id) != STORE_APPLICATION)
        return fail(path, "is a database of another program, no mxscope snapshot", error);
    if (head[AT_JOURNAL] != 1 || head[AT_JOURNAL + 1] != 1)
        return fail(path, "is damaged: its head tells of a write-ahead log, which a snapshot has not", error);
    if (version <= STORE_SCHEMA)
        return true;
    *error = mem_format("%s: was written by a newer mxscope (schema %u; this one reads up to %d)", path,
                        version, STORE_SCHEMA);
    return false;
}

bool claim_check(int descriptor, const char *path, char **error)
{
    uint8_t head[HEAD_SIZE] = {0};
    ssize_t length = pread(descriptor, head, sizeof head, 0);

    if (length < 0)
        return fail_system(path, error);
    if (!length || is_cut_off(path, head, (size_t)length))
        return true;
    if ((size_t)length < sizeof magic || memcmp(head, magic, sizeof magic) != 0)
        return fail(path, "is no mxscope snapshot", error);
    if (length < HEAD_SIZE)
        return fail(path, "is damaged: it is cut short", error);
    return check_head(head, path, error);
}

bool claim_look(const char *path, char **error)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat status;
    bool ok;

    if (descriptor < 0) {
        if (errno == EACCES || errno == EPERM)
            return fail(path, "no permission to read it", error);
        return fail_system(path, error);
    }
    ok = is_file(descriptor, path, error) && claim_check(descriptor, path, error);
    if (ok && fstat(descriptor, &status) == 0 && !status.st_size)
        ok = fail(path, "is no mxscope snapshot: it is empty", error);
    close(descriptor);
    return ok;
}
