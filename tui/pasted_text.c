#include "tui/pasted.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "tui/demand_words.h"

#include <stdlib.h>
#include <string.h>

char *pasted_name(const struct pasted *pasted)
{
    struct buf out;
    size_t i;

    if (!pasted->files.count)
        return mem_string("Pasted");
    buf_init(&out, 0);
    for (i = 0; i < pasted->files.count; i++)
        buf_printf(&out, "%s%s", i ? ", " : "", pasted->files.items[i]);
    return buf_take_string(&out);
}

static void add_number(struct buf *out, size_t number, const char *one, const char *more)
{
    if (number)
        buf_printf(out, "%s%zu %s", out->length ? ", " : "", number, number == 1 ? one : more);
}

/* "85 as before, 2 lines not understood", or "". */
static void add_remarks(struct buf *out, const struct pasted *pasted)
{
    add_number(out, pasted->known, "as before", "as before");
    if (pasted->classed.count)
        buf_printf(out, ", %zu of those with a class set by hand", pasted->classed.count);
    add_number(out, pasted->input.problem_count, "line not understood", "lines not understood");
    add_number(out, pasted->input.notes.count, "note", "notes");
}

/* "Add 12 targets, change 3". */
static char *question(const struct pasted *pasted)
{
    size_t fresh = pasted->fresh.count, others = pasted->others.count;

    if (!others)
        return mem_format("Add %zu target%s", fresh, fresh == 1 ? "" : "s");
    if (!fresh)
        return mem_format("Change %zu target%s", others, others == 1 ? "" : "s");
    return mem_format("Add %zu target%s, change %zu", fresh, fresh == 1 ? "" : "s", others);
}

static char *outcome(const struct pasted *pasted)
{
    struct buf out;

    buf_init(&out, 0);
    buf_printf(&out, "%zu added", pasted->fresh.count);
    add_number(&out, pasted->others.count, "changed", "changed");
    add_remarks(&out, pasted);
    return buf_take_string(&out);
}

char *pasted_sentence(const struct pasted *pasted)
{
    char *name = pasted->files.count ? pasted_name(pasted) : mem_string("the pasted list"), *first;
    bool any = pasted->fresh.count || pasted->others.count, asked = pasted->state == PASTED_ASKED;
    struct buf remarks, out;

    buf_init(&remarks, 0);
    add_remarks(&remarks, pasted);
    buf_init(&out, 0);
    first = asked                           ? question(pasted)
            : pasted->state == PASTED_ADDED ? outcome(pasted)
            : any                           ? mem_format("nothing added of %s", name)
                                            : mem_format("nothing new in %s", name);
    buf_add_string(&out, first);
    if (remarks.length && pasted->state != PASTED_ADDED)
        buf_printf(&out, " (%s)", buf_string(&remarks));
    if (asked)
        buf_add_string(&out, "? y n");
    buf_release(&remarks);
    free(first);
    free(name);
    return buf_take_string(&out);
}

char *pasted_progress(const struct pasted *pasted)
{
    size_t all = pasted->input.count;

    if (pasted->state != PASTED_TAKEN)
        return NULL;
    return mem_format("adding the list: %zu %%", all ? pasted->next * 100 / all : 100);
}

bool pasted_worth(const struct pasted *pasted)
{
    return pasted->state == PASTED_ASKED || pasted->input.problem_count || pasted->input.notes.count;
}

static void build_rest(struct page *page, size_t all)
{
    if (all <= PASTED_LISTED)
        return;
    page_putf(page, 2, STYLE_DIM, "and %zu more", all - PASTED_LISTED);
    page_end(page);
}

static void build_problems(struct page *page, const struct input *input)
{
    size_t i;

    if (!input->problem_count)
        return;
    page_heading(page, "Not understood");
    for (i = 0; i < input->problem_count && i < PASTED_LISTED; i++)
        page_wrap(page, 2, STYLE_CAUTION, input->problems[i].message);
    build_rest(page, input->problem_count);
}

static void build_notes(struct page *page, const struct input *input)
{
    size_t i;

    if (!input->notes.count)
        return;
    page_heading(page, "Notes");
    for (i = 0; i < input->notes.count && i < PASTED_LISTED; i++)
        page_wrap(page, 2, STYLE_TEXT, input->notes.items[i]);
    build_rest(page, input->notes.count);
}

static const char *name_of(const struct page *page, const struct target_spec *spec)
{
    return page->ascii || !spec->unicode ? spec->domain : spec->unicode;
}

/* Something there is to say of a list's line; the target is NULL when it went meanwhile. */
static char *say_fresh(const struct page *page, const struct target *target, const struct target_spec *spec)
{
    (void)target;
    return mem_format("%s: %s, %s%s%s", name_of(page, spec), target_class_name(spec->class),
                      requirement_title(spec->requirement), spec->connector ? ", connector " : "",
                      spec->connector ? spec->connector : "");
}

static char *say_change(const struct page *page, const struct target *target, const struct target_spec *spec)
{
    char *words = target ? demand_words(target, spec) : mem_string("it is there no more"), *text;

    text = mem_format("%s: %s", name_of(page, spec), words);
    free(words);
    return text;
}

static char *say_connector(const struct page *page, const struct target *target,
                           const struct target_spec *spec)
{
    const char *connector = target ? target->spec.connector : NULL;

    return mem_format("%s: %s", name_of(page, spec), connector ? connector : "it is there no more");
}

static char *say_class(const struct page *page, const struct target *target, const struct target_spec *spec)
{
    return mem_format("%s: %s in the list, %s as set here", name_of(page, spec),
                      target_class_name(spec->class),
                      target_class_name(target ? target->spec.class : spec->class));
}

static const struct target *target_of(const struct pasted *pasted, const struct model *model,
                                      const struct target_spec *spec)
{
    char *key;
    const struct target *target = carried_find(&pasted->carried, model, spec, &key);

    free(key);
    return target;
}

static void build_some(struct page *page, const struct pasted *pasted, const struct model *model,
                       const struct pasted_some *some, const char *heading,
                       char *(*say)(const struct page *page, const struct target *target,
                                    const struct target_spec *spec))
{
    size_t i;

    if (!some->count || pasted->state != PASTED_ASKED)
        return;
    page_heading(page, heading);
    for (i = 0; i < some->count && i < PASTED_LISTED; i++) {
        const struct target_spec *spec = &pasted->input.specs[some->listed[i]];
        char *text = say(page, target_of(pasted, model, spec), spec);

        page_wrap(page, 2, STYLE_TEXT, text);
        free(text);
    }
    build_rest(page, some->count);
}

void pasted_page_build(struct page *page, const struct pasted *pasted, const struct model *model)
{
    build_problems(page, &pasted->input);
    build_notes(page, &pasted->input);
    build_some(page, pasted, model, &pasted->others, "To change", say_change);
    build_some(page, pasted, model, &pasted->fresh, "To add", say_fresh);
    build_some(page, pasted, model, &pasted->classed, "As before, with the class that was set by hand",
               say_class);
    build_some(page, pasted, model, &pasted->spoken_for, "As before, carried by a connector", say_connector);
}
