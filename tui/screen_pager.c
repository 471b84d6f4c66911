#include "tui/screen_run.h"

#include "tui/pager.h"
#include "tui/terminal.h"

#include <poll.h>
#include <stdlib.h>

/* Waits for the pager or the engine. What the terminal's keys send goes to the pager. */
static void wait_for_pager(struct run *run)
{
    struct pollfd polls[2] = {
        {terminal_signals(), POLLIN, 0},
        {run->screen.audit ? audit_descriptor(run->screen.audit) : -1, POLLIN, 0},
    };
    struct terminal_news news;

    if (poll(polls, 2, -1) < 0)
        return;
    terminal_take(&news);
    if (news.end) {
        run->screen.quit = true;
        run->screen.exit_code = EXIT_UNFINISHED;
    }
    if (polls[1].revents)
        run_drain(&run->screen);
}

/* The terminal is the pager's until that ends; what the engine finds is taken in meanwhile. */
static char *read_along(struct run *run, struct pager *pager)
{
    enum pager_state state;

    while ((state = pager_look(pager)) != PAGER_ENDED && !run->screen.quit) {
        if (state == PAGER_STOPPED) {
            terminal_stop();
            pager_go_on(pager);
        } else {
            wait_for_pager(run);
        }
    }
    return pager_end(pager);
}

void run_pager(struct run *run)
{
    struct screen *screen = &run->screen;
    struct pager pager = {0};
    char *trouble = NULL;

    terminal_lend();
    if (pager_start(&pager, screen->reading, &trouble))
        trouble = read_along(run, &pager);
    run_resume(run);
    if (trouble)
        state_say(screen, STYLE_ERROR, "%s", trouble);
    free(trouble);
    free(screen->reading);
    screen->reading = NULL;
}
