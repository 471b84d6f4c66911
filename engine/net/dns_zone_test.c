#include "engine/net/dns_message.h"

#include "engine/base/mem.h"
#include "engine/net/dns_fake.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

enum { USUAL = FAKE_QR | FAKE_RD | FAKE_RA, NXDOMAIN = 3 };

static void begin(struct buf *message, unsigned flags, enum dns_type type)
{
    buf_init(message, 0);
    fake_begin(message, 7, flags, "a.x.test", type);
}

/* Of a copy of exactly `length` bytes, so that a sanitizer sees every read beyond. */
static void parse(struct dns_answer *answer, const struct buf *message, size_t length, enum dns_type type)
{
    uint8_t *exact = mem_copy(message->bytes, length);

    dns_answer_parse(answer, exact, length, "a.x.test", type);
    free(exact);
}

struct row {
    unsigned rcode;
    enum fake_section section;
    const char *owner;
    enum dns_status status;
    const char *zone; /* NULL: none is told */
};

static void whose_zone_it_is(void **state)
{
    static const struct row rows[] = {
        {0, FAKE_ANSWER, "a.x.test", DNS_OK, "a.x.test"},
        {0, FAKE_AUTHORITY, "X.test", DNS_NO_DATA, "x.test"},
        {0, FAKE_AUTHORITY, "", DNS_NO_DATA, ""},
        {NXDOMAIN, FAKE_AUTHORITY, "x.test", DNS_NXDOMAIN, "x.test"},
        {0, FAKE_AUTHORITY, "other.test", DNS_NO_DATA, NULL},
        {0, FAKE_AUTHORITY, "b.a.x.test", DNS_NO_DATA, NULL},
        {0, FAKE_ADDITIONAL, "x.test", DNS_NO_DATA, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dns_answer answer;
        struct buf message;

        begin(&message, USUAL | rows[i].rcode, DNS_TYPE_SOA);
        fake_zone(&message, rows[i].section, rows[i].owner, "Host-Master.x.test");
        parse(&answer, &message, message.length, DNS_TYPE_SOA);
        assert_int_equal(answer.status, rows[i].status);
        assert_int_equal(!answer.zone, !rows[i].zone);
        assert_int_equal(!answer.mailbox, !rows[i].zone);
        if (answer.zone) {
            assert_string_equal(answer.zone, rows[i].zone);
            assert_string_equal(answer.mailbox, "host-master.x.test");
        }
        dns_answer_release(&answer);
        buf_release(&message);
    }
}

/* A label of a zone's mailbox may hold any byte. */
static void dots_of_a_mailbox_are_told_apart(void **state)
{
    static const char label[] = "\x07"
                                "a.b\x1b\n c"
                                "\x04"
                                "test";
    struct dns_answer answer;
    struct buf message;
    size_t mark;

    (void)state;
    begin(&message, USUAL, DNS_TYPE_SOA);
    mark = fake_record(&message, FAKE_AUTHORITY, "x.test", DNS_TYPE_SOA);
    fake_name(&message, "ns.test");
    buf_add(&message, label, sizeof label);
    for (int i = 0; i < 5; i++)
        buf_u32(&message, 300);
    fake_end(&message, mark);
    parse(&answer, &message, message.length, DNS_TYPE_SOA);
    assert_string_equal(answer.mailbox, "a\\046b\\027\\010\\032c.test");
    dns_answer_release(&answer);
    buf_release(&message);
}

static void a_zone_that_is_cut_short_is_none(void **state)
{
    struct dns_answer answer;
    struct buf message;

    (void)state;
    begin(&message, USUAL, DNS_TYPE_SOA);
    fake_zone(&message, FAKE_AUTHORITY, "x.test", "hostmaster.x.test");
    for (size_t length = 0; length < message.length; length++) {
        parse(&answer, &message, length, DNS_TYPE_SOA);
        assert_null(answer.zone);
        dns_answer_release(&answer);
    }
    parse(&answer, &message, message.length, DNS_TYPE_SOA);
    assert_non_null(answer.zone);
    dns_answer_release(&answer);
    buf_release(&message);
}

static void strings_of_a_text_are_one(void **state)
{
    static const char strings[] = "\x04v=T;\x00\x06"
                                  "a\\\x1b\xff\n~";
    struct dns_answer answer;
    struct buf message;
    size_t mark;

    (void)state;
    begin(&message, USUAL, DNS_TYPE_TXT);
    fake_txt(&message, "a.x.test", "v=spf1 -all");
    mark = fake_record(&message, FAKE_ANSWER, "a.x.test", DNS_TYPE_TXT);
    buf_add(&message, strings, sizeof strings - 1);
    fake_end(&message, mark);
    mark = fake_record(&message, FAKE_ANSWER, "a.x.test", DNS_TYPE_TXT);
    buf_add(&message, "\x09short", 6);
    fake_end(&message, mark);
    fake_end(&message, fake_record(&message, FAKE_ANSWER, "a.x.test", DNS_TYPE_TXT));
    parse(&answer, &message, message.length, DNS_TYPE_TXT);
    assert_int_equal(answer.status, DNS_OK);
    assert_int_equal(answer.count, 2);
    assert_int_equal(answer.malformed, 2);
    assert_string_equal(answer.records[0].name, "v=T;a\\092\\027\\255\\010~");
    assert_string_equal(answer.records[1].name, "v=spf1 -all");
    assert_null(answer.zone);
    dns_answer_release(&answer);
    buf_release(&message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whose_zone_it_is),
        cmocka_unit_test(dots_of_a_mailbox_are_told_apart),
        cmocka_unit_test(a_zone_that_is_cut_short_is_none),
        cmocka_unit_test(strings_of_a_text_are_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
