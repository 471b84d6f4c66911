/* How the lab's servers speak, fail and end, and which data it refuses. */
#include "engine/lab/guest.h"

#include "engine/base/mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void test_turns(void **state)
{
    struct lab *lab = guest_lab("server 127.77.0.1 once\nserver 127.77.0.2 few\nserver 127.77.0.3 late\n"
                                "server 127.77.0.4 strict\n",
                                "persona grey greeting-code=450\npersona once first=2:grey\n"
                                "persona few most=1\npersona late sync=yes greeting-delay=60000\n"
                                "persona strict sync=yes\n");
    static const int codes[] = {450, 450, 220, 220};
    struct guest client, other;
    size_t i;

    (void)state;
    for (i = 0; i < 4; i++) {
        client = guest_call(lab, "127.77.0.1");
        assert_int_equal(codes[i], guest_hear(&client));
        assert_int_equal(221, guest_say(&client, "QUIT\r\n"));
        guest_leave(&client);
    }
    client = guest_call(lab, "127.77.0.2");
    assert_int_equal(220, guest_hear(&client));
    other = guest_call(lab, "127.77.0.2");
    assert_int_equal(421, guest_hear(&other));
    guest_leave(&other);
    guest_leave(&client);
    client = guest_call(lab, "127.77.0.3");
    assert_int_equal(554, guest_say(&client, "EHLO early.example\r\n"));
    guest_leave(&client);
    client = guest_call(lab, "127.77.0.4");
    assert_int_equal(220, guest_hear(&client));
    assert_int_equal(554, guest_say(&client, "EHLO a.example\r\nSTARTTLS\r\n"));
    guest_leave(&client);
    lab_free(lab);
}

static void test_faults(void **state)
{
    struct lab *lab =
        guest_lab("server 127.77.0.1 close\nserver 127.77.0.2 reset\nserver 127.77.0.3 garbage\n"
                  "server 127.77.0.4 alert\nserver 127.77.0.5 drip\n",
                  "persona close greeting=close\npersona reset starttls=reset\n"
                  "persona garbage hello=garbage\npersona alert alert=80\n"
                  "persona drip drip-bytes=3 drip-delay=1\n");
    struct guest client = guest_call(lab, "127.77.0.1");
    char byte;

    (void)state;
    assert_int_equal(-1, guest_hear(&client));
    guest_leave(&client);
    client = guest_call(lab, "127.77.0.2");
    assert_int_equal(220, guest_hear(&client));
    guest_say(&client, "STARTTLS\r\n");
    assert_int_equal(-1, guest_take(&client, &byte));
    guest_leave(&client);
    client = guest_call(lab, "127.77.0.3");
    assert_int_equal(-1, guest_start_tls(lab, &client));
    guest_leave(&client);
    client = guest_call(lab, "127.77.0.4");
    assert_int_equal(-1, guest_start_tls(lab, &client));
    guest_leave(&client);
    client = guest_call(lab, "127.77.0.5");
    assert_int_equal(X509_V_OK, guest_start_tls(lab, &client));
    guest_leave(&client);
    assert_int_equal(-1, guest_socket(SOCK_STREAM, "127.77.0.9", lab_port(lab, PROTOCOL_SMTP)));
    lab_free(lab);
}

/* The first line of a greeting comes at once, the others after the teaser's delay. */
static void test_teaser(void **state)
{
    struct lab *lab = guest_lab("server 127.77.0.1 long\nserver 127.77.0.2 short\n",
                                "persona long greeting-lines=2 teaser-delay=60000 sync=yes\n"
                                "persona short greeting-lines=2 teaser-delay=300 sync=yes\n");
    struct guest client = guest_call(lab, "127.77.0.1");
    char line[4];

    (void)state;
    guest_read(client.fd, line, sizeof line);
    assert_memory_equal("220-", line, sizeof line);
    assert_int_equal(521, guest_say(&client, "EHLO early.example\r\n"));
    assert_int_equal(-1, guest_hear(&client));
    guest_leave(&client);
    client = guest_call(lab, "127.77.0.2");
    assert_int_equal(220, guest_hear(&client));
    assert_int_equal(250, guest_say(&client, "EHLO patient.example\r\n"));
    assert_int_equal(221, guest_say(&client, "QUIT\r\n"));
    guest_leave(&client);
    lab_free(lab);
}

/* Whoever talks before its turn hears 554, at QUIT and inside TLS too. */
static void test_strict_to_the_end(void **state)
{
    struct lab *lab = guest_lab("server 127.77.0.1 strict\n", "persona strict sync=yes reply-delay=50\n");
    struct guest client = guest_call(lab, "127.77.0.1");

    (void)state;
    assert_int_equal(220, guest_hear(&client));
    assert_int_equal(554, guest_say(&client, "EHLO a.example\r\nQUIT\r\n"));
    assert_int_equal(-1, guest_hear(&client));
    guest_leave(&client);
    client = guest_call(lab, "127.77.0.1");
    assert_int_equal(X509_V_OK, guest_start_tls(lab, &client));
    assert_int_equal(554, guest_say(&client, "NOOP\r\nQUIT\r\n"));
    guest_leave(&client);
    lab_free(lab);
}

/* What was held back is counted: the greeting's own delay, a reply's, and what both came late. */
static void test_late_replies(void **state)
{
    struct lab *lab = guest_lab("server 127.77.0.1 far\n",
                                "persona far greeting-delay=20 reply-delay=10 late=100 late-delay=30\n");
    struct guest client = guest_call(lab, "127.77.0.1");
    struct lab_counts counts;

    (void)state;
    assert_int_equal(220, guest_hear(&client));
    assert_int_equal(250, guest_say(&client, "EHLO test.example\r\n"));
    lab_counts(lab, &counts);
    assert_int_equal(20 + 30 + 10 + 30, counts.waited_ms);
    guest_leave(&client);
    lab_free(lab);
}

static void test_goodbyes(void **state)
{
    struct lab *lab = guest_lab("server 127.77.0.1 curt\nserver 127.77.0.2 mute\n",
                                "persona curt quit=close\npersona mute quit=silence\n");
    struct guest client = guest_call(lab, "127.77.0.1");
    struct pollfd waiting = {.events = POLLIN};
    struct lab_counts counts;

    (void)state;
    assert_int_equal(220, guest_hear(&client));
    assert_int_equal(-1, guest_say(&client, "QUIT\r\n"));
    guest_leave(&client);
    client = guest_call(lab, "127.77.0.2");
    assert_int_equal(220, guest_hear(&client));
    send(client.fd, "QUIT\r\n", 6, MSG_NOSIGNAL);
    do
        lab_counts(lab, &counts);
    while (!counts.quits); /* the test's time limit ends what never comes */
    waiting.fd = client.fd;
    assert_int_equal(0, poll(&waiting, 1, 100));
    assert_int_equal(1, counts.quits);
    guest_leave(&client);
    lab_free(lab);
}

/* An EHLO reply without an end keeps coming, in one line or in many. */
static void test_floods(void **state)
{
    struct lab *lab = guest_lab("server 127.77.0.1 lines\nserver 127.77.0.2 line\n",
                                "persona lines ehlo=endless\npersona line ehlo=endless-line\n");
    static const char *const addresses[] = {"127.77.0.1", "127.77.0.2"};
    size_t length = 100000;
    char *text = mem_alloc(length + 1);

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct guest client = guest_call(lab, addresses[i]);

        assert_int_equal(220, guest_hear(&client));
        send(client.fd, "EHLO a.example\r\n", 16, MSG_NOSIGNAL);
        guest_read(client.fd, text, length);
        assert_memory_equal("250-", text, 4);
        assert_null(strstr(text, "250 "));
        assert_int_equal(!strchr(text, '\n'), i == 1);
        guest_leave(&client);
    }
    free(text);
    lab_free(lab);
}

/* The kernel leaves a SYN to a full queue without an answer. */
static void test_never_answers(void **state)
{
    struct lab *lab = guest_lab("server 127.77.0.1 full\n", "persona full listen=full\n");
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)lab_port(lab, PROTOCOL_SMTP))};
    struct pollfd waiting = {.events = POLLOUT, .fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)};

    (void)state;
    inet_pton(AF_INET, "127.77.0.1", &to.sin_addr);
    assert_int_equal(-1, connect(waiting.fd, (const struct sockaddr *)&to, sizeof to));
    assert_int_equal(0, poll(&waiting, 1, 100));
    close(waiting.fd);
    lab_free(lab);
}

/* Connections in every phase; the lab goes first. */
static void test_stop(void **state)
{
    struct lab *lab =
        guest_lab("server 127.77.0.1 good\nserver 127.77.0.2 hole\nserver 127.77.0.3 endless\n"
                  "server 127.77.0.4 full\nserver 127.77.0.5 slow\nd.example DELAY 60000\n",
                  "persona good\npersona hole greeting=silence\npersona endless greeting=endless\n"
                  "persona full listen=full\npersona slow greeting-delay=60000\n");
    char *trust = mem_string(lab_trust_store(lab));
    struct guest clients[5];
    struct buf query;
    char byte;
    int i, dns = guest_socket(SOCK_DGRAM, "127.0.0.1", guest_dns_port(lab));

    (void)state;
    for (i = 0; i < 4; i++) {
        static const char *const addresses[] = {"127.77.0.1", "127.77.0.2", "127.77.0.3", "127.77.0.5"};

        clients[i] = guest_call(lab, addresses[i]);
    }
    clients[4] = guest_call(lab, "127.77.0.1");
    assert_int_equal(X509_V_OK, guest_start_tls(lab, &clients[4]));
    assert_int_equal(1, guest_take(&clients[2], &byte));
    guest_query(&query, "d.example", GUEST_A, 0);
    assert_int_equal((ssize_t)query.length, send(dns, query.bytes, query.length, 0));
    lab_free(lab);
    assert_int_equal(-1, access(trust, F_OK));
    assert_true(recv(clients[1].fd, &byte, 1, 0) <= 0);
    for (i = 0; i < 5; i++)
        guest_leave(&clients[i]);
    buf_release(&query);
    close(dns);
    free(trust);
}

static void test_bad_data(void **state)
{
    static const struct {
        const char *zone, *personas, *error;
    } rows[] = {
        {"a.example MX ten b.example\n", "", "zone:1: expected NAME MX PREFERENCE EXCHANGE"},
        {"\nserver 192.0.2.1 p\n", "persona p\n",
         "zone:2: expected server ADDRESS PERSONA, in 127.0.0.0/8 or ::1"},
        {"server 127.1.1.1 q\n", "persona p\n", "zone:1: there is no persona \"q\""},
        {"a.example PTR b.example\n", "", "zone:1: expected ADDRESS PTR NAME"},
        {"a.example TXT \"open\n", "", "zone:1: expected a closing \""},
        {"", "persona p max=TLSv9\n", "personas:1: \"TLSv9\" is no value for max"},
        {"", "persona p\npersona p\n", "personas:2: there is a persona \"p\" already"},
        {"", "persona p every=2:q\n", "personas:1: no persona \"q\""},
        {"", "persona p dh=512\n", "personas:1: dh and sentinel need choose="},
        {"", "persona p teaser-delay=9\n", "personas:1: teaser-delay needs greeting-lines of 2 or more"},
        {"", "persona p ehlo-code=250\n", "personas:1: ehlo-code and starttls-code are 400 to 599"},
        {"", "persona p colour=red\n", "personas:1: unknown key \"colour\""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct lab_options options = {.zone = rows[i].zone, .personas = rows[i].personas};
        char *error = NULL;

        assert_null(lab_new(&options, &error));
        assert_string_equal(rows[i].error, error);
        free(error);
    }
}

static void test_bad_suites(void **state)
{
    struct lab_options options = {.zone = "", .personas = "persona p ciphers=NONSENSE\n"};
    char *error = NULL;

    (void)state;
    assert_null(lab_new(&options, &error));
    assert_non_null(strstr(error, "persona p"));
    free(error);
}

/* The built-in data starts, and one port is not given out twice. */
static void test_built_in(void **state)
{
    struct lab *lab = guest_lab(NULL, NULL);
    struct lab_options options = {.port_base = lab_port(lab, PROTOCOL_SMTP)};
    struct guest_reply *reply = mem_alloc(sizeof *reply);
    char *error = NULL;

    (void)state;
    assert_null(lab_new(&options, &error));
    assert_non_null(strstr(error, "in use"));
    free(error);
    guest_ask(lab, "contoso.example", GUEST_MX, 1232, reply);
    assert_int_equal(1, guest_answers(reply));
    assert_non_null(strstr(lab_demo_targets(), "contoso.example,partner"));
    free(reply);
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_turns),        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_teaser),       cmocka_unit_test(test_strict_to_the_end),
        cmocka_unit_test(test_late_replies), cmocka_unit_test(test_goodbyes),
        cmocka_unit_test(test_floods),       cmocka_unit_test(test_never_answers),
        cmocka_unit_test(test_stop),         cmocka_unit_test(test_bad_data),
        cmocka_unit_test(test_bad_suites),   cmocka_unit_test(test_built_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
