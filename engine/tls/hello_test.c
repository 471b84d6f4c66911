#include "engine/tls/hello.h"

#include "engine/base/reader.h"
#include "engine/tls/suite.h"
#include "engine/tls/testing.h"

#include <openssl/evp.h>
#include <openssl/nid.h>
#include <openssl/x509.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

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
    size_t last_size; /* of the last extension's content */
    size_t type_count;
    uint16_t versions[8];
    size_t version_count;
    uint16_t groups[16];
    size_t group_count;
    uint16_t signatures[32], chain_signatures[32];
    size_t signature_count, chain_signature_count;
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
    seen->last_size = reader_left(&body);
    if (type == 0)
        see_server_name(body, seen);
    else if (type == 10)
        seen->group_count = read_numbers(reader_vector(&body, 2), seen->groups, 16);
    else if (type == 13)
        seen->signature_count = read_numbers(reader_vector(&body, 2), seen->signatures, 32);
    else if (type == 50)
        seen->chain_signature_count = read_numbers(reader_vector(&body, 2), seen->chain_signatures, 32);
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
    assert_int_equal(seen->session_id_length, newest && request->shape == HELLO_NORMAL ? 32 : 0);
    assert_int_equal(has_type(seen, 43), newest);
    assert_int_equal(has_type(seen, 51), newest);
    assert_int_equal(has_type(seen, 45), newest && request->shape == HELLO_NORMAL);
    if (!newest)
        return;
    assert_int_equal(seen->version_count, 0x0304 - lowest + 1);
    for (i = 0; i < seen->version_count; i++)
        assert_int_equal(seen->versions[i], 0x0304 - i);
}

static bool goes_with(enum tls_auth auth, const char *name)
{
    bool newest = !strstr(name, "_WITH_");

    if (auth == AUTH_RSA)
        return newest || strncmp(name, "TLS_RSA_", 8) == 0 || strncmp(name, "TLS_DHE_RSA_", 12) == 0 ||
               strncmp(name, "TLS_ECDHE_RSA_", 14) == 0;
    return auth == AUTH_ANY || newest || strncmp(name, "TLS_ECDHE_ECDSA_", 16) == 0;
}

static void check_suites(const struct hello_request *request, const struct seen *seen)
{
    size_t count, i, at = 0;
    const struct tls_suite *table = tls_suite_table(&count);

    for (i = 0; i < count; i++) {
        bool wanted = table[i].mail && table[i].first <= request->highest && table[i].last >= request->lowest;

        if (strstr(table[i].name, "_anon_") && request->shape == HELLO_NORMAL)
            wanted = false;
        if (!wanted || !goes_with(request->auth, table[i].name))
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
    assert_int_equal(has_type(seen, 35), has_type(seen, 23));
    assert_int_equal(has_type(seen, 50), has_type(seen, 13) && request->auth != AUTH_ANY);
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

/* What a server could stumble over in the one is not in the other. */
static void no_two_shapes_are_alike(void **state)
{
    int highest, lowest;

    (void)state;
    for (highest = TLS_SSL_3_0; highest <= TLS_1_3; highest++) {
        for (lowest = TLS_SSL_3_0; lowest <= highest; lowest++) {
            struct seen seen[HELLO_BARE + 1];

            for (int shape = HELLO_NORMAL; shape <= HELLO_BARE; shape++) {
                struct hello_request request = request_of(lowest, highest, shape);

                see(&request, &seen[shape]);
            }
            if (highest == TLS_SSL_3_0) { /* no extension to leave out */
                assert_int_not_equal(seen[HELLO_NORMAL].suite_count, seen[HELLO_PLAIN].suite_count);
                continue;
            }
            assert_true(seen[HELLO_PLAIN].type_count < seen[HELLO_NORMAL].type_count);
            assert_true(has_type(&seen[HELLO_PLAIN], 0));
            assert_false(has_type(&seen[HELLO_BARE], 0));
        }
    }
}

/* A current OpenSSL's is of 512 bytes with TLS 1.2, thanks to padding, or a little more with a long name. */
static void hellos_are_of_the_usual_size(void **state)
{
    int highest, shape;
    struct seen seen;

    (void)state;
    for (highest = TLS_SSL_3_0; highest <= TLS_1_3; highest++)
        for (shape = HELLO_NORMAL; shape <= HELLO_BARE; shape++) {
            struct hello_request request = request_of(TLS_SSL_3_0, highest, shape);

            see(&request, &seen);
            assert_true(seen.message_length <= 600);
        }
}

static void one_kind_of_key_is_asked_for(void **state)
{
    int auth, highest;
    struct seen seen;

    (void)state;
    for (auth = AUTH_RSA; auth <= AUTH_ECDSA; auth++) {
        for (highest = TLS_1_0; highest <= TLS_1_3; highest++) {
            struct hello_request request = request_of(TLS_1_0, highest, HELLO_NORMAL);
            size_t i;

            request.auth = (enum tls_auth)auth;
            see(&request, &seen);
            check_suites(&request, &seen);
            check_extensions(&request, &seen);
            assert_int_equal(seen.signature_count != 0, highest >= TLS_1_2);
            for (i = 0; i < seen.signature_count; i++) /* RFC 8446 §4.2.3: 3 in the low byte is ECDSA */
                assert_int_equal((seen.signatures[i] & 0xff) == 3, auth == AUTH_ECDSA);
            assert_true(seen.chain_signature_count > seen.signature_count || highest < TLS_1_2);
        }
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
            assert_true(seen.last_size > 0); /* some servers refuse a hello that ends with an empty one */
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

struct lab {
    EVP_PKEY *rsa, *ecdsa;
    X509 *rsa_leaf, *ecdsa_leaf;
};

static int open_lab(void **state)
{
    static struct lab lab;

    lab.rsa = testing_rsa_key(2048);
    lab.ecdsa = testing_ec_key(NID_X9_62_prime256v1);
    lab.rsa_leaf = testing_certificate(&(struct testing_order){.common_name = "rsa", .key = lab.rsa});
    lab.ecdsa_leaf = testing_certificate(&(struct testing_order){.common_name = "ecdsa", .key = lab.ecdsa});
    *state = &lab;
    return 0;
}

static int close_lab(void **state)
{
    struct lab *lab = *state;

    X509_free(lab->rsa_leaf);
    X509_free(lab->ecdsa_leaf);
    EVP_PKEY_free(lab->rsa);
    EVP_PKEY_free(lab->ecdsa);
    return 0;
}

/* What the server says to the hello; `reader` wants its chain. */
static void greet(const struct testing_server_order *order, const struct hello_request *request,
                  struct hello_reader *reader)
{
    struct testing_server *server = testing_server_new(order);
    struct buf hello, answer;

    buf_init(&hello, 0);
    buf_init(&answer, 0);
    hello_write(request, &hello);
    testing_server_feed(server, &hello, &answer);
    hello_reader_init(reader);
    reader->wants_chain = true;
    hello_reader_feed(reader, answer.bytes, answer.length);
    assert_true(hello_reader_complete(reader));
    buf_release(&hello);
    buf_release(&answer);
    testing_server_free(server);
}

static void servers_answer_every_shape(void **state)
{
    const struct lab *lab = *state;
    struct testing_server_order order = {.chain = {lab->rsa_leaf}, .key = lab->rsa, .lowest = TLS_1_0};
    int best, highest, lowest, shape;

    for (best = TLS_1_0; best <= TLS_1_3; best++) {
        for (highest = TLS_1_0; highest <= TLS_1_3; highest++) {
            for (lowest = TLS_SSL_3_0; lowest <= highest && lowest <= best; lowest++) {
                for (shape = HELLO_NORMAL; shape <= HELLO_BARE; shape++) {
                    struct hello_request request = request_of(lowest, highest, shape);
                    struct hello_reader reader;

                    order.highest = (enum tls_version)best;
                    greet(&order, &request, &reader);
                    assert_int_equal(reader.answer.outcome, HELLO_SERVER_HELLO);
                    assert_int_equal(reader.answer.version, best < highest ? best : highest);
                    assert_false(reader.answer.retry_request);
                    hello_reader_release(&reader);
                }
            }
        }
    }
}

/* The chain in the answer holds the certificate. */
static bool shows(const struct hello_reader *reader, X509 *certificate)
{
    struct buf der;
    bool found;

    buf_init(&der, 0);
    testing_der(certificate, &der);
    found =
        reader->chain.length == der.length + 3 && memcmp(reader->chain.bytes + 3, der.bytes, der.length) == 0;
    buf_release(&der);
    return found;
}

static void each_kind_of_certificate_can_be_had(void **state)
{
    const struct lab *lab = *state;
    struct testing_server_order both = {.chain = {lab->rsa_leaf},
                                        .key = lab->rsa,
                                        .ecdsa = lab->ecdsa_leaf,
                                        .ecdsa_key = lab->ecdsa,
                                        .lowest = TLS_1_0,
                                        .highest = TLS_1_3};
    int highest, shape;

    for (highest = TLS_1_0; highest <= TLS_1_2; highest++) {
        /* Without groups, as bare TLS 1.0 is, this server does no curves. */
        for (shape = HELLO_NORMAL; shape <= (highest == TLS_1_0 ? HELLO_PLAIN : HELLO_BARE); shape++) {
            struct hello_request request = request_of(TLS_SSL_3_0, highest, shape);
            struct hello_reader reader;

            request.auth = AUTH_RSA;
            greet(&both, &request, &reader);
            assert_true(shows(&reader, lab->rsa_leaf));
            hello_reader_release(&reader);
            request.auth = AUTH_ECDSA;
            greet(&both, &request, &reader);
            assert_true(shows(&reader, lab->ecdsa_leaf));
            hello_reader_release(&reader);
        }
    }
}

static void a_server_without_that_kind_refuses(void **state)
{
    const struct lab *lab = *state;
    struct testing_server_order rsa = {
        .chain = {lab->rsa_leaf}, .key = lab->rsa, .lowest = TLS_1_0, .highest = TLS_1_2};
    struct testing_server_order ecdsa = rsa;
    int highest, auth;

    ecdsa.chain[0] = lab->ecdsa_leaf;
    ecdsa.key = lab->ecdsa;
    for (highest = TLS_1_0; highest <= TLS_1_2; highest++) {
        for (auth = AUTH_RSA; auth <= AUTH_ECDSA; auth++) {
            struct hello_request request = request_of(TLS_SSL_3_0, highest, HELLO_NORMAL);
            struct hello_reader reader;

            request.auth = (enum tls_auth)auth;
            greet(auth == AUTH_RSA ? &ecdsa : &rsa, &request, &reader);
            assert_int_equal(reader.answer.outcome, HELLO_ALERT);
            assert_int_equal(reader.answer.alert, 40);
            hello_reader_release(&reader);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cap_and_shape_reads_back),
        cmocka_unit_test(no_two_shapes_are_alike),
        cmocka_unit_test(hellos_are_of_the_usual_size),
        cmocka_unit_test(one_kind_of_key_is_asked_for),
        cmocka_unit_test(servers_answer_every_shape),
        cmocka_unit_test(each_kind_of_certificate_can_be_had),
        cmocka_unit_test(a_server_without_that_kind_refuses),
        cmocka_unit_test(no_size_is_one_that_hangs_old_servers),
        cmocka_unit_test(given_suites_are_offered_as_given),
        cmocka_unit_test(literals_are_no_server_names),
        cmocka_unit_test(groups_are_offered_in_order),
        cmocka_unit_test(closing_is_a_warning_record),
    };

    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
