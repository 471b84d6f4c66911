#include "tui/press.h"
#include "tui/preflight_page.h"
#include "tui/view_parts.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Lines from which the purpose is told, too: without and with what is known of this place. */
enum { ROOMY = 12, VERY_ROOMY = 28, STEP_COLUMN = 8, WIDTH_MOST = 100 };

static void put_step(struct page *page, const char *key, const char *text)
{
    if (!key)
        return;
    page_put(page, 2, STYLE_KEY, key);
    page_wrap(page, STEP_COLUMN, STYLE_TEXT, text);
}

static void put_purpose(const struct screen *screen, struct page *page)
{
    const struct baseline *baseline = model_baseline(screen->model);
    char *text =
        mem_format("mxscope asks the mail servers behind your partners' domains which TLS versions they "
                   "take, and shows whose mail stops and whose goes out in clear when the floor goes "
                   "up: %s, %s or better.",
                   baseline->name, tls_version_title(baseline->minimum));

    page_wrap(page, 0, STYLE_TEXT, text);
    page_end(page);
    free(text);
}

static void put_steps(const struct screen *screen, struct page *page)
{
    char key[PRESS_NAME_SIZE];
    bool file = keymap_named(&screen->keymap, "import");

    put_step(page, keymap_name(&screen->keymap, "add", key), "add a domain, such as contoso.com");
    put_step(page, "paste", "a list of domains, or an export of connectors");
    put_step(page, keymap_name(&screen->keymap, "import", key), "import a file of them");
    if (!file)
        put_step(page, keymap_name(&screen->keymap, "quit", key),
                 "leave, and start with a file: mxscope -i FILE");
    put_step(page, keymap_name(&screen->keymap, "help", key), "all keys and commands");
}

static const char *no_targets(const struct screen *screen)
{
    if (state_loading(screen))
        return "No targets yet. The snapshot is being read.";
    return screen->options->report    ? "No targets yet. This report holds none."
           : screen->options->offline ? "No targets yet. This snapshot holds none."
                                      : "No targets yet.";
}

/* What the program is for and the first steps; what is less needed goes first where there is little room. */
static void put_first_steps(const struct screen *screen, struct page *page, bool roomy)
{
    page_put(page, 0, STYLE_STRONG, no_targets(screen));
    page_end(page);
    if (roomy) {
        page_end(page);
        put_purpose(screen, page);
    }
    put_steps(screen, page);
    if (!roomy)
        return;
    page_end(page);
    page_wrap(page, 0, STYLE_DIM,
              "To look around first: mxscope --demo, with servers of its own on this machine.");
}

static void put_hidden(const struct screen *screen, struct page *page)
{
    char *text = mem_format("Nothing matches \"%s\".", screen->filter_text);
    char key[PRESS_NAME_SIZE];

    page_wrap(page, 0, STYLE_TEXT, text);
    free(text);
    page_putf(page, 0, STYLE_DIM, "Esc shows everything again");
    page_end(page);
    put_step(page, keymap_name(&screen->keymap, "filter", key), "changes the filter");
    if (!screen->against.path && strstr(screen->filter_text, "change:"))
        put_step(page, keymap_name(&screen->keymap, "compare", key),
                 "compares with an earlier session; until then nothing is known of changes");
}

void view_nothing(const struct screen *screen)
{
    const struct area *area = &screen->layout.tree;
    struct area all = {area->y + (area->height > 4), 1, area->height - (area->height > 4), area->width - 2};
    bool preflight = preflight_page_worth(model_preflight(screen->model));
    struct page page;
    int used;

    all.width = all.width > WIDTH_MOST ? WIDTH_MOST : all.width;
    page_init(&page, all.width > 0 ? all.width : 1, screen->painter.ascii);
    if (screen->filter)
        put_hidden(screen, &page);
    else
        put_first_steps(screen, &page, all.height >= (preflight ? VERY_ROOMY : ROOMY));
    view_page_part(screen, &page, &all);
    used = (int)page.count + 1;
    page_release(&page);
    if (!screen->filter && used < all.height && preflight)
        view_preflight_part(screen, &(struct area){all.y + used, 1, all.height - used, all.width});
}
