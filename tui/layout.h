/* Where things stand on a screen of a given size. Pure. */
#pragma once

#include <stdbool.h>

struct area {
    int y, x, height, width; /* height or width 0: not there */
};

enum pane_size { PANE_NONE, PANE_NORMAL, PANE_LARGE, pane_size_count };

struct layout {
    int title;   /* line of the title, -1 when there is no room; so for the next six */
    int counts;  /* verdict counts */
    int bar;     /* the same as a bar */
    int since;   /* what it is compared with; -1 when it is with nothing, too */
    int notice;  /* trouble of this place; -1 when there is none, too */
    int heading; /* column names */
    int footer;
    struct area tree;
    struct area detail;
    int rule; /* line between tree and a detail pane below it, -1 */
    int wall; /* column between tree and a detail pane beside it, -1 */
};

/* The detail pane stands beside the tree from LAYOUT_WIDE columns on, below it otherwise; too small a screen
 * leaves it out. */
#define LAYOUT_WIDE 140
enum { LAYOUT_NOTICE = 1, LAYOUT_SINCE = 2 }; /* lines that are wanted beside the others */
void layout_make(struct layout *layout, int lines, int columns, enum pane_size pane, unsigned extras);

/* Columns of a tree row; width 0: dropped. */
struct columns {
    struct area_span {
        int x, width;
    } name, verdict, versions, mail, route, reason;
};

/* Drops route, then reason, versions and mail as it gets narrow; then the verdict keeps only its glyph. */
void layout_columns(struct columns *columns, int width);
