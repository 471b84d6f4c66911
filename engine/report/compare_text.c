#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/report/compare_private.h"
#include "engine/report/compare_write.h"

#include <stdlib.h>
#include <string.h>

/* How one form of text marks its parts. */
struct form {
    const char *title;
    const char *part;           /* targets, endpoints */
    const char *change, *count; /* the kind of change, and how many behind it */
    const char *item, *about, *end;
    const char *sentence, *fact;
    void (*put)(struct buf *out, const char *text);
};

/* Text of facts was escaped when it was found, so backslashes stay; a file may hold anything. */
void compare_put(struct buf *out, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\\");

        text_escape(out, text, length);
        text += length;
        length = strspn(text, "\\");
        buf_add(out, text, length);
        text += length;
    }
}

static void put_markdown(struct buf *out, const char *text)
{
    static const char marks[] = "\\`*_[]<>|#&~";
    struct buf safe;

    buf_init(&safe, 0);
    compare_put(&safe, text);
    for (text = buf_string(&safe); *text; text++) {
        if (strchr(marks, *text))
            buf_u8(out, '\\');
        buf_u8(out, (uint8_t)*text);
    }
    buf_release(&safe);
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
    .put = compare_put,
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
    .put = put_markdown,
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

static void put_line(const struct form *form, struct buf *out, const char *mark, const char *text)
{
    buf_add_string(out, mark);
    form->put(out, text);
    buf_add_string(out, "\n");
}

static void put_item(const struct form *form, struct buf *out, const struct difference *difference)
{
    char *behind = about(difference);

    buf_add_string(out, form->item);
    form->put(out, name_of(difference));
    buf_add_string(out, form->about);
    form->put(out, behind);
    buf_add_string(out, form->end);
    put_line(form, out, form->sentence, difference->sentence);
    for (size_t i = 0; i < difference->fact_count; i++)
        put_line(form, out, form->fact, difference->facts[i].sentence);
    free(behind);
}

static void put_part(const struct form *form, struct buf *out, const char *title,
                     const struct difference *list, size_t count, const unsigned *changes)
{
    if (!count)
        return;
    buf_printf(out, "%s%s\n", form->part, title);
    for (size_t i = 0; i < count; i++) {
        if (!i || list[i].change != list[i - 1].change)
            buf_printf(out, "%s%s%s(%u)\n\n", form->change, change_title(list[i].change), form->count,
                       changes[list[i].change]);
        put_item(form, out, &list[i]);
    }
}

static void put_session(const struct form *form, struct buf *out, const char *mark,
                        const struct compare_session *session)
{
    int64_t when = session->finished_at ? session->finished_at : session->started_at;
    char time[TEXT_TIME_SIZE];

    buf_add_string(out, mark);
    form->put(out, session->name);
    text_time(time, when);
    buf_printf(out, ", %s", when ? time : "of a time that is not noted");
    if (session->vantage) {
        buf_add_string(out, ", from ");
        form->put(out, session->vantage);
    }
    buf_printf(out, "%s\n", session->complete ? "" : ", not complete");
}

/* "2 regressed, 1 improved, 97 unchanged" */
static void put_counts(struct buf *out, const char *what, const unsigned *changes, unsigned unchanged)
{
    buf_printf(out, "%s: ", what);
    for (unsigned i = 0; i < change_count; i++)
        if (changes[i])
            buf_printf(out, "%u %s, ", changes[i], change_name((enum change)i));
    buf_printf(out, "%u unchanged\n", unchanged);
}

static char *make(const struct form *form, const struct comparison *comparison,
                  const struct compare_options *options)
{
    struct buf out;

    buf_init(&out, 0);
    buf_printf(&out, "%sWhat changed%s\n\n", form->title,
               comparison_regressed(comparison) ? ": something regressed" : "");
    put_session(form, &out, form == &markdown ? "- then: " : "then: ", &options->before);
    put_session(form, &out, form == &markdown ? "- now: " : "now:  ", &options->after);
    buf_add_string(&out, form == &markdown ? "- judged by " : "judged by ");
    form->put(&out, options->baseline->name);
    if (options->former_baseline) {
        buf_add_string(&out, ", both; the older session itself by ");
        form->put(&out, options->former_baseline);
    }
    buf_add_string(&out, "\n\n");
    put_counts(&out, form == &markdown ? "- targets" : "targets", comparison->target_changes,
               comparison->targets_unchanged);
    put_counts(&out, form == &markdown ? "- endpoints" : "endpoints", comparison->endpoint_changes,
               comparison->endpoints_unchanged);
    put_part(form, &out, "Targets", comparison->targets, comparison->target_count,
             comparison->target_changes);
    put_part(form, &out, "Endpoints", comparison->endpoints, comparison->endpoint_count,
             comparison->endpoint_changes);
    return buf_take_string(&out);
}

char *compare_text(const struct comparison *comparison, const struct compare_options *options)
{
    return make(&plain, comparison, options);
}

char *compare_markdown(const struct comparison *comparison, const struct compare_options *options)
{
    return make(&markdown, comparison, options);
}
