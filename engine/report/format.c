#include "engine/report/format.h"

#include "engine/base/buf.h"
#include "engine/report/csv.h"
#include "engine/report/html.h"
#include "engine/report/markdown.h"

#include <string.h>
#include <strings.h>

#define COUNT (sizeof formats / sizeof *formats)

static const struct report_format formats[] = {
    {"json", ".json", json_write},       {"jsonl", ".jsonl", jsonl_write},
    {"csv", ".csv", csv_domains_write},  {"csv-endpoints", ".endpoints.csv", csv_endpoints_write},
    {"markdown", ".md", markdown_write}, {"html", ".html", html_write},
};

const struct report_format *report_format_default(void)
{
    return formats;
}

const struct report_format *report_format_named(const char *name)
{
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}

const struct report_format *report_format_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const struct report_format *found = NULL;
    size_t length = strlen(name), longest = 0;

    for (size_t i = 0; i < COUNT; i++) {
        size_t end = strlen(formats[i].suffix);

        if (end <= longest || end > length || strcasecmp(name + length - end, formats[i].suffix) != 0)
            continue;
        found = &formats[i];
        longest = end;
    }
    return found;
}

char *report_format_suffixes(void)
{
    struct buf out;

    buf_init(&out, 0);
    for (size_t i = 0; i < COUNT; i++)
        buf_printf(&out, "%s%s", !i ? "" : i + 1 < COUNT ? ", " : " or ", formats[i].suffix);
    return buf_take_string(&out);
}

struct content {
    const struct report_format *format;
    const struct model *model;
    const struct report_options *options;
};

static void fill(struct out *out, const void *data)
{
    const struct content *content = data;

    content->format->write(content->model, content->options, out);
}

bool report_save(const char *path, const struct report_format *format, const struct model *model,
                 const struct report_options *options, char **error)
{
    return report_fill(path, fill, &(struct content){format, model, options}, error);
}
