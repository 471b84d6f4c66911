#include "tui/addition.h"

#include "engine/base/mem.h"
#include "engine/base/strings.h"

#include <stdlib.h>
#include <string.h>

/* The domain of a mail address, within what was typed; NULL when it is none. */
static char *domain_of(char *word)
{
    char *at = strstr(word, "://") ? NULL : strrchr(word, '@');

    return at && at > word && at[1] ? at + 1 : NULL;
}

/* As it is copied from a mail's header: <bob@contoso.com>. */
static char *without_brackets(char *word)
{
    size_t length = strlen(word);

    if (length < 2 || *word != '<' || word[length - 1] != '>')
        return word;
    word[length - 1] = '\0';
    return word + 1;
}

static bool add_word(struct addition *addition, char *word, enum target_class class, const char *source,
                     char **error)
{
    char *domain;

    word = without_brackets(word);
    domain = domain_of(word);
    if (domain) {
        free(addition->addressed);
        addition->addressed = mem_string(word);
    }
    return input_add_target(&addition->input, domain ? domain : word, class, source, error);
}

static bool is_class(const char *word, enum target_class *class)
{
    enum target_class read;

    if (!target_class_parse(word, &read) || read > CLASS_OPPORTUNISTIC)
        return false;
    *class = read;
    return true;
}

static void split(const char *text, struct strings *words)
{
    char *copy = mem_string(text), *rest = copy, *word;

    while ((word = strsep(&rest, " \t,;")))
        if (*word)
            strings_add(words, word);
    free(copy);
}

static bool add_words(struct addition *addition, const struct strings *words, const char *source,
                      char **error)
{
    size_t i;

    for (i = 0; i < words->count; i++) {
        enum target_class class = CLASS_OPPORTUNISTIC;
        char *word = words->items[i];

        if (is_class(word, &class)) {
            *error = mem_format("'%s': expected a domain before it, as in contoso.com %s", word, word);
            return false;
        }
        if (i + 1 < words->count && is_class(words->items[i + 1], &class))
            i++;
        if (!add_word(addition, word, class, source, error))
            return false;
    }
    return true;
}

bool addition_read(struct addition *addition, const char *text, const char *source, char **error)
{
    struct strings words = {0};
    bool ok;

    split(text, &words);
    ok = words.count;
    if (ok)
        ok = add_words(addition, &words, source, error);
    else
        *error = mem_string("expected a domain such as contoso.com, or several of them");
    strings_release(&words);
    return ok;
}

void addition_release(struct addition *addition)
{
    input_release(&addition->input);
    free(addition->addressed);
    addition->addressed = NULL;
}
