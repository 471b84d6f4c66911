/* The answer must not depend on how the bytes are cut into pieces, nor on whether the chain is wanted too;
 * nor may the wish for the prime change anything but its size. */
#include "engine/tls/hello.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct hello_answer answer_of(const uint8_t *bytes, size_t length, size_t piece, bool wants_prime)
{
    struct hello_reader reader;
    struct hello_answer answer;
    size_t at;

    hello_reader_init(&reader);
    reader.wants_chain = piece <= length;
    reader.wants_prime = wants_prime;
    for (at = 0; at < length; at += piece)
        hello_reader_feed(&reader, bytes + at, length - at < piece ? length - at : piece);
    answer = reader.answer;
    hello_reader_release(&reader);
    return answer;
}

static int same(const struct hello_answer *a, const struct hello_answer *b)
{
    return a->outcome == b->outcome && a->version == b->version && a->suite == b->suite &&
           a->retry_request == b->retry_request && a->sentinel == b->sentinel && a->group == b->group &&
           a->alert == b->alert;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t pieces[] = {1, 5, 64};
    struct hello_answer whole = answer_of(data, size, size + 1, true);
    struct hello_answer less = answer_of(data, size, size + 1, false);
    size_t i;

    if (!same(&whole, &less) || less.dh_bits)
        abort();
    for (i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct hello_answer cut = answer_of(data, size, pieces[i], true);

        if (!same(&whole, &cut) || whole.dh_bits != cut.dh_bits)
            abort();
    }
    return 0;
}
