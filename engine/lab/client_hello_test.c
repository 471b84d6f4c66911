/* The lab's reader of hellos against the hellos of the engine, and its answers against the engine's reader.
 */
#include "engine/lab/client_hello.h"

#include "engine/tls/hello.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static struct hello_request request_of(int highest, int shape, int auth)
{
    return (struct hello_request){.highest = (enum tls_version)highest,
                                  .server_name = "mx.a.example",
                                  .shape = (enum hello_shape)shape,
                                  .auth = (enum tls_auth)auth};
}

/* Reads it cut at every byte; the caller releases. */
static void read_hello(const struct hello_request *request, struct client_hello *hello)
{
    struct buf bytes;
    size_t cut;

    buf_init(&bytes, 0);
    hello_write(request, &bytes);
    for (cut = 1; cut < bytes.length; cut++) {
        assert_int_equal(client_hello_read(hello, bytes.bytes, cut), CLIENT_HELLO_PENDING);
        client_hello_release(hello);
    }
    assert_int_equal(client_hello_read(hello, bytes.bytes, bytes.length), CLIENT_HELLO_READ);
    assert_int_equal(hello->length, bytes.length - 5);
    buf_release(&bytes);
}

static void every_shape_is_read(void **state)
{
    int highest, shape;

    (void)state;
    for (highest = TLS_SSL_3_0; highest <= TLS_1_3; highest++) {
        for (shape = HELLO_NORMAL; shape <= HELLO_BARE; shape++) {
            struct hello_request request = request_of(highest, shape, AUTH_ANY);
            bool extended = highest > TLS_SSL_3_0;
            struct client_hello hello;

            read_hello(&request, &hello);
            assert_int_equal(hello.highest, tls_version_wire(request.highest));
            assert_string_equal(hello.server_name, extended && shape != HELLO_BARE ? "mx.a.example" : "");
            assert_int_equal(hello.newest, extended && (shape == HELLO_NORMAL || highest == TLS_1_3));
            assert_true(hello.ecdsa);
            assert_int_equal(hello.ecdsa_suites, extended);
            client_hello_release(&hello);
        }
    }
}

static void the_kind_of_key_is_read(void **state)
{
    struct hello_request rsa = request_of(TLS_1_3, HELLO_NORMAL, AUTH_RSA);
    struct hello_request ecdsa = request_of(TLS_1_3, HELLO_NORMAL, AUTH_ECDSA);
    struct client_hello hello;

    (void)state;
    read_hello(&rsa, &hello);
    assert_false(hello.ecdsa || hello.ecdsa_suites);
    client_hello_release(&hello);
    read_hello(&ecdsa, &hello);
    assert_true(hello.ecdsa && hello.ecdsa_suites);
    client_hello_release(&hello);
}

static const struct persona *persona_of(struct map *personas, const char *keys)
{
    char text[256] = "persona p ", *error = NULL;

    strncat(text, keys, sizeof text - strlen(text) - 1);
    map_init(personas);
    if (!personas_parse("test", text, personas, &error))
        fail_msg("%s", error);
    return map_get(personas, "p");
}

/* What the engine's reader makes of the script's answer to a bare hello up to TLS 1.2. */
static struct hello_answer answer_of(const char *keys)
{
    struct hello_request request = request_of(TLS_1_2, HELLO_BARE, AUTH_ANY);
    struct hello_answer answer;
    struct client_hello hello;
    struct hello_reader reader;
    struct map personas;
    struct buf out;

    buf_init(&out, 0);
    read_hello(&request, &hello);
    hello_script(persona_of(&personas, keys), &hello, "DER", 3, &out);
    hello_reader_init(&reader);
    reader.wants_chain = reader.wants_prime = true;
    hello_reader_feed(&reader, out.bytes, out.length);
    assert_true(hello_reader_complete(&reader));
    answer = reader.answer;
    hello_reader_release(&reader);
    client_hello_release(&hello);
    personas_release(&personas);
    buf_release(&out);
    return answer;
}

static void primes_are_of_the_size_asked_for(void **state)
{
    static const struct {
        const char *keys;
        unsigned bits;
    } rows[] = {
        {"choose=TLSv1.2/TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 dh=512", 512},
        {"choose=TLSv1.2/TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 dh=2048", 2048},
        {"choose=TLSv1.2/TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 dh=8192", 8192},
        {"choose=TLSv1.0/TLS_DHE_RSA_WITH_AES_128_CBC_SHA dh=1021", 1021},
        {"choose=SSLv3/TLS_DHE_DSS_WITH_AES_128_CBC_SHA dh=768", 768},
        {"choose=TLSv1.2/TLS_DH_anon_WITH_AES_128_GCM_SHA256 dh=1024", 1024},
        {"choose=TLSv1.2/TLS_RSA_WITH_AES_128_CBC_SHA dh=1024", 0},
        {"choose=TLSv1.2/TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hello_answer answer = answer_of(rows[i].keys);

        assert_int_equal(answer.outcome, HELLO_SERVER_HELLO);
        assert_int_equal(answer.dh_bits, rows[i].bits);
        assert_int_equal(answer.sentinel, SENTINEL_NONE);
    }
}

static void sentinels_are_written(void **state)
{
    (void)state;
    assert_int_equal(answer_of("choose=TLSv1.2/TLS_RSA_WITH_AES_128_CBC_SHA sentinel=1.2").sentinel,
                     SENTINEL_TLS_1_2);
    assert_int_equal(answer_of("choose=TLSv1.0/TLS_RSA_WITH_AES_128_CBC_SHA sentinel=1.1").sentinel,
                     SENTINEL_TLS_1_1_OR_BELOW);
}

static void sslv2_is_told_by_the_engine(void **state)
{
    struct hello_reader reader;
    struct buf out;

    (void)state;
    buf_init(&out, 0);
    hello_sslv2("DER", 3, &out);
    hello_reader_init(&reader);
    assert_int_equal(hello_reader_feed(&reader, out.bytes, out.length), HELLO_SSLV2);
    assert_int_equal(out.length, (size_t)((out.bytes[0] & 0x7f) << 8 | out.bytes[1]) + 2);
    hello_reader_release(&reader);
    buf_reset(&out);
    hello_sslv2_error(&out);
    hello_reader_init(&reader);
    assert_int_equal(hello_reader_feed(&reader, out.bytes, out.length), HELLO_SSLV2);
    hello_reader_release(&reader);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shape_is_read),
        cmocka_unit_test(the_kind_of_key_is_read),
        cmocka_unit_test(primes_are_of_the_size_asked_for),
        cmocka_unit_test(sentinels_are_written),
        cmocka_unit_test(sslv2_is_told_by_the_engine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
