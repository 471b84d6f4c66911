#include "engine/probe/probe_private.h"

#include <stdio.h>

static void answer_hello(struct probe *probe)
{
    const struct hello_answer *said = &probe->reader.answer;
    struct answer *answer = &probe->result.answer;

    probe->result.dh_bits = said->dh_bits;
    probe->result.sslv2 = said->outcome == HELLO_SSLV2;
    if (said->outcome == HELLO_SERVER_HELLO) {
        answer->kind = ANSWER_CHOSE;
        answer->version = said->version;
        answer->suite = said->suite;
        answer->retry_request = said->retry_request;
        answer->sentinel = said->sentinel;
        probe->result.certificate = tls_context_certificate(probe->setup->tls, probe->reader.chain.bytes,
                                                            probe->reader.chain.length, probe->result.at);
    } else if (said->outcome == HELLO_ALERT) {
        answer->kind = ANSWER_ALERT;
        answer->alert = said->alert;
    } else {
        answer->kind = ANSWER_SILENCE;
    }
}

static void answer_handshake(struct probe *probe)
{
    struct tls_session_result *tls = &probe->result.tls;
    struct answer *answer = &probe->result.answer;

    tls_session_result(probe->session, tls);
    probe->result.sslv2 = tls->sslv2;
    if (tls->server_hello) {
        answer->kind = ANSWER_CHOSE;
        answer->version = tls->version;
        answer->suite = tls->suite;
        answer->retry_request = tls->retry_request;
        answer->sentinel = tls->sentinel;
        probe->result.certificate = tls_session_certificate(probe->session, probe->result.at);
    } else if (tls->alert >= 0) {
        answer->kind = ANSWER_ALERT;
    } else {
        answer->kind = ANSWER_SILENCE;
    }
    if (tls->alert >= 0)
        answer->alert = tls->alert;
    if (probe->result.certificate && probe->result.stage < STAGE_CERTIFICATE)
        probe->result.stage = STAGE_CERTIFICATE;
}

static void answer_dialogue(struct probe *probe)
{
    const struct dialogue_result *said = probe->result.dialogue;
    struct answer *answer = &probe->result.answer;
    bool plain = said->starttls == STARTTLS_NOT_OFFERED || said->starttls == STARTTLS_MASKED;

    if (plain && !said->error) { /* however it ended after that */
        answer->kind = ANSWER_NO_TLS;
        answer->error = PROBE_STARTTLS_REJECTED;
        probe->result.detail =
            said->starttls == STARTTLS_MASKED ? "STARTTLS is masked" : "no STARTTLS is offered";
        return;
    }
    answer->kind = ANSWER_NONE;
    answer->error = said->error ? said->error : probe->end ? probe->end : PROBE_CLOSED;
    probe->result.error = answer->error;
    probe->result.detail = said->detail;
}

static void name_alert(struct probe_result *result, int alert)
{
    const char *name = tls_alert_name((uint8_t)alert);

    if (!name)
        snprintf(result->alert_text, sizeof result->alert_text, "alert %d", alert);
    result->detail = name ? name : result->alert_text;
}

static void answer_tls(struct probe *probe)
{
    struct probe_result *result = &probe->result;

    result->answer.alert = -1;
    if (probe->session)
        answer_handshake(probe);
    else
        answer_hello(probe);
    if (result->tls.established || (!probe->session && result->answer.kind == ANSWER_CHOSE))
        return;
    result->error = result->answer.alert >= 0 ? PROBE_TLS_ALERT : probe->end;
    result->answer.error = result->error;
    if (result->answer.alert >= 0)
        name_alert(result, result->answer.alert);
    else if (result->sslv2)
        result->detail = "it answered in SSLv2";
    else if (probe->session)
        result->detail = result->tls.error;
}

/* close_notify, internal_error and user_canceled may come for any reason. */
static bool names_the_bytes(int alert)
{
    return alert != 0 && alert != 80 && alert != 90;
}

/* Of a handshake behind a command in clear, which worked without it: an alert says that TLS stumbled over
 * the command, so it was not kept. A closed connection may say the same; that is to be seen twice. */
static enum injection_state injection_by_tls(struct probe *probe)
{
    struct probe_result *result = &probe->result;
    bool closed = probe->end == PROBE_TLS_CLOSED || probe->end == PROBE_RESET;

    if (result->tls.established)
        return result->dialogue->injection.state;
    result->error = result->tls.alert >= 0 ? PROBE_TLS_ALERT : probe->end;
    if (result->tls.alert >= 0)
        name_alert(result, result->tls.alert);
    if (result->tls.alert >= 0)
        return names_the_bytes(result->tls.alert) ? INJECTION_NO : INJECTION_NOT_TESTED;
    return closed ? INJECTION_NO : INJECTION_NOT_TESTED;
}

static const char *injection_words(const struct probe *probe)
{
    if (probe->result.answer.injection == INJECTION_NOT_TESTED)
        return "its answers do not show what became of the command in clear behind STARTTLS";
    if (probe->result.answer.injection == INJECTION_YES)
        return "a command in clear behind STARTTLS was answered inside TLS";
    if (!probe->session)
        return "a command in clear behind STARTTLS is refused";
    return probe->result.tls.established ? "the command in clear behind STARTTLS took no effect"
                                         : "TLS does not begin behind a command in clear";
}

static void answer_injection(struct probe *probe)
{
    struct probe_result *result = &probe->result;
    const struct injection *said = &result->dialogue->injection;
    struct answer *answer = &result->answer;

    answer->injection = said->state;
    if (probe->session) {
        tls_session_result(probe->session, &result->tls);
        answer->injection = injection_by_tls(probe);
        if (result->tls.established && answer->injection == INJECTION_NOT_TESTED)
            result->error = result->dialogue->error;
        answer->error = result->error;
        if (!result->error)
            result->detail = injection_words(probe);
    } else {
        answer_dialogue(probe);
    }
    if (answer->injection == INJECTION_NOT_TESTED)
        return;
    if (said->by_close || answer->error == PROBE_TLS_CLOSED || answer->error == PROBE_RESET) {
        answer->kind = ANSWER_SILENCE;
        return;
    }
    answer->kind = ANSWER_CHOSE;
    answer->error = result->error = PROBE_OK;
    result->detail = injection_words(probe);
}

void probe_answer(struct probe *probe)
{
    if (probe->step.kind == STEP_INJECTION)
        answer_injection(probe);
    else if (probe->session || probe->mode == MODE_HELLO)
        answer_tls(probe);
    else
        answer_dialogue(probe);
}

void probe_result_move(struct probe_result *to, struct probe_result *from)
{
    *to = *from;
    if (from->detail == from->alert_text)
        to->detail = to->alert_text;
    from->certificate = NULL;
    from->talk = NULL;
}

void probe_result_release(struct probe_result *result)
{
    certificate_free(result->certificate);
    dialogue_free(result->talk);
}
