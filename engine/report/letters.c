#include "engine/report/letters.h"

#include "engine/base/map.h"
#include "engine/base/mem.h"
#include "engine/report/out.h"
#include "engine/report/report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECOND 2 /* the number of the second file of one name */

/* The letters that are due, with the names of their files. */
struct post {
    const struct target **targets; /* owned; the array */
    struct strings names;
    const struct letter *letter;
    const struct model *model;
    const char *vantage;
};

/* "contoso.com.txt"; the second of that name is "contoso.com-2.txt". `taken` leads from a name to the number
 * that the next one of that name tries. */
static char *own_name(const struct target *target, struct map *taken)
{
    char *plain = letter_file_name(target), *name = mem_string(plain);
    int stem = (int)(strlen(plain) - strlen(".txt"));
    uintptr_t number = (uintptr_t)map_get(taken, plain);

    for (; map_get(taken, name); number++) {
        free(name);
        name = mem_format("%.*s-%u.txt", stem, plain, (unsigned)number);
    }
    map_put(taken, plain, (void *)(number ? number : SECOND));
    if (number)
        map_put(taken, name, (void *)SECOND);
    free(plain);
    return name;
}

static void collect(struct post *post)
{
    const struct model *model = post->model;
    struct map taken;

    map_init(&taken);
    post->targets = mem_array(model_target_count(model) + 1, sizeof *post->targets);
    for (size_t i = 0; i < model_target_count(model); i++) {
        const struct target *target = model_target_at(model, i);

        if (!letter_is_due(model, target))
            continue;
        post->targets[post->names.count] = target;
        strings_give(&post->names, own_name(target, &taken));
    }
    map_release(&taken, NULL);
}

static void fill_all(struct out *out, const void *data)
{
    const struct post *post = data;

    for (size_t i = 0; i < post->names.count; i++) {
        char *text = letter_text(post->letter, post->model, post->targets[i], post->vantage);

        out_printf(out, "%s======== %s ========\n", i ? "\n" : "", post->names.items[i]);
        out_string(out, text);
        free(text);
    }
}

static bool open_folder(const char *path, int *folder, char **error)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST) {
        *folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (*folder >= 0)
            return true;
    }
    *error = mem_format("%s: %s; expected a folder, or a name for one", path, strerror(errno));
    return false;
}

/* Looks before the first is written. */
static bool all_new(const char *path, int folder, const struct post *post, char **error)
{
    struct stat status;

    for (size_t i = 0; i < post->names.count; i++) {
        if (fstatat(folder, post->names.items[i], &status, AT_SYMLINK_NOFOLLOW) < 0)
            continue;
        *error = mem_format("%s/%s: is there already, so nothing was written; expected a folder without it",
                            path, post->names.items[i]);
        return false;
    }
    return true;
}

/* On failure `errno` says why, and nothing of it is there. */
static bool write_new(int folder, const char *name, const char *text)
{
    int descriptor = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666), why;
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    bool ok = file && fputs(text, file) >= 0 && fflush(file) == 0 && fsync(descriptor) == 0;

    why = errno;
    if (file ? fclose(file) != 0 : descriptor >= 0 && close(descriptor) != 0) {
        why = ok ? errno : why;
        ok = false;
    }
    if (!ok && descriptor >= 0)
        unlinkat(folder, name, 0);
    errno = why;
    return ok;
}

/* The first `written` go again: what is left of them would be in the way of the next try. */
static void take_back(const struct post *post, const char *path, int folder, size_t written, char **error)
{
    *error = mem_format("%s/%s: %s; none of %zu letters is there", path, post->names.items[written],
                        strerror(errno), post->names.count);
    while (written)
        unlinkat(folder, post->names.items[--written], 0);
}

static bool to_folder(const struct post *post, const char *path, char **error)
{
    int folder = -1;
    bool ok = open_folder(path, &folder, error) && all_new(path, folder, post, error);

    for (size_t i = 0; ok && i < post->names.count; i++) {
        char *text = letter_text(post->letter, post->model, post->targets[i], post->vantage);

        ok = write_new(folder, post->names.items[i], text);
        if (!ok)
            take_back(post, path, folder, i, error);
        free(text);
    }
    if (ok)
        (void)!fsync(folder);
    if (folder >= 0)
        close(folder);
    return ok;
}

bool letters_write(const struct letter *letter, const struct model *model, const char *vantage,
                   const char *folder, size_t *count, char **error)
{
    bool in_folder = folder && strcmp(folder, "-") != 0, ok = true;
    struct post post = {.letter = letter, .model = model, .vantage = vantage};

    collect(&post);
    *count = post.names.count;
    if (in_folder && *count)
        ok = to_folder(&post, folder, error);
    else if (*count)
        ok = report_fill(NULL, fill_all, &post, error);
    free(post.targets);
    strings_release(&post.names);
    return ok;
}
