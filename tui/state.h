/* What the screen knows at a moment: shared by its actions, its painting and its loop, and by nothing else.
 */
#pragma once

#include "engine/audit/audit.h"
#include "engine/base/map.h"
#include "engine/model/model.h"
#include "tui/against.h"
#include "tui/candidates.h"
#include "tui/cursor.h"
#include "tui/export_job.h"
#include "tui/filter.h"
#include "tui/keymap.h"
#include "tui/history.h"
#include "tui/inquiry.h"
#include "tui/finder.h"
#include "tui/form.h"
#include "tui/layout.h"
#include "tui/listing.h"
#include "tui/menu.h"
#include "tui/online.h"
#include "tui/pace.h"
#include "tui/page.h"
#include "tui/painter.h"
#include "tui/pasted.h"
#include "tui/progress.h"
#include "tui/prompt.h"
#include "tui/request.h"
#include "tui/rows.h"
#include "tui/screen.h"
#include "tui/undo.h"

#include <stdbool.h>
#include <stddef.h>

enum mode {
    MODE_TREE,
    MODE_PROMPT,
    MODE_MENU,
    MODE_CONFIRM,
    MODE_PREFLIGHT,
    MODE_NOTES,
    MODE_PASTED,
    MODE_FORM
};
enum asking {
    ASK_SEARCH,
    ASK_FILTER,
    ASK_ADD,
    ASK_BASELINE,
    ASK_IMPORT,
    ASK_EXPORT,
    ASK_SAVE,
    ASK_AGAINST,
    ASK_CHANGES
};

/* What an export holds: everything, what the filter shows, what is tagged; or what changed since the session
 * that is compared with. */
enum export_extent { EXPORT_ALL, EXPORT_SHOWN, EXPORT_TAGGED, EXPORT_CHANGES, export_extent_count };

struct search {
    char *needle;                       /* owned; NULL before the first */
    char *typed;                        /* owned; what the prompt looks for, or looked for last; NULL */
    struct finder_walk walk;            /* runs while a large tree is looked through */
    bool stepping;                      /* `walk` is for the next hit of `needle`, not for the prompt */
    struct cursor before;               /* where Esc goes back to */
    struct row opened_for;              /* the present hit */
    struct row opened_rows[ROWS_ABOVE]; /* what was unfolded for it */
    unsigned opened;                    /* how many those are */
    bool missed;                        /* nothing holds the needle */
};

/* Going back through earlier texts of a prompt. */
struct recall {
    size_t back; /* steps; 0: at what is typed now */
    char *typed; /* that, while an earlier one is in the prompt; owned; NULL */
};

/* A filter that the rows were asked for, until they follow it. */
struct filter_change {
    struct filter *filter; /* owned; NULL: all is to be shown */
    char *text;            /* owned; NULL without a filter */
    bool under_way;
    bool returns; /* the prompt asked: then the row from before it is selected again */
};

struct detail_pane {
    enum pane_size size;
    bool focused;
    struct page page; /* of `row` at `page.width` */
    struct row row;
    bool stale; /* the model changed since */
    size_t scroll;
};

#define MENTIONS_MOST 8

struct screen {
    struct model *model;
    struct audit *audit;   /* NULL: offline */
    struct audit *waiting; /* to be `audit` once all was read; NULL */
    const struct screen_options *options;
    struct online online; /* what the engine does not know of a session that was only looked at */
    void (*then)(struct screen *screen); /* what is done once that is online */
    struct keeping *kept; /* where the session is kept; borrowed; NULL: that is none of the screen's */
    char *saved;          /* until when it is saved, for people; owned; NULL before that is known */
    bool not_saved;       /* and what came since can't be written now */
    struct keymap keymap;

    struct rows *rows;
    struct cursor cursor;
    struct painter painter;
    struct layout layout;
    enum mode mode;

    enum asking asking; /* MODE_PROMPT */
    struct prompt prompt;
    char *prompt_error; /* owned; NULL */
    struct candidates candidates;
    struct history history;
    struct recall recall;
    struct menu menu;          /* MODE_MENU */
    size_t page_scroll;        /* MODE_PREFLIGHT, MODE_NOTES */
    struct against against;    /* what is compared with */
    const char *against_asked; /* by the command line, not begun yet; NULL */
    struct listing listing;    /* a list on its way to be `pasted` */
    struct pasted pasted;      /* MODE_PASTED; the last list */
    size_t pasted_scroll;
    bool besides;      /* ASK_IMPORT: a file to be read with those before */
    bool pasted_again; /* another paste came before the answer */
    int64_t began;     /* seconds since 1970 */
    struct export_job exporting;
    enum export_extent extent; /* ASK_EXPORT: how much of the tree */
    char *exported;            /* in words, what `exporting` holds; owned; NULL */
    char *export_path;         /* that an answer is waited for; owned; NULL */
    char *question;            /* MODE_CONFIRM; owned; NULL before the first */
    bool only_yes;             /* nothing but y means yes to it */
    void (*confirmed)(struct screen *screen);

    struct form form; /* MODE_FORM */
    uint32_t noted;   /* MODE_FORM: the target's id, wherever the cursor goes meanwhile; 0: the tagged */
    char *form_title; /* what it is for; owned; NULL */
    struct undo undo;
    char *baseline_name;    /* of the one that was chosen here; owned; NULL */
    struct inquiry inquiry; /* who falls short by that */

    struct search search;
    struct filter *filter; /* NULL: all is shown */
    char *filter_text;     /* owned; NULL */
    struct filter_change filter_change;
    unsigned
        slice; /* milliseconds that a key waits for what may take long; the rest comes behind the frame */
    struct row walked_to; /* by e or E: a tag there leads to no other row */
    bool keeps_selected;  /* when the rows are as asked for, the selected one is to be seen */
    char *filter_before;  /* owned; what Esc in the filter prompt goes back to; NULL */
    struct detail_pane detail;
    struct work work;
    struct pace pace; /* in steps: judged and done */
    bool paused;      /* asked of the engine, which follows a moment later */

    char *message; /* owned; NULL; until the next key */
    enum style message_style;
    bool message_asked; /* it says that `asked` is probed again */
    uint32_t asked;     /* id of the target that was last asked for anew, until it is judged; 0: none */
    bool message_brief; /* it keeps to one line and leaves room for keys */
    struct mention {
        char *text;
        enum style style;
    } mentions[MENTIONS_MOST]; /* in line behind the message, the first first; texts owned */
    size_t mention_count;

    struct map former; /* target id in decimal → requirement + 1 that it had as a partner */

    bool dirty; /* something to paint */
    bool model_dirty;
    bool suspend, redraw; /* asked of the loop */
    bool mouse;           /* wanted */
    char *copy;           /* asked of the loop: for the clipboard; owned; NULL */
    char *reading;        /* asked of the loop: for the pager; owned; NULL */
    bool headless;        /* there is no terminal to give to others */
    bool quit;
    int exit_code;
};

/* Fills a zeroed screen, but for its requests and its painter. All that is given is borrowed; `audit` may be
 * NULL. */
void state_start(struct screen *screen, struct model *model, struct audit *audit,
                 const struct screen_options *options);
void state_finish(struct screen *screen);

/* Opens the prompt with `text` in it. */
void state_ask(struct screen *screen, enum asking asking, const char *text);

/* Says something in the footer until the next key. The format may name requests in braces for their keys, as
 * in
 * "{undo} brings it back" (keymap_expand). */
void state_say(struct screen *screen, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for what did not come of a key: cut rather than shown over several lines, with keys beside it.
 * Behind a warning that nobody has read it waits in line, and as a warning behind what a key was answered
 * too; what finds no place there is left out. */
void state_mention(struct screen *screen, enum style style, const char *text);

/* Behind a key that said nothing: the next in line. */
void state_mention_next(struct screen *screen);

/* Asks whether `confirmed` is to be done, in a format as of state_say; what is to be answered stands behind
 * the words. `only_yes`: Enter and what leaves elsewhere mean no. */
void state_confirm(struct screen *screen, void (*confirmed)(struct screen *screen), bool only_yes,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Says that the target is probed again, and what came of it once it is judged. */
void state_await(struct screen *screen, const struct target *target);

/* Brings rows and work up to date with the model. */
void state_sync(struct screen *screen);

/* The selected target, host and endpoint; NULL where the row has none. */
struct target *state_target(const struct screen *screen);
struct host *state_host(const struct screen *screen);
struct endpoint *state_endpoint(const struct screen *screen);

/* The selected row stands for what is there no more; why nothing can be done to it then, else NULL. */
const char *state_ghost(const struct screen *screen);

/* Something is resolved, probed or waits for it. */
bool state_busy(const struct screen *screen);

/* The snapshot that is shown, or gone on with, is still being read. */
bool state_loading(const struct screen *screen);

/* Targets with a problem. */
unsigned state_problems(const struct screen *screen);

size_t state_tree_height(const struct screen *screen);
