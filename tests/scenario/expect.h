/* data/lab/expect.csv as rows: what an audit of each domain in the lab must find. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum expect_column {
    EXPECT_DOMAIN,
    EXPECT_CLASS,
    EXPECT_REQUIREMENT,
    EXPECT_TLS_DOMAIN,
    EXPECT_SMART_HOST,
    EXPECT_VERDICT,
    EXPECT_REASON,
    EXPECT_CONSEQUENCE,
    EXPECT_ENDPOINTS, /* ADDRESS=VERDICT/REASON/ERROR, parted by ';' */
    EXPECT_VERSIONS,  /* NAME=STATE NAME=STATE …, parted by ';' in the same order */
    EXPECT_COLUMNS,
};

struct expect_row {
    char *cells[EXPECT_COLUMNS];
};

struct expect {
    struct expect_row *rows;
    size_t count;
};

/* False when the file can't be read or has other columns. */
bool expect_read(const char *path, struct expect *expect);
void expect_release(struct expect *expect);

/* The `index`th part of a cell whose parts end in ';'; "*" for all of them when the cell is "*". The caller
 * frees; NULL when there is no such part. */
char *expect_part(const char *cell, size_t index);

/* Does `text` stand where `pattern` is expected? '*' in the pattern stands for anything up to the next '/'.
 */
bool expect_match(const char *pattern, const char *text);
