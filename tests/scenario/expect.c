#include "tests/scenario/expect.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const columns[EXPECT_COLUMNS] = {"domain",     "class",   "requirement", "tls_domain",
                                                    "smart_host", "verdict", "reason",      "consequence",
                                                    "endpoints",  "versions"};

struct reading {
    struct expect *expect;
    struct expect_row row;
    size_t column;
    bool header_seen, wrong;
};

static void on_cell(void *cell, size_t length, void *context)
{
    struct reading *reading = context;

    if (reading->column < EXPECT_COLUMNS)
        reading->row.cells[reading->column] = mem_string_n(cell ? cell : "", length);
    else
        reading->wrong = true;
    reading->column++;
}

static void drop_row(struct expect_row *row)
{
    for (size_t i = 0; i < EXPECT_COLUMNS; i++)
        free(row->cells[i]);
    memset(row, 0, sizeof *row);
}

static bool is_header(const struct expect_row *row)
{
    for (size_t i = 0; i < EXPECT_COLUMNS; i++)
        if (strcmp(row->cells[i], columns[i]) != 0)
            return false;
    return true;
}

static void on_row(int end, void *context)
{
    struct reading *reading = context;
    struct expect *expect = reading->expect;
    bool whole = reading->column == EXPECT_COLUMNS;

    (void)end;
    reading->column = 0;
    if (whole && reading->header_seen) {
        expect->rows = mem_resize(expect->rows, expect->count + 1, sizeof *expect->rows);
        expect->rows[expect->count++] = reading->row;
        memset(&reading->row, 0, sizeof reading->row);
        return;
    }
    if (whole && is_header(&reading->row))
        reading->header_seen = true;
    else
        reading->wrong = true;
    drop_row(&reading->row);
}

static bool load(const char *path, struct buf *text)
{
    FILE *file = fopen(path, "r");
    char line[8192];

    if (!file)
        return false;
    while (fgets(line, sizeof line, file))
        if (*line != '#')
            buf_add_string(text, line);
    return fclose(file) == 0;
}

bool expect_read(const char *path, struct expect *expect)
{
    struct reading reading = {.expect = expect};
    struct csv_parser parser;
    struct buf text;
    bool good;

    memset(expect, 0, sizeof *expect);
    buf_init(&text, 0);
    csv_init(&parser, CSV_STRICT);
    good = load(path, &text) &&
           csv_parse(&parser, text.bytes, text.length, on_cell, on_row, &reading) == text.length &&
           csv_fini(&parser, on_cell, on_row, &reading) == 0 && !reading.wrong && expect->count;
    csv_free(&parser);
    buf_release(&text);
    return good;
}

void expect_release(struct expect *expect)
{
    for (size_t i = 0; i < expect->count; i++)
        drop_row(&expect->rows[i]);
    free(expect->rows);
}

char *expect_part(const char *cell, size_t index)
{
    if (strcmp(cell, "*") == 0)
        return mem_string(cell);
    for (; index && cell; index--) {
        cell = strchr(cell, ';');
        cell = cell ? cell + 1 : NULL;
    }
    return cell && *cell ? mem_string_n(cell, strcspn(cell, ";")) : NULL;
}

bool expect_match(const char *pattern, const char *text)
{
    for (; *pattern && *pattern != '*'; pattern++, text++)
        if (*pattern != *text)
            return false;
    if (!*pattern)
        return !*text;
    if (!pattern[1])
        return true;
    text += strcspn(text, "/");
    return expect_match(pattern + 1, text);
}
