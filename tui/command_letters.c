#include "tui/command_letters.h"

#include "engine/base/mem.h"
#include "engine/report/letters.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DONE = 0, USAGE = 2, UNFINISHED = 3 };

/* The text of the template; NULL and *error. */
static char *read_template(const char *path, char **error)
{
    FILE *file = fopen(path, "r");
    char *text;
    size_t length;

    if (!file) {
        *error = mem_format("%s: %s; expected the template of a letter", path, strerror(errno));
        return NULL;
    }
    text = mem_alloc(LETTER_TEMPLATE_MOST + 1);
    length = fread(text, 1, LETTER_TEMPLATE_MOST, file);
    if (ferror(file) || !feof(file) || strlen(text) != length)
        *error = mem_format("%s: expected text of less than 1 MiB without NUL", path);
    fclose(file);
    if (!*error)
        return text;
    free(text);
    return NULL;
}

static struct letter *open_letter(const char *path, char **error)
{
    struct letter *letter;
    char *text;

    *error = NULL;
    if (!path)
        return letter_builtin();
    text = read_template(path, error);
    letter = text ? letter_read(path, text, error) : NULL;
    free(text);
    return letter;
}

int command_letters(const struct options *options, const struct model *model, const char *vantage,
                    char **error)
{
    struct letter *letter = open_letter(options->letter, error);
    size_t count = 0;
    bool ok;

    if (!letter)
        return USAGE;
    ok = letters_write(letter, model, vantage, options->output, &count, error);
    if (ok)
        fprintf(stderr, "mxscope: %zu letter%s\n", count, count == 1 ? "" : "s");
    letter_free(letter);
    return ok ? DONE : UNFINISHED;
}
