#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <stdlib.h>

static void an_address_for_a_host_has_no_server_name(void **state)
{
    struct host_key literal = {(char *)"192.0.2.5", 25, PROTOCOL_SMTP};
    struct host_key name = {(char *)"mx.example", 587, PROTOCOL_SUBMISSION};
    struct endpoint_key key;
    char *text;

    (void)state;
    endpoint_key_make(&key, &literal, "192.0.2.5");
    text = endpoint_key_text(&key);
    assert_string_equal(text, "smtp/25/192.0.2.5/");
    endpoint_key_release(&key);
    free(text);
    endpoint_key_make(&key, &name, "2001:db8::1");
    text = endpoint_key_text(&key);
    assert_string_equal(text, "submission/587/2001:db8::1/mx.example");
    endpoint_key_release(&key);
    free(text);
    text = host_key_text(&name);
    assert_string_equal(text, "submission/587/mx.example");
    free(text);
}

static void facts_copy_whole(void **state)
{
    struct facts *facts = fixture_facts("rarrr"), *copy;
    struct attempt attempt = {1, (char *)"handshake", STAGE_HELLO, PROBE_RESET, (char *)"gone", 12};
    size_t i;

    (void)state;
    facts->banner = mem_string("220 hello");
    facts->error_detail = mem_string("no");
    facts->handshake_error = mem_string("bad");
    facts->offer_baseline = mem_string("tls1.2");
    facts->certificate = fixture_certificate("a.example b.example", false, 3);
    facts->certificate->chain = mem_array(2, sizeof *facts->certificate->chain);
    facts->certificate->chain_length = 2;
    facts->certificate->chain[1].subject = mem_string("CN=Test CA");
    strings_add(&facts->ehlo, "PIPELINING");
    strings_add(&facts->warnings, "odd");
    transcript_add(&facts->transcript, SAID_BY_CLIENT, "EHLO x");
    for (i = 0; i < 80; i++)
        facts_add_attempt(facts, &attempt);
    copy = facts_copy(facts);
    facts_free(facts);
    assert_int_equal(copy->log_count, 64);
    assert_string_equal(copy->log[63].detail, "gone");
    assert_string_equal(copy->certificate->names.items[1], "b.example");
    assert_string_equal(copy->certificate->chain[1].subject, "CN=Test CA");
    assert_string_equal(copy->transcript.lines[0].text, "EHLO x");
    assert_string_equal(copy->ehlo.items[0], "PIPELINING");
    assert_int_equal(facts_highest(copy), TLS_1_0);
    facts_free(copy);
    copy = facts_new();
    assert_int_equal(facts_highest(copy), -1);
    assert_int_equal(copy->connect_ms, -1);
    assert_int_equal(copy->versions[TLS_1_2].alert, -1);
    facts_free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_for_a_host_has_no_server_name),
        cmocka_unit_test(facts_copy_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
