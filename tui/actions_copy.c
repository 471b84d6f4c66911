#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/model/forward.h"
#include "tui/actions.h"
#include "tui/clipboard.h"
#include "tui/detail.h"
#include "tui/row_text.h"

#include <stdlib.h>
#include <string.h>

/* Takes both: the text for the clipboard, and the words to say. */
static void copy(struct screen *screen, char *text, char *said)
{
    const char *within = getenv("TMUX") ? "; tmux needs set-clipboard on" : "";

    free(screen->copy);
    screen->copy = NULL;
    if (strlen(text) > CLIPBOARD_MOST) {
        state_say(screen, STYLE_ERROR, "that is %zu bytes, and terminals take %d at most; {export} exports",
                  strlen(text), CLIPBOARD_MOST);
        free(text);
    } else {
        screen->copy = text;
        state_say(screen, STYLE_MESSAGE, "copied %s%s", said, within);
    }
    free(said);
}

void action_copy(struct screen *screen)
{
    char *text = detail_title(screen->model, screen->rows, &screen->cursor.row, true);

    copy(screen, text, mem_string(text));
}

void action_copy_row(struct screen *screen)
{
    size_t tagged = rows_tagged(screen->rows);
    struct buf out;

    buf_init(&out, 0);
    if (tagged)
        row_text_tagged(&out, screen->model, screen->rows);
    else
        row_text(&out, screen->model, screen->rows, &screen->cursor.row);
    copy(screen, buf_take_string(&out),
         tagged ? mem_format("%zu tagged row%s", tagged, tagged == 1 ? "" : "s") : mem_string("the row"));
}

void action_copy_message(struct screen *screen)
{
    const struct target *target = state_target(screen);
    char *words = model_forward(screen->model, target), *text = words;
    struct contacts list;

    model_contacts(target, &list);
    if (list.count)
        text = mem_format("To: %s\n\n%s", list.items[0].address, words);
    copy(screen, text, mem_format("what to tell %s", target->spec.domain));
    if (list.count)
        free(words);
    contacts_release(&list);
}

const char *blocked_no_message(const struct screen *screen)
{
    const struct target *target = state_target(screen);
    char *message = target ? model_forward(screen->model, target) : NULL;
    bool none = !message;

    free(message);
    if (!target)
        return blocked_not_target(screen);
    return none ? "there is nothing to ask of them" : NULL;
}
