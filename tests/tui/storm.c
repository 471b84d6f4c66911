#include "tests/tui/storm.h"

#include "engine/base/mem.h"
#include "tests/tui/sample.h"
#include "tests/tui/storm_audit.h"
#include "tests/tui/storm_events.h"
#include "tests/tui/storm_fresh.h"
#include "tui/actions_files.h"
#include "tui/actions_filter.h"
#include "tui/actions_find.h"
#include "tui/actions_list.h"
#include "tui/keys.h"
#include "tui/mouse.h"
#include "tui/press.h"
#include "tui/requests.h"
#include "tui/state.h"
#include "tui/view.h"

#include <curses.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LAST         24 /* keys that are told of */
#define LINES_MOST   100
#define COLUMNS_MOST 300
#define FRESH        16  /* steps between two looks at fresh rows */
#define PAINTED      4   /* one step of so many is painted */
#define LOOKED_AT    16  /* one frame of so many is read back */
#define ROWS_ALL     512 /* steps between two looks at all rows */
#define ESC_ENOUGH   8   /* presses of Esc that lead out of everything */

struct storm {
    struct screen screen;
    struct screen_options options;
    uint64_t seed, random;
    unsigned long keys, steps;
    uint32_t last[LAST];
    bool failed;
};

/* What no event may change. */
struct place {
    struct row row;
    size_t line;
    struct area tree;
};

static void __attribute__((format(printf, 2, 3))) fail(struct storm *storm, const char *format, ...)
{
    unsigned long i, from = storm->keys > LAST ? storm->keys - LAST : 0;
    char name[PRESS_NAME_SIZE];
    va_list args;

    storm->failed = true;
    fprintf(stderr, "seed %llu, step %lu, %dx%d, mode %d: ", (unsigned long long)storm->seed, storm->steps,
            LINES, COLS, (int)storm->screen.mode);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputs("\nlast keys:", stderr);
    for (i = from; i < storm->keys; i++) {
        press_name(storm->last[i % LAST], name);
        fprintf(stderr, " %s", name);
    }
    fputc('\n', stderr);
}

struct storm *storm_new(uint64_t seed)
{
    struct storm *storm = mem_alloc(sizeof *storm);
    struct screen *screen = &storm->screen;
    const struct request *requests;
    size_t count;

    storm->seed = seed;
    storm->random = seed * 0x9e3779b97f4a7c15u | 1;
    state_start(screen, sample_model(), storm_audit_new(), &storm->options);
    requests = requests_table(&count);
    keymap_init(&screen->keymap, requests, count);
    painter_init(&screen->painter, theme_find(NULL), true, seed & 1);
    if (seed & 2) { /* as with very many targets: drafts take several pieces */
        rows_draft_above(screen->rows, 3);
        screen->slice = 0;
    }
    screen->model_dirty = true;
    state_sync(screen);
    view_layout(screen);
    return storm;
}

void storm_free(struct storm *storm)
{
    struct model *model = storm->screen.model;
    char *error = NULL;

    export_ended(&storm->screen.exporting, true, &error);
    free(error);
    storm_audit_free(storm->screen.audit);
    state_finish(&storm->screen);
    model_free(model);
    free(storm);
}

unsigned long storm_keys(const struct storm *storm)
{
    return storm->keys;
}

static unsigned chance(struct storm *storm, unsigned below)
{
    return storm_random(&storm->random, below);
}

/* Events that the rows were not told of yet when a key comes. */
static void events_unseen(struct storm *storm)
{
    struct screen *screen = &storm->screen;

    if (chance(storm, 8))
        return;
    storm_event(screen->model, &storm->random, storm_audit_wanted(screen->audit));
    screen->model_dirty = true;
}

/* As the loop does it. */
static void settle(struct storm *storm)
{
    struct screen *screen = &storm->screen;

    events_unseen(storm);
    if (chance(storm, 14) == 0)
        while (find_busy(screen))
            find_go_on(screen);
    else if (chance(storm, 3) == 0)
        filter_go_on(screen, 9);
    if (list_busy(screen) && chance(storm, 2))
        list_go_on(screen);
    if (export_running(&screen->exporting))
        files_export_ended(screen);
    state_sync(screen);
    view_layout(screen);
    screen->quit = screen->suspend = screen->redraw = false;
}

static void check_cursor(struct storm *storm)
{
    const struct screen *screen = &storm->screen;
    const struct cursor *cursor = &screen->cursor;
    struct row row = rows_at(screen->rows, cursor->index);

    if (!rows_count(screen->rows)) {
        if (cursor->row.kind != ROW_NONE)
            fail(storm, "a row is selected where there is none");
        return;
    }
    if (row.kind == ROW_NONE || !row_equal(&row, &cursor->row))
        fail(storm, "the selected row is not where the cursor says");
    if (cursor->line >= state_tree_height(screen) || cursor->top + cursor->line != cursor->index)
        fail(storm, "the selected row is outside the pane");
}

static void check_row(struct storm *storm, size_t index)
{
    struct row row = rows_at(storm->screen.rows, index), found = row;
    size_t at = 0;

    if (row.kind == ROW_NONE)
        fail(storm, "no row at %zu of %zu", index, rows_count(storm->screen.rows));
    else if (!rows_locate(storm->screen.rows, &found, &at) || at != index || !row_equal(&found, &row))
        fail(storm, "row %zu (kind %d) is found at %zu", index, (int)row.kind, at);
}

/* Every row, and what the groups count, which is all that there is when nothing is hidden. */
static void check_all_rows(struct storm *storm)
{
    const struct rows *rows = storm->screen.rows;
    unsigned sums[verdict_count] = {0}, v;
    size_t count = rows_count(rows), i;

    for (i = 0; i < count && !storm->failed; i++) {
        struct row row = rows_at(rows, i);

        check_row(storm, i);
        for (v = 0; row.kind == ROW_GROUP && v < verdict_count; v++)
            sums[v] += rows_verdicts(rows, row.group)[v];
    }
    for (v = 0; !storm->failed && !storm->screen.filter && v < verdict_count; v++)
        if (sums[v] != rows_all_verdicts(rows)[v])
            fail(storm, "%s: the groups count %u, all rows %u", verdict_name((enum verdict)v), sums[v],
                 rows_all_verdicts(rows)[v]);
}

static void check_rows(struct storm *storm)
{
    size_t count = rows_count(storm->screen.rows), i;

    if (rows_at(storm->screen.rows, count).kind != ROW_NONE)
        fail(storm, "a row behind the last");
    if (storm->steps % ROWS_ALL == 0)
        check_all_rows(storm);
    else
        for (i = 0; i < 3 && count && !storm->failed; i++)
            check_row(storm, chance(storm, (unsigned)count));
}

static void check_counts(struct storm *storm)
{
    const struct rows *rows = storm->screen.rows;
    struct model_counts counts;
    unsigned class, v;

    model_counts(storm->screen.model, &counts);
    for (v = 0; v < verdict_count; v++) {
        unsigned sum = 0;

        for (class = 0; class < target_class_count; class ++)
            sum += counts.verdicts[class][v];
        if (rows_all_verdicts(rows)[v] != sum)
            fail(storm, "%s: the rows count %u, the model %u", verdict_name((enum verdict)v),
                 rows_all_verdicts(rows)[v], sum);
    }
    if (rows_targets(rows) != counts.targets)
        fail(storm, "the rows count %zu targets, the model %u", rows_targets(rows), counts.targets);
    if (rows_shown(rows) > rows_targets(rows) || rows_tagged(rows) > rows_targets(rows))
        fail(storm, "more targets are shown or tagged than there are");
}

static void check_area(struct storm *storm, const struct area *area, const char *name)
{
    if (area->height && area->width &&
        (area->y < 0 || area->x < 0 || area->y + area->height > LINES || area->x + area->width > COLS))
        fail(storm, "the %s is larger than the screen", name);
}

static void check_text(struct storm *storm)
{
    char *text = view_text(), *c;
    int lines = 0;

    for (c = text; *c; c++) {
        lines += *c == '\n';
        if (((unsigned char)*c < 0x20 && *c != '\n') || *c == 0x7f)
            fail(storm, "byte %02x is on the screen", (unsigned char)*c);
    }
    if (lines != LINES)
        fail(storm, "%d lines on a screen of %d", lines, LINES);
    free(text);
}

static void paint_some(struct storm *storm)
{
    if (storm->steps % PAINTED)
        return;
    view_paint(&storm->screen);
    storm->screen.dirty = false;
    if (storm->steps / PAINTED % LOOKED_AT == 0)
        check_text(storm);
}

/* Whatever rows went through, they are as if made just now. */
static void check_fresh(struct storm *storm)
{
    char *error;

    if (rows_busy(storm->screen.rows) || storm->screen.model_dirty || storm->steps % FRESH)
        return;
    error = storm_fresh(&storm->screen);
    if (error)
        fail(storm, "%s", error);
    free(error);
}

static void check(struct storm *storm)
{
    check_fresh(storm);
    check_cursor(storm);
    check_rows(storm);
    check_counts(storm);
    check_area(storm, &storm->screen.layout.tree, "tree");
    check_area(storm, &storm->screen.layout.detail, "detail pane");
}

static void press(struct storm *storm, uint32_t key)
{
    events_unseen(storm);
    storm->last[storm->keys++ % LAST] = key;
    view_layout(&storm->screen);
    keys_press(&storm->screen, key);
}

static uint32_t key_of_table(struct storm *storm)
{
    const struct keymap *keymap = &storm->screen.keymap;

    return keymap->bindings[chance(storm, (unsigned)keymap->count)].key;
}

static uint32_t any_key(struct storm *storm)
{
    static const uint32_t odd[] = {
        PRESS_ENTER, PRESS_ENTER, PRESS_ESC, PRESS_TAB,    PRESS_BACKSPACE, PRESS_DELETE, PRESS_BACK_TAB,
        PRESS_OTHER, 0x80,        0xd800,    0x10ffff,     0x200d,          0x65e5,       1,
        'y',         'n',         ' ',       CONTROL('w'), CONTROL('k'),    CONTROL('a'), CONTROL('e')};

    if (chance(storm, 4) == 0)
        return odd[chance(storm, sizeof odd / sizeof odd[0])];
    if (chance(storm, 6) == 0)
        return 0x20 + chance(storm, 0x5f);
    return key_of_table(storm);
}

/* Text that a prompt understands, most often; never a path that leads away from here. */
static void type(struct storm *storm)
{
    static const char *const texts[] = {"domain1",
                                        "mx",
                                        "verdict:not-ready",
                                        "verdict:",
                                        "class:partner ",
                                        "!",
                                        "tls<1.2",
                                        "cert<30d",
                                        "operator:mx",
                                        "connector:group",
                                        "note:a",
                                        "\"",
                                        "192.0.2",
                                        "zzz",
                                        "Domain",
                                        "new.example",
                                        "smtp://mx.example:25",
                                        "e",
                                        " ",
                                        "consequence:s",
                                        "storm.json",
                                        "tls1.3"};
    const char *text = texts[chance(storm, sizeof texts / sizeof texts[0])];

    for (; *text && storm->screen.mode == MODE_PROMPT; text++) {
        press(storm, (uint32_t)*text);
        settle(storm);
    }
    if (chance(storm, 2))
        press(storm, chance(storm, 4) ? PRESS_ENTER : PRESS_ESC);
}

static void press_some(struct storm *storm)
{
    uint32_t key;

    if (storm->screen.mode == MODE_PROMPT && chance(storm, 2)) {
        type(storm);
        return;
    }
    key = any_key(storm);
    if (key != '/' || storm->screen.mode != MODE_PROMPT)
        press(storm, key);
}

static void paste(struct storm *storm)
{
    static const char *const texts[] = {"a.example\nb.example\n",
                                        "domain1.example partner",
                                        "\033[2J\n\x01\x02\n",
                                        "domain,class\nx.example,partner\n",
                                        "",
                                        "\n\n\n",
                                        "[{\"Name\": ["};
    const char *text = texts[chance(storm, sizeof texts / sizeof texts[0])];

    events_unseen(storm);
    view_layout(&storm->screen);
    if (chance(storm, 10))
        keys_paste(&storm->screen, (const uint8_t *)text, strlen(text));
    else
        keys_refuse_paste(&storm->screen, "too large");
}

/* Clicks and the wheel anywhere, outside of the screen too. */
static void point(struct storm *storm)
{
    static const unsigned buttons[] = {0, 0, 0, 64, 65, 1, 2, 4, 35, 66};
    struct report_mouse mouse = {.button = buttons[chance(storm, sizeof buttons / sizeof *buttons)],
                                 .column = chance(storm, (unsigned)COLS + 3),
                                 .line = chance(storm, (unsigned)LINES + 3),
                                 .released = chance(storm, 4) == 0};

    if (chance(storm, 50) == 0)
        mouse.column = mouse.line = REPORT_NUMBER_MOST;
    events_unseen(storm);
    view_layout(&storm->screen);
    mouse_take(&storm->screen, &mouse);
}

static void resize(struct storm *storm)
{
    int lines = 1 + (int)chance(storm, LINES_MOST), columns = 1 + (int)chance(storm, COLUMNS_MOST);

    if (chance(storm, 3) == 0)
        lines = 1 + (int)chance(storm, 12);
    if (chance(storm, 3) == 0)
        columns = 1 + (int)chance(storm, 30);
    resizeterm(lines, columns);
}

static bool same_area(const struct area *a, const struct area *b)
{
    return a->y == b->y && a->height == b->height && a->width == b->width;
}

/* The chosen line, or as near as rows and pane allow with no line left empty while rows are hidden above. */
static size_t expected_line(const struct storm *storm, size_t wanted, size_t index)
{
    size_t height = state_tree_height(&storm->screen), count = rows_count(storm->screen.rows);
    size_t most = wanted < height ? wanted : height - 1;

    if (count <= height)
        return index;
    if (index - most + height > count && index >= most)
        most = index + height - count;
    return most < index ? most : index;
}

/* The selected row stays, and stays on its line as far as there are rows for it. */
static void check_place(struct storm *storm, const struct place *before)
{
    const struct cursor *cursor = &storm->screen.cursor;
    struct row row = before->row;
    size_t index = 0, line;

    if (!rows_locate(storm->screen.rows, &row, &index) || !row_equal(&row, &before->row) || !cursor->anchored)
        return;
    line = expected_line(storm, before->line, index);
    if (!row_equal(&cursor->row, &before->row))
        fail(storm, "events selected another row");
    else if (same_area(&before->tree, &storm->screen.layout.tree) && cursor->line != line)
        fail(storm, "events moved the selected row from line %zu to %zu", before->line, cursor->line);
}

static void events(struct storm *storm)
{
    struct screen *screen = &storm->screen;
    struct place before = {screen->cursor.row, screen->cursor.wanted, screen->layout.tree};
    unsigned count = 1 + chance(storm, 6);
    bool filtering = rows_busy(screen->rows);

    while (count--)
        storm_event(screen->model, &storm->random, storm_audit_wanted(screen->audit));
    screen->model_dirty = true;
    state_sync(screen);
    view_layout(screen);
    if (!filtering)
        check_place(storm, &before);
}

static void back_out(struct storm *storm)
{
    int presses;

    for (presses = 0; presses < ESC_ENOUGH; presses++) {
        press(storm, storm->screen.mode == MODE_CONFIRM ? 'n' : PRESS_ESC);
        settle(storm);
    }
    if (storm->screen.mode != MODE_TREE)
        fail(storm, "Esc does not lead back to the tree");
}

bool storm_step(struct storm *storm)
{
    unsigned what = chance(storm, 1000);

    storm->steps++;
    if (what < 850)
        press_some(storm);
    else if (what < 880)
        point(storm);
    else if (what < 970)
        events(storm);
    else if (what < 980)
        paste(storm);
    else if (what < 996)
        resize(storm);
    else
        back_out(storm);
    settle(storm);
    if (!storm->failed)
        check(storm);
    if (!storm->failed)
        paint_some(storm);
    return !storm->failed;
}
