/* The session that is shown, held against an earlier one: what changed, as lines for a page. */
#pragma once

#include "engine/model/model.h"
#include "tui/page.h"
#include "tui/theme.h"

#include <stdbool.h>
#include <stddef.h>

struct against_line {
    int column;
    enum style style;
    char *text;   /* owned */
    bool heading; /* an empty line goes before */
};

/* A zeroed one holds nothing. */
struct against {
    char *path;                 /* of the earlier snapshot; owned; NULL: nothing was compared yet */
    char *title;                /* "Compared with old.mxscope of 2026-11-23: 2 regressed, …"; owned */
    struct against_line *lines; /* owned */
    size_t count;
    struct page page; /* of the lines, at `page.width` */
};

/* Reads the snapshot and compares; targets of `model` get its verdicts as their former ones, where both
 * sides know one. What was compared before is replaced. False and *error when the file can't be read: then
 * nothing changed. It takes as long as reading the file does. */
bool against_read(struct against *against, struct model *model, const char *path, char **error);
void against_release(struct against *against);

/* Adds the lines to a page. */
void against_page_build(struct page *page, const struct against *against);

/* The page at that width; as long as `against` does not change. */
const struct page *against_page(struct against *against, int width, bool ascii);
