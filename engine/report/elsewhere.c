#include "engine/report/elsewhere.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/model/merge.h"

#include <stdbool.h>
#include <stdlib.h>

static void add(const struct strings *from, const char *name, struct strings *out)
{
    for (size_t i = 0; i < from->count; i++)
        if (merge_told(from->items[i]))
            strings_addf(out, "%s%s%s", name, *name ? ": " : "", from->items[i]);
}

static void add_endpoint(const struct host *host, const struct endpoint *endpoint, struct strings *out)
{
    char *name = mem_format("%s (%s)", host->key.name, endpoint->key.address);

    if (endpoint->facts)
        add(&endpoint->facts->warnings, name, out);
    free(name);
}

void elsewhere_of_target(const struct target *target, struct strings *out)
{
    add(&target->spec.remarks, "", out);
    add(&target->warnings, "", out);
    add(&target->beside.warnings, "", out);
    for (size_t h = 0; h < model_all_hosts(target); h++) {
        const struct host *host = model_any_host(target, h)->host;

        add(&host->warnings, host->key.name, out);
        for (size_t e = 0; e < host->endpoint_count; e++)
            add_endpoint(host, host->endpoints[e], out);
    }
    strings_drop_repeated(out);
}

bool elsewhere_any(const struct target *target)
{
    struct strings lines = {0};
    bool any;

    elsewhere_of_target(target, &lines);
    any = lines.count;
    strings_release(&lines);
    return any;
}

void elsewhere_of_endpoint(const struct host *host, const struct endpoint *endpoint, struct strings *out)
{
    add(&host->warnings, "", out);
    if (endpoint->facts)
        add(&endpoint->facts->warnings, "", out);
    strings_drop_repeated(out);
}

char *elsewhere_words(unsigned targets)
{
    return mem_format("Of %u %s not all sessions that were joined say the same. The newest facts count; what "
                      "else was seen or written stands here.",
                      targets, targets == 1 ? "target" : "targets");
}

char *elsewhere_joined(const struct strings *lines)
{
    struct buf text;

    if (!lines->count)
        return NULL;
    buf_init(&text, 0);
    for (size_t i = 0; i < lines->count; i++)
        buf_printf(&text, "%s%s", i ? "; " : "", lines->items[i]);
    return buf_take_string(&text);
}
