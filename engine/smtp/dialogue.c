#include "engine/smtp/dialogue_private.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

static void send_command(struct dialogue *d, enum question question)
{
    const char *command = d->rules->commands[question];
    bool named = d->rules->names_itself && question != ASKED_STARTTLS && question != ASKED_QUIT;
    size_t begins = d->output.length;

    buf_add_string(&d->output, command);
    if (named) {
        buf_add_string(&d->output, " ");
        buf_add_string(&d->output, d->helo_name);
    }
    dialogue_show_sent(d, begins);
    buf_add_string(&d->output, "\r\n");
}

static void ask(struct dialogue *d, enum dialogue_phase phase, enum question question)
{
    d->phase = phase;
    d->question = question;
    send_command(d, question);
}

static void quit(struct dialogue *d)
{
    d->quit_sent = true;
    ask(d, PHASE_QUIT, ASKED_QUIT);
}

static void tls_ready(struct dialogue *d)
{
    d->phase = PHASE_TLS_READY;
    d->result.stage = STAGE_HELLO;
    dialogue_note(d, "TLS starts here");
}

struct dialogue *dialogue_new(enum protocol protocol, const char *helo_name)
{
    struct dialogue *d = mem_alloc(sizeof *d);

    d->rules = rules_of(protocol);
    d->direct = protocol_is_direct_tls(protocol);
    d->helo_name = helo_name ? mem_string_n(helo_name, strcspn(helo_name, " \t\r\n")) : mem_string("");
    d->result.stage = STAGE_BANNER;
    d->result.starttls = d->direct ? STARTTLS_NOT_APPLICABLE : STARTTLS_UNKNOWN;
    d->result.transcript.now_ms = -1;
    if (d->direct)
        tls_ready(d);
    return d;
}

void dialogue_free(struct dialogue *d)
{
    if (!d)
        return;
    reply_clear(&d->reply);
    buf_release(&d->output);
    free(d->helo_name);
    free(d->result.banner);
    free(d->result.detail);
    strings_release(&d->result.ehlo);
    strings_release(&d->result.ehlo_tls);
    transcript_release(&d->result.transcript);
    free(d);
}

struct dialogue *dialogue_so_far(const struct dialogue *d)
{
    struct dialogue *record = mem_alloc(sizeof *record);
    const struct dialogue_result *said = &d->result;
    struct dialogue_result *copy = &record->result;

    record->phase = PHASE_OVER;
    *copy = *said;
    copy->banner = mem_string(said->banner);
    copy->detail = mem_string(said->detail);
    memset(&copy->ehlo, 0, sizeof copy->ehlo);
    memset(&copy->ehlo_tls, 0, sizeof copy->ehlo_tls);
    memset(&copy->transcript, 0, sizeof copy->transcript);
    strings_copy(&copy->ehlo, &said->ehlo);
    strings_copy(&copy->ehlo_tls, &said->ehlo_tls);
    transcript_copy(&copy->transcript, &said->transcript);
    return record;
}

/* The first error is the one that counts; true when it is this one. */
static bool set_error(struct dialogue *d, enum probe_error error)
{
    if (d->result.error != PROBE_OK)
        return false;
    d->result.error = error;
    return true;
}

static char *joined(const struct strings *lines)
{
    struct buf text;
    size_t i;

    buf_init(&text, 0);
    for (i = 0; i < lines->count; i++)
        buf_printf(&text, "%s%s", i ? "\n" : "", lines->items[i]);
    return buf_take_string(&text);
}

static bool positive(const struct dialogue *d)
{
    return d->reply.code / 100 == 2;
}

/* `permanent` is what a 5xx means here. After 421 the server closes, so nothing more is said. */
static void refused(struct dialogue *d, enum probe_error permanent)
{
    int code = d->reply.code;
    enum probe_error error = code == 421       ? PROBE_THROTTLED
                             : code / 100 == 4 ? PROBE_GREYLISTED
                             : code / 100 == 5 ? permanent
                                               : PROBE_NOT_SMTP;

    if (set_error(d, error)) {
        d->result.code = d->rules->codes ? code : 0;
        d->result.detail = joined(&d->reply.lines);
    }
    if (code == 421)
        d->phase = PHASE_OVER;
    else
        quit(d);
}

static void settle(struct dialogue *d, enum starttls_state state)
{
    d->result.starttls = state;
    quit(d);
}

static void start_tls(struct dialogue *d)
{
    d->result.starttls = STARTTLS_OFFERED;
    d->result.stage = STAGE_STARTTLS;
    ask(d, PHASE_STARTTLS, ASKED_STARTTLS);
    if (!d->result.injection.asked)
        return;
    buf_add_string(&d->output, INJECTION_COMMAND "\r\n");
    dialogue_show(d, SAID_BY_CLIENT, INJECTION_COMMAND);
    dialogue_note(d, "sent in one piece, before the answer");
}

/* Firewalls that write over the banner hide STARTTLS from us; the server may well have it. */
static bool is_starred(const struct dialogue *d)
{
    return d->result.banner && strstr(d->result.banner, "********");
}

static void decide(struct dialogue *d)
{
    bool masked = is_starred(d) || rules_masked(d->rules, &d->result.ehlo);

    if (rules_offered(d->rules, &d->result.ehlo))
        start_tls(d);
    else
        settle(d, masked ? STARTTLS_MASKED : STARTTLS_NOT_OFFERED);
}

static void take_capabilities(struct dialogue *d, const struct strings *lines, struct strings *to)
{
    struct strings found = {0};

    d->rules->capabilities(lines, &found);
    if (found.count) {
        strings_release(to);
        *to = found;
    }
}

static void greeted(struct dialogue *d)
{
    d->result.banner = joined(&d->reply.lines);
    if (!positive(d)) {
        refused(d, PROBE_SMTP_REJECTED);
    } else if (d->direct) {
        ask(d, PHASE_EHLO_TLS, ASKED_HELLO_TLS);
    } else if (d->rules->past_starttls && d->rules->past_starttls(&d->reply)) {
        dialogue_note(d, "the session is authenticated already, so STARTTLS is not allowed");
        settle(d, STARTTLS_NOT_OFFERED);
    } else {
        /* A greeting may name capabilities: they count when the server does not tell them again. */
        if (!d->rules->codes)
            take_capabilities(d, &d->reply.lines, &d->result.ehlo);
        d->result.stage = STAGE_EHLO;
        ask(d, PHASE_EHLO, ASKED_HELLO);
    }
}

static bool any_line_has(const struct strings *lines, const char *word)
{
    size_t i;

    for (i = 0; i < lines->count; i++)
        if (strstr(lines->items[i], word))
            return true;
    return false;
}

/* RFC 3207 §4: a server that wants TLS before anything else answers 530. */
static bool wants_tls_first(const struct dialogue *d)
{
    return d->reply.code == 530 && d->rules->codes && any_line_has(&d->reply.lines, "TLS");
}

/* RFC 5321, section 4.2.4: these say that the command is not known, so there are no extensions. Any other 5xx
 * turns us away, and tells nothing of what others are offered. */
static bool hello_unknown(const struct dialogue *d)
{
    return d->reply.code == 500 || d->reply.code == 502 || d->reply.code == 504;
}

static void hello_refused(struct dialogue *d)
{
    if (d->rules->commands[ASKED_HELO] && hello_unknown(d)) {
        d->command_masked = any_line_has(&d->reply.lines, "XXX");
        d->result.helo = true;
        ask(d, PHASE_EHLO, ASKED_HELO);
    } else if (d->result.ehlo.count) {
        decide(d);
    } else if (d->rules->hello_optional) {
        dialogue_note(d, "the server tells no capabilities: it is asked for TLS unannounced");
        d->unannounced = true;
        ask(d, PHASE_STARTTLS, ASKED_STARTTLS);
    } else {
        refused(d, PROBE_SMTP_REJECTED);
    }
}

/* RFC 5321, section 4.3.2: 250 is EHLO's only yes. Another 2xx, such as a third greeting or a goodbye, is
 * taken for one when it offers STARTTLS, but is no proof that there is none. */
static bool hello_accepted(const struct dialogue *d)
{
    return positive(d) &&
           (d->reply.code == 250 || !d->rules->codes || rules_offered(d->rules, &d->reply.lines));
}

static void hello_answered(struct dialogue *d)
{
    if (hello_accepted(d)) {
        take_capabilities(d, &d->reply.lines, &d->result.ehlo);
        decide(d);
    } else if (wants_tls_first(d)) {
        start_tls(d);
    } else if (d->reply.code / 100 == 5) {
        hello_refused(d);
    } else {
        refused(d, PROBE_SMTP_REJECTED);
    }
}

static void helo_answered(struct dialogue *d)
{
    bool masked = d->command_masked || is_starred(d);

    if (positive(d))
        settle(d, masked ? STARTTLS_MASKED : STARTTLS_NOT_OFFERED);
    else if (wants_tls_first(d))
        start_tls(d);
    else
        refused(d, PROBE_SMTP_REJECTED);
}

static void starttls_answered(struct dialogue *d)
{
    injection_answered(&d->result.injection, d->reply.code);
    if (positive(d)) {
        d->result.starttls = STARTTLS_OFFERED;
        tls_ready(d);
        return;
    }
    if (d->reply.code / 100 == 5 && d->unannounced) {
        settle(d, STARTTLS_NOT_OFFERED);
        return;
    }
    if (d->reply.code / 100 == 5)
        d->result.starttls = STARTTLS_REJECTED;
    refused(d, PROBE_STARTTLS_REJECTED);
    d->overtaken = d->result.injection.asked; /* the answer to NOOP may still come before that to QUIT */
}

static void hello_tls_answered(struct dialogue *d)
{
    injection_heard(&d->result.injection, d->reply.code, d->reply.lines.count);
    if (positive(d))
        take_capabilities(d, &d->reply.lines, &d->result.ehlo_tls);
    if (positive(d) || (d->rules->hello_optional && d->reply.code / 100 == 5))
        quit(d);
    else
        refused(d, PROBE_SMTP_REJECTED);
}

/* In PHASE_QUIT. Behind a positive reply to STARTTLS the server waits for TLS, so QUIT would be noise. */
static void quit_answered(struct dialogue *d)
{
    bool last = !d->overtaken || d->reply.code == 421 || (d->question == ASKED_STARTTLS && positive(d));
    bool counted = d->result.injection.heard && !d->overtaken;

    if (counted && injection_heard(&d->result.injection, d->reply.code, d->reply.lines.count))
        return;
    last |= d->reply.code == 221 && d->quit_sent;
    d->overtaken = false;
    if (last)
        d->phase = PHASE_OVER;
    else if (!d->quit_sent)
        quit(d);
    else
        d->question = ASKED_QUIT;
}

/* A proxy's greeting may be followed by that of the server behind it; no server answers EHLO with 220. */
static bool is_second_greeting(struct dialogue *d)
{
    bool hello = d->question == ASKED_HELLO || d->question == ASKED_HELO || d->question == ASKED_HELLO_TLS;

    if (!hello || !d->rules->codes || d->reply.code != 220 || d->greeted_twice)
        return false;
    d->greeted_twice = true;
    dialogue_note(d, "a second greeting: the answer to our command is still awaited");
    return true;
}

static void answered(struct dialogue *d)
{
    static void (*const handlers[])(struct dialogue *) = {
        [ASKED_NOTHING] = greeted,
        [ASKED_HELLO] = hello_answered,
        [ASKED_HELO] = helo_answered,
        [ASKED_STARTTLS] = starttls_answered,
        [ASKED_HELLO_TLS] = hello_tls_answered,
        [ASKED_QUIT] = quit_answered,
    };

    if (d->phase == PHASE_QUIT)
        quit_answered(d);
    else if (!is_second_greeting(d))
        handlers[d->question](d);
}

static void next_reply(struct dialogue *d)
{
    reply_clear(&d->reply);
    d->recorded = 0;
}

static void not_understood(struct dialogue *d, const char *more, size_t length)
{
    bool too_long = d->reply.status == REPLY_TOO_LONG;
    bool counts = d->phase != PHASE_QUIT && set_error(d, too_long ? PROBE_REPLY_TOO_LONG : PROBE_NOT_SMTP);

    dialogue_show_part(d, more, length, counts ? &d->result.detail : NULL);
    d->phase = PHASE_OVER;
}

static bool reading(const struct dialogue *d)
{
    return d->phase != PHASE_TLS_READY && d->phase != PHASE_OVER;
}

void dialogue_feed(struct dialogue *d, const void *bytes, size_t length)
{
    const char *at = bytes;

    while (length && reading(d)) {
        size_t taken =
            reply_feed_as(&d->reply, d->rules->grammar, d->rules->commands[d->question], at, length);

        at += taken;
        length -= taken;
        dialogue_record(d);
        if (d->reply.status == REPLY_PENDING)
            continue;
        if (d->reply.status == REPLY_COMPLETE)
            answered(d);
        else
            not_understood(d, at, length);
        next_reply(d);
    }
    if (length && d->phase == PHASE_TLS_READY && !d->direct)
        dialogue_injected(d, at, length);
}

void dialogue_eof(struct dialogue *d, bool reset)
{
    if (d->phase == PHASE_OVER)
        return;
    if (d->phase == PHASE_STARTTLS)
        injection_closed(&d->result.injection);
    if (d->phase != PHASE_QUIT) {
        set_error(d, reset ? PROBE_RESET : PROBE_CLOSED);
        dialogue_show_part(d, NULL, 0, NULL);
        dialogue_note(d, reset ? "the server reset the connection" : "the server closed the connection");
    }
    d->phase = PHASE_OVER;
}

void dialogue_timeout(struct dialogue *d)
{
    if (d->phase == PHASE_OVER)
        return;
    if (d->phase == PHASE_QUIT) {
        d->phase = PHASE_OVER;
        return;
    }
    set_error(d, d->phase == PHASE_BANNER ? PROBE_BANNER_TIMEOUT : PROBE_IO_TIMEOUT);
    dialogue_show_part(d, NULL, 0, NULL);
    dialogue_note(d, "no whole reply came in time");
    if (d->phase == PHASE_TLS_READY || d->phase == PHASE_BANNER) {
        d->phase = PHASE_OVER;
        return;
    }
    d->phase = PHASE_QUIT;
    d->overtaken = true;
    d->quit_sent = true;
    send_command(d, ASKED_QUIT);
}

void dialogue_tls_started(struct dialogue *d)
{
    if (d->phase != PHASE_TLS_READY)
        return;
    if (!d->rules)
        d->phase = PHASE_OVER;
    else if (d->direct)
        d->phase = PHASE_BANNER;
    else
        ask(d, PHASE_EHLO_TLS, ASKED_HELLO_TLS);
}

void dialogue_finish(struct dialogue *d)
{
    if (d->phase == PHASE_QUIT)
        return;
    if (!reading(d)) {
        d->phase = PHASE_OVER;
        return;
    }
    d->phase = PHASE_QUIT;
    d->overtaken = true;
}

void dialogue_check_injection(struct dialogue *d)
{
    d->result.injection.asked = d->rules && d->rules->codes && !d->direct;
}

/* "TLS starts here" stands there already when TLS is direct. */
void dialogue_quiet(struct dialogue *d)
{
    d->quiet = true;
    transcript_release(&d->result.transcript);
}

enum dialogue_phase dialogue_phase(const struct dialogue *d)
{
    return d->phase;
}

struct buf *dialogue_output(struct dialogue *d)
{
    return &d->output;
}

const struct dialogue_result *dialogue_result(const struct dialogue *d)
{
    return &d->result;
}
