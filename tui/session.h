/* What both the screen and the headless audit start from: targets read, baseline loaded, lab started for the
 * demo, model filled, engine running. */
#pragma once

#include "engine/audit/audit.h"
#include "engine/input/input.h"
#include "engine/lab/lab.h"
#include "engine/model/model.h"
#include "tui/keeping.h"
#include "tui/options.h"
#include "tui/resume.h"

#include <stdbool.h>
#include <stdint.h>

struct session {
    struct lab *lab;             /* --demo only */
    struct model *model;         /* owned */
    struct audit *audit;         /* owned */
    char *dns_address;           /* the demo's resolver; NULL otherwise */
    int64_t started_at;          /* seconds since 1970; of the first run, when it was resumed */
    struct keeping keeping;      /* with -s, or on the screen */
    char *trouble;               /* why it is not kept; NULL */
    struct audit_options limits; /* what the engine was given; of use for its numbers only */
    struct input input;          /* until it was taken in; owned */
    struct resume_walk walk;
    const struct options *options;
};

/* On bad input every problem is a line on stderr and the result is the exit code 2, with nothing probed; 0
 * when the engine runs. The caller releases the session in either case. `options` must outlive it. */
int session_start(const struct options *options, struct session *session);

/* The same for a screen that shows something before all was read: while keeping_loading(&session->keeping),
 * the engine has nothing to do yet. Once that is over, session_go_on gives it what was read, a piece with
 * each call until *over; false and *error when the session can't be kept. */
int session_open(const struct options *options, struct session *session);
bool session_go_on(struct session *session, bool *over, char **error);

/* Ends before all was read, or before the engine was told of it: the rest is read, and what was changed by
 * then is written, and nothing else of the session. False and *error when that can't be. It does nothing
 * where nothing was changed, or once the session is kept. */
bool session_keep_changes(struct session *session, char **error);

void session_release(struct session *session); /* what is not kept by then is lost */

/* The engine for a session that was only looked at, with what the command line says of probing; `model` is
 * given to it by the caller. NULL and *error as audit_new has it. To be ended with session_end_audit. */
struct audit *session_begin_audit(const struct options *options, const struct model *model, char **error);
/* Says QUIT in the dialogues that are open, then frees. NULL is allowed. */
void session_end_audit(struct audit *audit);

/* Keeps a session on the screen that nobody named a file for where such are kept (tui/autosave.h). The result
 * is why that can't be, which the caller frees; NULL when it is, or when this command line asks for none. */
char *session_keep_unnamed(const struct options *options, struct keeping *keeping, struct model *model);

/* Ends the keeping, and says on stderr where the session is, or that it is nowhere and why (`trouble`, NULL
 * allowed); nothing of one without targets. False when not all could be written. */
bool session_end_keeping(const struct options *options, struct keeping *keeping, struct model *model,
                         const char *trouble);
