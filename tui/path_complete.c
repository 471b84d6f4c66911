#include "tui/path_complete.h"

#include "engine/base/mem.h"
#include "engine/base/strings.h"
#include "engine/base/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

char *path_expand(const char *text, const char *home)
{
    size_t length;

    text += strspn(text, " ");
    length = strlen(text);
    while (length && text[length - 1] == ' ')
        length--;
    if (home && *text == '~' && (length == 1 || text[1] == '/'))
        return mem_format("%s%.*s", home, (int)length - 1, text + 1);
    return mem_string_n(text, length);
}

static bool can_be_typed(const char *name)
{
    const uint8_t *at = (const uint8_t *)name;
    size_t left = strlen(name), size;
    uint32_t c;

    for (; left; at += size, left -= size) {
        size = text_decode(at, left, &c);
        if (!size || c < 0x20 || (c >= 0x7f && c < 0xa0))
            return false;
    }
    return name[strlen(name) - 1] != ' ';
}

static bool is_wanted(const char *name, const char *beginning)
{
    if (strcmp(name, ".") == 0 || (strcmp(name, "..") == 0 && strcmp(beginning, "..") != 0))
        return false;
    if (*name == '.' && *beginning != '.')
        return false;
    return strncmp(name, beginning, strlen(beginning)) == 0 && can_be_typed(name);
}

static bool is_folder(DIR *folder, const char *name)
{
    struct stat about;

    return fstatat(dirfd(folder), name, &about, 0) == 0 && S_ISDIR(about.st_mode);
}

static int by_name(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b;

    return strcmp(*left, *right);
}

static void read_folder(DIR *folder, const char *beginning, bool (*takes)(const char *name),
                        struct strings *names)
{
    const struct dirent *entry;
    size_t left = PATH_ENTRIES;

    while (left-- && (entry = readdir(folder)))
        if (is_wanted(entry->d_name, beginning) &&
            (!takes || takes(entry->d_name) || is_folder(folder, entry->d_name)))
            strings_add(names, entry->d_name);
    if (names->count)
        qsort(names->items, names->count, sizeof *names->items, by_name);
}

static void add_names(struct candidates *list, DIR *folder, const struct strings *names)
{
    size_t i;

    for (i = 0; i < names->count && !list->more; i++) {
        char *text =
            mem_format("%s%s", names->items[i],
                       list->count < CANDIDATES_MOST && is_folder(folder, names->items[i]) ? "/" : "");

        candidates_add(list, text, text, NULL);
        free(text);
    }
}

/* "~" alone is on its way to be a folder. */
static void add_home(struct candidates *list)
{
    list->from = 0;
    candidates_add(list, "~/", "~/", NULL);
}

static void complete_in(struct candidates *list, const char *path, const char *beginning,
                        bool (*takes)(const char *name))
{
    DIR *folder = opendir(*path ? path : ".");
    struct strings names = {0};

    if (!folder)
        return;
    read_folder(folder, beginning, takes, &names);
    add_names(list, folder, &names);
    strings_release(&names);
    closedir(folder);
}

void path_complete(struct candidates *list, const char *text, size_t cursor, const char *home,
                   bool (*takes)(const char *name))
{
    char *typed = mem_string_n(text, cursor), *slash = strrchr(typed, '/'), *path, *above;

    list->from = slash ? (size_t)(slash - typed) + 1 : strspn(typed, " ");
    list->to = cursor;
    if (home && strcmp(typed, "~") == 0) {
        add_home(list);
    } else {
        above = mem_string_n(typed, slash ? list->from : 0);
        path = path_expand(above, home);
        complete_in(list, path, typed + list->from, takes);
        free(path);
        free(above);
    }
    free(typed);
}
