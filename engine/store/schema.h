/* The schema of a snapshot and its migrations. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>

/* Brings the schema from version `from` (0: an empty file) to `to`, within a transaction of the caller's; an
 * SQLite code. */
int schema_migrate(sqlite3 *db, int from, int to);

/* Is the file's schema just what the migrations to `version` make, no table, view, index or trigger more? An
 * SQLite code, and the answer in *same. */
int schema_check(sqlite3 *db, int version, bool *same);
