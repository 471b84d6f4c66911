#include "tui/pasted.h"

#include "engine/base/buf.h"
#include "engine/base/map.h"
#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void pasted_release(struct pasted *pasted)
{
    input_release(&pasted->input);
    strings_release(&pasted->files);
    memset(pasted, 0, sizeof *pasted);
}

static void read_text(const uint8_t *bytes, size_t length, struct input *input)
{
    uint8_t *text = mem_alloc(length + 1);
    size_t i;

    for (i = 0; i < length; i++)
        text[i] = bytes[i] == '\r' && (i + 1 == length || bytes[i + 1] != '\n') ? '\n' : bytes[i];
    input_read("pasted", text, length, input);
    input_finish(input);
    free(text);
}

static void count(struct pasted *pasted, const struct model *model)
{
    struct map seen;
    size_t i;

    map_init(&seen);
    for (i = 0; i < pasted->input.count; i++) {
        char *key = model_key(&pasted->input.specs[i]);

        if (model_find(model, key) || map_put(&seen, key, pasted)) {
            pasted->known++;
        } else {
            pasted->fresh++;
            if (pasted->listed_count < PASTED_LISTED)
                pasted->listed[pasted->listed_count++] = i;
        }
        free(key);
    }
    map_release(&seen, NULL);
}

static void take(struct pasted *pasted, const struct model *model)
{
    count(pasted, model);
    pasted->state = PASTED_ASKED;
    if (!pasted->fresh)
        pasted_leave(pasted);
}

void pasted_read(struct pasted *pasted, const struct model *model, const uint8_t *bytes, size_t length)
{
    pasted_release(pasted);
    read_text(bytes, length, &pasted->input);
    take(pasted, model);
}

static bool read_file(const char *path, struct input *input, char **error)
{
    struct stat about;

    if (stat(path, &about) < 0 || S_ISREG(about.st_mode))
        return input_read_file(path, input, error);
    *error = mem_format("%s is %s, not a file", path, S_ISDIR(about.st_mode) ? "a folder" : "a device");
    return false;
}

static bool read_files(const struct strings *paths, struct input *input, char **error)
{
    size_t i;

    for (i = 0; i < paths->count; i++)
        if (!read_file(paths->items[i], input, error))
            return false;
    input_finish(input);
    return true;
}

bool pasted_read_file(struct pasted *pasted, const struct model *model, const char *path, bool besides,
                      char **error)
{
    struct strings files = {0};
    struct input input = {.count = 0};

    if (besides)
        strings_copy(&files, &pasted->files);
    strings_add_once(&files, path);
    if (!read_files(&files, &input, error)) {
        input_release(&input);
        strings_release(&files);
        return false;
    }
    pasted_release(pasted);
    pasted->input = input;
    pasted->files = files;
    take(pasted, model);
    return true;
}

bool pasted_takes_more(const struct pasted *pasted)
{
    return pasted->files.count && (pasted->state == PASTED_ASKED || pasted->state == PASTED_LEFT);
}

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

static void add_remark(struct buf *out, size_t number, const char *one, const char *more)
{
    if (number)
        buf_printf(out, "%s%zu %s", out->length ? ", " : " (", number, number == 1 ? one : more);
}

/* " (3 are there already, 1 line not understood)", or "". */
static char *remarks(const struct pasted *pasted)
{
    bool added = pasted->state == PASTED_ADDED;
    struct buf out;

    buf_init(&out, 0);
    add_remark(&out, pasted->known, added ? "was there already" : "is there already",
               added ? "were there already" : "are there already");
    add_remark(&out, pasted->input.problem_count, "line not understood", "lines not understood");
    add_remark(&out, pasted->input.notes.count, "note", "notes");
    if (out.length)
        buf_add_string(&out, ")");
    return buf_take_string(&out);
}

char *pasted_sentence(const struct pasted *pasted)
{
    char *remark = remarks(pasted), *sentence;
    char *name = pasted->files.count ? pasted_name(pasted) : mem_string("the pasted list");
    const char *s = pasted->fresh == 1 ? "" : "s";

    if (pasted->state == PASTED_ASKED)
        sentence = mem_format("Add %zu target%s%s? y n%s", pasted->fresh, s, remark,
                              pasted->files.count ? "  I reads another file with it" : "");
    else if (pasted->state == PASTED_ADDED)
        sentence = mem_format("%zu target%s added%s", pasted->fresh, s, remark);
    else
        sentence = mem_format("nothing %s %s%s", pasted->fresh ? "added of" : "new in", name, remark);
    free(name);
    free(remark);
    return sentence;
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

static void build_target(struct page *page, const struct target_spec *spec)
{
    char *line = mem_format("%s: %s, %s%s%s", page->ascii || !spec->unicode ? spec->domain : spec->unicode,
                            target_class_name(spec->class), requirement_title(spec->requirement),
                            spec->connector ? ", connector " : "", spec->connector ? spec->connector : "");

    page_wrap(page, 2, STYLE_TEXT, line);
    free(line);
}

static void build_targets(struct page *page, const struct pasted *pasted)
{
    size_t i;

    if (pasted->state != PASTED_ASKED)
        return;
    page_heading(page, "To add");
    for (i = 0; i < pasted->listed_count; i++)
        build_target(page, &pasted->input.specs[pasted->listed[i]]);
    build_rest(page, pasted->fresh);
}

void pasted_page_build(struct page *page, const struct pasted *pasted)
{
    build_problems(page, &pasted->input);
    build_notes(page, &pasted->input);
    build_targets(page, pasted);
}

static void drop_targets(struct pasted *pasted)
{
    struct input *input = &pasted->input;

    while (input->count)
        target_spec_release(&input->specs[--input->count]);
    free(input->specs);
    input->specs = NULL;
}

/* What was wrong or left out stays at hand beside what other inputs said. */
static void keep_notes(const struct pasted *pasted, struct model *model)
{
    struct strings problems = {0};
    size_t i;

    for (i = 0; i < pasted->input.problem_count; i++)
        strings_add(&problems, pasted->input.problems[i].message);
    model_add_notes(model, &problems);
    model_add_notes(model, &pasted->input.notes);
    strings_release(&problems);
}

struct target *pasted_add(struct pasted *pasted, struct model *model, struct audit *audit, struct undo *undo)
{
    struct target *first = NULL;
    size_t i;

    for (i = 0; i < pasted->input.count; i++) {
        bool existed = false;
        struct target *target = model_add(model, &pasted->input.specs[i], &existed);

        if (existed)
            continue;
        if (!first)
            undo_begin(undo, "the addition of a list");
        first = first ? first : target;
        undo_keep_added(undo, target);
        if (audit)
            audit_add(audit, target->id, &target->spec);
    }
    keep_notes(pasted, model);
    drop_targets(pasted);
    pasted->state = PASTED_ADDED;
    return first;
}

void pasted_leave(struct pasted *pasted)
{
    drop_targets(pasted);
    pasted->state = PASTED_LEFT;
}
