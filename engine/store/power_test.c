/* Power cuts. A disk in memory stands behind SQLite and forgets, when it is cut off, what was not synced: of
 * the writes since then any may have come through, in any order. It is cut off after each of its operations
 * in turn; what store_write said was written is there afterwards, and the file opens. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/store/store.h"

#include "engine/base/mem.h"
#include "engine/store/store_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>
#include <unistd.h>

#define FILES   4
#define COMMITS 6
#define ROWS    40 /* of a commit: several pages */

/* One write that is not synced; `length` 0: the file's new end. */
struct change {
    size_t at, length;
    uint8_t *bytes;
};

struct content {
    uint8_t *bytes;
    size_t length;
};

struct disk_file {
    char *name; /* NULL: free */
    bool there, surely_there;
    struct content now, surely;
    struct change *changes;
    size_t change_count;
};

struct disk {
    struct disk_file files[FILES];
    unsigned operations, cut_at; /* 0: never */
    uint64_t chance;
    sqlite3_vfs vfs;
};

struct handle {
    sqlite3_file base;
    struct disk *disk;
    struct disk_file *file;
};

static bool is_cut(struct disk *disk)
{
    return ++disk->operations > disk->cut_at && disk->cut_at;
}

static bool toss(struct disk *disk)
{
    disk->chance = disk->chance * 6364136223846793005u + 1442695040888963407u;
    return disk->chance >> 63;
}

static void put(struct content *content, const struct change *change)
{
    size_t end = change->at + change->length;

    if (!change->length || end > content->length) {
        content->bytes = mem_resize(content->bytes, end + 1, 1);
        if (end > content->length)
            memset(content->bytes + content->length, 0, end - content->length);
        content->length = end;
    }
    if (change->length)
        memcpy(content->bytes + change->at, change->bytes, change->length);
}

static void copy(struct content *to, const struct content *from)
{
    to->bytes = mem_resize(to->bytes, from->length + 1, 1);
    if (from->length)
        memcpy(to->bytes, from->bytes, from->length);
    to->length = from->length;
}

static void forget_changes(struct disk_file *file)
{
    for (size_t i = 0; i < file->change_count; i++)
        free(file->changes[i].bytes);
    free(file->changes);
    file->changes = NULL;
    file->change_count = 0;
}

static int change(struct handle *handle, size_t at, const void *bytes, size_t length)
{
    struct disk_file *file = handle->file;
    struct change *added;

    if (is_cut(handle->disk))
        return SQLITE_IOERR_WRITE;
    file->changes = mem_resize(file->changes, file->change_count + 1, sizeof *file->changes);
    added = &file->changes[file->change_count++];
    *added = (struct change){at, length, length ? mem_copy(bytes, length) : NULL};
    put(&file->now, added);
    return SQLITE_OK;
}

/* The power is back: of what was not synced something came through. */
static void reboot(struct disk *disk)
{
    disk->cut_at = 0;
    for (size_t i = 0; i < FILES; i++) {
        struct disk_file *file = &disk->files[i];

        if (file->there != file->surely_there && toss(disk))
            file->surely_there = file->there;
        for (size_t c = 0; c < file->change_count; c++)
            if (toss(disk))
                put(&file->surely, &file->changes[c]);
        forget_changes(file);
        copy(&file->now, &file->surely);
        file->there = file->surely_there;
    }
}

static int on_close(sqlite3_file *base)
{
    (void)base;
    return SQLITE_OK;
}

static int on_read(sqlite3_file *base, void *bytes, int amount, sqlite3_int64 at)
{
    const struct content *now = &((struct handle *)base)->file->now;
    size_t from = MIN((size_t)at, now->length), got = MIN((size_t)amount, now->length - from);

    memset(bytes, 0, (size_t)amount);
    if (got)
        memcpy(bytes, now->bytes + from, got);
    return got == (size_t)amount ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int on_write(sqlite3_file *base, const void *bytes, int amount, sqlite3_int64 at)
{
    return change((struct handle *)base, (size_t)at, bytes, (size_t)amount);
}

static int on_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    return change((struct handle *)base, (size_t)size, NULL, 0);
}

static int on_sync(sqlite3_file *base, int flags)
{
    struct handle *handle = (struct handle *)base;

    (void)flags;
    if (is_cut(handle->disk))
        return SQLITE_IOERR_FSYNC;
    copy(&handle->file->surely, &handle->file->now);
    handle->file->surely_there = true;
    forget_changes(handle->file);
    return SQLITE_OK;
}

static int on_size(sqlite3_file *base, sqlite3_int64 *size)
{
    *size = (sqlite3_int64)((struct handle *)base)->file->now.length;
    return SQLITE_OK;
}

static int on_lock(sqlite3_file *base, int level)
{
    (void)base, (void)level;
    return SQLITE_OK;
}

static int on_reserved(sqlite3_file *base, int *reserved)
{
    (void)base;
    *reserved = 0;
    return SQLITE_OK;
}

static int on_control(sqlite3_file *base, int operation, void *argument)
{
    (void)base, (void)operation, (void)argument;
    return SQLITE_NOTFOUND;
}

static int on_sector(sqlite3_file *base)
{
    (void)base;
    return 512;
}

static int on_promises(sqlite3_file *base)
{
    (void)base;
    return 0;
}

static struct disk_file *find(struct disk *disk, const char *name)
{
    for (size_t i = 0; i < FILES; i++)
        if (disk->files[i].name && strcmp(disk->files[i].name, name) == 0)
            return &disk->files[i];
    for (size_t i = 0; i < FILES; i++) {
        if (disk->files[i].name)
            continue;
        disk->files[i].name = mem_string(name);
        return &disk->files[i];
    }
    fail_msg("no room for %s", name);
    return NULL;
}

static int on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *given)
{
    static const sqlite3_io_methods methods = {1,          on_close,  on_read,     on_write, on_truncate,
                                               on_sync,    on_size,   on_lock,     on_lock,  on_reserved,
                                               on_control, on_sector, on_promises, NULL,     NULL,
                                               NULL,       NULL,      NULL,        NULL};
    struct handle *handle = (struct handle *)base;
    bool main_file = flags & SQLITE_OPEN_MAIN_DB;

    handle->base.pMethods = NULL;
    if (!name || is_cut(vfs->pAppData))
        return SQLITE_CANTOPEN;
    handle->disk = vfs->pAppData;
    handle->file = find(handle->disk, name);
    if (!handle->file->there && !main_file && !(flags & SQLITE_OPEN_CREATE))
        return SQLITE_CANTOPEN;
    handle->file->there = true;
    handle->file->surely_there |= main_file; /* the store made it */
    handle->base.pMethods = &methods;
    if (given)
        *given = flags;
    return SQLITE_OK;
}

static int on_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    struct disk *disk = vfs->pAppData;
    struct disk_file *file = find(disk, name);

    if (is_cut(disk))
        return SQLITE_IOERR_DELETE;
    forget_changes(file);
    file->there = false;
    file->now.length = 0;
    if (sync) {
        file->surely_there = false;
        file->surely.length = 0;
    }
    return SQLITE_OK;
}

static int on_access(sqlite3_vfs *vfs, const char *name, int flags, int *answer)
{
    (void)flags;
    *answer = find(vfs->pAppData, name)->there;
    return SQLITE_OK;
}

static int on_path(sqlite3_vfs *vfs, const char *name, int room, char *path)
{
    (void)vfs;
    snprintf(path, (size_t)room, "%s", name);
    return SQLITE_OK;
}

static void begin(struct disk *disk, unsigned cut_at, uint64_t chance)
{
    memset(disk, 0, sizeof *disk);
    disk->cut_at = cut_at;
    disk->chance = chance;
    disk->vfs = *sqlite3_vfs_find("unix");
    disk->vfs.zName = "cut";
    disk->vfs.szOsFile = sizeof(struct handle);
    disk->vfs.pAppData = disk;
    disk->vfs.xOpen = on_open;
    disk->vfs.xDelete = on_delete;
    disk->vfs.xAccess = on_access;
    disk->vfs.xFullPathname = on_path;
    assert_int_equal(sqlite3_vfs_register(&disk->vfs, 1), SQLITE_OK);
}

static void end(struct disk *disk)
{
    sqlite3_vfs_unregister(&disk->vfs);
    for (size_t i = 0; i < FILES; i++) {
        forget_changes(&disk->files[i]);
        free(disk->files[i].name);
        free(disk->files[i].now.bytes);
        free(disk->files[i].surely.bytes);
    }
}

static bool commit(struct store *store, uint32_t first)
{
    struct store_items items = STAILQ_HEAD_INITIALIZER(items);
    char *error = NULL;
    bool ok;

    for (uint32_t i = 0; i < ROWS; i++) {
        struct store_item *item = mem_alloc(sizeof *item);

        item->table = TABLE_NOTE;
        item->row = first + i * COMMITS; /* among those that are there */
        item->name = mem_format("note %u of those that fill a few pages each time that they are written", i);
        buf_init(&item->content, 0);
        pack_seal(&item->content, item->name);
        STAILQ_INSERT_TAIL(&items, item, link);
    }
    ok = store_write(store, &items, &error);
    store_items_release(&items);
    free(error);
    return ok;
}

/* Returns the commits that were said to be on disk. */
static unsigned work(const char *path)
{
    char *error = NULL;
    struct store *store = store_open(path, STORE_WRITE, &error);
    unsigned done = 0;

    if (store)
        while (done < COMMITS && commit(store, done + 1))
            done++;
    free(error);
    store_close(store);
    return done;
}

static void check(const char *path, unsigned done, unsigned cut_at)
{
    char *error = NULL;
    struct store *store = store_open(path, STORE_WRITE, &error);
    sqlite3_stmt *row = NULL;
    unsigned rows;

    if (!store)
        fail_msg("cut off at %u: %s", cut_at, error);
    assert_int_equal(sqlite3_prepare_v2(store->db, "SELECT count(*) FROM note", -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    rows = (unsigned)sqlite3_column_int(row, 0);
    sqlite3_finalize(row);
    if (rows % ROWS || rows < done * ROWS || rows > (done + 1) * ROWS)
        fail_msg("cut off at %u: %u rows, and %u commits were said to be written", cut_at, rows, done);
    store_close(store);
}

static void test_cut_at_each_operation(void **unused)
{
    const char *folder = getenv("TEST_TMPDIR");
    char *path = mem_format("%s/power.mxscope", folder ? folder : ".");
    unsigned done = 0, cut_at, cuts = 0;
    struct disk disk;

    (void)unused;
    for (cut_at = 1; done < COMMITS; cut_at++) {
        for (uint64_t chance = 1; chance <= 5; chance++) {
            FILE *file = fopen(path, "w"); /* stays empty: what is in it is on the disk in memory */

            assert_non_null(file);
            fclose(file);
            begin(&disk, cut_at, chance);
            done = work(path);
            cuts += disk.operations > cut_at;
            reboot(&disk);
            check(path, done, cut_at);
            end(&disk);
        }
    }
    assert_true(cuts > 100);
    unlink(path);
    free(path);
}

/* A file of an earlier schema as the disk has it. */
static void put_older(struct disk *disk, const char *path, const char *from)
{
    struct disk_file *file = find(disk, path);
    FILE *older = fopen(from, "rb");
    struct content *now = &file->now;

    assert_non_null(older);
    now->bytes = mem_alloc(1 << 20);
    now->length = fread(now->bytes, 1, 1 << 20, older);
    fclose(older);
    assert_true(now->length > 0);
    copy(&file->surely, now);
    file->there = file->surely_there = true;
}

static int number(struct store *store, const char *text)
{
    sqlite3_stmt *row = NULL;
    int found;

    assert_int_equal(sqlite3_prepare_v2(store->db, text, -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    found = sqlite3_column_int(row, 0);
    sqlite3_finalize(row);
    return found;
}

static void copy_file(const char *from, const char *to)
{
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    char block[4096];
    size_t got;

    assert_true(in && out);
    while ((got = fread(block, 1, sizeof block, in)) > 0)
        assert_int_equal(fwrite(block, 1, got, out), got);
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

/* Returns true when the file was said to be up to date. */
static bool migrate(const char *path)
{
    char *error = NULL;
    struct store *store = store_open(path, STORE_WRITE, &error);
    struct store_session session = {0};
    struct model *model = store ? store_load(store, &session, &error) : NULL;
    bool done = model;

    store_session_release(&session);
    model_free(model);
    free(error);
    store_close(store);
    return done;
}

/* Read as it is: of the one schema or the other, and nothing lost. */
static void check_migrated(const char *path, bool done, unsigned cut_at)
{
    char *error = NULL;
    struct store *store = store_open(path, STORE_READ, &error);

    if (!store)
        fail_msg("cut off at %u: %s", cut_at, error);
    if (done)
        assert_int_equal(store->schema, STORE_SCHEMA);
    assert_int_equal(number(store, "SELECT count(*) FROM target"), 5);
    assert_true(number(store, "SELECT count(*) FROM endpoint") >= 3);
    store_close(store);
}

static void cut_migration_at_each_operation(const char *from, const char *path)
{
    unsigned cut_at, cuts = 0;
    struct disk disk;
    bool done = false;

    for (cut_at = 1; !done; cut_at++) {
        for (uint64_t chance = 1; chance <= 5; chance++) {
            copy_file(from, path); /* whose head is looked at before SQLite */
            begin(&disk, cut_at, chance);
            put_older(&disk, path, from);
            done = migrate(path);
            cuts += disk.operations > cut_at;
            reboot(&disk);
            check_migrated(path, done, cut_at);
            end(&disk);
        }
    }
    assert_true(cuts > 10);
}

static void test_migration_cut_at_each_operation(void **unused)
{
    const char *folder = getenv("TEST_TMPDIR");
    char *path = mem_format("%s/older.mxscope", folder ? folder : ".");

    (void)unused;
    cut_migration_at_each_operation("data/snapshots/schema-1.mxscope", path);
    cut_migration_at_each_operation("data/snapshots/schema-2.mxscope", path);
    unlink(path);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut_at_each_operation),
        cmocka_unit_test(test_migration_cut_at_each_operation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
