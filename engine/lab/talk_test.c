#include "engine/lab/talk.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static const char *const personas_text = "persona plain\npersona absent starttls=absent\n"
                                         "persona masked starttls=masked\npersona later starttls=later\n"
                                         "persona no starttls=no\npersona helo ehlo=helo-only\n"
                                         "persona lower starttls=lower\npersona inject starttls=inject\n"
                                         "persona long greeting-lines=3 banner=\"ESMTP Exim 4\"\n"
                                         "persona busy greeting-code=421\n"
                                         "persona endless greeting=endless\npersona line ehlo=endless-line\n"
                                         "persona lines ehlo=endless\npersona stars greeting=masked\n"
                                         "persona proxy greeting=proxy\npersona bye greeting=bye\n"
                                         "persona preauth greeting=preauth\npersona eager eager=yes\n"
                                         "persona first starttls-place=first\n"
                                         "persona last starttls-place=last starttls=lower\n"
                                         "persona tls-first ehlo-code=530\npersona cisco ehlo-code=500\n"
                                         "persona full ehlo-code=421 starttls-code=421\n"
                                         "persona other ehlo-code=471 starttls-code=502\n"
                                         "persona garbage starttls=garbage\npersona mute quit=silence\n"
                                         "persona rude starttls=hang-up\n"
                                         "persona curt quit=close\n";

static int load(void **state)
{
    struct map *personas = malloc(sizeof *personas);
    char *error = NULL;

    map_init(personas);
    if (!personas_parse("test", personas_text, personas, &error))
        fail_msg("%s", error);
    *state = personas;
    return 0;
}

static int unload(void **state)
{
    personas_release(*state);
    free(*state);
    return 0;
}

struct row {
    const char *persona;
    enum protocol protocol;
    bool tls;
    const char *line; /* NULL: the greeting */
    enum talk_action action;
    const char *begins;   /* the reply begins so */
    const char *contains; /* or NULL */
    const char *lacks;    /* or NULL */
};

static const struct row rows[] = {
    {"long", PROTOCOL_SMTP, false, NULL, TALK_ON, "220-", "220 h.example ESMTP Exim 4\r\n", NULL},
    {"busy", PROTOCOL_SMTP, false, NULL, TALK_CLOSE, "421 h.example ", NULL, NULL},
    {"plain", PROTOCOL_SMTP, false, "ehlo x.example", TALK_ON, "250-h.example", "\r\n250-STARTTLS\r\n", NULL},
    {"plain", PROTOCOL_SMTP, true, "EHLO x.example", TALK_ON, "250-h.example", NULL, "STARTTLS"},
    {"absent", PROTOCOL_SMTP, false, "EHLO x.example", TALK_ON, "250-", NULL, "STARTTLS"},
    {"masked", PROTOCOL_SMTP, false, "EHLO x.example", TALK_ON, "250-", "250-XXXXXXXA", "STARTTLS"},
    {"lower", PROTOCOL_SMTP, false, "EHLO x.example", TALK_ON, "250-", "250-StartTLS", NULL},
    {"helo", PROTOCOL_SMTP, false, "EHLO x.example", TALK_ON, "502 ", NULL, NULL},
    {"helo", PROTOCOL_SMTP, false, "HELO x.example", TALK_ON, "250 ", NULL, NULL},
    {"plain", PROTOCOL_SUBMISSION, false, "STARTTLS", TALK_TLS, "220 ", NULL, NULL},
    {"plain", PROTOCOL_SMTP, true, "STARTTLS", TALK_ON, "500 ", NULL, NULL},
    {"masked", PROTOCOL_SMTP, false, "STARTTLS", TALK_ON, "500 ", NULL, NULL},
    {"later", PROTOCOL_SMTP, false, "STARTTLS", TALK_ON, "454 ", NULL, NULL},
    {"no", PROTOCOL_SMTP, false, "STARTTLS", TALK_ON, "501 ", NULL, NULL},
    {"inject", PROTOCOL_SMTP, false, "STARTTLS", TALK_TLS, "220 ", "\r\n220 ", NULL},
    {"plain", PROTOCOL_SMTP, false, "MAIL FROM:<a@x.example>", TALK_ON, "530 ", NULL, NULL},
    {"plain", PROTOCOL_SMTP, true, "QUIT", TALK_QUIT, "221 ", NULL, NULL},
    {"plain", PROTOCOL_IMAP, false, NULL, TALK_ON, "* OK ", "STARTTLS", NULL},
    {"plain", PROTOCOL_IMAPS, true, NULL, TALK_ON, "* OK ", NULL, "STARTTLS"},
    {"plain", PROTOCOL_IMAP, false, "a1 CAPABILITY", TALK_ON, "* CAPABILITY", "\r\na1 OK", NULL},
    {"plain", PROTOCOL_IMAP, false, "a2 STARTTLS", TALK_TLS, "a2 OK", NULL, NULL},
    {"absent", PROTOCOL_IMAP, false, "a2 STARTTLS", TALK_ON, "a2 BAD", NULL, NULL},
    {"plain", PROTOCOL_IMAP, false, "a3 LOGOUT", TALK_QUIT, "* BYE", "a3 OK", NULL},
    {"plain", PROTOCOL_POP3, false, NULL, TALK_ON, "+OK", NULL, NULL},
    {"plain", PROTOCOL_POP3, false, "CAPA", TALK_ON, "+OK\r\n", "\r\nSTLS\r\n.\r\n", NULL},
    {"absent", PROTOCOL_POP3, false, "CAPA", TALK_ON, "+OK\r\n", "\r\n.\r\n", "STLS"},
    {"plain", PROTOCOL_POP3, false, "STLS", TALK_TLS, "+OK", NULL, NULL},
    {"later", PROTOCOL_POP3, false, "STLS", TALK_ON, "-ERR", NULL, NULL},
    {"plain", PROTOCOL_POP3S, true, "QUIT", TALK_QUIT, "+OK", NULL, NULL},
    {"plain", PROTOCOL_HTTPS, true, NULL, TALK_ON, "", NULL, NULL},
    {"plain", PROTOCOL_HTTPS, true, "", TALK_CLOSE, "HTTP/1.1 204", NULL, NULL},
    {"endless", PROTOCOL_SMTP, false, NULL, TALK_FLOOD, "220-", "\r\n220-", "220 "},
    {"lines", PROTOCOL_SMTP, false, "EHLO x.example", TALK_FLOOD, "250-", "\r\n250-", "250 "},
    {"line", PROTOCOL_SMTP, false, "EHLO x.example", TALK_FLOOD, "250-", NULL, "\n"},
    {"stars", PROTOCOL_SMTP, false, NULL, TALK_ON, "220 ********", NULL, "h.example"},
    {"proxy", PROTOCOL_SMTP, false, NULL, TALK_ON, "220 proxy.h.example", NULL, "ESMTP"},
    {"proxy", PROTOCOL_SMTP, false, "EHLO x.example", TALK_ON, "220 h.example", "\r\n250-STARTTLS", NULL},
    {"proxy", PROTOCOL_SMTP, true, "EHLO x.example", TALK_ON, "250-", NULL, "220"},
    {"bye", PROTOCOL_SMTP, false, NULL, TALK_CLOSE, "421 h.example", NULL, NULL},
    {"bye", PROTOCOL_IMAP, false, NULL, TALK_CLOSE, "* BYE ", NULL, NULL},
    {"bye", PROTOCOL_POP3S, true, NULL, TALK_CLOSE, "-ERR [SYS/TEMP] ", NULL, NULL},
    {"preauth", PROTOCOL_IMAP, false, NULL, TALK_ON, "* PREAUTH ", NULL, NULL},
    {"eager", PROTOCOL_SMTP, false, NULL, TALK_ON, "220 h.example", "\r\n250-STARTTLS\r\n", NULL},
    {"eager", PROTOCOL_SMTP, false, "EHLO x.example", TALK_ON, "", NULL, "250"},
    {"eager", PROTOCOL_SMTP, true, "EHLO x.example", TALK_ON, "250-h.example", NULL, NULL},
    {"first", PROTOCOL_SMTP, false, "EHLO x.example", TALK_ON, "250-STARTTLS\r\n", "\r\n250 8BITMIME\r\n",
     "h.example"},
    {"first", PROTOCOL_SMTP, true, "EHLO x.example", TALK_ON, "250-h.example", NULL, "STARTTLS"},
    {"last", PROTOCOL_SMTP, false, "EHLO x.example", TALK_ON, "250-h.example", "\r\n250 StartTLS\r\n",
     "250 8BITMIME"},
    {"last", PROTOCOL_SMTP, true, "EHLO x.example", TALK_ON, "250-h.example", "\r\n250 8BITMIME\r\n",
     "StartTLS"},
    {"tls-first", PROTOCOL_SMTP, false, "EHLO x.example", TALK_ON, "530 ", "STARTTLS", "250"},
    {"tls-first", PROTOCOL_SMTP, false, "HELO x.example", TALK_ON, "530 ", NULL, "250"},
    {"tls-first", PROTOCOL_SMTP, false, "STARTTLS", TALK_TLS, "220 ", NULL, NULL},
    {"tls-first", PROTOCOL_SMTP, true, "EHLO x.example", TALK_ON, "250-", NULL, NULL},
    {"cisco", PROTOCOL_SMTP, false, "EHLO x.example", TALK_ON, "500 ", NULL, NULL},
    {"cisco", PROTOCOL_SMTP, false, "HELO x.example", TALK_ON, "250 ", NULL, NULL},
    {"full", PROTOCOL_SMTP, false, "EHLO x.example", TALK_CLOSE, "421 ", NULL, NULL},
    {"full", PROTOCOL_SMTP, false, "STARTTLS", TALK_CLOSE, "421 ", NULL, NULL},
    {"other", PROTOCOL_SMTP, false, "EHLO x.example", TALK_ON, "471 ", NULL, NULL},
    {"other", PROTOCOL_SMTP, false, "STARTTLS", TALK_ON, "502 ", NULL, NULL},
    {"other", PROTOCOL_SMTP, true, "STARTTLS", TALK_ON, "500 ", NULL, NULL},
    {"garbage", PROTOCOL_SMTP, false, "STARTTLS", TALK_CLOSE, "220 ", NULL, NULL},
    {"rude", PROTOCOL_SMTP, false, "STARTTLS", TALK_CLOSE, "", NULL, "220"},
    {"mute", PROTOCOL_SMTP, true, "QUIT", TALK_SILENCE, "", NULL, "221"},
    {"curt", PROTOCOL_SMTP, false, "QUIT", TALK_QUIT, "", NULL, "221"},
};

static void test_rows(void **state)
{
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        struct talk talk = {map_get(*state, row->persona), row->protocol, "h.example", row->tls, false};
        enum talk_action action;
        struct buf out;

        buf_init(&out, 0);
        action = row->line ? talk_line(&talk, row->line, &out) : talk_greet(&talk, &out);
        if (action != row->action || strncmp(buf_string(&out), row->begins, strlen(row->begins)) != 0 ||
            (row->contains && !strstr(buf_string(&out), row->contains)) ||
            (row->lacks && strstr(buf_string(&out), row->lacks)))
            fail_msg("row %zu: action %d, \"%s\"", i, (int)action, buf_string(&out));
        buf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};

    return cmocka_run_group_tests(tests, load, unload);
}
