#include "engine/lab/talk.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define ENDLESS_CHUNK 100 /* lines that are written at a time */

static bool is_smtp(enum protocol protocol)
{
    return protocol == PROTOCOL_SMTP || protocol == PROTOCOL_SUBMISSION || protocol == PROTOCOL_SMTPS;
}

static bool is_imap(enum protocol protocol)
{
    return protocol == PROTOCOL_IMAP || protocol == PROTOCOL_IMAPS;
}

static bool starts_with(const char *line, const char *word)
{
    return strncasecmp(line, word, strlen(word)) == 0;
}

/* The greeting codes that mean something, as servers word them. */
static const char *greeting_text(unsigned code)
{
    switch (code) {
    case 421:
        return "4.7.0 Too many connections, come back later";
    case 450:
        return "4.2.0 Greylisted, please try again in a moment";
    case 554:
        return "5.7.1 Your host has no business here";
    default:
        return "ESMTP";
    }
}

static void greet_smtp(const struct talk *talk, struct buf *out)
{
    const struct persona *persona = talk->persona;
    unsigned line;

    for (line = 1; line < persona->greeting_lines; line++)
        buf_printf(out, "%u-%s line %u of the house rules\r\n", persona->greeting_code, talk->host, line);
    buf_printf(out, "%u %s %s\r\n", persona->greeting_code, talk->host,
               persona->banner && persona->greeting_code == 220 ? persona->banner
                                                                : greeting_text(persona->greeting_code));
}

/* Lines of a reply that has no end, or a part of a line that has none. */
static enum talk_action flood(unsigned code, const char *end, struct buf *out)
{
    for (unsigned i = 0; i < ENDLESS_CHUNK; i++)
        buf_printf(out, "%u-and there is more to say about this server%s", code, end);
    return TALK_FLOOD;
}

static enum talk_action greet_bye(const struct talk *talk, struct buf *out)
{
    if (is_smtp(talk->protocol))
        buf_printf(out, "421 %s %s\r\n", talk->host, greeting_text(421));
    else
        buf_add_string(out, is_imap(talk->protocol) ? "* BYE Too many connections, come back later\r\n"
                                                    : "-ERR [SYS/TEMP] Come back later\r\n");
    return TALK_CLOSE;
}

static enum talk_action greet_odd(const struct talk *talk, struct buf *out)
{
    switch ((enum persona_greeting)talk->persona->greeting) {
    case GREETING_CLOSE:
        return TALK_CLOSE;
    case GREETING_RESET:
        return TALK_RESET;
    case GREETING_ENDLESS:
        return flood(220, "\r\n", out);
    case GREETING_ENDLESS_LINE:
        return flood(220, "", out);
    case GREETING_MASKED:
        buf_add_string(out, "220 ********************************0*2******\r\n");
        return TALK_ON;
    case GREETING_PROXY:
        buf_printf(out, "220 proxy.%s ready\r\n", talk->host);
        return TALK_ON;
    case GREETING_BYE:
        return greet_bye(talk, out);
    case GREETING_PREAUTH:
        buf_printf(out, "* PREAUTH %s knows you\r\n", talk->host);
        return TALK_ON;
    case GREETING_HTTP:
        buf_add_string(out, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        return TALK_CLOSE;
    case GREETING_GARBAGE:
        buf_add(out, "\x00\xff\xfe\x1b[2Jgarbage\x07 here\r\n", 21);
        return TALK_ON;
    case GREETING_NORMAL:
    case GREETING_SILENCE:
        break;
    }
    return TALK_SILENCE;
}

/* The capability by which TLS is offered, or NULL. */
static const char *offer(const struct talk *talk, const char *word)
{
    if (talk->tls)
        return NULL;
    switch ((enum persona_starttls)talk->persona->starttls) {
    case STARTTLS_ABSENT:
        return NULL;
    case STARTTLS_MASK:
        return "XXXXXXXA";
    case STARTTLS_LOWER:
        return "StartTLS";
    case STARTTLS_YES:
    case STARTTLS_LATER:
    case STARTTLS_NO:
    case STARTTLS_CLOSE:
    case STARTTLS_RESET:
    case STARTTLS_SILENCE:
    case STARTTLS_INJECT:
    case STARTTLS_GARBAGE:
    case STARTTLS_HANG_UP:
        break;
    }
    return word;
}

/* The codes that `ehlo-code` and `starttls-code` may stand for, as servers word them. */
static enum talk_action say_code(unsigned code, struct buf *out)
{
    static const struct {
        unsigned code;
        const char *text;
    } words[] = {
        {421, "4.7.0 Too busy, closing"},
        {450, "4.3.2 Service currently unavailable"},
        {454, "4.7.0 TLS not available due to local problem"},
        {500, "5.5.1 Command unrecognized"},
        {502, "5.5.1 Command not implemented"},
        {530, "5.7.0 Must issue a STARTTLS command first"},
        {554, "5.7.0 TLS is not for you"},
    };
    const char *text = "Not now";

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].code == code)
            text = words[i].text;
    buf_printf(out, "%u %s\r\n", code, text);
    return code == 421 ? TALK_CLOSE : TALK_ON;
}

static void list_capabilities(const struct talk *talk, struct buf *out)
{
    const char *tls = offer(talk, "STARTTLS");
    enum persona_place place = talk->persona->starttls_place;

    if (tls && place == PLACE_FIRST)
        buf_printf(out, "250-%s\r\n", tls);
    else
        buf_printf(out, "250-%s greets you\r\n", talk->host);
    buf_add_string(out, "250-PIPELINING\r\n250-SIZE 36700160\r\n");
    if (tls && place == PLACE_MIDDLE)
        buf_printf(out, "250-%s\r\n", tls);
    if (talk->protocol != PROTOCOL_SMTP && talk->tls)
        buf_add_string(out, "250-AUTH PLAIN LOGIN\r\n");
    buf_add_string(out, "250-ENHANCEDSTATUSCODES\r\n");
    if (tls && place == PLACE_LAST)
        buf_printf(out, "250-8BITMIME\r\n250 %s\r\n", tls);
    else
        buf_add_string(out, "250 8BITMIME\r\n");
}

static enum talk_action say_ehlo(const struct talk *talk, struct buf *out)
{
    if (talk->persona->ehlo_code && !talk->tls)
        return say_code(talk->persona->ehlo_code, out);
    if (talk->persona->greeting == GREETING_PROXY && !talk->tls)
        buf_printf(out, "220 %s ESMTP behind the proxy\r\n", talk->host);
    switch ((enum persona_ehlo)talk->persona->ehlo) {
    case EHLO_HELO_ONLY:
        buf_add_string(out, "502 5.5.1 Command not implemented\r\n");
        return TALK_ON;
    case EHLO_REJECT:
        buf_add_string(out, "550 5.7.1 Access denied\r\n");
        return TALK_ON;
    case EHLO_LATER:
        buf_add_string(out, "451 4.3.2 Please try again later\r\n");
        return TALK_ON;
    case EHLO_CLOSE:
        return TALK_CLOSE;
    case EHLO_ENDLESS:
        return flood(250, "\r\n", out);
    case EHLO_ENDLESS_LINE:
        return flood(250, "", out);
    case EHLO_YES:
        break;
    }
    list_capabilities(talk, out);
    return TALK_ON;
}

/* EHLO's reply was there before EHLO. */
static bool is_eager(const struct talk *talk)
{
    return talk->persona->eager && is_smtp(talk->protocol) && !talk->tls;
}

enum talk_action talk_greet(const struct talk *talk, struct buf *out)
{
    if (talk->protocol == PROTOCOL_HTTPS)
        return TALK_ON;
    if (talk->persona->greeting != GREETING_NORMAL)
        return greet_odd(talk, out);
    if (is_smtp(talk->protocol))
        greet_smtp(talk, out);
    else if (is_imap(talk->protocol))
        buf_printf(out, "* OK [CAPABILITY IMAP4rev1%s] %s ready\r\n", talk->tls ? "" : " STARTTLS",
                   talk->host);
    else
        buf_printf(out, "+OK %s ready\r\n", talk->host);
    if (talk->persona->greeting_close || talk->persona->greeting_code == 421)
        return TALK_CLOSE;
    if (is_eager(talk))
        return say_ehlo(talk, out);
    return TALK_ON;
}

/* Replies to the command that begins TLS; the words differ by protocol. */
struct tls_words {
    const char *go, *later, *no, *unknown;
};

static enum talk_action start_tls(const struct talk *talk, const struct tls_words *words, struct buf *out)
{
    enum persona_starttls way = talk->persona->starttls;

    if (talk->tls || way == STARTTLS_ABSENT || way == STARTTLS_MASK) {
        buf_add_string(out, words->unknown);
        return TALK_ON;
    }
    if (way == STARTTLS_LATER || way == STARTTLS_NO || talk->tired) {
        buf_add_string(out, way == STARTTLS_NO ? words->no : words->later);
        return TALK_ON;
    }
    if (way == STARTTLS_SILENCE || way == STARTTLS_HANG_UP)
        return way == STARTTLS_SILENCE ? TALK_SILENCE : TALK_CLOSE;
    buf_add_string(out, words->go);
    if (way == STARTTLS_INJECT)
        buf_add_string(out, words->go);
    if (way == STARTTLS_GARBAGE)
        buf_add(out, "\x00\xff\xfe no TLS here\r\n", 17);
    if (way == STARTTLS_CLOSE || way == STARTTLS_GARBAGE)
        return TALK_CLOSE;
    if (way == STARTTLS_RESET)
        return TALK_RESET;
    return TALK_TLS;
}

static const struct tls_words smtp_words = {
    "220 2.0.0 Ready to start TLS\r\n",
    "454 4.7.0 TLS not available due to temporary reason\r\n",
    "501 5.5.4 STARTTLS is not for you\r\n",
    "500 5.5.1 Command unrecognized\r\n",
};

static enum talk_action say_helo(const struct talk *talk, struct buf *out)
{
    bool denied = talk->persona->ehlo == EHLO_REJECT;

    if (talk->persona->ehlo_code == 530 && !talk->tls)
        return say_code(530, out);
    buf_printf(out, denied ? "550 5.7.1 %s denies access\r\n" : "250 %s\r\n", talk->host);
    return TALK_ON;
}

static enum talk_action say_quit(const struct talk *talk, struct buf *out)
{
    if (talk->persona->quit == QUIT_SILENCE)
        return TALK_SILENCE;
    if (talk->persona->quit == QUIT_ANSWER)
        buf_printf(out, "221 2.0.0 %s says goodbye\r\n", talk->host);
    return TALK_QUIT;
}

static enum talk_action smtp_line(const struct talk *talk, const char *line, struct buf *out)
{
    if (starts_with(line, "EHLO"))
        return is_eager(talk) ? TALK_ON : say_ehlo(talk, out);
    if (starts_with(line, "HELO"))
        return say_helo(talk, out);
    if (strcasecmp(line, "STARTTLS") == 0 && talk->persona->starttls_code && !talk->tls)
        return say_code(talk->persona->starttls_code, out);
    if (strcasecmp(line, "STARTTLS") == 0)
        return start_tls(talk, &smtp_words, out);
    if (starts_with(line, "QUIT"))
        return say_quit(talk, out);
    if (starts_with(line, "NOOP") || starts_with(line, "RSET")) {
        buf_add_string(out, "250 2.0.0 OK\r\n");
        return TALK_ON;
    }
    buf_add_string(out, talk->tls ? "550 5.7.1 This server takes no mail\r\n"
                                  : "530 5.7.0 Must issue a STARTTLS command first\r\n");
    return TALK_ON;
}

static enum talk_action imap_tls(const struct talk *talk, const char *tag, int length, struct buf *out)
{
    char go[64], later[64], no[64], unknown[64];

    snprintf(go, sizeof go, "%.*s OK Begin TLS negotiation now\r\n", length, tag);
    snprintf(later, sizeof later, "%.*s NO TLS is not available\r\n", length, tag);
    snprintf(no, sizeof no, "%.*s BAD TLS is not for you\r\n", length, tag);
    snprintf(unknown, sizeof unknown, "%.*s BAD Unknown command\r\n", length, tag);
    return start_tls(talk, &(struct tls_words){go, later, no, unknown}, out);
}

static enum talk_action imap_line(const struct talk *talk, const char *line, struct buf *out)
{
    size_t length = strcspn(line, " ");
    const char *command = line + length + (line[length] == ' ');
    int tag = length < 32 ? (int)length : 32;
    const char *tls = offer(talk, "STARTTLS");

    if (strcasecmp(command, "STARTTLS") == 0)
        return imap_tls(talk, line, tag, out);
    if (strcasecmp(command, "CAPABILITY") == 0)
        buf_printf(out, "* CAPABILITY IMAP4rev1%s%s\r\n", tls ? " " : "", tls ? tls : "");
    if (strcasecmp(command, "LOGOUT") == 0)
        buf_printf(out, "* BYE %s says goodbye\r\n", talk->host);
    buf_printf(out, "%.*s OK done\r\n", tag, line);
    return strcasecmp(command, "LOGOUT") == 0 ? TALK_QUIT : TALK_ON;
}

static enum talk_action pop3_line(const struct talk *talk, const char *line, struct buf *out)
{
    static const struct tls_words words = {"+OK Begin TLS\r\n", "-ERR TLS is not available\r\n",
                                           "-ERR TLS is not for you\r\n", "-ERR Unknown command\r\n"};
    const char *tls = offer(talk, "STLS");

    if (strcasecmp(line, "STLS") == 0)
        return start_tls(talk, &words, out);
    if (strcasecmp(line, "CAPA") == 0) {
        buf_printf(out, "+OK\r\nUSER\r\nUIDL\r\n%s%s.\r\n", tls ? tls : "", tls ? "\r\n" : "");
        return TALK_ON;
    }
    if (strcasecmp(line, "QUIT") == 0) {
        buf_add_string(out, "+OK goodbye\r\n");
        return TALK_QUIT;
    }
    buf_add_string(out, "-ERR this server keeps no mail\r\n");
    return TALK_ON;
}

enum talk_action talk_line(const struct talk *talk, const char *line, struct buf *out)
{
    if (talk->persona->greeting == GREETING_GARBAGE || talk->persona->greeting == GREETING_ENDLESS)
        return TALK_ON;
    if (is_smtp(talk->protocol) && talk->persona->greeting_code != 220 && !starts_with(line, "QUIT")) {
        buf_add_string(out, "503 5.5.1 Only QUIT is left\r\n");
        return TALK_ON;
    }
    if (is_smtp(talk->protocol))
        return smtp_line(talk, line, out);
    if (is_imap(talk->protocol))
        return imap_line(talk, line, out);
    if (talk->protocol != PROTOCOL_HTTPS)
        return pop3_line(talk, line, out);
    if (*line)
        return TALK_ON;
    buf_add_string(out, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    return TALK_CLOSE;
}
