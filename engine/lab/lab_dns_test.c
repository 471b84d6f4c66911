/* What the lab's DNS server says. */
#include "engine/lab/guest.h"

#include "engine/base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static void test_dns(void **state)
{
    struct lab *lab =
        guest_lab("a.example MX 10 mx.a.example\n"
                  "mx.a.example A 127.77.0.1 127.77.0.2\n"
                  "deep.down.b.example TXT \"x\"\n"
                  "c.example CNAME a.example\n"
                  "s.example SERVFAIL\nr.example REFUSED\nh.example SERVFAIL AAAA\n"
                  "h.example A 127.77.0.1\nn.example MX 0 .\n"
                  "t.example AD\nt.example A 127.77.0.1\nd.example DELAY 50\nd.example A 127.77.0.1\n"
                  "bulk 60 prefix=mx persona=p domain=many.example\n",
                  "persona p\n");
    struct guest_reply *reply = mem_alloc(sizeof *reply);
    struct lab_counts counts;

    (void)state;
    guest_ask(lab, "A.EXAMPLE", GUEST_MX, 1232, reply);
    assert_int_equal(0, guest_rcode(reply));
    assert_int_equal(1, guest_answers(reply));
    assert_false(guest_authenticated(reply));
    guest_ask(lab, "mx.a.example", GUEST_A, 0, reply);
    assert_int_equal(2, guest_answers(reply));
    assert_memory_equal("\x7f\x4d\x00\x02", reply->bytes + reply->length - 4, 4);
    guest_ask(lab, "a.example", GUEST_A, 0, reply);
    assert_int_equal(0, guest_rcode(reply) + guest_answers(reply));
    guest_ask(lab, "down.b.example", GUEST_A, 0, reply);
    assert_int_equal(0, guest_rcode(reply) + guest_answers(reply));
    guest_ask(lab, "up.b.example", GUEST_A, 0, reply);
    assert_int_equal(3, guest_rcode(reply));
    guest_ask(lab, "c.example", GUEST_MX, 0, reply);
    assert_int_equal(2, guest_answers(reply));
    guest_ask(lab, "s.example", GUEST_MX, 0, reply);
    assert_int_equal(2, guest_rcode(reply));
    guest_ask(lab, "r.example", GUEST_MX, 1232, reply);
    assert_int_equal(5, guest_rcode(reply));
    guest_ask(lab, "h.example", GUEST_AAAA, 0, reply);
    assert_int_equal(2, guest_rcode(reply));
    guest_ask(lab, "h.example", GUEST_A, 0, reply);
    assert_int_equal(1, guest_answers(reply));
    guest_ask(lab, "t.example", GUEST_A, 0, reply);
    assert_true(guest_authenticated(reply));
    guest_ask(lab, "d.example", GUEST_A, 0, reply);
    assert_int_equal(1, guest_answers(reply));
    guest_ask(lab, "many.example", GUEST_MX, 1232, reply);
    assert_true(guest_truncated(reply));
    assert_int_equal(0, guest_answers(reply));
    guest_ask_tcp(lab, "many.example", GUEST_MX, reply);
    assert_false(guest_truncated(reply));
    assert_int_equal(60, guest_answers(reply));
    lab_counts(lab, &counts);
    assert_int_equal(14, counts.queries);
    free(reply);
    lab_free(lab);
}

static const char *const roots[] = {"", ". AD\n", ". SERVFAIL\n"};

static void test_the_root_and_reverse_dns(void **state)
{
    static struct guest_reply reply;

    (void)state;
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        struct lab *lab = guest_lab(roots[i], "");

        guest_ask(lab, "", 6, 1232, &reply);
        assert_int_equal(guest_rcode(&reply), i == 2 ? 2 : 0);
        assert_int_equal(guest_answers(&reply), i == 2 ? 0 : 1);
        assert_int_equal(guest_authenticated(&reply), i == 1);
        lab_free(lab);
    }
}

static void test_pointers(void **state)
{
    static struct guest_reply reply;
    struct lab *lab = guest_lab("192.0.2.1 PTR Mail.A.example\n2001:db8::1 PTR mail.a.example\n", "");

    (void)state;
    guest_ask(lab, "1.2.0.192.in-addr.arpa", 12, 0, &reply);
    assert_int_equal(guest_answers(&reply), 1);
    assert_memory_equal(reply.bytes + reply.length - 16, "\4mail\1a\7example", 16);
    guest_ask(lab, "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", 12, 0, &reply);
    assert_int_equal(guest_answers(&reply), 1);
    guest_ask(lab, "2.2.0.192.in-addr.arpa", 12, 0, &reply);
    assert_int_equal(guest_rcode(&reply), 3);
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dns),
        cmocka_unit_test(test_the_root_and_reverse_dns),
        cmocka_unit_test(test_pointers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
