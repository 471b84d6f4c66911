#include "tui/view_state.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "tui/prompt.h"

#include <stdlib.h>
#include <string.h>

static const char *const sizes[pane_size_count] = {
    [PANE_NONE] = "none", [PANE_NORMAL] = "normal", [PANE_LARGE] = "large"};

void view_state_init(struct view_state *state)
{
    *state = (struct view_state){.depth = 2, .detail = PANE_NORMAL};
}

void view_state_release(struct view_state *state)
{
    free(state->theme);
    free(state->filter);
    view_state_init(state);
}

/* What a prompt takes. */
static bool is_typed(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    size_t left = strnlen(text, PROMPT_SIZE), size;
    uint32_t c;

    if (!left || left == PROMPT_SIZE)
        return false;
    for (; left; at += size, left -= size) {
        size = text_decode(at, left, &c);
        if (!size || c < 0x20 || (c >= 0x7f && c < 0xa0))
            return false;
    }
    return true;
}

static void take_text(char **into, const char *value)
{
    if (!is_typed(value))
        return;
    free(*into);
    *into = mem_string(value);
}

static void take_group(struct view_state *state, const char *value)
{
    unsigned i;

    for (i = 0; i < grouping_count; i++)
        if (strcmp(grouping_name((enum grouping)i), value) == 0)
            state->grouping = (enum grouping)i;
}

static void take_sort(struct view_state *state, const char *value)
{
    unsigned i;

    for (i = 0; i < sorting_count; i++)
        if (strcmp(sorting_name((enum sorting)i), value) == 0)
            state->sorting = (enum sorting)i;
}

static void take_reversed(struct view_state *state, const char *value)
{
    state->reversed = strcmp(value, "yes") == 0;
}

static void take_depth(struct view_state *state, const char *value)
{
    if (*value >= '1' && *value <= '5' && !value[1])
        state->depth = (unsigned)(*value - '0');
}

static void take_detail(struct view_state *state, const char *value)
{
    unsigned i;

    for (i = 0; i < pane_size_count; i++)
        if (strcmp(sizes[i], value) == 0) {
            state->detail = (enum pane_size)i;
            state->detail_said = true;
        }
}

static void take_theme(struct view_state *state, const char *value)
{
    take_text(&state->theme, value);
}

static void take_filter(struct view_state *state, const char *value)
{
    take_text(&state->filter, value);
}

static const struct {
    const char *name;
    void (*take)(struct view_state *state, const char *value);
} lines[] = {
    {"group ", take_group},   {"sort ", take_sort},   {"reversed ", take_reversed}, {"depth ", take_depth},
    {"detail ", take_detail}, {"theme ", take_theme}, {"filter ", take_filter},
};

static void take_line(struct view_state *state, const char *line)
{
    size_t i;

    for (i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (strncmp(line, lines[i].name, strlen(lines[i].name)) == 0)
            lines[i].take(state, line + strlen(lines[i].name));
}

void view_state_parse(struct view_state *state, const char *text)
{
    const char *end;

    for (; (end = strchr(text, '\n')); text = end + 1) {
        char *line = mem_string_n(text, (size_t)(end - text));

        take_line(state, line);
        free(line);
    }
}

char *view_state_text(const struct view_state *state)
{
    struct buf out;

    buf_init(&out, 0);
    buf_printf(&out, "group %s\nsort %s\n", grouping_name(state->grouping), sorting_name(state->sorting));
    buf_printf(&out, "reversed %s\ndepth %u\n", state->reversed ? "yes" : "no", state->depth);
    if (state->detail_said)
        buf_printf(&out, "detail %s\n", sizes[state->detail]);
    if (state->theme)
        buf_printf(&out, "theme %s\n", state->theme);
    if (state->filter)
        buf_printf(&out, "filter %s\n", state->filter);
    return buf_take_string(&out);
}
