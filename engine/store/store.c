#include "engine/store/store_private.h"

#include "engine/base/mem.h"
#include "engine/store/claim.h"
#include "engine/store/schema.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUSY_MS      10000
#define AT_CHANGES   24         /* of the file: sqlite.org/fileformat2.html, section 1.3 */
#define LENGTH_MOST  (64 << 20) /* bytes of one row */
#define MODE_ALL     0666
#define MODE_PRIVATE 0600

const char *store_table_name(enum table table)
{
    static const char *const names[] = {"session", "note", "target", "host", "endpoint", "history"};

    return names[table];
}

static const char *why(int code)
{
    switch (code & 0xff) {
    case SQLITE_NOTADB:
        return "is no mxscope snapshot";
    case SQLITE_CORRUPT:
        return "is damaged";
    case SQLITE_FULL:
        return "there is no room left on the disk";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
        return "no permission to write it, or beside it";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "another process holds it";
    default:
        return NULL;
    }
}

char *store_sentence(const struct store *store, int code)
{
    int system = store->db ? sqlite3_system_errno(store->db) : 0;
    const char *said = why(code);

    if ((code & 0xff) == SQLITE_CANTOPEN && (system == EMFILE || system == ENFILE))
        said = NULL;
    if (!said && system == ENOSPC)
        said = why(SQLITE_FULL);
    if (!said && system)
        return mem_format("%s: %s", store->path, strerror(system));
    return mem_format("%s: %s", store->path, said ? said : sqlite3_errstr(code));
}

static bool fail(const struct store *store, int code, char **error)
{
    *error = store_sentence(store, code);
    return false;
}

static bool damaged(const struct store *store, const char *what, char **error)
{
    *error = mem_format("%s: is damaged: %s", store->path, what);
    return false;
}

/* Nothing in the file acts by itself, and what it holds is bounded. */
static int configure(struct store *store)
{
    static const char pragmas[] = "PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF; PRAGMA mmap_size=0;"
                                  "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;";
    sqlite3 *db = store->db;

    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, BUSY_MS);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, LENGTH_MOST);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return sqlite3_exec(db, pragmas, NULL, NULL, NULL);
}

static int set_journal(struct store *store)
{
    return sqlite3_exec(store->db, "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;", NULL, NULL, NULL);
}

static int number_of(struct store *store, const char *pragma, int *number)
{
    sqlite3_stmt *row = NULL;
    int code = sqlite3_prepare_v2(store->db, pragma, -1, &row, NULL);

    if (!code)
        code = sqlite3_step(row) == SQLITE_ROW ? SQLITE_OK : sqlite3_errcode(store->db);
    *number = code ? 0 : sqlite3_column_int(row, 0);
    sqlite3_finalize(row);
    return code;
}

static int open_database(struct store *store, int flags)
{
    int code = sqlite3_open_v2(store->path, &store->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    int pages;

    if (!code)
        code = configure(store);
    return code ? code : number_of(store, "PRAGMA page_count", &pages);
}

static void close_database(struct store *store)
{
    for (int i = 0; i < TABLES; i++) {
        sqlite3_finalize(store->put[i]);
        store->put[i] = NULL;
    }
    sqlite3_close(store->db);
    store->db = NULL;
}

/* A commit that was cut off is taken back by who may write; then it can be read. */
static bool open_to_read(struct store *store, char **error)
{
    int code = open_database(store, SQLITE_OPEN_READONLY);

    if (code == SQLITE_READONLY_ROLLBACK || code == SQLITE_READONLY_RECOVERY) {
        close_database(store);
        code = open_database(store, SQLITE_OPEN_READWRITE);
        close_database(store);
        if (code) {
            *error = mem_format("%s: was cut off while it was written, and must be opened once where it may "
                                "be written",
                                store->path);
            return false;
        }
        code = open_database(store, SQLITE_OPEN_READONLY);
    }
    return code ? fail(store, code, error) : true;
}

static bool open_to_write(struct store *store, char **error)
{
    int code = open_database(store, SQLITE_OPEN_READWRITE);

    if (!code)
        code = set_journal(store);
    return code ? fail(store, code, error) : true;
}

static int grow_words(struct store *store)
{
    const char *kind, *name;
    uint8_t number;
    sqlite3_stmt *put = NULL;
    int code = sqlite3_prepare_v2(store->db, "INSERT INTO word VALUES(?,?,?)", -1, &put, NULL);

    while (!code && vocabulary_grow(&store->words, &kind, &number, &name)) {
        sqlite3_bind_text(put, 1, kind, -1, SQLITE_STATIC);
        sqlite3_bind_int(put, 2, number);
        sqlite3_bind_text(put, 3, name, -1, SQLITE_STATIC);
        code = sqlite3_step(put);
        code = code == SQLITE_DONE ? sqlite3_reset(put) : code;
    }
    sqlite3_finalize(put);
    return code;
}

static bool read_words(struct store *store, char **error)
{
    sqlite3_stmt *row = NULL;
    int code = sqlite3_prepare_v2(store->db, "SELECT kind, code, name FROM word", -1, &row, NULL);
    bool sound = true;

    while (!code && sound && (code = sqlite3_step(row)) == SQLITE_ROW) {
        const char *kind = (const char *)sqlite3_column_text(row, 0);
        const char *name = (const char *)sqlite3_column_text(row, 2);

        sound = kind && name && vocabulary_learn(&store->words, kind, sqlite3_column_int64(row, 1), name);
        code = SQLITE_OK;
    }
    sqlite3_finalize(row);
    if (!sound)
        return damaged(store, "its list of words", error);
    return code == SQLITE_DONE ? true : fail(store, code, error);
}

bool store_update(struct store *store, char **error)
{
    int code = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

    if (!code && store->schema < STORE_SCHEMA)
        code = schema_migrate(store->db, store->schema, STORE_SCHEMA);
    if (!code)
        code = grow_words(store);
    if (!code)
        code = sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
    if (!code) {
        store->schema = STORE_SCHEMA;
        return true;
    }
    fail(store, code, error);
    sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

static bool check_pages(struct store *store, char **error)
{
    sqlite3_stmt *row = NULL;
    int code = sqlite3_prepare_v2(store->db, "PRAGMA quick_check(1)", -1, &row, NULL);
    const char *said;
    bool sound = false;

    if (!code && sqlite3_step(row) == SQLITE_ROW) {
        said = (const char *)sqlite3_column_text(row, 0);
        sound = said && strcmp(said, "ok") == 0;
    } else {
        code = sqlite3_errcode(store->db);
    }
    sqlite3_finalize(row);
    if (sound)
        return true;
    return code && code != SQLITE_ROW ? fail(store, code, error) : damaged(store, "its pages", error);
}

static bool check_schema(struct store *store, int version, char **error)
{
    bool same = false;
    int code = schema_check(store->db, version, &same);

    if (code)
        return fail(store, code, error);
    return same || damaged(store, "its tables are not those of a snapshot", error);
}

/* By now the head of the file said that it is ours; what SQLite reads may differ when a commit was taken
 * back. */
static bool look_inside(struct store *store, char **error)
{
    int version = 0, pages = 0, sessions = 0, code = number_of(store, "PRAGMA page_count", &pages);

    if (!code)
        code = number_of(store, "PRAGMA user_version", &version);
    if (code)
        return fail(store, code, error);
    store->empty = true;
    store->schema = version;
    if (!pages)
        return store->writes ? store_update(store, error) : damaged(store, "it is empty", error);
    if (version < 1 || version > STORE_SCHEMA)
        return damaged(store, "its schema has no version", error);
    if (!check_pages(store, error) || !check_schema(store, version, error) || !read_words(store, error))
        return false;
    code = number_of(store, "SELECT count(*) FROM session", &sessions);
    store->empty = !sessions;
    if (code)
        return fail(store, code, error);
    return !store->writes || !store->empty || store_update(store, error);
}

/* A journal must have its place, which SQLite would miss only at the first commit. */
static bool check_folder(const struct store *store, char **error)
{
    const char *slash = strrchr(store->path, '/');
    char *folder = slash ? mem_string_n(store->path, (size_t)(slash - store->path) + 1) : mem_string(".");
    bool ok = access(folder, W_OK | X_OK) == 0;

    free(folder);
    return ok || fail(store, SQLITE_READONLY, error);
}

static bool open_all(struct store *store, const char *path, enum store_mode mode, char **error)
{
    char *real;

    if (store->writes) {
        store->claim = claim_file(path, mode == STORE_PRIVATE ? MODE_PRIVATE : MODE_ALL, &store->made, error);
        if (store->claim < 0 || !claim_check(store->claim, path, error))
            return false;
    } else if (!claim_look(path, error)) {
        return false;
    }
    real = realpath(path, NULL);
    if (real) {
        free(store->path);
        store->path = real;
    }
    if (store->writes && !check_folder(store, error))
        return false;
    if (!(store->writes ? open_to_write(store, error) : open_to_read(store, error)))
        return false;
    return look_inside(store, error);
}

struct store *store_open(const char *path, enum store_mode mode, char **error)
{
    struct store *store = mem_alloc(sizeof *store);

    store->path = mem_string(path);
    store->claim = -1;
    store->writes = mode != STORE_READ;
    vocabulary_init(&store->words);
    if (open_all(store, path, mode, error))
        return store;
    store_discard(store);
    return NULL;
}

static int read_changes(struct store *store, uint32_t *changes)
{
    uint8_t bytes[4] = {0};
    struct reader in = reader_of(bytes, sizeof bytes);
    sqlite3_file *file = NULL;
    int code = sqlite3_file_control(store->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);

    if (!code)
        code = file->pMethods->xRead(file, bytes, sizeof bytes, AT_CHANGES);
    *changes = code ? 0 : reader_u32(&in);
    return code;
}

static bool is_moved(struct store *store)
{
    int moved = 0;

    return sqlite3_file_control(store->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) || moved;
}

void store_mark_take(struct store *store)
{
    struct store_mark *mark = &store->mark;
    struct stat about;

    mark->taken = stat(store->path, &about) == 0 && !is_moved(store) && !read_changes(store, &mark->changes);
    if (!mark->taken)
        return;
    mark->device = about.st_dev;
    mark->inode = about.st_ino;
    mark->size = about.st_size;
    mark->written = about.st_mtim;
}

static bool is_same_file(const struct store_mark *mark, const struct stat *about)
{
    return mark->taken && mark->device == about->st_dev && mark->inode == about->st_ino;
}

/* Before SQLite opens it, which may take back what another process left half done. */
static bool is_as_marked(const struct store *store, const struct store_mark *mark)
{
    struct stat about;

    return fstat(store->claim, &about) == 0 && is_same_file(mark, &about) && about.st_size == mark->size &&
           about.st_mtim.tv_sec == mark->written.tv_sec && about.st_mtim.tv_nsec == mark->written.tv_nsec;
}

static bool changed(const struct store *store, char **error)
{
    *error = mem_format("%s: was changed since it was opened; keep this session in another file, and mxscope "
                        "merge joins the two",
                        store->path);
    return false;
}

static bool open_marked(struct store *store, const struct store_mark *mark, char **error)
{
    uint32_t changes;

    store->claim = claim_again(store->path, error);
    if (store->claim < 0)
        return false;
    if (!is_as_marked(store, mark))
        return changed(store, error);
    if (!check_folder(store, error) || !open_to_write(store, error))
        return false;
    if (read_changes(store, &changes) || changes != mark->changes)
        return changed(store, error);
    return true;
}

/* What was tried and taken back left the file as it was, but for its time. */
static bool update_marked(struct store *store, struct store_mark *mark, char **error)
{
    if (store_update(store, error))
        return true;
    store_mark_take(store);
    if (store->mark.taken && store->mark.size == mark->size && store->mark.changes == mark->changes)
        mark->written = store->mark.written;
    return false;
}

void store_rest(struct store *store)
{
    close_database(store);
}

struct store *store_open_again(struct store *rested, char **error)
{
    struct store *store = mem_alloc(sizeof *store);

    store->path = mem_string(rested->path);
    store->claim = -1;
    store->writes = true;
    store->schema = rested->schema;
    store->words = rested->words;
    if (!open_marked(store, &rested->mark, error) || !update_marked(store, &rested->mark, error)) {
        store_close(store);
        return NULL;
    }
    store->rows = rested->rows;
    rested->rows = (struct store_rows){0};
    store_close(rested);
    return store;
}

bool store_is_at(const struct store *rested, const char *path)
{
    char *real = realpath(path, NULL);
    struct stat about;
    bool same = real && (strcmp(real, rested->path) == 0 ||
                         (stat(path, &about) == 0 && is_same_file(&rested->mark, &about)));

    free(real);
    return same;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    close_database(store);
    if (store->claim >= 0)
        close(store->claim);
    free(store->rows.row);
    free(store->rows.written);
    free(store->path);
    free(store);
}

void store_discard(struct store *store)
{
    if (!store)
        return;
    close_database(store);
    if (store->made)
        unlink(store->path);
    store_close(store);
}

bool store_is_new(const struct store *store)
{
    return store->empty;
}

const char *store_path(const struct store *store)
{
    return store->path;
}

void store_session_release(struct store_session *session)
{
    free(session->generator);
    free(session->vantage);
    free(session->options);
    memset(session, 0, sizeof *session);
}
