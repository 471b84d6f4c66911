#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/report/compare_write.h"
#include "engine/report/markdown_text.h"
#include "engine/report/out.h"

#include <stdlib.h>
#include <string.h>

/* How one form of text marks its parts. */
struct form {
    const char *title;
    const char *part;           /* targets, endpoints */
    const char *change, *count; /* the kind of change, and how many behind it */
    const char *item, *about, *end;
    const char *sentence, *fact;
    void (*put)(struct out *out, const char *text);
};

/* Text of facts was escaped when it was found, so backslashes stay; a file may hold anything. */
static void put_plain(struct out *out, const char *text)
{
    static const struct out_rules rules = {.slash = NULL};

    out_safe(out, text, &rules);
}

static const struct form plain = {
    .title = "",
    .part = "\n",
    .change = "\n",
    .count = " ",
    .item = "  ",
    .about = " ",
    .end = "\n",
    .sentence = "    ",
    .fact = "    - ",
    .put = put_plain,
};

static const struct form markdown = {
    .title = "# ",
    .part = "\n## ",
    .change = "\n### ",
    .count = " ",
    .item = "- **",
    .about = "** ",
    .end = "\n",
    .sentence = "  ",
    .fact = "  - ",
    .put = markdown_say,
};

/* "To Contoso (partner)" behind a domain; what tells an endpoint from its likes behind a host. */
static char *about(const struct difference *difference)
{
    const struct target *target = difference->target ? difference->target : difference->target_before;
    const struct endpoint *endpoint =
        difference->endpoint ? difference->endpoint : difference->endpoint_before;

    if (endpoint)
        return mem_format("(%s, %s port %u)", endpoint->key.address, protocol_name(endpoint->key.protocol),
                          endpoint->key.port);
    return target->spec.connector
               ? mem_format("(%s, %s)", target_class_name(target->spec.class), target->spec.connector)
               : mem_format("(%s)", target_class_name(target->spec.class));
}

static const char *name_of(const struct difference *difference)
{
    const struct target *target = difference->target ? difference->target : difference->target_before;
    const struct endpoint *endpoint =
        difference->endpoint ? difference->endpoint : difference->endpoint_before;

    if (target)
        return target->spec.unicode ? target->spec.unicode : target->spec.domain;
    return *endpoint->key.server_name ? endpoint->key.server_name : endpoint->key.address;
}

static void put_line(const struct form *form, struct out *out, const char *mark, const char *text)
{
    out_string(out, mark);
    form->put(out, text);
    out_string(out, "\n");
}

static void put_item(const struct form *form, struct out *out, const struct difference *difference)
{
    char *behind = about(difference);

    out_string(out, form->item);
    form->put(out, name_of(difference));
    out_string(out, form->about);
    form->put(out, behind);
    out_string(out, form->end);
    put_line(form, out, form->sentence, difference->sentence);
    for (size_t i = 0; i < difference->fact_count; i++)
        put_line(form, out, form->fact, difference->facts[i].sentence);
    free(behind);
}

static void put_part(const struct form *form, struct out *out, const char *title,
                     const struct difference *list, size_t count, const unsigned *changes)
{
    if (!count)
        return;
    out_printf(out, "%s%s\n", form->part, title);
    for (size_t i = 0; i < count; i++) {
        if (!i || list[i].change != list[i - 1].change)
            out_printf(out, "%s%s%s(%u)\n\n", form->change, change_title(list[i].change), form->count,
                       changes[list[i].change]);
        put_item(form, out, &list[i]);
    }
}

static void put_session(const struct form *form, struct out *out, const char *mark,
                        const struct compare_session *session)
{
    int64_t when = session->finished_at ? session->finished_at : session->started_at;
    char time[TEXT_TIME_SIZE];

    out_string(out, mark);
    form->put(out, session->name);
    text_time(time, when);
    out_printf(out, ", %s", when ? time : "of a time that is not noted");
    if (session->vantage) {
        out_string(out, ", from ");
        form->put(out, session->vantage);
    }
    out_printf(out, "%s\n", session->complete ? "" : ", not complete");
}

/* "2 regressed, 1 improved, 97 unchanged" */
static void put_counts(struct out *out, const char *what, const unsigned *changes, unsigned unchanged)
{
    out_printf(out, "%s: ", what);
    for (unsigned i = 0; i < change_count; i++)
        if (changes[i])
            out_printf(out, "%u %s, ", changes[i], change_name((enum change)i));
    out_printf(out, "%u unchanged\n", unchanged);
}

static char *make(const struct form *form, const struct comparison *comparison,
                  const struct compare_options *options)
{
    struct out out;

    out_init(&out, NULL, NULL);
    out_printf(&out, "%sWhat changed%s\n\n", form->title,
               comparison_regressed(comparison) ? ": something regressed" : "");
    put_session(form, &out, form == &markdown ? "- then: " : "then: ", &options->before);
    put_session(form, &out, form == &markdown ? "- now: " : "now:  ", &options->after);
    out_string(&out, form == &markdown ? "- judged by " : "judged by ");
    form->put(&out, options->baseline->name);
    if (options->former_baseline) {
        out_string(&out, ", both; the older session itself by ");
        form->put(&out, options->former_baseline);
    }
    out_string(&out, "\n\n");
    put_counts(&out, form == &markdown ? "- targets" : "targets", comparison->target_changes,
               comparison->targets_unchanged);
    put_counts(&out, form == &markdown ? "- endpoints" : "endpoints", comparison->endpoint_changes,
               comparison->endpoints_unchanged);
    put_part(form, &out, "Targets", comparison->targets, comparison->target_count,
             comparison->target_changes);
    put_part(form, &out, "Endpoints", comparison->endpoints, comparison->endpoint_count,
             comparison->endpoint_changes);
    return out_text(&out);
}

char *compare_text(const struct comparison *comparison, const struct compare_options *options)
{
    return make(&plain, comparison, options);
}

char *compare_markdown(const struct comparison *comparison, const struct compare_options *options)
{
    return make(&markdown, comparison, options);
}
