#include "tui/config.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "tui/press.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MOST  ((size_t)1 << 20)
#define SHOWN_MOST 60 /* bytes of a wrong word that an error shows */
#define BLANK      " \t"

/* What a line is read with. `set` takes the words behind the name (`second` is NULL but for keys) and returns
 * NULL, or what was expected, made anew. */
struct setting {
    const char *name;
    unsigned words;
    char *(*set)(struct config *config, const char *first, const char *second);
};

void config_init(struct config *config, const struct request *requests, size_t count)
{
    memset(config, 0, sizeof *config);
    config->detail = PANE_NORMAL;
    config->detail_said = false;
    keymap_init(&config->keymap, requests, count);
}

static char *set_theme(struct config *config, const char *name, const char *none)
{
    const struct theme *theme = theme_find(name);

    (void)none;
    if (!theme)
        return mem_string("theme NAME, with NAME " THEME_NAMES);
    config->theme = theme;
    return NULL;
}

static bool answer(const char *word, enum config_answer *to)
{
    bool yes = strcmp(word, "yes") == 0, known = yes || strcmp(word, "no") == 0;

    if (known)
        *to = yes ? CONFIG_YES : CONFIG_NO;
    return known;
}

static char *set_ascii(struct config *config, const char *word, const char *none)
{
    (void)none;
    return answer(word, &config->ascii) ? NULL : mem_string("ascii yes or ascii no");
}

static char *set_mouse(struct config *config, const char *word, const char *none)
{
    (void)none;
    return answer(word, &config->mouse) ? NULL : mem_string("mouse yes or mouse no");
}

static char *set_detail(struct config *config, const char *word, const char *none)
{
    static const char *const sizes[pane_size_count] = {
        [PANE_NONE] = "none", [PANE_NORMAL] = "normal", [PANE_LARGE] = "large"};
    int i;

    (void)none;
    for (i = 0; i < pane_size_count; i++) {
        if (strcmp(sizes[i], word) != 0)
            continue;
        config->detail = (enum pane_size)i;
        config->detail_said = true;
        return NULL;
    }
    return mem_string("detail none, normal or large");
}

/* False for keys that never arrive as such: a terminal sends C-j for Enter and C-h for the backspace key. */
static bool is_key(const char *name, uint32_t *key)
{
    return press_parse(name, key) && *key != PRESS_PASTE && *key != PRESS_OTHER &&
           (*key >= PRESS_UP || press_from_curses(false, *key) == *key);
}

static char *set_key(struct config *config, const char *name, const char *wanted)
{
    const struct request *request = keymap_named(&config->keymap, wanted);
    uint32_t key;

    if (!is_key(name, &key))
        return mem_string("a key as help shows it, such as j, C-n, PgDn, Enter or Space");
    if (!request && strcmp(wanted, "none") != 0)
        return mem_string("a command as help names it, such as down, or none");
    if (!keymap_bind(&config->keymap, key, request))
        return mem_format("at most %d keys in all", KEYMAP_MOST);
    return NULL;
}

static const struct setting settings[] = {
    {"theme", 1, set_theme},   {"ascii", 1, set_ascii}, {"mouse", 1, set_mouse},
    {"detail", 1, set_detail}, {"key", 2, set_key},
};

static const char *next_word(char **rest)
{
    char *word;

    do {
        word = strsep(rest, BLANK);
    } while (word && !*word);
    return word;
}

/* NULL, or what was expected; *wrong is the word that was found in its place. */
static char *take_words(struct config *config, char *rest, const char **wrong)
{
    const char *name = next_word(&rest), *first = next_word(&rest), *second = next_word(&rest);
    size_t i;

    *wrong = name;
    for (i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        const struct setting *setting = &settings[i];

        if (strcmp(setting->name, name) != 0)
            continue;
        if (!first || (setting->words == 2 && !second))
            return mem_format("a word more behind it");
        *wrong = setting->words == 2 ? next_word(&rest) : second;
        if (*wrong)
            return mem_string("nothing more on the line");
        *wrong = first;
        if (setting->words == 2 && is_key(first, &(uint32_t){0}))
            *wrong = second;
        return setting->set(config, first, second);
    }
    return mem_string("theme, ascii, mouse, detail or key");
}

static bool take_line(struct config *config, const char *source, unsigned number, char *line, char **error)
{
    char *rest = line + strspn(line, BLANK), *expected, *shown;
    size_t length = strlen(line);
    const char *wrong;

    if (length && line[length - 1] == '\r')
        line[length - 1] = 0;
    if (!*rest || *rest == '#')
        return true;
    expected = take_words(config, rest, &wrong);
    if (!expected)
        return true;
    shown = text_escaped(wrong, strnlen(wrong, SHOWN_MOST));
    *error = mem_format("%s:%u: \"%s\": expected %s", source, number, shown, expected);
    free(shown);
    free(expected);
    return false;
}

/* Whatever else has no key is reached by the palette. */
static bool has_palette(const struct config *config)
{
    const struct request *palette = keymap_named(&config->keymap, "palette");

    return !palette || keymap_key(&config->keymap, palette, 0);
}

bool config_parse(struct config *config, const char *source, const char *text, char **error)
{
    char *copy = mem_string(text), *rest = copy, *line;
    unsigned number = 0;
    bool ok = true;

    *error = NULL;
    while (ok && (line = strsep(&rest, "\n")))
        ok = take_line(config, source, ++number, line, error);
    free(copy);
    if (ok && !has_palette(config)) {
        *error = mem_format(
            "%s: no key is left for palette, by which all else is reached: expected a line such as "
            "\"key : palette\"",
            source);
        ok = false;
    }
    return ok;
}

bool config_load(struct config *config, const char *path, bool must_exist, char **error)
{
    FILE *file = fopen(path, "re");
    char block[4096];
    struct buf text;
    size_t got;
    bool ok;

    *error = NULL;
    if (!file && !must_exist && (errno == ENOENT || errno == ENOTDIR))
        return true;
    buf_init(&text, FILE_MOST);
    errno = file ? 0 : errno;
    while (file && (got = fread(block, 1, sizeof block, file)) > 0 && !text.failed)
        buf_add(&text, block, got);
    if (!file || ferror(file))
        *error = mem_format("%s: %s; expected a configuration file", path, strerror(errno));
    else if (text.failed || memchr(text.bytes ? text.bytes : (uint8_t *)"", 0, text.length))
        *error = mem_format("%s: expected a text file of at most 1 MiB", path);
    ok = !*error && config_parse(config, path, buf_string(&text), error);
    buf_release(&text);
    if (file)
        fclose(file);
    return ok;
}

char *config_path(const char *config_home, const char *home)
{
    if (config_home && *config_home == '/')
        return mem_format("%s/mxscope/config", config_home);
    return home && *home == '/' ? mem_format("%s/.config/mxscope/config", home) : NULL;
}
