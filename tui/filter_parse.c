#include "tui/filter_private.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

#define LISTED_MOST 12 /* words that an error lists */

static bool begins_a_word(const char *value, const char *(*word)(unsigned))
{
    unsigned i;

    for (i = 0; word(i); i++)
        if (strncasecmp(word(i), value, strlen(value)) == 0)
            return true;
    return false;
}

static char *word_error(const struct filter_term *about, const char *value)
{
    struct buf out;
    unsigned i;

    if (about->word(LISTED_MOST))
        return mem_format("no known word after %s begins with \"%s\"; Tab lists them", about->name, value);
    buf_init(&out, 0);
    buf_printf(&out, "%s takes", about->name);
    for (i = 0; about->word(i); i++)
        buf_printf(&out, "%s %s", !i ? "" : about->word(i + 1) ? "," : " or", about->word(i));
    buf_printf(&out, ", not \"%s\"", value);
    return buf_take_string(&out);
}

static char *read_bound(struct term *term)
{
    size_t length = strlen(term->value);

    if (term->kind == FILTER_TLS && !filter_read_version(term->value, length, &term->bound))
        return mem_string("after tls < <= = >= or > and a version are expected, as in tls<1.2 (ssl3, 1.0, "
                          "1.1, 1.2 or 1.3)");
    if (term->kind == FILTER_CERT && !filter_read_days(term->value, length, &term->bound))
        return mem_string("after cert < <= = >= or > and days are expected, as in cert<30d");
    if (term->kind == FILTER_DUE && !filter_read_days(term->value, length, &term->bound))
        return mem_string("after due < <= = >= or > and days are expected, as in due<7d");
    return NULL;
}

/* A word before a colon that is no term is a slip, unless it may be the start of a URL or an address. */
static size_t slip_length(const struct filter_piece *piece)
{
    const char *at = piece->value;
    size_t length, i;
    bool hex = true;

    for (length = 0; at[length] >= 'a' && at[length] <= 'z'; length++)
        ;
    for (i = 0; i < length; i++)
        hex &= at[i] <= 'f';
    return !piece->quoted && length && !hex && at[length] == ':' && at[length + 1] != '/' ? length : 0;
}

static char *slip_error(const char *name, size_t length)
{
    const struct filter_term *terms;
    struct buf out;
    size_t count, i;

    terms = filter_terms(&count);
    buf_init(&out, 0);
    buf_printf(&out, "there is no term %.*s: (in quotation marks it is looked for as text); terms are",
               (int)length, name);
    for (i = 0; i < count; i++)
        buf_printf(&out, " %s%s", terms[i].name, terms[i].relation ? "<" : "");
    return buf_take_string(&out);
}

static char *read_term(const struct filter_piece *piece, struct term *term)
{
    memset(term, 0, sizeof *term);
    term->inverse = piece->inverse;
    term->kind = piece->term ? piece->term->kind : FILTER_TEXT;
    term->value = mem_string_n(piece->value, piece->length);
    if (piece->open)
        return mem_format("a quotation mark is missing behind %s", *term->value ? term->value : "the other");
    if (!piece->term)
        return slip_length(piece) ? slip_error(piece->value, slip_length(piece)) : NULL;
    if (piece->term->relation)
        return read_bound(term);
    if (piece->term->word && !begins_a_word(term->value, piece->term->word))
        return word_error(piece->term, term->value);
    return NULL;
}

struct filter *filter_parse(const char *text, char **error)
{
    struct filter *filter = mem_alloc(sizeof *filter);
    struct filter_piece piece;

    *error = NULL;
    while (!*error && filter_next_piece(&text, &piece)) {
        if (!piece.term && !piece.length && !piece.open)
            continue;
        filter->terms = mem_resize(filter->terms, filter->count + 1, sizeof *filter->terms);
        *error = read_term(&piece, &filter->terms[filter->count++]);
    }
    if (!*error)
        return filter;
    filter_free(filter);
    return NULL;
}

/* A relation, and the beginning of a figure that may follow. */
static bool begins_figure(const struct filter_piece *piece)
{
    static const char *const versions[] = {"1.0", "ssl3"}; /* the others begin alike */
    size_t relation = strspn(piece->value, "<>="), length, i;

    if (!relation || relation > piece->length || relation > 2 || (relation == 2 && piece->value[1] != '='))
        return false;
    length = piece->length - relation;
    if (piece->term->kind != FILTER_TLS)
        return length == 0 || (length == 1 && piece->value[relation] == '-');
    for (i = 0; i < sizeof versions / sizeof versions[0]; i++)
        if (length < strlen(versions[i]) && strncasecmp(piece->value + relation, versions[i], length) == 0)
            return true;
    return false;
}

bool filter_is_begun(const char *text, size_t *whole)
{
    const char *at = text;
    struct filter_piece piece;
    struct term term;
    bool begun = false;
    char *error;

    while (filter_next_piece(&at, &piece)) {
        *whole = (size_t)(piece.start - text);
        begun = piece.open || (piece.term && piece.term->relation && !*at && begins_figure(&piece));
        error = begun ? NULL : read_term(&piece, &term);
        if (!begun)
            free(term.value);
        free(error);
        if (error)
            return false;
    }
    return begun;
}

void filter_free(struct filter *filter)
{
    size_t i;

    if (!filter)
        return;
    for (i = 0; i < filter->count; i++)
        free(filter->terms[i].value);
    free(filter->terms);
    free(filter);
}
