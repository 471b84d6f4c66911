#include "tui/screen_run.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "tui/actions_against.h"
#include "tui/actions_find.h"
#include "tui/actions_list.h"
#include "tui/clock.h"
#include "tui/view.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void save_screen(struct run *run, const char *path)
{
    char *text = view_text();
    FILE *file = fopen(path, "w");

    if (!file || fputs(text, file) == EOF || fclose(file) == EOF) {
        run->last_words = mem_format("save-screen %s: %s", path, strerror(errno));
        run->screen.quit = true;
        run->screen.exit_code = EXIT_UNFINISHED;
    }
    free(text);
}

static void paste_file(struct run *run, const char *path)
{
    FILE *file = fopen(path, "rb");
    struct buf bytes;
    char block[4096];
    size_t got;

    buf_init(&bytes, PASTE_MOST);
    while (file && (got = fread(block, 1, sizeof block, file)) > 0)
        buf_add(&bytes, block, got);
    if (!file || ferror(file)) {
        run->last_words = mem_format("paste %s: %s", path, strerror(errno));
        run->screen.quit = true;
        run->screen.exit_code = EXIT_UNFINISHED;
    } else if (bytes.failed) {
        run_refuse_paste(run, PASTE_TOO_LARGE);
    } else {
        run_paste(run, bytes.bytes, bytes.length);
    }
    buf_release(&bytes);
    if (file)
        fclose(file);
}

static void do_step(struct run *run, const struct script_step *step)
{
    run->deadline = step->action == SCRIPT_WAIT ? step->deadline : clock_milliseconds();
    if (step->action == SCRIPT_PRESS)
        run_press(run, step->key);
    else if (step->action == SCRIPT_PASTE)
        paste_file(run, step->path);
    else if (step->action == SCRIPT_SAVE)
        save_screen(run, step->path);
    else if (step->action == SCRIPT_QUIT)
        run->screen.quit = true;
    else if (step->action == SCRIPT_OVER)
        run->deadline = 0;
    if (step->action != SCRIPT_FAILED)
        return;
    run->last_words = mem_string(step->message);
    run->screen.quit = true;
    run->screen.exit_code = EXIT_UNFINISHED;
}

void run_script(struct run *run)
{
    struct script_step step;
    char *text;

    if (!run->script || run->screen.dirty || run->screen.quit || find_busy(&run->screen) ||
        hold_under_way(&run->screen) || list_under_way(&run->screen))
        return;
    text = view_text();
    script_next(run->script, text, clock_milliseconds(), &step);
    free(text);
    do_step(run, &step);
    if (step.action == SCRIPT_OVER) {
        script_free(run->script);
        run->script = NULL;
    }
}
