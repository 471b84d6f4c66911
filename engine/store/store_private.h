/* What the units of the store share. */
#pragma once

#include "engine/store/pack.h"
#include "engine/store/store.h"
#include "engine/store/vocabulary.h"

#include <sqlite3.h>
#include <sys/queue.h>
#include <sys/stat.h>

/* All tables have the same columns: id, name for people who look with other tools, content. */
enum table { TABLE_SESSION, TABLE_NOTE, TABLE_TARGET, TABLE_HOST, TABLE_ENDPOINT, TABLE_HISTORY, TABLES };

/* Rows of TABLE_SESSION. */
enum { ROW_SESSION = 1, ROW_BASELINE, ROW_PREFLIGHT };

/* Which row a node of the model has. */
struct store_rows {
    uint32_t *row;     /* by the model's id; 0: none yet; owned */
    uint32_t *written; /* by the same: rows of a target's history; owned */
    size_t count;
    uint32_t last[TABLES]; /* the highest row in use */
};

/* By what a file is known again, and that it was not changed. */
struct store_mark {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec written;
    uint32_t changes; /* as SQLite counts them */
    bool taken;
};

struct store {
    sqlite3 *db; /* NULL: it rests */
    char *path;  /* absolute */
    int claim;   /* holds the lock; -1 */
    bool writes;
    int schema;             /* the file's */
    bool made;              /* the file was made by this open */
    bool empty;             /* no session is in it */
    struct store_mark mark; /* of the file as it was read */
    struct vocabulary words;
    struct store_rows rows;    /* filled by store_load */
    sqlite3_stmt *put[TABLES]; /* made when first needed */
};

/* One row to write. */
struct store_item {
    enum table table;
    uint32_t row;
    char *name;         /* owned */
    struct buf content; /* owned, sealed */
    STAILQ_ENTRY(store_item) link;
};
STAILQ_HEAD(store_items, store_item);

const char *store_table_name(enum table table);

/* The sentence for what SQLite just said of the store. */
char *store_sentence(const struct store *store, int code);

/* Marks the file as it is; within a transaction, so that nobody changes it meanwhile. */
void store_mark_take(struct store *store);

/* Brings the file up to date, in one transaction: its schema, and words that this program has and the file
 * has not. False and *error when that failed: then it is as it was. */
bool store_update(struct store *store, char **error);

/* The row of a node; a new one is given when it has none. */
uint32_t store_row_of(struct store_rows *rows, enum table table, uint32_t id);
void store_set_row(struct store_rows *rows, enum table table, uint32_t id, uint32_t row);

/* Appends the rows that say what the node `id` is now (0: what belongs to none); none where nothing is known
 * of it. Returns the bytes added. */
size_t store_collect(struct store *store, const struct model *model, uint32_t id, struct store_items *items);
/* What targets had in their history when they were read and the file had not: it began with that. */
size_t store_collect_history(struct store *store, const struct model *model, struct store_items *items);
size_t store_collect_session(const struct store_session *session, struct store_items *items);
void store_items_release(struct store_items *items);

/* Writes all items in one transaction. False and *error when that failed: then nothing was written. */
bool store_write(struct store *store, const struct store_items *items, char **error);
