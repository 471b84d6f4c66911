#include "engine/net/dns_message.h"

#include "engine/base/mem.h"
#include "engine/net/dns_fake.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { USUAL = FAKE_QR | FAKE_RD | FAKE_RA };

/* Parses a copy of exactly `length` bytes, so that a sanitizer sees every read beyond. */
static void parse_part(struct dns_answer *answer, const struct buf *message, size_t length,
                       enum dns_type type)
{
    uint8_t *exact = mem_copy(message->bytes, length);

    dns_answer_parse(answer, exact, length, "x.test", type);
    free(exact);
}

static void parse(struct dns_answer *answer, struct buf *message, enum dns_type type)
{
    parse_part(answer, message, message->length, type);
    buf_release(message);
}

static void begin(struct buf *message, unsigned flags, enum dns_type type)
{
    buf_init(message, 0);
    fake_begin(message, 7, flags, "x.test", type);
}

static void assert_normal(const char *given, const char *expected)
{
    char *normal = dns_name_normal(given);

    if (expected)
        assert_string_equal(normal, expected);
    else
        assert_null(normal);
    free(normal);
}

static void names_have_one_spelling(void **state)
{
    char label[64 + 1], longest[256];

    (void)state;
    assert_normal("Example.COM", "example.com");
    assert_normal("example.com.", "example.com");
    assert_normal("", "");
    assert_normal(".", "");
    assert_normal("_25._tcp.mx-1.test", "_25._tcp.mx-1.test");
    assert_normal("a b.test", "a\\032b.test");
    assert_normal("a\\.b.test", "a\\046b.test");
    assert_normal("a\\032\\255.test", "a\\032\\255.test");
    assert_normal("\\065.test", "a.test");
    assert_normal("a..b", NULL);
    assert_normal(".a", NULL);
    assert_normal("a..", NULL);
    assert_normal("a\\256.b", NULL);
    assert_normal("a\\25.b", NULL);
    assert_normal("a\\", NULL);
    memset(label, 'a', sizeof label - 1);
    label[64] = '\0';
    assert_normal(label, NULL);
    assert_normal(label + 1, label + 1);
    snprintf(longest, sizeof longest, "%s.%s.%s.%s", label + 1, label + 1, label + 1, label + 3);
    assert_normal(longest, longest);
    snprintf(longest, sizeof longest, "%s.%s.%s.%s", label + 1, label + 1, label + 1, label + 2);
    assert_normal(longest, NULL);
}

static void builds_queries(void **state)
{
    static const uint8_t plain[] = "\x12\x34\x01\x20\0\1\0\0\0\0\0\0\1x\4test\0\0\x0f\0\1";
    static const uint8_t option[] = "\0\0\x29\x04\xd0\0\0\0\0\0";
    struct buf out;

    (void)state;
    buf_init(&out, 0);
    assert_true(dns_query_build(&out, 0x1234, "x.test", DNS_TYPE_MX, 0));
    assert_int_equal(out.length, sizeof plain - 1);
    assert_memory_equal(out.bytes, plain, out.length);
    buf_reset(&out);
    assert_true(dns_query_build(&out, 0x1234, "x.test.", DNS_TYPE_MX, DNS_UDP_PAYLOAD));
    assert_int_equal(out.bytes[11], 1);
    assert_int_equal(out.length, sizeof plain - 1 + sizeof option);
    assert_memory_equal(out.bytes + sizeof plain - 1, option, sizeof option);
    assert_false(dns_query_build(&out, 1, "x..test", DNS_TYPE_MX, 0));
    buf_release(&out);
}

static void add_mx_set(struct buf *message)
{
    begin(message, USUAL | FAKE_AD, DNS_TYPE_MX);
    fake_mx(message, "x.test", 20, "b.test");
    fake_mx(message, "X.Test", 20, "A.Test");
    fake_mx(message, "x.test", 10, "z.test");
    fake_mx(message, "x.test", 20, "b.test");
    fake_mx(message, "other.test", 1, "wrong.test");
    fake_a(message, "x.test", "192.0.2.1");
}

static void mx_records_by_preference_then_name(void **state)
{
    struct dns_answer answer;
    struct buf message;

    (void)state;
    add_mx_set(&message);
    parse(&answer, &message, DNS_TYPE_MX);
    assert_int_equal(answer.status, DNS_OK);
    assert_true(answer.authenticated);
    assert_null(answer.canonical);
    assert_int_equal(answer.count, 3);
    assert_string_equal(answer.records[0].name, "z.test");
    assert_int_equal(answer.records[0].preference, 10);
    assert_string_equal(answer.records[1].name, "a.test");
    assert_string_equal(answer.records[2].name, "b.test");
    assert_int_equal(answer.malformed, 0);
    dns_answer_release(&answer);
}

static void null_mx(void **state)
{
    struct dns_answer answer;
    struct buf message;

    (void)state;
    begin(&message, USUAL, DNS_TYPE_MX);
    fake_mx(&message, "x.test", 0, "");
    parse(&answer, &message, DNS_TYPE_MX);
    assert_int_equal(answer.count, 1);
    assert_string_equal(answer.records[0].name, "");
    dns_answer_release(&answer);
}

static void hostile_exchange_names_are_escaped(void **state)
{
    struct dns_answer answer;
    struct buf message;

    (void)state;
    begin(&message, USUAL, DNS_TYPE_MX);
    fake_mx(&message, "x.test", 1, "\x1b[31m \\\".test");
    fake_mx(&message, "x.test", 2, "192.0.2.1");
    parse(&answer, &message, DNS_TYPE_MX);
    assert_int_equal(answer.count, 2);
    assert_string_equal(answer.records[0].name, "\\027\\09131m\\032\\092\\034.test");
    assert_string_equal(answer.records[1].name, "192.0.2.1");
    dns_answer_release(&answer);
}

static void addresses_in_the_order_sent(void **state)
{
    struct net_address expected;
    struct dns_answer answer;
    struct buf message;

    (void)state;
    begin(&message, USUAL, DNS_TYPE_AAAA);
    fake_aaaa(&message, "x.test", "2001:db8::2");
    fake_aaaa(&message, "x.test", "2001:db8::1");
    fake_aaaa(&message, "x.test", "2001:db8::2");
    parse(&answer, &message, DNS_TYPE_AAAA);
    assert_int_equal(answer.count, 2);
    net_address_parse("2001:db8::2", &expected);
    assert_true(net_address_equal(&answer.records[0].address, &expected));
    dns_answer_release(&answer);
}

static void cnames_are_followed_in_any_order(void **state)
{
    struct dns_answer answer;
    struct buf message;

    (void)state;
    begin(&message, USUAL, DNS_TYPE_A);
    fake_a(&message, "end.test", "192.0.2.1");
    fake_cname(&message, "MID.test", "end.test");
    fake_a(&message, "x.test", "192.0.2.2");
    fake_cname(&message, "x.test", "mid.test");
    parse(&answer, &message, DNS_TYPE_A);
    assert_int_equal(answer.status, DNS_OK);
    assert_string_equal(answer.canonical, "end.test");
    assert_int_equal(answer.count, 1);
    assert_int_equal(answer.records[0].address.bytes[3], 1);
    dns_answer_release(&answer);
}

static void assert_record(const struct trail *trail, size_t i, enum record_type type, const char *name,
                          const char *data)
{
    assert_true(i < trail->count);
    assert_int_equal(trail->records[i].type, type);
    assert_string_equal(trail->records[i].name, name);
    assert_string_equal(trail->records[i].data, data);
    assert_int_equal(trail->records[i].ttl, 300);
}

/* The records that were used, in the order of the way; not the ones that stood beside them. */
static void the_trail_shows_the_way(void **state)
{
    struct dns_answer answer;
    struct buf message;

    (void)state;
    begin(&message, USUAL, DNS_TYPE_MX);
    fake_mx(&message, "end.test", 20, "b.test");
    fake_mx(&message, "end.test", 10, "");
    fake_mx(&message, "other.test", 5, "c.test");
    fake_cname(&message, "mid.test", "end.test");
    fake_cname(&message, "x.test", "mid.test");
    parse(&answer, &message, DNS_TYPE_MX);
    assert_int_equal(answer.trail.count, 4);
    assert_record(&answer.trail, 0, RECORD_CNAME, "x.test", "mid.test");
    assert_record(&answer.trail, 1, RECORD_CNAME, "mid.test", "end.test");
    assert_record(&answer.trail, 2, RECORD_MX, "end.test", "10 .");
    assert_record(&answer.trail, 3, RECORD_MX, "end.test", "20 b.test");
    dns_answer_release(&answer);
    begin(&message, USUAL, DNS_TYPE_AAAA);
    fake_aaaa(&message, "x.test", "2001:db8::2");
    parse(&answer, &message, DNS_TYPE_AAAA);
    assert_int_equal(answer.trail.count, 1);
    assert_record(&answer.trail, 0, RECORD_AAAA, "x.test", "2001:db8::2");
    dns_answer_release(&answer);
}

static void circles_and_long_chains_end(void **state)
{
    struct dns_answer answer;
    struct buf message;
    unsigned i;

    (void)state;
    begin(&message, USUAL, DNS_TYPE_A);
    fake_cname(&message, "x.test", "x.test");
    parse(&answer, &message, DNS_TYPE_A);
    assert_int_equal(answer.status, DNS_SERVFAIL);
    dns_answer_release(&answer);
    begin(&message, USUAL, DNS_TYPE_A);
    for (i = 0; i < 40; i++) {
        char from[32], to[32];

        snprintf(from, sizeof from, i ? "%u.test" : "x.test", i);
        snprintf(to, sizeof to, "%u.test", i + 1);
        fake_cname(&message, from, to);
    }
    parse(&answer, &message, DNS_TYPE_A);
    assert_int_equal(answer.status, DNS_SERVFAIL);
    dns_answer_release(&answer);
}

static enum dns_status status_of_rcode(unsigned rcode)
{
    struct dns_answer answer;
    struct buf message;
    enum dns_status status;

    begin(&message, USUAL | rcode, DNS_TYPE_MX);
    parse(&answer, &message, DNS_TYPE_MX);
    status = answer.status;
    dns_answer_release(&answer);
    return status;
}

static void rcodes_have_their_status(void **state)
{
    (void)state;
    assert_int_equal(status_of_rcode(0), DNS_NO_DATA);
    assert_int_equal(status_of_rcode(1), DNS_SERVFAIL);
    assert_int_equal(status_of_rcode(2), DNS_SERVFAIL);
    assert_int_equal(status_of_rcode(3), DNS_NXDOMAIN);
    assert_int_equal(status_of_rcode(4), DNS_SERVFAIL);
    assert_int_equal(status_of_rcode(5), DNS_REFUSED);
    assert_int_equal(status_of_rcode(15), DNS_SERVFAIL);
}

static void no_data_is_not_a_referral(void **state)
{
    enum { NS = 2, SOA = 6 };
    struct dns_answer answer;
    struct buf message;

    (void)state;
    begin(&message, FAKE_QR, DNS_TYPE_A);
    fake_end(&message, fake_record(&message, FAKE_AUTHORITY, "test", NS));
    parse(&answer, &message, DNS_TYPE_A);
    assert_int_equal(answer.status, DNS_SERVFAIL);
    dns_answer_release(&answer);
    begin(&message, FAKE_QR | FAKE_AA, DNS_TYPE_A);
    fake_end(&message, fake_record(&message, FAKE_AUTHORITY, "test", SOA));
    parse(&answer, &message, DNS_TYPE_A);
    assert_int_equal(answer.status, DNS_NO_DATA);
    dns_answer_release(&answer);
    begin(&message, FAKE_QR | FAKE_AA, DNS_TYPE_A);
    fake_cname(&message, "x.test", "elsewhere.test");
    parse(&answer, &message, DNS_TYPE_A);
    assert_true(answer.unfinished);
    assert_string_equal(answer.canonical, "elsewhere.test");
    dns_answer_release(&answer);
    begin(&message, USUAL, DNS_TYPE_A);
    fake_cname(&message, "x.test", "elsewhere.test");
    parse(&answer, &message, DNS_TYPE_A);
    assert_false(answer.unfinished);
    assert_int_equal(answer.status, DNS_NO_DATA);
    dns_answer_release(&answer);
}

static void bad_records_are_counted(void **state)
{
    struct dns_answer answer;
    struct buf message;
    size_t mark;

    (void)state;
    begin(&message, USUAL, DNS_TYPE_MX);
    mark = fake_record(&message, FAKE_ANSWER, "x.test", DNS_TYPE_MX);
    buf_u16(&message, 10);
    buf_u16(&message, 0xffff); /* a pointer forward */
    fake_end(&message, mark);
    mark = fake_record(&message, FAKE_ANSWER, "x.test", DNS_TYPE_MX);
    buf_u8(&message, 10);
    fake_end(&message, mark);
    mark = fake_record(&message, FAKE_ANSWER, "x.test", DNS_TYPE_MX);
    buf_u16(&message, 10);
    fake_name(&message, "good.test");
    buf_u8(&message, 0); /* one byte too many */
    fake_end(&message, mark);
    parse_part(&answer, &message, message.length, DNS_TYPE_MX);
    assert_int_equal(answer.status, DNS_MALFORMED);
    assert_int_equal(answer.malformed, 3);
    dns_answer_release(&answer);
    fake_mx(&message, "x.test", 5, "good.test");
    parse(&answer, &message, DNS_TYPE_MX);
    assert_int_equal(answer.status, DNS_OK);
    assert_int_equal(answer.malformed, 3);
    assert_int_equal(answer.count, 1);
    dns_answer_release(&answer);
}

static void an_address_of_odd_length_is_none(void **state)
{
    struct dns_answer answer;
    struct buf message;
    size_t mark;

    (void)state;
    begin(&message, USUAL, DNS_TYPE_A);
    mark = fake_record(&message, FAKE_ANSWER, "x.test", DNS_TYPE_A);
    buf_add(&message, "\1\2\3\4\5", 5);
    fake_end(&message, mark);
    parse(&answer, &message, DNS_TYPE_A);
    assert_int_equal(answer.status, DNS_MALFORMED);
    assert_int_equal(answer.malformed, 1);
    dns_answer_release(&answer);
}

static void compressed_names(void **state)
{
    struct dns_answer answer;
    struct buf message;

    (void)state;
    begin(&message, USUAL, DNS_TYPE_MX);
    message.bytes[7] = 1;
    buf_add(&message, "\xc0\x0c\0\x0f\0\1\0\0\0\1\0\7\0\5\2mx\xc0\x0e", 19);
    parse(&answer, &message, DNS_TYPE_MX);
    assert_int_equal(answer.status, DNS_OK);
    assert_string_equal(answer.records[0].name, "mx.test");
    dns_answer_release(&answer);
}

/* Pointers to themselves, to each other, and a long run of them. */
static void compression_circles_end(void **state)
{
    static const char *const owners[] = {"\xc0\x18", "\xc0\x1a\xc0\x18", "\1a\xc0\x18",
                                         "\xff\xff", "\x80\x80",         "\x40"};
    struct dns_answer answer;
    struct buf message;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof owners / sizeof owners[0]; i++) {
        begin(&message, USUAL, DNS_TYPE_MX);
        assert_int_equal(message.length, 0x18);
        message.bytes[7] = 1;
        buf_add_string(&message, owners[i]);
        buf_add(&message, "\0\x0f\0\1\0\0\0\1\0\3\0\5\0", 13);
        parse(&answer, &message, DNS_TYPE_MX);
        assert_int_equal(answer.status, DNS_MALFORMED);
        dns_answer_release(&answer);
    }
}

static void not_our_answer(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
    } changes[] = {{2, 0x01}, {2, 0xa0}, {5, 0}, {5, 2}, {13, 'y'}, {12, 5}, {21, 1}, {23, 3}};
    struct dns_answer answer;
    struct buf message;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        add_mx_set(&message);
        message.bytes[changes[i].at] = changes[i].value;
        parse(&answer, &message, DNS_TYPE_MX);
        assert_int_equal(answer.status, DNS_MALFORMED);
        dns_answer_release(&answer);
    }
}

static void cut_short_at_every_byte(void **state)
{
    struct dns_answer answer;
    struct buf message;
    size_t length;

    (void)state;
    add_mx_set(&message);
    for (length = 0; length < message.length; length++) {
        parse_part(&answer, &message, length, DNS_TYPE_MX);
        assert_int_equal(answer.status, DNS_MALFORMED);
        assert_int_equal(answer.count, 0);
        dns_answer_release(&answer);
    }
    parse_part(&answer, &message, message.length, DNS_TYPE_MX);
    assert_int_equal(answer.status, DNS_OK);
    dns_answer_release(&answer);
    buf_release(&message);
}

static void every_byte_may_be_wrong(void **state)
{
    struct dns_answer answer;
    struct buf message;
    size_t at;
    unsigned value;

    (void)state;
    add_mx_set(&message);
    for (at = 0; at < message.length; at++) {
        uint8_t right = message.bytes[at];

        for (value = 0; value < 256; value++) {
            message.bytes[at] = (uint8_t)value;
            parse_part(&answer, &message, message.length, DNS_TYPE_MX);
            assert_true(answer.count <= 4);
            dns_answer_release(&answer);
        }
        message.bytes[at] = right;
    }
    buf_release(&message);
}

static void truncation_is_told(void **state)
{
    struct dns_answer answer;
    struct buf message;

    (void)state;
    begin(&message, USUAL | FAKE_TC, DNS_TYPE_MX);
    message.bytes[7] = 60;
    parse(&answer, &message, DNS_TYPE_MX);
    assert_true(answer.truncated);
    dns_answer_release(&answer);
}

static void pointers_and_the_soa(void **state)
{
    struct dns_answer answer;
    struct buf message;
    size_t mark;

    (void)state;
    begin(&message, USUAL, DNS_TYPE_PTR);
    fake_ptr(&message, "x.test", "two.test");
    fake_ptr(&message, "x.test", "One.test");
    fake_ptr(&message, "x.test", "two.test");
    fake_soa(&message, "x.test", "wrong.test");
    parse(&answer, &message, DNS_TYPE_PTR);
    assert_int_equal(answer.count, 2);
    assert_string_equal(answer.records[0].name, "one.test");
    assert_string_equal(answer.records[1].name, "two.test");
    dns_answer_release(&answer);
    begin(&message, USUAL | FAKE_AD, DNS_TYPE_SOA);
    fake_soa(&message, "x.test", "primary.test");
    mark = fake_record(&message, FAKE_ANSWER, "x.test", DNS_TYPE_SOA);
    fake_name(&message, "short.test");
    fake_name(&message, "hostmaster.test");
    fake_end(&message, mark);
    parse(&answer, &message, DNS_TYPE_SOA);
    assert_true(answer.authenticated);
    assert_int_equal(answer.count, 1);
    assert_int_equal(answer.malformed, 1);
    assert_string_equal(answer.records[0].name, "primary.test");
    dns_answer_release(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_have_one_spelling),
        cmocka_unit_test(builds_queries),
        cmocka_unit_test(mx_records_by_preference_then_name),
        cmocka_unit_test(null_mx),
        cmocka_unit_test(hostile_exchange_names_are_escaped),
        cmocka_unit_test(addresses_in_the_order_sent),
        cmocka_unit_test(cnames_are_followed_in_any_order),
        cmocka_unit_test(the_trail_shows_the_way),
        cmocka_unit_test(circles_and_long_chains_end),
        cmocka_unit_test(rcodes_have_their_status),
        cmocka_unit_test(no_data_is_not_a_referral),
        cmocka_unit_test(bad_records_are_counted),
        cmocka_unit_test(an_address_of_odd_length_is_none),
        cmocka_unit_test(compressed_names),
        cmocka_unit_test(compression_circles_end),
        cmocka_unit_test(not_our_answer),
        cmocka_unit_test(pointers_and_the_soa),
        cmocka_unit_test(cut_short_at_every_byte),
        cmocka_unit_test(every_byte_may_be_wrong),
        cmocka_unit_test(truncation_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
