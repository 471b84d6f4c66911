#include "engine/base/mem.h"
#include "tui/filter.h"
#include "tui/filter_terms.h"

#include <stdint.h>
#include <stdlib.h>

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

/* A filter comes out, or else one sentence that says why not. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char *text = mem_string_n((const char *)bytes, length);
    char *error = NULL;
    struct filter *filter = filter_parse(text ? text : "", &error);

    if (!filter == !error)
        abort();
    look_at_pieces(text ? text : "");
    filter_free(filter);
    free(error);
    free(text);
    return 0;
}
