#include "tui/filter_terms.h"

#include "engine/base/words.h"
#include "engine/tls/version.h"
#include "tui/since.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define FIGURE_SIZE  8 /* the longest figure, and its end */

static const char *verdict_word(unsigned i)
{
    return i < verdict_count ? verdict_name((enum verdict)i) : NULL;
}

static const char *class_word(unsigned i)
{
    return i < target_class_count ? target_class_name((enum target_class)i) : NULL;
}

static const char *consequence_word(unsigned i)
{
    return i < consequence_count ? consequence_name((enum consequence)i) : NULL;
}

static const char *route_word(unsigned i)
{
    return i < route_count ? route_name((enum route)i) : NULL;
}

static const char *contact_word(unsigned i)
{
    return i < contact_state_count ? contact_state_name((enum contact_state)i) : NULL;
}

static const char *contact_words(unsigned i)
{
    return contact_state_title((enum contact_state)i);
}

static const char *class_title(unsigned i)
{
    return target_class_title((enum target_class)i);
}

static const char *consequence_words(unsigned i)
{
    return consequence_title((enum consequence)i);
}

static const char *route_words(unsigned i)
{
    return route_title((enum route)i);
}

static const char *change_word(unsigned i)
{
    return i < since_count - SINCE_CHANGED ? since_name((enum since)(SINCE_CHANGED + i)) : NULL;
}

static const char *change_words(unsigned i)
{
    return since_title((enum since)(SINCE_CHANGED + i));
}

/* Those of verdicts but for the one of ready, which is not shown, then the probe errors, which are reasons by
 * their own names. */
static const char *reason_at(unsigned i, const char *(*of_reason)(enum reason),
                             const char *(*of_error)(enum probe_error))
{
    unsigned reason = REASON_NONE + 1 + i, error;

    reason += reason >= REASON_ALL_READY;
    if (reason < REASON_PROBE_ERROR)
        return of_reason((enum reason)reason);
    error = PROBE_OK + 1 + reason - REASON_PROBE_ERROR;
    return error < probe_error_count ? of_error((enum probe_error)error) : NULL;
}

static const char *reason_word(unsigned i)
{
    return reason_at(i, reason_name, probe_error_name);
}

static const char *reason_words(unsigned i)
{
    return reason_at(i, reason_title, probe_error_title);
}

const char *filter_state_word(unsigned i)
{
    static const char *const words[filter_state_count] = {[IS_TAGGED] = "tagged",
                                                          [IS_PROBLEM] = "problem",
                                                          [IS_NOTED] = "noted",
                                                          [IS_OPEN] = "open",
                                                          [IS_CONTRADICTED] = "contradicted",
                                                          [IS_CHANGED] = "changed",
                                                          [IS_BETTER] = "better",
                                                          [IS_WORSE] = "worse"};

    return i < filter_state_count ? words[i] : NULL;
}

/* clang-format off */
static const struct filter_term table[] = {
    {FILTER_VERDICT, "verdict:", false, verdict_word, NULL, "such as not-ready"},
    {FILTER_CLASS, "class:", false, class_word, class_title, "such as partner"},
    {FILTER_CONSEQUENCE, "consequence:", false, consequence_word, consequence_words, "such as stops"},
    {FILTER_REASON, "reason:", false, reason_word, reason_words, "such as no-starttls"},
    {FILTER_TLS, "tls", true, NULL, NULL, "weakest server's best"},
    {FILTER_CERT, "cert", true, NULL, NULL, "days left, as in 30d"},
    {FILTER_OPERATOR, "operator:", false, NULL, NULL, "who runs its hosts"},
    {FILTER_CONNECTOR, "connector:", false, NULL, NULL, "its connector's name"},
    {FILTER_ROUTE, "route:", false, route_word, route_words, "such as smart-host"},
    {FILTER_HOST, "host:", false, NULL, NULL, "name of a mail host"},
    {FILTER_ADDRESS, "address:", false, NULL, NULL, "address of a host"},
    {FILTER_OWNER, "owner:", false, NULL, NULL, "who looks after it"},
    {FILTER_CONTACT, "contact:", false, NULL, NULL, "whom to write to"},
    {FILTER_STATE, "state:", false, contact_word, contact_words, "how far one is: fixed"},
    {FILTER_DUE, "due", true, NULL, NULL, "days until then: due<0d"},
    {FILTER_NOTE, "note:", false, NULL, NULL, "text of the note"},
    {FILTER_CHANGE, "change:", false, change_word, change_words, "such as regressed"},
    {FILTER_IS, "is:", false, filter_state_word, NULL, "tagged, problem, worse"},
};
/* clang-format on */

const struct filter_term *filter_terms(size_t *count)
{
    *count = COUNT(table);
    return table;
}

static bool is_relation(char c)
{
    return c == '<' || c == '=' || c == '>';
}

/* `tls`, `cert` and `due` are terms before a relation only; before a colon they are meant to be. */
static const struct filter_term *term_at(const char *at)
{
    size_t i, length;

    for (i = 0; i < COUNT(table); i++) {
        length = strlen(table[i].name);
        if (strncmp(at, table[i].name, length) == 0 &&
            (!table[i].relation || is_relation(at[length]) || at[length] == ':'))
            return &table[i];
    }
    return NULL;
}

bool filter_next_piece(const char **at, struct filter_piece *piece)
{
    const char *from = *at + strspn(*at, " ");

    if (!*from)
        return false;
    memset(piece, 0, sizeof *piece);
    piece->start = from;
    piece->inverse = *from == '!';
    from += piece->inverse;
    piece->term = term_at(from);
    if (piece->term)
        from += strlen(piece->term->name);
    piece->quoted = *from == '"';
    piece->value = from + piece->quoted;
    piece->length = strcspn(piece->value, piece->quoted ? "\"" : " ");
    piece->end = piece->value + piece->length;
    piece->open = piece->quoted && !*piece->end;
    if (piece->quoted && !piece->open)
        piece->end++;
    *at = piece->end;
    return true;
}

/* The relation, then the figure as a text of its own. */
static bool read_relation(const char *value, size_t length, struct filter_bound *bound,
                          char figure[FIGURE_SIZE])
{
    size_t used;

    if (!length || !is_relation(*value))
        return false;
    bound->relation = *value;
    used = length > 1 && value[1] == '=' ? 2 : 1;
    bound->or_equal = *value == '=' || used == 2;
    if (length - used >= FIGURE_SIZE)
        return false;
    memcpy(figure, value + used, length - used);
    figure[length - used] = '\0';
    return true;
}

bool filter_read_version(const char *value, size_t length, struct filter_bound *bound)
{
    char figure[FIGURE_SIZE], name[FIGURE_SIZE + 4];
    enum tls_version version;

    if (!read_relation(value, length, bound, figure))
        return false;
    snprintf(name, sizeof name, "TLSv%s", figure);
    if (!tls_version_parse(strncasecmp(figure, "ssl", 3) == 0 ? "SSLv3" : name, &version))
        return false;
    bound->figure = (int)version;
    return true;
}

bool filter_read_days(const char *value, size_t length, struct filter_bound *bound)
{
    char figure[FIGURE_SIZE];
    size_t sign, digits, end;

    if (!read_relation(value, length, bound, figure))
        return false;
    sign = *figure == '-';
    digits = strspn(figure + sign, "0123456789");
    end = sign + digits;
    end += figure[end] == 'd';
    if (!digits || digits > 5 || figure[end])
        return false;
    bound->figure = (int)strtol(figure, NULL, 10);
    return true;
}

bool filter_within(const struct filter_bound *bound, int figure)
{
    if (figure == bound->figure)
        return bound->or_equal;
    return bound->relation == '<' ? figure < bound->figure : bound->relation == '>' && figure > bound->figure;
}
