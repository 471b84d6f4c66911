#include "engine/model/baseline.h"

#include "data/baselines/baselines.h"
#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/tls/suite.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MOST  65536 /* bytes of a baseline file */
#define VALUE_MOST 200   /* bytes of a value */

struct parser {
    struct baseline *baseline;
    const char *source;
    unsigned line; /* 1-based; 0 once all lines are read */
    bool minimum;  /* the floor was given */
    char *error;   /* first problem; NULL */
};

static const char *const names[] = {"exchange-online", "tls1.2", "tls1.3", NULL};

const char *const *baseline_names(void)
{
    return names;
}

static bool refuse(struct parser *p, const char *value, const char *wrong, const char *expected)
{
    char *shown = text_escaped(value, strnlen(value, 80));

    if (p->line)
        p->error = mem_format("%s:%u: '%s': %s; expected %s", p->source, p->line, shown, wrong, expected);
    else
        p->error = mem_format("%s: %s; expected %s", p->source, wrong, expected);
    free(shown);
    return false;
}

static bool set_name(struct parser *p, const char *value)
{
    const char *at;

    if (p->baseline->name)
        return refuse(p, value, "a second name", "one 'name' line");
    for (at = value; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr("._-+", *at))
            return refuse(p, value, "no usable name", "letters, digits, '.', '_', '-' or '+'");
    p->baseline->name = mem_string(value);
    return true;
}

static bool set_title(struct parser *p, const char *value)
{
    if (p->baseline->title)
        return refuse(p, value, "a second title", "one 'title' line");
    p->baseline->title = text_escaped(value, strlen(value));
    return true;
}

static bool set_minimum(struct parser *p, const char *value)
{
    if (p->minimum)
        return refuse(p, value, "a second minimum", "one 'minimum' line");
    if (!tls_version_parse(value, &p->baseline->minimum))
        return refuse(p, value, "no TLS version", "SSLv3, TLSv1.0, TLSv1.1, TLSv1.2 or TLSv1.3");
    p->minimum = true;
    return true;
}

/* Days of a month; February is not looked at closer. */
static bool is_date(const char *value)
{
    static const char pattern[] = "dddd-dd-dd";
    unsigned month, day;
    size_t i;

    if (strlen(value) != sizeof pattern - 1)
        return false;
    for (i = 0; pattern[i]; i++)
        if (pattern[i] == 'd' ? !isdigit((unsigned char)value[i]) : value[i] != pattern[i])
            return false;
    month = (unsigned)(value[5] - '0') * 10 + (unsigned)(value[6] - '0');
    day = (unsigned)(value[8] - '0') * 10 + (unsigned)(value[9] - '0');
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static bool set_since(struct parser *p, const char *value)
{
    if (p->baseline->since)
        return refuse(p, value, "a second date", "one 'since' line");
    if (!is_date(value))
        return refuse(p, value, "no date", "a date such as 2020-10-15");
    p->baseline->since = mem_string(value);
    return true;
}

static bool add_suite(struct parser *p, const char *value)
{
    struct baseline *baseline = p->baseline;
    const struct tls_suite *suite = tls_suite_by_name(value);

    if (!suite)
        return refuse(p, value, "no known cipher suite",
                      "an IANA name such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    if (baseline->suites && baseline_offers(baseline, suite->id))
        return refuse(p, value, "the suite is there already", "each suite once");
    baseline->suites = mem_resize(baseline->suites, baseline->suite_count + 1, sizeof *baseline->suites);
    baseline->suites[baseline->suite_count++] = suite->id;
    return true;
}

static const struct {
    const char *key;
    bool (*set)(struct parser *p, const char *value);
} keys[] = {
    {"name", set_name},   {"title", set_title}, {"minimum", set_minimum},
    {"since", set_since}, {"suite", add_suite},
};

/* One line, trimmed and without comment. */
static bool read_line(struct parser *p, char *text)
{
    char *value = text + strcspn(text, " \t");
    size_t i;

    if (*value)
        *value++ = 0;
    value += strspn(value, " \t");
    for (i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(keys[i].key, text) != 0)
            continue;
        if (!*value || strlen(value) > VALUE_MOST)
            return refuse(p, text, *value ? "the value is too long" : "the value is missing",
                          "a value of at most 200 bytes behind it");
        return keys[i].set(p, value);
    }
    return refuse(p, text, "not a word of baselines", "name, title, minimum, since or suite");
}

static bool read_lines(struct parser *p, const char *text, size_t length)
{
    const char *at = text, *end = text + length;

    while (at < end && !p->error) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t size = (size_t)((stop ? stop : end) - at);
        char *line = mem_string_n(at, size), *last;

        p->line++;
        at += size + 1;
        line[strcspn(line, "#")] = 0;
        for (last = line + strlen(line); last > line && isspace((unsigned char)last[-1]);)
            *--last = 0;
        if (line[strspn(line, " \t")])
            read_line(p, line + strspn(line, " \t"));
        free(line);
    }
    return !p->error;
}

static bool suites_reach_floor(struct parser *p)
{
    const struct baseline *baseline = p->baseline;
    size_t i;

    for (i = 0; i < baseline->suite_count; i++) {
        const struct tls_suite *suite = tls_suite_find(baseline->suites[i]);

        if (suite && suite->last < baseline->minimum)
            return refuse(p, "", "a suite belongs to versions below the minimum",
                          "suites that the minimum version or a newer one can choose");
    }
    return true;
}

static bool check(struct parser *p)
{
    p->line = 0;
    if (!p->baseline->name)
        return refuse(p, "", "no name", "a line such as 'name my-floor'");
    if (!p->minimum)
        return refuse(p, "", "no minimum version", "a line such as 'minimum TLSv1.2'");
    if (!p->baseline->title)
        p->baseline->title = mem_string(p->baseline->name);
    return suites_reach_floor(p);
}

struct baseline *baseline_parse(const char *source, const char *text, size_t length, char **error)
{
    static const char bom[] = "\xef\xbb\xbf";
    struct parser p = {.baseline = mem_alloc(sizeof *p.baseline), .source = source};

    if (length >= 3 && memcmp(text, bom, 3) == 0) {
        text += 3;
        length -= 3;
    }
    if (length > FILE_MOST || memchr(text, 0, length))
        refuse(&p, "", "this is no baseline", "a text file of at most 64 KiB");
    else if (read_lines(&p, text, length))
        check(&p);
    if (!p.error)
        return p.baseline;
    *error = p.error;
    baseline_free(p.baseline);
    return NULL;
}

/* The whole file, one byte beyond the most that a baseline may have at the utmost. */
static bool read_file(const char *path, struct buf *out)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    uint8_t block[4096];
    ssize_t got = 0;

    if (descriptor < 0)
        return false;
    while (out->length <= FILE_MOST && (got = read(descriptor, block, sizeof block)) > 0)
        buf_add(out, block, (size_t)got);
    if (got < 0) {
        int why = errno;

        close(descriptor);
        errno = why;
        return false;
    }
    close(descriptor);
    return true;
}

static struct baseline *load_file(const char *path, char **error)
{
    struct baseline *baseline = NULL;
    char *shown = text_escaped(path, strlen(path));
    struct buf content;

    buf_init(&content, 0);
    if (read_file(path, &content))
        baseline = baseline_parse(shown, buf_string(&content), content.length, error);
    else
        *error = mem_format("baseline '%s': %s; expected exchange-online, tls1.2, tls1.3 or a baseline file",
                            shown, strerror(errno));
    buf_release(&content);
    free(shown);
    return baseline;
}

static const struct embedded_file *find_builtin(const char *name)
{
    size_t length = strlen(name);
    const struct embedded_file *file;

    for (file = baseline_files; file->name; file++)
        if (strncmp(file->name, name, length) == 0 && strcmp(file->name + length, ".baseline") == 0)
            return file;
    return NULL;
}

struct baseline *baseline_load(const char *name_or_file, char **error)
{
    const struct embedded_file *file = find_builtin(name_or_file);

    if (file)
        return baseline_parse(file->name, file->text, file->length, error);
    return load_file(name_or_file, error);
}

struct baseline *baseline_builtin(const char *name)
{
    const struct embedded_file *file = find_builtin(name);
    struct baseline *baseline = NULL;
    char *error = NULL;

    if (file)
        baseline = baseline_parse(file->name, file->text, file->length, &error);
    free(error);
    return baseline;
}

struct baseline *baseline_copy(const struct baseline *baseline)
{
    struct baseline *copy = mem_alloc(sizeof *copy);

    copy->name = mem_string(baseline->name);
    copy->title = mem_string(baseline->title);
    copy->since = mem_string(baseline->since);
    copy->minimum = baseline->minimum;
    copy->suite_count = baseline->suite_count;
    if (baseline->suites)
        copy->suites = mem_copy(baseline->suites, baseline->suite_count * sizeof *baseline->suites);
    return copy;
}

bool baseline_same(const struct baseline *left, const struct baseline *right)
{
    return strcmp(left->name, right->name) == 0 && left->minimum == right->minimum &&
           left->suite_count == right->suite_count && !left->suites == !right->suites &&
           (!left->suites ||
            memcmp(left->suites, right->suites, left->suite_count * sizeof *left->suites) == 0);
}

void baseline_free(struct baseline *baseline)
{
    if (!baseline)
        return;
    free(baseline->name);
    free(baseline->title);
    free(baseline->suites);
    free(baseline->since);
    free(baseline);
}

bool baseline_offers(const struct baseline *baseline, uint16_t suite)
{
    size_t i;

    for (i = 0; i < baseline->suite_count; i++)
        if (baseline->suites[i] == suite)
            return true;
    return !baseline->suites;
}
