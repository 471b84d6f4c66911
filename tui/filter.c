#include "tui/filter.h"

#include "engine/base/mem.h"
#include "tui/finder.h"
#include "tui/summary.h"

#include <stdlib.h>
#include <string.h>

enum term_kind {
    TERM_TEXT,
    TERM_VERDICT,
    TERM_CLASS,
    TERM_CONSEQUENCE,
    TERM_ROUTE,
    TERM_CONNECTOR,
    TERM_OWNER,
    TERM_NOTE,
    TERM_TLS
};

static const struct {
    const char *prefix;
    enum term_kind kind;
} prefixes[] = {
    {"verdict:", TERM_VERDICT},
    {"class:", TERM_CLASS},
    {"consequence:", TERM_CONSEQUENCE},
    {"route:", TERM_ROUTE},
    {"connector:", TERM_CONNECTOR},
    {"owner:", TERM_OWNER},
    {"note:", TERM_NOTE},
    {"tls", TERM_TLS},
};

struct term {
    enum term_kind kind;
    bool inverse;
    char *value;
    char relation; /* TERM_TLS: '<', '>' or '=' */
    bool or_equal;
    enum tls_version version;
};

struct filter {
    struct term *terms;
    size_t count;
};

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

static bool begins_a_word(const char *value, const char *(*word)(unsigned))
{
    unsigned i;

    for (i = 0; word(i); i++)
        if (strncasecmp(word(i), value, strlen(value)) == 0)
            return true;
    return false;
}

static const char *(*words_of(enum term_kind kind))(unsigned)
{
    return kind == TERM_VERDICT       ? verdict_word
           : kind == TERM_CLASS       ? class_word
           : kind == TERM_CONSEQUENCE ? consequence_word
           : kind == TERM_ROUTE       ? route_word
                                      : NULL;
}

static bool parse_tls(struct term *term)
{
    const char *at = term->value;
    char name[16];
    size_t length;

    if (!strchr("<>=", *at) || !*at)
        return false;
    term->relation = *at++;
    term->or_equal = term->relation == '=' || *at == '=';
    if (*at == '=')
        at++;
    length = strlen(at);
    if (length > 8)
        return false;
    strcpy(name, strncasecmp(at, "ssl", 3) == 0 ? "SSLv3" : "TLSv");
    if (name[0] == 'T')
        strcat(name, at);
    return tls_version_parse(name, &term->version);
}

static bool parse_term(const char *text, struct term *term, char **error)
{
    const char *(*word)(unsigned);
    size_t i;

    memset(term, 0, sizeof *term);
    term->inverse = *text == '!';
    text += term->inverse;
    for (i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        size_t length = strlen(prefixes[i].prefix);

        if (strncmp(text, prefixes[i].prefix, length) != 0)
            continue;
        if (prefixes[i].kind == TERM_TLS && (!text[length] || !strchr("<>=", text[length])))
            continue;
        term->kind = prefixes[i].kind;
        text += length;
        break;
    }
    term->value = mem_string(text);
    word = words_of(term->kind);
    if (word && !begins_a_word(text, word))
        *error = mem_format("%s\"%s\" is no known word", prefixes[i].prefix, text);
    else if (term->kind == TERM_TLS && !parse_tls(term))
        *error = mem_string("after tls a version is expected, as in tls<1.2");
    return !*error;
}

struct filter *filter_parse(const char *text, char **error)
{
    struct filter *filter = mem_alloc(sizeof *filter);
    char *copy = mem_string(text), *rest = copy, *word;

    *error = NULL;
    while (!*error && (word = strsep(&rest, " "))) {
        if (!*word || strcmp(word, "!") == 0)
            continue;
        filter->terms = mem_resize(filter->terms, filter->count + 1, sizeof *filter->terms);
        parse_term(word, &filter->terms[filter->count++], error);
    }
    free(copy);
    if (*error) {
        filter_free(filter);
        return NULL;
    }
    return filter;
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

static bool begins(const char *word, const char *value)
{
    return strncasecmp(word, value, strlen(value)) == 0;
}

static bool text_in(const struct target *target, const char *value)
{
    const struct target_spec *spec = &target->spec;
    size_t i, j;

    if (finder_holds(spec->domain, value) || finder_holds(spec->unicode, value) ||
        finder_holds(spec->connector, value) || finder_holds(spec->owner, value) ||
        finder_holds(spec->note, value))
        return true;
    for (i = 0; i < model_all_hosts(target); i++) {
        const struct host *host = model_any_host(target, i)->host;

        if (finder_holds(host->key.name, value))
            return true;
        for (j = 0; j < host->endpoint_count; j++)
            if (finder_holds(host->endpoints[j]->key.address, value))
                return true;
    }
    return false;
}

static bool version_holds(const struct term *term, const struct target *target)
{
    struct summary_versions versions = summary_of_target(target);
    int wanted = (int)term->version;

    if (versions.weakest < 0)
        return false;
    if (versions.weakest == wanted)
        return term->or_equal;
    return term->relation == '<' ? versions.weakest < wanted
                                 : term->relation == '>' && versions.weakest > wanted;
}

static bool holds(const struct term *term, const struct target *target)
{
    switch (term->kind) {
    case TERM_TEXT:
        return text_in(target, term->value);
    case TERM_VERDICT:
        return begins(verdict_name(target->judgement.verdict), term->value);
    case TERM_CLASS:
        return begins(target_class_name(target->spec.class), term->value);
    case TERM_CONSEQUENCE:
        return begins(consequence_name(target->consequence), term->value);
    case TERM_ROUTE:
        return begins(route_name(target->route), term->value);
    case TERM_CONNECTOR:
        return finder_holds(target->spec.connector, term->value);
    case TERM_OWNER:
        return finder_holds(target->spec.owner, term->value);
    case TERM_NOTE:
        return finder_holds(target->spec.note, term->value);
    case TERM_TLS:
        return version_holds(term, target);
    }
    return false;
}

bool filter_keeps(const struct filter *filter, const struct target *target)
{
    size_t i;

    for (i = 0; i < filter->count; i++)
        if (holds(&filter->terms[i], target) == filter->terms[i].inverse)
            return false;
    return true;
}
