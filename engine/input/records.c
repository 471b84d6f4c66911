#include "engine/input/records.h"

#include "engine/base/mem.h"
#include "engine/input/gathered.h"

#include <stdlib.h>
#include <string.h>

/* A growing array whose capacity is the next power of two of its count. */
static void *grown(void *items, size_t count, size_t size)
{
    return count & (count - 1) ? items : mem_resize(items, count ? count * 2 : 1, size);
}

void input_add(struct input *out, struct target_spec *spec)
{
    out->specs = grown(out->specs, out->count, sizeof *out->specs);
    out->specs[out->count++] = *spec;
}

bool input_goes_on(const struct input *out, unsigned line)
{
    if (!out->watch)
        return true;
    out->watch->line = line;
    return !out->watch->unwanted;
}

void input_cut(struct input *out, size_t count)
{
    out->count = count;
}

void input_problem(struct input *out, unsigned line, char *message)
{
    out->problems = grown(out->problems, out->problem_count, sizeof *out->problems);
    out->problems[out->problem_count++] = (struct input_problem){line, message};
}

void input_release(struct input *input)
{
    size_t i;

    for (i = 0; i < input->count; i++)
        target_spec_release(&input->specs[i]);
    for (i = 0; i < input->problem_count; i++)
        free(input->problems[i].message);
    free(input->specs);
    free(input->problems);
    strings_release(&input->notes);
    gathered_free(input->gathered);
    memset(input, 0, sizeof *input);
}
