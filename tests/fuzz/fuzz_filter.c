#include "engine/base/mem.h"
#include "tui/complete.h"
#include "tui/filter.h"
#include "tui/filter_terms.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Every piece lies within the text, behind the one before it. */
static void look_at_pieces(const char *text)
{
    const char *at = text, *before = text;
    struct filter_piece piece;

    while (filter_next_piece(&at, &piece)) {
        if (piece.start < before || piece.value < piece.start || piece.end < piece.value + piece.length ||
            piece.end <= before || piece.end != at)
            abort();
        before = piece.end;
    }
}

/* What is offered takes the place of something that is there. */
static void complete_at(const char *text, size_t cursor)
{
    struct candidates list = {0};

    complete_filter(&list, text, cursor, NULL);
    if (list.from > cursor || list.to < list.from || list.to > strlen(text))
        abort();
    candidates_release(&list);
}

/* What stands before a term that is on its way can be read. */
static void read_beginning(const char *text)
{
    char *before, *error = NULL;
    struct filter *filter;
    size_t whole;

    if (!filter_is_begun(text, &whole))
        return;
    before = mem_string_n(text, whole);
    filter = filter_parse(before, &error);
    if (!filter)
        abort();
    filter_free(filter);
    free(before);
}

/* A filter comes out, or else one sentence that says why not. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char *text = mem_string_n(length ? (const char *)bytes : "", length);
    char *error = NULL;
    struct filter *filter = filter_parse(text, &error);

    if (!filter == !error)
        abort();
    look_at_pieces(text);
    read_beginning(text);
    complete_at(text, strlen(text));
    complete_at(text, length ? bytes[0] % (strlen(text) + 1) : 0);
    filter_free(filter);
    free(error);
    free(text);
    return 0;
}
