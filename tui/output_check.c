#include "tui/output_check.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A snapshot that is yet to be made has only its name. */
static bool is_same(const char *output, const char *path)
{
    struct stat left, right;

    if (!path || strcmp(path, "-") == 0)
        return false;
    if (stat(output, &left) < 0 || stat(path, &right) < 0)
        return strcmp(output, path) == 0;
    return S_ISREG(left.st_mode) && left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

static bool is_among(const char *output, const struct strings *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        if (is_same(output, paths->items[i]))
            return true;
    return false;
}

bool output_check(const struct options *options, char **error)
{
    const char *output = options->output;
    bool reads = options->command == COMMAND_EXPORT || options->command == COMMAND_DIFF;
    char *shown;

    if (!output || strcmp(output, "-") == 0)
        return true;
    if (!is_same(output, options->snapshot) && !is_among(output, &options->inputs) &&
        !(reads && is_among(output, &options->targets)))
        return true;
    shown = text_escaped(output, strlen(output));
    *error = mem_format("--output %s: is read or kept in the same run; expected another file", shown);
    free(shown);
    return false;
}
