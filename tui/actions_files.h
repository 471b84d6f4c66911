/* Files that are read and written from the screen. */
#pragma once

#include "tui/state.h"

/* Enter in the prompts. What speaks against a path is said there, and the prompt stays. */
void files_import(struct screen *screen);      /* then it asks before it adds, as after a paste */
void files_ask_besides(struct screen *screen); /* for one more, to be read with those before */
void files_import_left(struct screen *screen); /* Esc */
void files_export(struct screen *screen);      /* asks before it takes the place of a file */

/* A sentence when the session is kept at `path`, where nothing else may be written; the caller frees. */
char *files_hindrance_kept(const struct screen *screen, const char *path);

/* Asks whether the file at `export_path` may go, and then does `confirmed`. */
void files_ask_to_replace(struct screen *screen, void (*confirmed)(struct screen *screen));

/* Looks whether the report that is being written is there, and says so. */
void files_export_ended(struct screen *screen);
