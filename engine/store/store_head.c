#include "engine/store/store_head.h"

#include "engine/base/mem.h"

#include <stdlib.h>

#define FORM        1 /* of what follows it */
#define SUITES_MOST 1000

void pack_baseline(struct buf *out, const struct baseline *baseline)
{
    buf_u8(out, FORM);
    pack_text(out, baseline->name);
    pack_text(out, baseline->title);
    pack_number(out, baseline->minimum);
    pack_text(out, baseline->since);
    buf_u8(out, baseline->suites != NULL);
    pack_number(out, baseline->suite_count);
    for (size_t i = 0; i < baseline->suite_count; i++)
        pack_number(out, baseline->suites[i]);
}

struct baseline *unpack_baseline(struct reader *in)
{
    struct baseline *baseline = mem_alloc(sizeof *baseline);

    if (reader_u8(in) != FORM)
        reader_fail(in);
    baseline->name = unpack_some_text(in);
    baseline->title = unpack_some_text(in);
    baseline->minimum = (enum tls_version)unpack_bounded(in, TLS_VERSIONS - 1);
    baseline->since = unpack_text(in);
    if (unpack_bounded(in, 1))
        baseline->suites = mem_array(SUITES_MOST, sizeof *baseline->suites);
    baseline->suite_count = unpack_count(in, baseline->suites ? SUITES_MOST : 0);
    for (size_t i = 0; i < baseline->suite_count; i++)
        baseline->suites[i] = (uint16_t)unpack_bounded(in, UINT16_MAX);
    if (!in->failed)
        return baseline;
    baseline_free(baseline);
    return NULL;
}

void pack_preflight(struct buf *out, const struct vocabulary *words, const struct preflight *preflight)
{
    buf_u8(out, FORM);
    buf_u8(out, preflight->denies);
    for (unsigned i = 0; i < check_count; i++) {
        pack_word(out, words, WORD_CHECK, i);
        pack_word(out, words, WORD_CHECK_STATE, preflight->checks[i].state);
        pack_text(out, preflight->checks[i].detail);
    }
}

void unpack_preflight(struct reader *in, const struct vocabulary *words, struct event *event)
{
    *event = (struct event){.type = EVENT_PREFLIGHT};
    if (reader_u8(in) != FORM)
        reader_fail(in);
    event->preflight.denies = unpack_bounded(in, 1);
    while (reader_left(in) && !in->failed) {
        enum check check = (enum check)unpack_word(in, words, WORD_CHECK);
        enum check_state state = (enum check_state)unpack_word(in, words, WORD_CHECK_STATE);
        char *detail = unpack_text(in);

        if (!in->failed)
            preflight_set(&event->preflight, check, state, detail);
        free(detail);
    }
}
