#include "tui/complete.h"

#include "engine/base/map.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "tui/filter_terms.h"
#include "engine/report/provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct value {
    char *name; /* owned */
    unsigned targets;
};

struct values {
    struct map by_name; /* name → place + 1 */
    struct value *items;
    size_t count;
};

/* What is typed of the word or value at the cursor. */
struct typed {
    const char *text;
    size_t length;
};

static bool begins(const char *word, struct typed typed)
{
    return strncasecmp(word, typed.text, typed.length) == 0;
}

static void add_terms(struct candidates *list, struct typed typed)
{
    const struct filter_term *terms;
    size_t count, i;

    terms = filter_terms(&count);
    for (i = 0; i < count; i++) {
        char *name = mem_format("%s%s", terms[i].name, terms[i].relation ? "<" : "");

        if (begins(name, typed))
            candidates_add(list, name, name, terms[i].help);
        free(name);
    }
}

static void add_words(struct candidates *list, const struct filter_term *term, struct typed typed)
{
    unsigned i;

    for (i = 0; term->word(i); i++)
        if (begins(term->word(i), typed))
            candidates_add(list, term->word(i), term->word(i), term->title ? term->title(i) : NULL);
}

/* Figures behind the relation that is typed, or behind each where none is. */
static void add_figures(struct candidates *list, const struct filter_term *term, struct typed typed)
{
    static const char *const versions[] = {"1.2", "1.3", "1.1", "1.0", "ssl3", NULL}, *const days[] = {
                                                                                          "30d", "14d", "7d",
                                                                                          "0d",  "60d", "90d",
                                                                                          NULL};
    const char *const *figures = term->kind == FILTER_TLS ? versions : days;
    size_t relation = strspn(typed.text, "<>=");
    char text[16];

    if (relation > typed.length)
        relation = typed.length;
    for (; *figures && relation <= 2; figures++) {
        if (relation)
            snprintf(text, sizeof text, "%.*s%s", (int)relation, typed.text, *figures);
        else
            snprintf(text, sizeof text, "<%s", *figures);
        if (begins(text, typed))
            candidates_add(list, text, text, NULL);
    }
}

/* Something that the prompt takes as it is, and that a filter finds again. */
static bool can_be_typed(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    size_t left = strlen(text), size;
    uint32_t c;

    for (; left; at += size, left -= size) {
        size = text_decode(at, left, &c);
        if (!size || c < 0x20 || c == '"' || (c >= 0x7f && c < 0xa0))
            return false;
    }
    return *text;
}

static void count_value(struct values *values, const char *name)
{
    uintptr_t place;

    if (!name || !can_be_typed(name) || strlen(name) > PROMPT_SIZE / 2)
        return;
    place = (uintptr_t)map_get(&values->by_name, name);
    if (!place && values->count < COMPLETE_VALUES) {
        values->items = mem_resize(values->items, values->count + 1, sizeof *values->items);
        values->items[values->count++] = (struct value){mem_string(name), 0};
        place = values->count;
        map_put(&values->by_name, name, (void *)place);
    }
    if (place)
        values->items[place - 1].targets++;
}

static void count_target(struct values *values, enum filter_kind kind, const struct target *target)
{
    char *provider;

    if (kind == FILTER_CONNECTOR)
        count_value(values, target->spec.connector);
    else if (kind == FILTER_OWNER)
        count_value(values, target->spec.owner);
    if (kind != FILTER_OPERATOR)
        return;
    provider = provider_of_target(target);
    if (provider && strcmp(provider, PROVIDER_BY_ADDRESS) != 0)
        count_value(values, provider);
    free(provider);
}

static int by_targets(const void *a, const void *b)
{
    const struct value *left = a, *right = b;

    if (left->targets != right->targets)
        return left->targets < right->targets ? 1 : -1;
    return strcmp(left->name, right->name);
}

static void add_value(struct candidates *list, const struct value *value)
{
    bool quoted = strchr(value->name, ' ');
    char *text = mem_format("%s%s%s", quoted ? "\"" : "", value->name, quoted ? "\"" : "");
    char *help = mem_format("%u target%s", value->targets, value->targets == 1 ? "" : "s");

    candidates_add(list, text, value->name, help);
    free(help);
    free(text);
}

static void add_values(struct candidates *list, enum filter_kind kind, struct typed typed,
                       const struct model *model)
{
    size_t targets = model ? model_target_count(model) : 0, i;
    struct values values = {.count = 0};

    map_init(&values.by_name);
    for (i = 0; i < targets && i < COMPLETE_TARGETS; i++)
        if (!model_target_at(model, i)->removed)
            count_target(&values, kind, model_target_at(model, i));
    if (values.count)
        qsort(values.items, values.count, sizeof *values.items, by_targets);
    for (i = 0; i < values.count; i++) {
        if (begins(values.items[i].name, typed))
            add_value(list, &values.items[i]);
        free(values.items[i].name);
    }
    map_release(&values.by_name, NULL);
    free(values.items);
}

/* The piece that the cursor stands in or right behind. */
static bool piece_at(const char *text, size_t cursor, struct filter_piece *piece)
{
    const char *at = text;

    while (filter_next_piece(&at, piece) && piece->start < text + cursor)
        if (text + cursor <= piece->end)
            return true;
    return false;
}

static void complete_name(struct candidates *list, const char *text, const char *end,
                          const struct filter_piece *piece)
{
    const char *name = piece->start + piece->inverse;

    if (name > end)
        name = end;
    list->from = (size_t)(name - text);
    if (piece->term)
        list->to = (size_t)(piece->value - piece->quoted - text);
    add_terms(list, (struct typed){name, (size_t)(end - name)});
}

static void complete_value(struct candidates *list, const char *text, const char *end,
                           const struct filter_piece *piece, const struct model *model)
{
    size_t length = end > piece->value ? (size_t)(end - piece->value) : 0;
    struct typed typed = {piece->value, length < piece->length ? length : piece->length};

    list->from = (size_t)(piece->value - piece->quoted - text);
    if (piece->term->relation)
        add_figures(list, piece->term, typed);
    else if (piece->term->word)
        add_words(list, piece->term, typed);
    else
        add_values(list, piece->term->kind, typed, model);
}

void complete_filter(struct candidates *list, const char *text, size_t cursor, const struct model *model)
{
    const char *end = text + cursor;
    struct filter_piece piece;

    list->from = list->to = cursor;
    if (!piece_at(text, cursor, &piece))
        add_terms(list, (struct typed){end, 0});
    else if (!piece.term || end < piece.value - piece.quoted)
        complete_name(list, text, end, &piece);
    else
        complete_value(list, text, end, &piece, model);
}
