#include "engine/tls/hello.h"

#include "engine/base/reader.h"
#include "engine/tls/suite.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#define RENEGOTIATION_SCSV 0x00ff
#define SEEN_MOST          32

/* A ClientHello taken apart. */
struct seen {
    uint16_t record_version, client_version;
    size_t message_length; /* with its header of four bytes */
    size_t session_id_length;
    uint16_t suites[512];
    size_t suite_count;
    bool has_extensions;
    uint16_t types[SEEN_MOST];
    size_t type_count;
    uint16_t versions[8];
    size_t version_count;
    uint16_t groups[16];
    size_t group_count;
    char server_name[256];
    struct reader key_share;
};

static size_t read_numbers(struct reader list, uint16_t *numbers, size_t most)
{
    size_t count = 0;

    while (reader_left(&list)) {
        assert_true(count < most);
        numbers[count++] = reader_u16(&list);
    }
    assert_false(list.failed);
    return count;
}

static void see_server_name(struct reader body, struct seen *seen)
{
    struct reader list = reader_vector(&body, 2), host;

    assert_int_equal(reader_u8(&list), 0);
    host = reader_vector(&list, 2);
    assert_true(reader_done(&list) && reader_left(&host) && reader_left(&host) < sizeof seen->server_name);
    memcpy(seen->server_name, host.at, reader_left(&host));
}

static void see_extension(struct reader *r, struct seen *seen)
{
    uint16_t type = reader_u16(r);
    struct reader body = reader_vector(r, 2);
    size_t i;

    for (i = 0; i < seen->type_count; i++)
        assert_int_not_equal(seen->types[i], type);
    assert_true(seen->type_count < SEEN_MOST);
    seen->types[seen->type_count++] = type;
    if (type == 0)
        see_server_name(body, seen);
    else if (type == 10)
        seen->group_count = read_numbers(reader_vector(&body, 2), seen->groups, 16);
    else if (type == 43)
        seen->version_count = read_numbers(reader_vector(&body, 1), seen->versions, 8);
    else if (type == 51)
        seen->key_share = reader_vector(&body, 2);
}

static void see_body(struct reader r, const struct hello_request *request, struct seen *seen)
{
    struct reader part;
    const uint8_t *random;

    seen->client_version = reader_u16(&r);
    random = reader_bytes(&r, 32);
    assert_non_null(random);
    assert_memory_equal(random, request->random, 32);
    part = reader_vector(&r, 1);
    seen->session_id_length = reader_left(&part);
    seen->suite_count = read_numbers(reader_vector(&r, 2), seen->suites, 512);
    part = reader_vector(&r, 1);
    assert_int_equal(reader_left(&part), 1);
    assert_int_equal(reader_u8(&part), 0);
    seen->has_extensions = reader_left(&r) != 0;
    if (seen->has_extensions) {
        part = reader_vector(&r, 2);
        while (reader_left(&part))
            see_extension(&part, seen);
        assert_true(reader_done(&part));
    }
    assert_true(reader_done(&r));
}

static void see(const struct hello_request *request, struct seen *seen)
{
    struct buf out;
    struct reader r, message;

    memset(seen, 0, sizeof *seen);
    buf_init(&out, 0);
    hello_write(request, &out);
    assert_false(out.failed);
    r = reader_of(out.bytes, out.length);
    assert_int_equal(reader_u8(&r), 22);
    seen->record_version = reader_u16(&r);
    message = reader_vector(&r, 2);
    assert_true(reader_done(&r));
    seen->message_length = reader_left(&message);
    assert_int_equal(reader_u8(&message), 1);
    r = reader_vector(&message, 3);
    assert_true(reader_done(&message));
    see_body(r, request, seen);
    seen->key_share = reader_of(NULL, 0);
    buf_release(&out);
}

static bool has_type(const struct seen *seen, uint16_t type)
{
    size_t i;

    for (i = 0; i < seen->type_count; i++)
        if (seen->types[i] == type)
            return true;
    return false;
}

static struct hello_request request_of(int lowest, int highest, int shape)
{
    struct hello_request request = {.lowest = (enum tls_version)lowest,
                                    .highest = (enum tls_version)highest,
                                    .server_name = "mx1.example.org",
                                    .shape = (enum hello_shape)shape};

    memset(request.random, 0x5a, sizeof request.random);
    memset(request.session_id, 0x5b, sizeof request.session_id);
    memset(request.key_share, 9, sizeof request.key_share);
    return request;
}

static void check_versions(const struct hello_request *request, const struct seen *seen)
{
    bool newest = request->highest == TLS_1_3;
    uint16_t lowest = tls_version_wire(request->lowest > TLS_1_0 ? request->lowest : TLS_1_0);
    size_t i;

    assert_int_equal(seen->record_version, request->highest == TLS_SSL_3_0 ? 0x0300 : 0x0301);
    assert_int_equal(seen->client_version, newest ? 0x0303 : tls_version_wire(request->highest));
    assert_int_equal(seen->session_id_length, newest ? 32 : 0);
    assert_int_equal(has_type(seen, 43), newest);
    assert_int_equal(has_type(seen, 51), newest);
    assert_int_equal(has_type(seen, 45), newest);
    if (!newest)
        return;
    assert_int_equal(seen->version_count, 0x0304 - lowest + 1);
    for (i = 0; i < seen->version_count; i++)
        assert_int_equal(seen->versions[i], 0x0304 - i);
}

static void check_suites(const struct hello_request *request, const struct seen *seen)
{
    size_t count, i, at = 0;
    const struct tls_suite *table = tls_suite_table(&count);

    for (i = 0; i < count; i++) {
        bool wanted = table[i].mail && table[i].first <= request->highest && table[i].last >= request->lowest;

        if (!wanted)
            continue;
        assert_true(at < seen->suite_count);
        assert_int_equal(seen->suites[at++], table[i].id);
    }
    assert_true(at > 0);
    if (request->lowest < TLS_1_3)
        assert_int_equal(seen->suites[at++], RENEGOTIATION_SCSV);
    assert_int_equal(at, seen->suite_count);
    assert_true(at < 128); /* longer lists are refused by some servers */
}

static void check_extensions(const struct hello_request *request, const struct seen *seen)
{
    bool bare = request->shape == HELLO_BARE;
    bool none = request->highest == TLS_SSL_3_0 || (request->highest == TLS_1_0 && bare);

    assert_int_equal(seen->has_extensions, !none);
    assert_int_equal(has_type(seen, 0), !none && !bare);
    assert_int_equal(has_type(seen, 10), !none);
    assert_int_equal(has_type(seen, 11), !none);
    assert_int_equal(has_type(seen, 13), !none && request->highest >= TLS_1_2);
    assert_int_equal(has_type(seen, 23),
                     !none && request->shape == HELLO_NORMAL && request->lowest < TLS_1_3);
    if (!none && !bare)
        assert_string_equal(seen->server_name, "mx1.example.org");
}

static void every_cap_and_shape_reads_back(void **state)
{
    int highest, lowest, shape;
    struct seen seen;

    (void)state;
    for (highest = TLS_SSL_3_0; highest <= TLS_1_3; highest++)
        for (lowest = TLS_SSL_3_0; lowest <= highest; lowest++)
            for (shape = HELLO_NORMAL; shape <= HELLO_BARE; shape++) {
                struct hello_request request = request_of(lowest, highest, shape);

                see(&request, &seen);
                check_versions(&request, &seen);
                check_suites(&request, &seen);
                check_extensions(&request, &seen);
                assert_false(seen.message_length >= 256 && seen.message_length < 512);
            }
}

/* Each length of the list of suites and of the server name, so that every size before padding comes up. */
static void no_size_is_one_that_hangs_old_servers(void **state)
{
    uint16_t suites[260];
    char name[64];
    size_t count, length, i;
    struct seen seen;

    (void)state;
    for (i = 0; i < 260; i++)
        suites[i] = (uint16_t)(0xc000 + i);
    for (count = 1; count <= 260; count++) {
        for (length = 1; length <= 4; length++) {
            struct hello_request request = request_of(TLS_1_2, TLS_1_2, HELLO_NORMAL);

            memset(name, 'a', length);
            name[length] = 0;
            request.server_name = name;
            request.suites = suites;
            request.suite_count = count;
            see(&request, &seen);
            assert_int_equal(seen.suite_count, count + 1);
            assert_string_equal(seen.server_name, name);
            assert_false(seen.message_length >= 256 && seen.message_length < 512);
        }
    }
}

static void given_suites_are_offered_as_given(void **state)
{
    static const uint16_t suites[] = {0xc028, 0x000a};
    struct hello_request request = request_of(TLS_1_2, TLS_1_2, HELLO_NORMAL);
    struct seen seen;

    (void)state;
    request.suites = suites;
    request.suite_count = 2;
    see(&request, &seen);
    assert_int_equal(seen.suite_count, 3);
    assert_int_equal(seen.suites[0], 0xc028);
    assert_int_equal(seen.suites[1], 0x000a);
    assert_int_equal(seen.suites[2], RENEGOTIATION_SCSV);
}

static void literals_are_no_server_names(void **state)
{
    static const char *const names[] = {NULL, "", "192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"};
    size_t i;
    struct seen seen;

    (void)state;
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct hello_request request = request_of(TLS_1_0, TLS_1_3, HELLO_NORMAL);

        request.server_name = names[i];
        see(&request, &seen);
        assert_false(has_type(&seen, 0));
    }
}

static void groups_are_offered_in_order(void **state)
{
    static const uint16_t groups[] = {29, 23, 24, 25};
    struct hello_request request = request_of(TLS_1_3, TLS_1_3, HELLO_NORMAL);
    struct seen seen;

    (void)state;
    see(&request, &seen);
    assert_int_equal(seen.group_count, 4);
    assert_memory_equal(seen.groups, groups, sizeof groups);
}

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
    static const uint8_t sslv2[] = {0x80, 0x28, 4, 0, 1, 0, 2};
    static const char *const texts[] = {"500 5.5.1 command not recognised\r\n",
                                        "HTTP/1.1 400 Bad Request",
                                        "\x16\x02\x00\x00\x00",
                                        "-ERR",
                                        "\xff\xfd\x01",
                                        "\r\n"};
    size_t i;

    (void)state;
    assert_int_equal(read_bytes(sslv2, sizeof sslv2).outcome, HELLO_SSLV2);
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

static void closing_is_a_warning_record(void **state)
{
    static const uint8_t expected[] = {21, 3, 3, 0, 2, 1, 0};
    struct buf out;

    (void)state;
    buf_init(&out, 0);
    hello_write_close(TLS_1_3, &out);
    assert_int_equal(out.length, sizeof expected);
    assert_memory_equal(out.bytes, expected, sizeof expected);
    buf_reset(&out);
    hello_write_close(TLS_SSL_3_0, &out);
    assert_int_equal(out.bytes[2], 0);
    buf_release(&out);
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
        cmocka_unit_test(every_cap_and_shape_reads_back),
        cmocka_unit_test(no_size_is_one_that_hangs_old_servers),
        cmocka_unit_test(given_suites_are_offered_as_given),
        cmocka_unit_test(literals_are_no_server_names),
        cmocka_unit_test(groups_are_offered_in_order),
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
        cmocka_unit_test(closing_is_a_warning_record),
        cmocka_unit_test(alerts_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
