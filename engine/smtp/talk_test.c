#include "engine/smtp/dialogue.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof array / sizeof array[0])

#define TURNS_MOST 8

/* What a server says at each turn, and what we must have said before it. */
struct turn {
    const char *ours; /* "" when we must not have written */
    const char *theirs;
};

struct talk {
    const char *name;
    enum protocol protocol;
    struct turn turns[TURNS_MOST]; /* ended by NULL; TLS_STARTS as `theirs` stands for a handshake */
    enum dialogue_phase phase;     /* after the last turn */
    enum probe_error error;
    enum stage stage;
    enum starttls_state starttls;
    int code;
    size_t injected;
    const char *last; /* what we said after the last turn; NULL = nothing */
};

#define TLS_STARTS "(TLS)"
#define HELO       "EHLO probe.example\r\n"
#define OLD_HELO   "HELO probe.example\r\n"
#define BOTH       "STARTTLS\r\nNOOP\r\n"

/* clang-format off */
static const struct talk talks[] = {
    {"offered", PROTOCOL_SMTP,
     {{"", "220 mx.example ESMTP\r\n"}, {HELO, "250-mx.example\r\n250-STARTTLS\r\n250 SIZE 10\r\n"},
      {"STARTTLS\r\n", "220 go\r\n"}, {"", TLS_STARTS}, {HELO, "250-mx.example\r\n250 SIZE 10\r\n"},
      {"QUIT\r\n", "221 bye\r\n"}},
     PHASE_OVER, PROBE_OK, STAGE_HELLO, STARTTLS_OFFERED, 0, 0, NULL},
    {"keyword in small letters on the last line", PROTOCOL_SUBMISSION,
     {{"", "220 a\r\n"}, {HELO, "250-a\r\n250 starttls\r\n"}, {"STARTTLS\r\n", "220\r\n"}},
     PHASE_TLS_READY, PROBE_OK, STAGE_HELLO, STARTTLS_OFFERED, 0, 0, NULL},
    {"keyword with a parameter", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "250-a\r\n250 StartTLS required\r\n"}, {"STARTTLS\r\n", "250 ok\r\n"}},
     PHASE_TLS_READY, PROBE_OK, STAGE_HELLO, STARTTLS_OFFERED, 0, 0, NULL},
    {"teaser in a banner of several lines", PROTOCOL_SMTP,
     {{"", "220-wait\r\n"}, {"", "220-more\r\n"}, {"", "220 a ESMTP\r\n"}, {HELO, "250 STARTTLS\r\n"}},
     PHASE_STARTTLS, PROBE_OK, STAGE_STARTTLS, STARTTLS_OFFERED, 0, 0, "STARTTLS\r\n"},
    {"not offered", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "250-a\r\n250-XSTARTTLS\r\n250 STARTTLSX\r\n"}, {"QUIT\r\n", "221 b\r\n"}},
     PHASE_OVER, PROBE_OK, STAGE_EHLO, STARTTLS_NOT_OFFERED, 0, 0, NULL},
    {"masked by Cisco", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "250-a\r\n250-SIZE 1\r\n250-XXXXXXXA\r\n250 XXXB\r\n"}},
     PHASE_QUIT, PROBE_OK, STAGE_EHLO, STARTTLS_MASKED, 0, 0, "QUIT\r\n"},
    {"a masked keyword of another length", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "250-a\r\n250-XXXXXXXA1\r\n250 XXXXXXXXXA\r\n"}},
     PHASE_QUIT, PROBE_OK, STAGE_EHLO, STARTTLS_NOT_OFFERED, 0, 0, "QUIT\r\n"},
    {"EHLO refused, HELO taken", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "502 what\r\n"}, {OLD_HELO, "250 a\r\n"}, {"QUIT\r\n", ""}},
     PHASE_QUIT, PROBE_OK, STAGE_EHLO, STARTTLS_NOT_OFFERED, 0, 0, NULL},
    {"EHLO overwritten on the way", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "500 unknown command XXXX\r\n"}, {OLD_HELO, "250 a\r\n"}},
     PHASE_QUIT, PROBE_OK, STAGE_EHLO, STARTTLS_MASKED, 0, 0, "QUIT\r\n"},
    {"banner overwritten on the way", PROTOCOL_SMTP,
     {{"", "220 ************2***\r\n"}, {HELO, "500 what\r\n"}, {OLD_HELO, "250 a\r\n"}},
     PHASE_QUIT, PROBE_OK, STAGE_EHLO, STARTTLS_MASKED, 0, 0, "QUIT\r\n"},
    {"EHLO and HELO refused", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "502 no\r\n"}, {OLD_HELO, "554 no\r\n"}, {"QUIT\r\n", "221 b\r\n"}},
     PHASE_OVER, PROBE_SMTP_REJECTED, STAGE_EHLO, STARTTLS_UNKNOWN, 554, 0, NULL},
    {"EHLO turned away", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "550 not you\r\n"}, {"QUIT\r\n", "221 b\r\n"}},
     PHASE_OVER, PROBE_SMTP_REJECTED, STAGE_EHLO, STARTTLS_UNKNOWN, 550, 0, NULL},
    {"EHLO turned away for its name", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "501 bad name\r\n"}},
     PHASE_QUIT, PROBE_SMTP_REJECTED, STAGE_EHLO, STARTTLS_UNKNOWN, 501, 0, "QUIT\r\n"},
    {"banner overwritten on the way, EHLO taken", PROTOCOL_SMTP,
     {{"", "220 ************2***\r\n"}, {HELO, "250-a\r\n250 SIZE 1\r\n"}},
     PHASE_QUIT, PROBE_OK, STAGE_EHLO, STARTTLS_MASKED, 0, 0, "QUIT\r\n"},
    {"TLS demanded before EHLO", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "530 5.7.0 Must issue a STARTTLS command first\r\n"},
      {"STARTTLS\r\n", "220 a\r\n"}},
     PHASE_TLS_READY, PROBE_OK, STAGE_HELLO, STARTTLS_OFFERED, 0, 0, NULL},
    {"TLS demanded before HELO", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "500 what\r\n"}, {OLD_HELO, "530 TLS first\r\n"}},
     PHASE_STARTTLS, PROBE_OK, STAGE_STARTTLS, STARTTLS_OFFERED, 0, 0, "STARTTLS\r\n"},
    {"530 for another reason", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "530 log in first\r\n"}},
     PHASE_QUIT, PROBE_SMTP_REJECTED, STAGE_EHLO, STARTTLS_UNKNOWN, 530, 0, "QUIT\r\n"},
    {"554 banner", PROTOCOL_SMTP,
     {{"", "554-no\r\n554 PTR\r\n"}, {"QUIT\r\n", "221 b\r\n"}},
     PHASE_OVER, PROBE_SMTP_REJECTED, STAGE_BANNER, STARTTLS_UNKNOWN, 554, 0, NULL},
    {"450 banner", PROTOCOL_SMTP,
     {{"", "450 4.3.2 later\r\n"}},
     PHASE_QUIT, PROBE_GREYLISTED, STAGE_BANNER, STARTTLS_UNKNOWN, 450, 0, "QUIT\r\n"},
    {"421 banner", PROTOCOL_SMTP,
     {{"", "421 too many\r\n"}},
     PHASE_OVER, PROBE_THROTTLED, STAGE_BANNER, STARTTLS_UNKNOWN, 421, 0, NULL},
    {"354 banner", PROTOCOL_SMTP,
     {{"", "354 go on\r\n"}},
     PHASE_QUIT, PROBE_NOT_SMTP, STAGE_BANNER, STARTTLS_UNKNOWN, 354, 0, "QUIT\r\n"},
    {"421 at EHLO", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "421 busy\r\n"}},
     PHASE_OVER, PROBE_THROTTLED, STAGE_EHLO, STARTTLS_UNKNOWN, 421, 0, NULL},
    {"451 at EHLO", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "451 later\r\n"}},
     PHASE_QUIT, PROBE_GREYLISTED, STAGE_EHLO, STARTTLS_UNKNOWN, 451, 0, "QUIT\r\n"},
    {"454 at STARTTLS", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "250 STARTTLS\r\n"}, {"STARTTLS\r\n", "454 TLS not available\r\n"},
      {"QUIT\r\n", ""}},
     PHASE_QUIT, PROBE_GREYLISTED, STAGE_STARTTLS, STARTTLS_OFFERED, 454, 0, NULL},
    {"501 at STARTTLS", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "250 STARTTLS\r\n"}, {"STARTTLS\r\n", "501 no\r\n"},
      {"QUIT\r\n", "221 b\r\n"}},
     PHASE_OVER, PROBE_STARTTLS_REJECTED, STAGE_STARTTLS, STARTTLS_REJECTED, 501, 0, NULL},
    {"421 at STARTTLS", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "250 STARTTLS\r\n"}, {"STARTTLS\r\n", "421 no\r\n"}},
     PHASE_OVER, PROBE_THROTTLED, STAGE_STARTTLS, STARTTLS_OFFERED, 421, 0, NULL},
    {"bytes behind STARTTLS's reply", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "250 STARTTLS\r\n"}, {"STARTTLS\r\n", "220 go\r\n250 evil\r\n"},
      {"", TLS_STARTS}},
     PHASE_EHLO_TLS, PROBE_OK, STAGE_HELLO, STARTTLS_OFFERED, 0, 10, HELO},
    {"a second greeting from behind a proxy", PROTOCOL_SMTP,
     {{"", "220 proxy\r\n"}, {HELO, "220 mx\r\n"}, {"", "250 STARTTLS\r\n"}},
     PHASE_STARTTLS, PROBE_OK, STAGE_STARTTLS, STARTTLS_OFFERED, 0, 0, "STARTTLS\r\n"},
    {"a third greeting is no answer", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "220 b\r\n220 c\r\n"}},
     PHASE_QUIT, PROBE_NOT_SMTP, STAGE_EHLO, STARTTLS_UNKNOWN, 220, 0, "QUIT\r\n"},
    {"a goodbye is no answer", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "221 bye\r\n"}},
     PHASE_QUIT, PROBE_NOT_SMTP, STAGE_EHLO, STARTTLS_UNKNOWN, 221, 0, "QUIT\r\n"},
    {"another protocol", PROTOCOL_SMTP,
     {{"", "SSH-2.0-OpenSSH\r\n"}},
     PHASE_OVER, PROBE_NOT_SMTP, STAGE_BANNER, STARTTLS_UNKNOWN, 0, 0, NULL},
    {"codes that differ", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "250-a\r\n220 b\r\n"}},
     PHASE_OVER, PROBE_NOT_SMTP, STAGE_EHLO, STARTTLS_UNKNOWN, 0, 0, NULL},
    {"421 inside TLS", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "250 STARTTLS\r\n"}, {"STARTTLS\r\n", "220 go\r\n"}, {"", TLS_STARTS},
      {HELO, "421 no\r\n"}},
     PHASE_OVER, PROBE_THROTTLED, STAGE_HELLO, STARTTLS_OFFERED, 421, 0, NULL},
    {"QUIT answered by noise", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "250 a\r\n"}, {"QUIT\r\n", "bye\r\n"}},
     PHASE_OVER, PROBE_OK, STAGE_EHLO, STARTTLS_NOT_OFFERED, 0, 0, NULL},
    {"smtps", PROTOCOL_SMTPS,
     {{"", TLS_STARTS}, {"", "220 a\r\n"}, {HELO, "250-a\r\n250 AUTH PLAIN\r\n"},
      {"QUIT\r\n", "221 b\r\n"}},
     PHASE_OVER, PROBE_OK, STAGE_HELLO, STARTTLS_NOT_APPLICABLE, 0, 0, NULL},
    {"smtps that rejects", PROTOCOL_SMTPS,
     {{"", TLS_STARTS}, {"", "554 no\r\n"}},
     PHASE_QUIT, PROBE_SMTP_REJECTED, STAGE_HELLO, STARTTLS_NOT_APPLICABLE, 554, 0, "QUIT\r\n"},
    {"https", PROTOCOL_HTTPS,
     {{"", TLS_STARTS}},
     PHASE_OVER, PROBE_OK, STAGE_HELLO, STARTTLS_NOT_APPLICABLE, 0, 0, NULL},
    {"imap", PROTOCOL_IMAP,
     {{"", "* OK [CAPABILITY IMAP4rev1] hi\r\n"},
      {"a1 CAPABILITY\r\n", "* CAPABILITY IMAP4rev1 starttls LOGINDISABLED\r\na1 OK done\r\n"},
      {"a2 STARTTLS\r\n", "a2 OK go\r\n"}, {"", TLS_STARTS},
      {"a3 CAPABILITY\r\n", "* CAPABILITY IMAP4rev1\r\n* OK noise\r\na3 OK\r\n"},
      {"a4 LOGOUT\r\n", "* BYE\r\na4 OK\r\n"}},
     PHASE_OVER, PROBE_OK, STAGE_HELLO, STARTTLS_OFFERED, 0, 0, NULL},
    {"imap without STARTTLS, whatever the greeting said", PROTOCOL_IMAP,
     {{"", "* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n"},
      {"a1 CAPABILITY\r\n", "* CAPABILITY IMAP4rev1\r\na1 OK\r\n"}},
     PHASE_QUIT, PROBE_OK, STAGE_EHLO, STARTTLS_NOT_OFFERED, 0, 0, "a4 LOGOUT\r\n"},
    {"imap that tells capabilities in its greeting only", PROTOCOL_IMAP,
     {{"", "* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n"}, {"a1 CAPABILITY\r\n", "a1 BAD no\r\n"}},
     PHASE_STARTTLS, PROBE_OK, STAGE_STARTTLS, STARTTLS_OFFERED, 0, 0, "a2 STARTTLS\r\n"},
    {"imap that refuses CAPABILITY", PROTOCOL_IMAP,
     {{"", "* OK hi\r\n"}, {"a1 CAPABILITY\r\n", "a1 BAD no\r\n"}},
     PHASE_QUIT, PROBE_SMTP_REJECTED, STAGE_EHLO, STARTTLS_UNKNOWN, 0, 0, "a4 LOGOUT\r\n"},
    {"imap past authentication", PROTOCOL_IMAP,
     {{"", "* PREAUTH hi\r\n"}},
     PHASE_QUIT, PROBE_OK, STAGE_BANNER, STARTTLS_NOT_OFFERED, 0, 0, "a4 LOGOUT\r\n"},
    {"imap says goodbye", PROTOCOL_IMAP,
     {{"", "* BYE full\r\n"}},
     PHASE_OVER, PROBE_THROTTLED, STAGE_BANNER, STARTTLS_UNKNOWN, 0, 0, NULL},
    {"imap refuses STARTTLS", PROTOCOL_IMAP,
     {{"", "* OK hi\r\n"}, {"a1 CAPABILITY\r\n", "* CAPABILITY STARTTLS\r\na1 OK\r\n"},
      {"a2 STARTTLS\r\n", "a2 BAD no\r\n"}},
     PHASE_QUIT, PROBE_STARTTLS_REJECTED, STAGE_STARTTLS, STARTTLS_REJECTED, 0, 0, "a4 LOGOUT\r\n"},
    {"imap puts STARTTLS off", PROTOCOL_IMAP,
     {{"", "* OK hi\r\n"}, {"a1 CAPABILITY\r\n", "* CAPABILITY STARTTLS\r\na1 OK\r\n"},
      {"a2 STARTTLS\r\n", "a2 NO [UNAVAILABLE] later\r\n"}},
     PHASE_QUIT, PROBE_GREYLISTED, STAGE_STARTTLS, STARTTLS_OFFERED, 0, 0, "a4 LOGOUT\r\n"},
    {"imap with bytes behind STARTTLS's reply", PROTOCOL_IMAP,
     {{"", "* OK hi\r\n"}, {"a1 CAPABILITY\r\n", "* CAPABILITY STARTTLS\r\na1 OK\r\n"},
      {"a2 STARTTLS\r\n", "a2 OK go\r\n* x"}},
     PHASE_TLS_READY, PROBE_OK, STAGE_HELLO, STARTTLS_OFFERED, 0, 3, NULL},
    {"imaps past authentication", PROTOCOL_IMAPS,
     {{"", TLS_STARTS}, {"", "* PREAUTH hi\r\n"}, {"a3 CAPABILITY\r\n", "a3 OK\r\n"},
      {"a4 LOGOUT\r\n", "a4 OK\r\n"}},
     PHASE_OVER, PROBE_OK, STAGE_HELLO, STARTTLS_NOT_APPLICABLE, 0, 0, NULL},
    {"pop3", PROTOCOL_POP3,
     {{"", "+OK hi\r\n"}, {"CAPA\r\n", "+OK list\r\nUSER\r\nstls\r\n.\r\n"}, {"STLS\r\n", "+OK go\r\n"},
      {"", TLS_STARTS}, {"CAPA\r\n", "+OK\r\nUSER\r\n.\r\n"}, {"QUIT\r\n", "+OK bye\r\n"}},
     PHASE_OVER, PROBE_OK, STAGE_HELLO, STARTTLS_OFFERED, 0, 0, NULL},
    {"pop3 without STLS", PROTOCOL_POP3,
     {{"", "+OK hi\r\n"}, {"CAPA\r\n", "+OK STLS\r\nUSER\r\n.\r\n"}},
     PHASE_QUIT, PROBE_OK, STAGE_EHLO, STARTTLS_NOT_OFFERED, 0, 0, "QUIT\r\n"},
    {"pop3 without CAPA", PROTOCOL_POP3,
     {{"", "+OK hi\r\n"}, {"CAPA\r\n", "-ERR what\r\n"}, {"STLS\r\n", "-ERR what\r\n"}},
     PHASE_QUIT, PROBE_OK, STAGE_EHLO, STARTTLS_NOT_OFFERED, 0, 0, "QUIT\r\n"},
    {"pop3 without CAPA, with STLS", PROTOCOL_POP3,
     {{"", "+OK hi\r\n"}, {"CAPA\r\n", "-ERR what\r\n"}, {"STLS\r\n", "+OK go\r\n"}},
     PHASE_TLS_READY, PROBE_OK, STAGE_HELLO, STARTTLS_OFFERED, 0, 0, NULL},
    {"pop3 puts CAPA off", PROTOCOL_POP3,
     {{"", "+OK hi\r\n"}, {"CAPA\r\n", "-ERR [SYS/TEMP] later\r\n"}},
     PHASE_QUIT, PROBE_GREYLISTED, STAGE_EHLO, STARTTLS_UNKNOWN, 0, 0, "QUIT\r\n"},
    {"pop3 rejects us", PROTOCOL_POP3,
     {{"", "-ERR no\r\n"}},
     PHASE_QUIT, PROBE_SMTP_REJECTED, STAGE_BANNER, STARTTLS_UNKNOWN, 0, 0, "QUIT\r\n"},
    {"pop3s without CAPA", PROTOCOL_POP3S,
     {{"", TLS_STARTS}, {"", "+OK hi\r\n"}, {"CAPA\r\n", "-ERR what\r\n"}, {"QUIT\r\n", "+OK\r\n"}},
     PHASE_OVER, PROBE_OK, STAGE_HELLO, STARTTLS_NOT_APPLICABLE, 0, 0, NULL},
};

/* The same with dialogue_check_injection. */
static const struct {
    struct talk talk;
    enum injection_state state;
} checks[] = {
    {{"injection: what was sent in clear is dropped", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "250 STARTTLS\r\n"}, {BOTH, "220 go\r\n"}, {"", TLS_STARTS},
      {HELO, "250-a\r\n250 SIZE 1\r\n"}, {"QUIT\r\n", "221 bye\r\n"}},
     PHASE_OVER, PROBE_OK, STAGE_HELLO, STARTTLS_OFFERED, 0, 0, NULL},
     INJECTION_NO},
    {{"injection: it is answered inside TLS", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "250 STARTTLS\r\n"}, {BOTH, "220 go\r\n"}, {"", TLS_STARTS},
      {HELO, "250 2.0.0 OK\r\n"}, {"QUIT\r\n", "250-a\r\n250 SIZE 1\r\n221 bye\r\n"}},
     PHASE_OVER, PROBE_OK, STAGE_HELLO, STARTTLS_OFFERED, 0, 0, NULL},
     INJECTION_YES},
    {{"injection: it is answered together with EHLO", PROTOCOL_SUBMISSION,
     {{"", "220 a\r\n"}, {HELO, "250 STARTTLS\r\n"}, {BOTH, "220 go\r\n"}, {"", TLS_STARTS},
      {HELO, "250 OK\r\n250-a\r\n250 SIZE 1\r\n"}},
     PHASE_QUIT, PROBE_OK, STAGE_HELLO, STARTTLS_OFFERED, 0, 0, "QUIT\r\n"},
     INJECTION_YES},
    {{"injection: it is answered in clear, and TLS works", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "250 STARTTLS\r\n"}, {BOTH, "220 go\r\n250 OK\r\n"}, {"", TLS_STARTS},
      {HELO, "250-a\r\n250 SIZE 1\r\n"}, {"QUIT\r\n", "221 bye\r\n"}},
     PHASE_OVER, PROBE_OK, STAGE_HELLO, STARTTLS_OFFERED, 0, 8, NULL},
     INJECTION_NO},
    {{"injection: talking out of turn is refused", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "250 STARTTLS\r\n"}, {BOTH, "554 5.5.0 synchronization error\r\n"}},
     PHASE_QUIT, PROBE_STARTTLS_REJECTED, STAGE_STARTTLS, STARTTLS_REJECTED, 554, 0, "QUIT\r\n"},
     INJECTION_NO},
    {{"injection: STARTTLS is refused, what follows is not", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "250 STARTTLS\r\n"}, {BOTH, "503 one by one\r\n"},
      {"QUIT\r\n", "250 OK\r\n"}, {"", "221 bye\r\n"}},
     PHASE_OVER, PROBE_STARTTLS_REJECTED, STAGE_STARTTLS, STARTTLS_REJECTED, 503, 0, NULL},
     INJECTION_NO},
    {{"injection: STARTTLS is refused for another reason", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "250 STARTTLS\r\n"}, {BOTH, "454 later\r\n"},
      {"QUIT\r\n", "221 bye\r\n"}},
     PHASE_OVER, PROBE_GREYLISTED, STAGE_STARTTLS, STARTTLS_OFFERED, 454, 0, NULL},
     INJECTION_NOT_TESTED},
    {{"injection: STARTTLS is not offered", PROTOCOL_SMTP,
     {{"", "220 a\r\n"}, {HELO, "250 a\r\n"}, {"QUIT\r\n", "221 b\r\n"}},
     PHASE_OVER, PROBE_OK, STAGE_EHLO, STARTTLS_NOT_OFFERED, 0, 0, NULL},
     INJECTION_NOT_TESTED},
    {{"injection: no check where there is no such STARTTLS", PROTOCOL_IMAP,
     {{"", "* OK hi\r\n"}, {"a1 CAPABILITY\r\n", "* CAPABILITY STARTTLS\r\na1 OK\r\n"}},
     PHASE_STARTTLS, PROBE_OK, STAGE_STARTTLS, STARTTLS_OFFERED, 0, 0, "a2 STARTTLS\r\n"},
     INJECTION_NOT_TESTED},
    {{"injection: no check inside direct TLS", PROTOCOL_SMTPS,
     {{"", TLS_STARTS}, {"", "220 a\r\n"}, {HELO, "250 a\r\n"}, {"QUIT\r\n", "250-b\r\n250 c\r\n"}},
     PHASE_OVER, PROBE_OK, STAGE_HELLO, STARTTLS_NOT_APPLICABLE, 0, 0, NULL},
     INJECTION_NOT_TESTED},
};
/* clang-format on */

static void assert_said(struct dialogue *d, const char *expected)
{
    assert_string_equal(buf_string(dialogue_output(d)), expected);
    buf_reset(dialogue_output(d));
}

/* Feeds `text` cut at `cut`, from copies of exactly that size. */
static void feed_cut(struct dialogue *d, const char *text, size_t cut)
{
    size_t length = strlen(text);
    char *head, *tail;

    cut = cut < length ? cut : length;
    head = mem_copy(text, cut);
    tail = mem_copy(text + cut, length - cut);
    dialogue_feed(d, head, cut);
    dialogue_feed(d, tail, length - cut);
    free(head);
    free(tail);
}

static struct dialogue *play(const struct talk *talk, size_t cut, bool check)
{
    struct dialogue *d = dialogue_new(talk->protocol, "probe.example");
    size_t i;

    if (check)
        dialogue_check_injection(d);

    for (i = 0; i < TURNS_MOST && talk->turns[i].theirs; i++) {
        assert_said(d, talk->turns[i].ours);
        if (strcmp(talk->turns[i].theirs, TLS_STARTS) != 0) {
            feed_cut(d, talk->turns[i].theirs, cut);
            continue;
        }
        assert_int_equal(dialogue_phase(d), PHASE_TLS_READY);
        dialogue_tls_started(d);
    }
    assert_said(d, talk->last ? talk->last : "");
    return d;
}

static void check_talk(const struct talk *talk, size_t cut, bool check, enum injection_state injection)
{
    struct dialogue *d = play(talk, cut, check);
    const struct dialogue_result *result = dialogue_result(d);

    assert_int_equal(dialogue_phase(d), talk->phase);
    assert_int_equal(result->error, talk->error);
    assert_int_equal(result->stage, talk->stage);
    assert_int_equal(result->starttls, talk->starttls);
    assert_int_equal(result->code, talk->code);
    assert_int_equal(result->injected, talk->injected);
    assert_int_equal(result->injection.state, injection);
    assert_int_equal(!result->detail, talk->error == PROBE_OK);
    dialogue_free(d);
}

/* Every talk, with the server's text at each turn cut at every byte. */
static void talks_go_as_they_must(void **state)
{
    size_t i, cut;

    (void)state;
    for (i = 0; i < COUNT(talks); i++) {
        print_message("%s\n", talks[i].name);
        for (cut = 0; cut < 64; cut++)
            check_talk(&talks[i], cut, false, INJECTION_NOT_TESTED);
    }
}

static void checks_for_injection_find_what_there_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(checks); i++) {
        print_message("%s\n", checks[i].talk.name);
        for (size_t cut = 0; cut < 64; cut++)
            check_talk(&checks[i].talk, cut, true, checks[i].state);
    }
}

enum break_kind { BREAK_CLOSED, BREAK_RESET, BREAK_SILENCE, BREAK_FINISH, BREAK_KINDS };

static void break_off(struct dialogue *d, enum break_kind kind)
{
    if (kind == BREAK_FINISH)
        dialogue_finish(d);
    else if (kind == BREAK_SILENCE)
        dialogue_timeout(d);
    else
        dialogue_eof(d, kind == BREAK_RESET);
    if (kind == BREAK_FINISH || kind == BREAK_SILENCE)
        dialogue_timeout(d);
    assert_int_equal(dialogue_phase(d), PHASE_OVER);
    buf_reset(dialogue_output(d));
}

static void assert_dead(struct dialogue *d)
{
    dialogue_feed(d, "250 late\r\n", 10);
    dialogue_timeout(d);
    dialogue_eof(d, false);
    dialogue_finish(d);
    dialogue_tls_started(d);
    assert_int_equal(dialogue_phase(d), PHASE_OVER);
    assert_said(d, "");
}

/* Plays the first `turns` turns of `talk`, then breaks off. */
static void play_part(const struct talk *talk, size_t turns, enum break_kind kind, bool check)
{
    struct talk part = *talk;
    struct dialogue *d;

    memset(&part.turns[turns], 0, sizeof part.turns[turns]);
    if (talk->turns[turns].theirs)
        part.last = talk->turns[turns].ours;
    d = play(&part, 3, check);
    break_off(d, kind);
    assert_dead(d);
    dialogue_free(d);
}

static void break_talk(const struct talk *talk, bool check)
{
    for (size_t turns = 0; turns < TURNS_MOST && (!turns || talk->turns[turns - 1].theirs); turns++)
        for (enum break_kind kind = 0; kind < BREAK_KINDS; kind++)
            play_part(talk, turns, kind, check);
}

/* The server goes away, or falls silent, at each turn of each talk: we end, and once over nothing is said. */
static void every_talk_can_break_anywhere(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(talks); i++)
        break_talk(&talks[i], false);
    for (i = 0; i < COUNT(checks); i++)
        break_talk(&checks[i].talk, true);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(talks_go_as_they_must),
        cmocka_unit_test(checks_for_injection_find_what_there_is),
        cmocka_unit_test(every_talk_can_break_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
