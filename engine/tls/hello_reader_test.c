#include "engine/tls/hello.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

/* A record; `bytes` may be longer than TLS allows. */
static void add_record(struct buf *out, uint8_t type, const void *bytes, size_t length)
{
    buf_u8(out, type);
    buf_u16(out, 0x0303);
    buf_u16(out, (uint16_t)length);
    buf_add(out, bytes, length);
}

struct made {
    uint16_t version, suite, supported; /* `supported` 0: no such extension */
    const uint8_t *random;              /* 32 bytes; NULL: zeros */
    uint16_t group;                     /* 0: no key share */
    bool retry;                         /* the key share names the group alone */
};

static void made_extensions(struct buf *out, const struct made *made)
{
    static const uint8_t zeros[32];
    size_t all = buf_mark(out, 2);

    if (made->supported) {
        buf_u16(out, 43);
        buf_u16(out, 2);
        buf_u16(out, made->supported);
    }
    if (made->group) {
        buf_u16(out, 51);
        buf_u16(out, made->retry ? 2 : 36);
        buf_u16(out, made->group);
        if (!made->retry) {
            buf_u16(out, 32);
            buf_add(out, zeros, 32);
        }
    }
    buf_fill(out, all, 2);
}

/* Appends a ServerHello message without a record around it. */
static void made_hello(struct buf *out, const struct made *made)
{
    static const uint8_t zeros[32];
    size_t length;

    buf_u8(out, 2);
    length = buf_mark(out, 3);
    buf_u16(out, made->version);
    buf_add(out, made->random ? made->random : zeros, 32);
    buf_u8(out, 0);
    buf_u16(out, made->suite);
    buf_u8(out, 0);
    if (made->supported || made->group)
        made_extensions(out, made);
    buf_fill(out, length, 3);
}

static void made_record(struct buf *out, const struct made *made)
{
    struct buf hello;

    buf_init(&hello, 0);
    made_hello(&hello, made);
    add_record(out, 22, hello.bytes, hello.length);
    buf_release(&hello);
}

/* Feeds the bytes cut at `first` (0: one by one). */
static struct hello_answer read_cut(const struct buf *bytes, size_t first)
{
    struct hello_reader reader;
    struct hello_answer answer;
    size_t i;

    hello_reader_init(&reader);
    reader.wants_chain = reader.wants_prime = true;
    if (first) {
        hello_reader_feed(&reader, bytes->bytes, first);
        hello_reader_feed(&reader, bytes->bytes + first, bytes->length - first);
    } else {
        for (i = 0; i < bytes->length; i++)
            hello_reader_feed(&reader, bytes->bytes + i, 1);
    }
    answer = reader.answer;
    hello_reader_release(&reader);
    return answer;
}

static void assert_same(const struct hello_answer *a, const struct hello_answer *b)
{
    assert_int_equal(a->outcome, b->outcome);
    assert_int_equal(a->version, b->version);
    assert_int_equal(a->version_wire, b->version_wire);
    assert_int_equal(a->suite, b->suite);
    assert_int_equal(a->retry_request, b->retry_request);
    assert_int_equal(a->sentinel, b->sentinel);
    assert_int_equal(a->group, b->group);
    assert_int_equal(a->alert_level, b->alert_level);
    assert_int_equal(a->alert, b->alert);
    assert_int_equal(a->dh_bits, b->dh_bits);
}

/* The answer must not depend on how the bytes come. Releases `bytes`. */
static struct hello_answer read_all_ways(struct buf *bytes)
{
    struct hello_answer whole = read_cut(bytes, bytes->length), cut;
    size_t first;

    for (first = 0; first < bytes->length; first++) {
        cut = read_cut(bytes, first);
        assert_same(&cut, &whole);
    }
    buf_release(bytes);
    return whole;
}

static struct hello_answer read_made(const struct made *made)
{
    struct buf bytes;

    buf_init(&bytes, 0);
    made_record(&bytes, made);
    return read_all_ways(&bytes);
}

static struct hello_answer read_bytes(const void *bytes, size_t length)
{
    struct buf copy;

    buf_init(&copy, 0);
    buf_add(&copy, bytes, length);
    return read_all_ways(&copy);
}

static void server_hellos_tell_version_and_suite(void **state)
{
    int version;

    (void)state;
    for (version = TLS_SSL_3_0; version <= TLS_1_2; version++) {
        struct made made = {.version = tls_version_wire((enum tls_version)version), .suite = 0x002f};
        struct hello_answer answer = read_made(&made);

        assert_int_equal(answer.outcome, HELLO_SERVER_HELLO);
        assert_int_equal(answer.version, version);
        assert_int_equal(answer.suite, 0x002f);
        assert_false(answer.retry_request);
        assert_int_equal(answer.sentinel, SENTINEL_NONE);
        assert_int_equal(answer.group, 0);
    }
}

static void supported_versions_decides(void **state)
{
    struct made made = {.version = 0x0303, .suite = 0x1301, .supported = 0x0304, .group = 29};
    struct hello_answer answer = read_made(&made);

    (void)state;
    assert_int_equal(answer.outcome, HELLO_SERVER_HELLO);
    assert_int_equal(answer.version, TLS_1_3);
    assert_int_equal(answer.version_wire, 0x0304);
    assert_int_equal(answer.suite, 0x1301);
    assert_int_equal(answer.group, 29);
    assert_false(answer.retry_request);
}

static void a_retry_request_is_an_answer(void **state)
{
    static const uint8_t random[32] = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                                       0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                                       0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};
    struct made made = {.version = 0x0303,
                        .suite = 0x1302,
                        .supported = 0x0304,
                        .random = random,
                        .group = 24,
                        .retry = true};
    struct hello_answer answer = read_made(&made);

    (void)state;
    assert_int_equal(answer.outcome, HELLO_SERVER_HELLO);
    assert_true(answer.retry_request);
    assert_int_equal(answer.version, TLS_1_3);
    assert_int_equal(answer.group, 24);
}

static void the_sentinel_is_read(void **state)
{
    static const enum hello_sentinel expected[] = {SENTINEL_TLS_1_1_OR_BELOW, SENTINEL_TLS_1_2,
                                                   SENTINEL_NONE};
    uint8_t random[32] = {1, 2, 3};
    unsigned last;

    (void)state;
    memcpy(random + 24, "DOWNGRD", 7);
    for (last = 0; last < 3; last++) {
        struct made made = {.version = 0x0303, .suite = 0xc02f, .random = random};
        struct hello_answer answer;

        random[31] = (uint8_t)last;
        answer = read_made(&made);
        assert_int_equal(answer.outcome, HELLO_SERVER_HELLO);
        assert_int_equal(answer.sentinel, expected[last]);
    }
}

static void unknown_versions_break_the_rules(void **state)
{
    struct made draft = {.version = 0x0303, .suite = 0x1301, .supported = 0x7f1c};
    struct made old = {.version = 0x0200, .suite = 0x1301};
    struct hello_answer answer = read_made(&draft);

    (void)state;
    assert_int_equal(answer.outcome, HELLO_MALFORMED);
    assert_int_equal(answer.version_wire, 0x7f1c);
    answer = read_made(&old);
    assert_int_equal(answer.outcome, HELLO_MALFORMED);
    assert_int_equal(answer.version_wire, 0x0200);
}

static void a_message_may_span_records(void **state)
{
    struct made made = {.version = 0x0303, .suite = 0x1301, .supported = 0x0304, .group = 29};
    struct buf hello, bytes;
    size_t size, at;

    (void)state;
    buf_init(&hello, 0);
    made_hello(&hello, &made);
    for (size = 1; size < hello.length; size += 7) {
        struct hello_answer answer;

        buf_init(&bytes, 0);
        for (at = 0; at < hello.length; at += size)
            add_record(&bytes, 22, hello.bytes + at, size < hello.length - at ? size : hello.length - at);
        answer = read_all_ways(&bytes);
        assert_int_equal(answer.outcome, HELLO_SERVER_HELLO);
        assert_int_equal(answer.version, TLS_1_3);
    }
    buf_release(&hello);
}

static void hello_requests_before_it_are_skipped(void **state)
{
    static const uint8_t hello_request[] = {0, 0, 0, 0};
    struct made made = {.version = 0x0301, .suite = 0x0035};
    struct hello_answer answer;
    struct buf bytes;

    (void)state;
    buf_init(&bytes, 0);
    add_record(&bytes, 22, hello_request, sizeof hello_request);
    made_record(&bytes, &made);
    answer = read_all_ways(&bytes);
    assert_int_equal(answer.outcome, HELLO_SERVER_HELLO);
    assert_int_equal(answer.version, TLS_1_0);
}

static void a_fatal_alert_is_an_answer(void **state)
{
    static const uint8_t alert[] = {21, 3, 1, 0, 2, 2, 70};
    struct hello_answer answer = read_bytes(alert, sizeof alert);

    (void)state;
    assert_int_equal(answer.outcome, HELLO_ALERT);
    assert_int_equal(answer.alert_level, 2);
    assert_int_equal(answer.alert, 70);
}

static void a_warning_about_the_name_is_not_the_end(void **state)
{
    static const uint8_t warning[] = {21, 3, 3, 0, 2, 1, 112}, refusal[] = {21, 3, 3, 0, 2, 2, 40};
    struct made made = {.version = 0x0303, .suite = 0xc02f};
    struct hello_answer answer;
    struct buf bytes;

    (void)state;
    assert_int_equal(read_bytes(warning, sizeof warning).outcome, HELLO_PENDING);
    buf_init(&bytes, 0);
    buf_add(&bytes, warning, sizeof warning);
    made_record(&bytes, &made);
    answer = read_all_ways(&bytes);
    assert_int_equal(answer.outcome, HELLO_SERVER_HELLO);
    assert_int_equal(answer.alert, 112);
    buf_init(&bytes, 0);
    buf_add(&bytes, warning, sizeof warning);
    buf_add(&bytes, refusal, sizeof refusal);
    answer = read_all_ways(&bytes);
    assert_int_equal(answer.outcome, HELLO_ALERT);
    assert_int_equal(answer.alert, 40);
}

static void two_alerts_may_share_a_record(void **state)
{
    static const uint8_t alerts[] = {21, 3, 3, 0, 4, 1, 112, 2, 40};
    struct hello_answer answer = read_bytes(alerts, sizeof alerts);

    (void)state;
    assert_int_equal(answer.outcome, HELLO_ALERT);
    assert_int_equal(answer.alert_level, 2);
    assert_int_equal(answer.alert, 40);
}

static void what_is_not_tls_is_told_apart(void **state)
{
    static const uint8_t sslv2[] = {0x80, 0x28, 4, 0, 1, 0, 2}, error[] = {0x80, 3, 0, 0, 1};
    static const uint8_t no_sslv2[][7] = {{0x80, 4, 0, 0, 1},  /* an ERROR of four bytes */
                                          {0x80, 10, 4, 0, 1}, /* a SERVER-HELLO too short */
                                          {0x80, 0x28, 4, 2, 1},
                                          {0x80, 0x28, 1, 0, 1},
                                          {0xff, 0xfd, 0, 0xff, 0xfb, 0}}; /* Telnet */
    static const char *const texts[] = {"500 5.5.1 command not recognised\r\n",
                                        "HTTP/1.1 400 Bad Request",
                                        "\x16\x02\x00\x00\x00",
                                        "-ERR",
                                        "\xff\xfd\x01",
                                        "\r\n"};
    size_t i;

    (void)state;
    assert_int_equal(read_bytes(sslv2, sizeof sslv2).outcome, HELLO_SSLV2);
    assert_int_equal(read_bytes(error, sizeof error).outcome, HELLO_SSLV2);
    assert_int_equal(read_bytes(error, sizeof error - 1).outcome, HELLO_PENDING);
    for (i = 0; i < sizeof no_sslv2 / sizeof *no_sslv2; i++)
        assert_int_equal(read_bytes(no_sslv2[i], 7).outcome, HELLO_NOT_TLS);
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(read_bytes(texts[i], i == 2 ? 5 : strlen(texts[i])).outcome, HELLO_NOT_TLS);
}

static void records_out_of_place_break_the_rules(void **state)
{
    static const uint8_t empty_alert[] = {21, 3, 3, 0, 0}, half_alert[] = {21, 3, 3, 0, 1, 2};
    static const uint8_t empty_handshake[] = {22, 3, 3, 0, 0};
    static const uint8_t change[] = {20, 3, 3, 0, 1, 1}, data[] = {23, 3, 3, 0, 1, 1};
    static const uint8_t certificate[] = {22, 3, 3, 0, 4, 11, 0, 0, 0};
    static const uint8_t huge[] = {22, 3, 3, 0x48, 0x01}, immense[] = {21, 3, 3, 0xff, 0xff};
    static const uint8_t long_message[] = {22, 3, 3, 0, 4, 2, 0xff, 0xff, 0xff};

    (void)state;
    assert_int_equal(read_bytes(empty_alert, sizeof empty_alert).outcome, HELLO_MALFORMED);
    assert_int_equal(read_bytes(half_alert, sizeof half_alert).outcome, HELLO_MALFORMED);
    assert_int_equal(read_bytes(empty_handshake, sizeof empty_handshake).outcome, HELLO_MALFORMED);
    assert_int_equal(read_bytes(change, sizeof change).outcome, HELLO_MALFORMED);
    assert_int_equal(read_bytes(data, sizeof data).outcome, HELLO_MALFORMED);
    assert_int_equal(read_bytes(certificate, sizeof certificate).outcome, HELLO_MALFORMED);
    assert_int_equal(read_bytes(huge, sizeof huge).outcome, HELLO_MALFORMED);
    assert_int_equal(read_bytes(immense, sizeof immense).outcome, HELLO_MALFORMED);
    assert_int_equal(read_bytes(long_message, sizeof long_message).outcome, HELLO_MALFORMED);
}

/* Each shorter message in a record that says so: never a ServerHello, except without the extensions. */
static void messages_cut_short_break_the_rules(void **state)
{
    struct made made = {.version = 0x0303, .suite = 0x1301, .supported = 0x0304, .group = 29};
    struct buf hello, bytes;
    size_t length;

    (void)state;
    buf_init(&hello, 0);
    made_hello(&hello, &made);
    for (length = 4; length < hello.length; length++) {
        uint8_t *cut = malloc(length);
        bool plain = length == 4 + 38;

        memcpy(cut, hello.bytes, length);
        cut[3] = (uint8_t)(length - 4);
        buf_init(&bytes, 0);
        add_record(&bytes, 22, cut, length);
        assert_int_equal(read_all_ways(&bytes).outcome, plain ? HELLO_SERVER_HELLO : HELLO_MALFORMED);
        free(cut);
    }
    buf_release(&hello);
}

/* No byte in the place of another may crash the reader, and pieces never matter. */
static void any_byte_may_be_wrong(void **state)
{
    struct made made = {.version = 0x0303, .suite = 0x1301, .supported = 0x0304, .group = 29};
    static const uint8_t wrong[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    struct buf bytes;
    size_t i, j;

    (void)state;
    buf_init(&bytes, 0);
    made_record(&bytes, &made);
    for (i = 0; i < bytes.length; i++) {
        uint8_t right = bytes.bytes[i];

        for (j = 0; j < sizeof wrong; j++) {
            struct hello_answer whole, slow;

            bytes.bytes[i] = wrong[j];
            whole = read_cut(&bytes, bytes.length);
            slow = read_cut(&bytes, 0);
            assert_same(&whole, &slow);
        }
        bytes.bytes[i] = right;
    }
    buf_release(&bytes);
}

static void a_long_flight_in_one_piece_is_read(void **state)
{
    static const uint8_t filler[16384];
    struct made made = {.version = 0x0303, .suite = 0xc02f};
    struct buf bytes;
    struct hello_answer answer;
    int i;

    (void)state;
    buf_init(&bytes, 0);
    made_record(&bytes, &made);
    for (i = 0; i < 5; i++)
        add_record(&bytes, 22, filler, sizeof filler);
    answer = read_cut(&bytes, bytes.length);
    assert_int_equal(answer.outcome, HELLO_SERVER_HELLO);
    answer = read_cut(&bytes, 3);
    assert_int_equal(answer.outcome, HELLO_SERVER_HELLO);
    buf_release(&bytes);
}

static void an_endless_message_is_given_up(void **state)
{
    static const uint8_t start[] = {22, 3, 3, 0, 4, 2, 0, 0xff, 0xff};
    static const uint8_t filler[5 + 16384] = {22, 3, 3, 0x40, 0x00};
    struct hello_reader reader;
    int i;

    (void)state;
    hello_reader_init(&reader);
    assert_int_equal(hello_reader_feed(&reader, start, sizeof start), HELLO_PENDING);
    for (i = 0; i < 3; i++)
        assert_int_equal(hello_reader_feed(&reader, filler, sizeof filler), HELLO_PENDING);
    assert_int_equal(hello_reader_feed(&reader, filler, sizeof filler), HELLO_MALFORMED);
    hello_reader_release(&reader);
}

static void nothing_changes_the_answer_later(void **state)
{
    static const uint8_t alert[] = {21, 3, 1, 0, 2, 2, 40};
    struct made made = {.version = 0x0303, .suite = 0xc02f};
    struct hello_answer answer;
    struct buf bytes;

    (void)state;
    buf_init(&bytes, 0);
    made_record(&bytes, &made);
    buf_add(&bytes, alert, sizeof alert);
    answer = read_all_ways(&bytes);
    assert_int_equal(answer.outcome, HELLO_SERVER_HELLO);
    assert_int_equal(answer.alert, 0);
}

/* A ServerHello of `version`, then a message of `type` whose list holds "chain". */
static void made_flight(struct buf *bytes, uint16_t version, uint8_t type)
{
    static const uint8_t body[] = {0, 0, 8, 0, 0, 5, 'c', 'h', 'a', 'i', 'n'};
    struct buf message;

    buf_init(bytes, 0);
    made_record(bytes, &(struct made){.version = 0x0303, .suite = 0x009e, .supported = version});
    buf_init(&message, 0);
    buf_u8(&message, type);
    buf_u24(&message, sizeof body);
    buf_add(&message, body, sizeof body);
    add_record(bytes, 22, message.bytes, 5);
    add_record(bytes, 22, message.bytes + 5, message.length - 5);
    buf_release(&message);
}

static void the_chain_is_read_in_clear(void **state)
{
    struct hello_reader reader;
    struct buf bytes;
    size_t first;

    (void)state;
    made_flight(&bytes, 0, 11);
    for (first = 1; first < bytes.length; first++) {
        hello_reader_init(&reader);
        reader.wants_chain = true;
        hello_reader_feed(&reader, bytes.bytes, first);
        assert_false(hello_reader_complete(&reader));
        assert_int_equal(hello_reader_feed(&reader, bytes.bytes + first, bytes.length - first),
                         HELLO_SERVER_HELLO);
        assert_true(hello_reader_complete(&reader));
        assert_int_equal(reader.chain.length, 8);
        assert_memory_equal(reader.chain.bytes + 3, "chain", 5);
        hello_reader_release(&reader);
    }
    buf_release(&bytes);
}

static void what_is_no_chain_ends_the_wait(void **state)
{
    static const struct {
        uint16_t version;
        uint8_t type;
    } rows[] = {{0, 14}, {0, 2}, {0, 12}, {0x0304, 11}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hello_reader reader;
        struct buf bytes;

        made_flight(&bytes, rows[i].version, rows[i].type);
        hello_reader_init(&reader);
        reader.wants_chain = true;
        assert_int_equal(hello_reader_feed(&reader, bytes.bytes, bytes.length), HELLO_SERVER_HELLO);
        assert_true(hello_reader_complete(&reader));
        assert_int_equal(reader.chain.length, 0);
        hello_reader_release(&reader);
        buf_release(&bytes);
    }
}

#define DHE_SUITE  0x009e /* TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 */
#define ANON_SUITE 0x00a6 /* TLS_DH_anon_WITH_AES_128_GCM_SHA256: no Certificate comes before the prime */

/* A flight with a prime of `length` bytes after `zeros` ones of nothing, the first of which is `top`. */
struct made_prime {
    uint16_t suite;
    size_t zeros, length;
    uint8_t top;
};

static void add_message(struct buf *bytes, uint8_t type, const struct buf *body)
{
    struct buf message;

    buf_init(&message, 0);
    buf_u8(&message, type);
    buf_u24(&message, (uint32_t)body->length);
    buf_add(&message, body->bytes, body->length);
    add_record(bytes, 22, message.bytes, message.length);
    buf_release(&message);
}

static void made_exchange(struct buf *bytes, const struct made_prime *prime)
{
    static const uint8_t zeros[1200], certificate[] = {0, 0, 4, 0, 0, 1, 'c'};
    struct buf body;

    buf_init(bytes, 0);
    buf_init(&body, 0);
    made_record(bytes, &(struct made){.version = 0x0303, .suite = prime->suite});
    if (prime->suite != ANON_SUITE) {
        buf_add(&body, certificate, sizeof certificate);
        add_message(bytes, 11, &body);
        buf_reset(&body);
    }
    buf_u16(&body, (uint16_t)(prime->zeros + prime->length));
    buf_add(&body, zeros, prime->zeros);
    buf_u8(&body, prime->top);
    buf_add(&body, zeros, prime->length - 1);
    buf_u16(&body, 1); /* the generator */
    buf_u8(&body, 2);
    add_message(bytes, 12, &body);
    buf_release(&body);
}

static void the_prime_is_measured(void **state)
{
    static const struct {
        struct made_prime prime;
        unsigned bits;
    } rows[] = {
        {{DHE_SUITE, 0, 64, 0x80}, 512},    {{DHE_SUITE, 0, 96, 0xff}, 768},
        {{DHE_SUITE, 0, 128, 0x80}, 1024},  {{DHE_SUITE, 1, 128, 0xc0}, 1024},
        {{DHE_SUITE, 0, 256, 0x80}, 2048},  {{DHE_SUITE, 0, 256, 0x01}, 2041},
        {{DHE_SUITE, 0, 1024, 0x80}, 8192}, {{ANON_SUITE, 0, 64, 0x80}, 512},
        {{DHE_SUITE, 3, 1, 0x00}, 0},       {{0xc02f, 0, 64, 0x80}, 0}, /* a curve, no prime */
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hello_answer answer;
        struct buf bytes;

        made_exchange(&bytes, &rows[i].prime);
        answer = read_all_ways(&bytes);
        assert_int_equal(answer.outcome, HELLO_SERVER_HELLO);
        assert_int_equal(answer.suite, rows[i].prime.suite);
        assert_int_equal(answer.dh_bits, rows[i].bits);
    }
}

static void the_prime_is_waited_for_only_where_it_comes(void **state)
{
    static const uint16_t suites[] = {DHE_SUITE, 0xc02f, 0x002f, ANON_SUITE, 0x5a5a};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof suites / sizeof *suites; i++) {
        struct hello_reader reader;
        struct buf bytes;

        buf_init(&bytes, 0);
        made_record(&bytes, &(struct made){.version = 0x0303, .suite = suites[i]});
        hello_reader_init(&reader);
        reader.wants_prime = true;
        hello_reader_feed(&reader, bytes.bytes, bytes.length);
        assert_int_equal(hello_reader_complete(&reader), suites[i] != DHE_SUITE && suites[i] != ANON_SUITE);
        hello_reader_release(&reader);
        buf_release(&bytes);
    }
}

/* Without a wish for the prime nothing is waited for; without one for the chain it is read over. */
static void chain_and_prime_are_wanted_apart(void **state)
{
    static const struct made_prime prime = {DHE_SUITE, 0, 128, 0x80};
    int wishes;

    (void)state;
    for (wishes = 0; wishes < 4; wishes++) {
        struct hello_reader reader;
        struct buf bytes;

        made_exchange(&bytes, &prime);
        hello_reader_init(&reader);
        reader.wants_chain = wishes & 1;
        reader.wants_prime = wishes & 2;
        assert_int_equal(hello_reader_feed(&reader, bytes.bytes, bytes.length), HELLO_SERVER_HELLO);
        assert_true(hello_reader_complete(&reader));
        assert_int_equal(reader.chain.length, wishes & 1 ? 4 : 0);
        assert_int_equal(reader.answer.dh_bits, wishes & 2 ? 1024 : 0);
        hello_reader_release(&reader);
        buf_release(&bytes);
    }
}

/* A prime said to be longer than the message, and what else may stand in its place: the answer stays. */
static void a_broken_exchange_takes_nothing_back(void **state)
{
    static const uint8_t longer[] = {12, 0, 0, 3, 0, 64, 0xff}, empty[] = {12, 0, 0, 0};
    static const uint8_t nothing[] = {12, 0, 0, 2, 0, 0}, done[] = {14, 0, 0, 0};
    static const struct {
        const uint8_t *bytes;
        size_t length;
    } rows[] = {
        {longer, sizeof longer}, {empty, sizeof empty}, {nothing, sizeof nothing}, {done, sizeof done}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hello_answer answer;
        struct buf bytes;

        buf_init(&bytes, 0);
        made_record(&bytes, &(struct made){.version = 0x0303, .suite = DHE_SUITE});
        add_record(&bytes, 22, rows[i].bytes, rows[i].length);
        answer = read_all_ways(&bytes);
        assert_int_equal(answer.outcome, HELLO_SERVER_HELLO);
        assert_int_equal(answer.dh_bits, 0);
    }
}

static void alerts_have_names(void **state)
{
    (void)state;
    assert_string_equal(tls_alert_name(0), "close_notify");
    assert_string_equal(tls_alert_name(40), "handshake_failure");
    assert_string_equal(tls_alert_name(70), "protocol_version");
    assert_string_equal(tls_alert_name(112), "unrecognized_name");
    assert_string_equal(tls_alert_name(116), "certificate_required");
    assert_null(tls_alert_name(1));
    assert_null(tls_alert_name(255));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(server_hellos_tell_version_and_suite),
        cmocka_unit_test(supported_versions_decides),
        cmocka_unit_test(a_retry_request_is_an_answer),
        cmocka_unit_test(the_sentinel_is_read),
        cmocka_unit_test(unknown_versions_break_the_rules),
        cmocka_unit_test(a_message_may_span_records),
        cmocka_unit_test(hello_requests_before_it_are_skipped),
        cmocka_unit_test(a_fatal_alert_is_an_answer),
        cmocka_unit_test(a_warning_about_the_name_is_not_the_end),
        cmocka_unit_test(two_alerts_may_share_a_record),
        cmocka_unit_test(what_is_not_tls_is_told_apart),
        cmocka_unit_test(records_out_of_place_break_the_rules),
        cmocka_unit_test(messages_cut_short_break_the_rules),
        cmocka_unit_test(any_byte_may_be_wrong),
        cmocka_unit_test(a_long_flight_in_one_piece_is_read),
        cmocka_unit_test(an_endless_message_is_given_up),
        cmocka_unit_test(nothing_changes_the_answer_later),
        cmocka_unit_test(the_chain_is_read_in_clear),
        cmocka_unit_test(what_is_no_chain_ends_the_wait),
        cmocka_unit_test(the_prime_is_measured),
        cmocka_unit_test(the_prime_is_waited_for_only_where_it_comes),
        cmocka_unit_test(chain_and_prime_are_wanted_apart),
        cmocka_unit_test(a_broken_exchange_takes_nothing_back),
        cmocka_unit_test(alerts_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
