/* Values and words as bytes and back, and bytes that are none. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/store/pack.h"
#include "engine/store/vocabulary.h"

#include "engine/base/words.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static struct reader reader_over(const struct buf *out)
{
    return reader_of(out->bytes, out->length);
}

static void test_values(void **unused)
{
    static const uint64_t numbers[] = {0, 1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX};
    static const int64_t signs[] = {0, -1, 1, INT32_MIN, INT32_MAX, INT64_MIN, INT64_MAX};
    struct reader in;
    struct buf out;
    char *text;
    size_t i;

    (void)unused;
    buf_init(&out, 0);
    for (i = 0; i < sizeof numbers / sizeof *numbers; i++)
        pack_number(&out, numbers[i]);
    for (i = 0; i < sizeof signs / sizeof *signs; i++)
        pack_signed(&out, signs[i]);
    pack_text(&out, NULL);
    pack_text(&out, "");
    pack_text(&out, "J\xc3\xb6rg");
    in = reader_over(&out);
    for (i = 0; i < sizeof numbers / sizeof *numbers; i++)
        assert_true(unpack_number(&in) == numbers[i]);
    for (i = 0; i < sizeof signs / sizeof *signs; i++)
        assert_true(unpack_signed(&in) == signs[i]);
    assert_null(unpack_text(&in));
    text = unpack_text(&in);
    assert_string_equal(text, "");
    free(text);
    text = unpack_some_text(&in);
    assert_string_equal(text, "J\xc3\xb6rg");
    free(text);
    assert_true(reader_done(&in));
    buf_release(&out);
}

static void test_refusals(void **unused)
{
    static const uint8_t endless[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02};
    static const uint8_t long_text[] = {0x05, 'a', 'b'}, nul[] = {0x03, 'a', 0}, absent[] = {0};
    struct reader in = reader_of(endless, sizeof endless);
    struct strings list = {0};

    (void)unused;
    assert_true(unpack_number(&in) == 0 && in.failed);
    in = reader_of(long_text, sizeof long_text);
    assert_null(unpack_text(&in));
    assert_true(in.failed);
    in = reader_of(nul, sizeof nul);
    assert_null(unpack_text(&in));
    assert_true(in.failed);
    in = reader_of(absent, sizeof absent);
    free(unpack_some_text(&in));
    assert_true(in.failed);
    in = reader_of(long_text, sizeof long_text);
    unpack_strings(&in, 4, &list);
    assert_true(in.failed);
    assert_int_equal(list.count, 0);
}

static void is_sealed(const char *name)
{
    struct reader in;
    struct buf out;

    buf_init(&out, 0);
    buf_add_string(&out, "eight bytes and some more");
    pack_seal(&out, name);
    in = unpack_sealed(out.bytes, out.length, name);
    assert_false(in.failed);
    assert_int_equal(reader_left(&in), out.length - 4);
    for (size_t i = 0; i < out.length; i++) {
        out.bytes[i] ^= 1;
        assert_true(unpack_sealed(out.bytes, out.length, name).failed);
        out.bytes[i] ^= 1;
        assert_true(unpack_sealed(out.bytes, i, name).failed);
    }
    assert_true(unpack_sealed(NULL, 0, name).failed);
    buf_release(&out);
}

static void test_seal(void **unused)
{
    (void)unused;
    is_sealed("");
    is_sealed("contoso.com");
}

/* Who sealed no name said it in the content. */
static void test_sealed_name(void **unused)
{
    struct buf out, before;

    (void)unused;
    buf_init(&out, 0);
    pack_seal(&out, "contoso.com");
    assert_false(unpack_sealed(out.bytes, out.length, "contoso.com").failed);
    assert_true(unpack_sealed(out.bytes, out.length, "contoso.con").failed);
    assert_true(unpack_sealed(out.bytes, out.length, "contoso.co").failed);
    assert_true(unpack_sealed(out.bytes, out.length, "").failed);
    buf_init(&before, 0);
    pack_seal(&before, "");
    assert_false(unpack_sealed(before.bytes, before.length, "contoso.com").failed);
    buf_release(&before);
    buf_release(&out);
}

/* A file of a program whose words stood in another order, and that knew one which this program does not. */
static void test_words(void **unused)
{
    const char *kind, *name;
    struct vocabulary words;
    struct reader in;
    struct buf out;
    uint8_t code;

    (void)unused;
    vocabulary_init(&words);
    assert_true(vocabulary_learn(&words, "stage", 0, "done"));
    assert_true(vocabulary_learn(&words, "stage", 1, "dreaming"));
    assert_true(vocabulary_learn(&words, "stage", 2, "queued"));
    assert_true(vocabulary_learn(&words, "mood", 0, "cheerful"));
    assert_false(vocabulary_learn(&words, "stage", 2, "dns"));
    assert_false(vocabulary_learn(&words, "stage", 3, "queued"));
    assert_false(vocabulary_learn(&words, "stage", -1, "dns"));
    assert_false(vocabulary_learn(&words, "stage", 1000, "dns"));
    while (vocabulary_grow(&words, &kind, &code, &name))
        if (strcmp(kind, "stage") == 0)
            assert_true(code > 2);
    buf_init(&out, 0);
    pack_word(&out, &words, WORD_STAGE, STAGE_DONE);
    pack_word(&out, &words, WORD_STAGE, STAGE_HELLO);
    buf_u8(&out, 1);
    assert_int_equal(out.bytes[0], 0);
    in = reader_over(&out);
    assert_int_equal(unpack_word(&in, &words, WORD_STAGE), STAGE_DONE);
    assert_int_equal(unpack_word(&in, &words, WORD_STAGE), STAGE_HELLO);
    assert_false(in.failed);
    unpack_word(&in, &words, WORD_STAGE);
    assert_true(in.failed);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),      cmocka_unit_test(test_refusals), cmocka_unit_test(test_seal),
        cmocka_unit_test(test_sealed_name), cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
