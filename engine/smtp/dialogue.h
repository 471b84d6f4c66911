/* The client's side of a mail dialogue up to and after STARTTLS, for SMTP and submission (RFC 5321, 3207),
 * IMAP (RFC 3501 §6.2.1) and POP3 (RFC 2595 §4). Sans-IO and lock-step: it never writes before the whole
 * reply to its last command was read, but for dialogue_check_injection. The caller moves bytes and time.
 *
 *   dialogue_feed(bytes) … until phase is PHASE_TLS_READY: run TLS (real or a hello) on the same stream;
 *   after a completed handshake call dialogue_tls_started and go on feeding decrypted bytes: EHLO, then QUIT.
 *   With direct TLS the dialogue begins after the handshake. */
#pragma once

#include "engine/base/buf.h"
#include "engine/base/strings.h"
#include "engine/base/words.h"
#include "engine/smtp/injection.h"
#include "engine/smtp/transcript.h"

#include <stdbool.h>
#include <stddef.h>

enum dialogue_phase {
    PHASE_BANNER,    /* waiting for the greeting */
    PHASE_EHLO,      /* EHLO, HELO, CAPABILITY or CAPA was sent */
    PHASE_STARTTLS,  /* STARTTLS or STLS was sent */
    PHASE_TLS_READY, /* the server said go: the next byte is the client's hello */
    PHASE_EHLO_TLS,  /* inside TLS: EHLO was sent again */
    PHASE_QUIT,      /* QUIT or LOGOUT was sent, or will be behind the reply that is awaited */
    PHASE_OVER,      /* nothing more to say: close the stream */
};

/* What the dialogue learned; owned by the dialogue. */
struct dialogue_result {
    enum probe_error error;  /* PROBE_OK while nothing went wrong; see below */
    enum stage stage;        /* how far it came: banner, ehlo, starttls, hello (= TLS_READY reached) */
    char *banner;            /* first greeting, lines joined by "\n", escaped; NULL before it came */
    struct strings ehlo;     /* capabilities in clear, escaped; for SMTP the server's name first */
    struct strings ehlo_tls; /* the same inside TLS */
    enum starttls_state starttls;
    int code;                   /* the SMTP reply code that ended it early (421, 450, 554 …), else 0 */
    char *detail;               /* the text of that reply, escaped; NULL */
    bool helo;                  /* EHLO got 5xx and HELO was used */
    size_t injected;            /* bytes that stood behind STARTTLS's positive reply before our hello */
    struct injection injection; /* of dialogue_check_injection; the rest is up to the TLS handshake */
    struct transcript transcript;
};

struct dialogue;

/* `protocol` may be any; for https there is no dialogue: phase is TLS_READY at once and OVER after TLS.
 * `helo_name` is the EHLO argument (copied up to its first blank; it may be NULL where there is no EHLO).
 * Direct-TLS protocols begin in PHASE_TLS_READY. */
struct dialogue *dialogue_new(enum protocol protocol, const char *helo_name);
void dialogue_free(struct dialogue *dialogue); /* NULL is allowed */

/* Makes this dialogue a check for CVE-2011-0411: NOOP goes out in one write with STARTTLS, and the replies
 * inside TLS are counted (injection.h). To be called before anything is fed. Only SMTP in clear has the
 * check: with other protocols this does nothing. */
void dialogue_check_injection(struct dialogue *dialogue);

/* Nobody will read what was said: no transcript is kept. Everything else is as ever. To be called before
 * anything is fed. */
void dialogue_quiet(struct dialogue *dialogue);

/* Tells the time, in milliseconds since the connection began to be made: the lines of the transcript that
 * come of what follows bear it. Without it their time is not known. */
void dialogue_at(struct dialogue *dialogue, int now_ms);

enum dialogue_phase dialogue_phase(const struct dialogue *dialogue);

/* Takes bytes from the server. Errors become `result.error`, by the reply that caused them:
 *   421 anywhere: throttled; other 4xx at banner, EHLO or STARTTLS: greylisted (454 too)
 *   5xx at banner, at EHLO, or at the HELO behind it: smtp-rejected
 *   5xx at STARTTLS: starttls-rejected, and starttls = rejected
 *   no reply line: not-smtp; too long: reply-too-long
 *
 * After an error the dialogue sends QUIT where a reply can still be expected, then is OVER; a server that
 * said 421 closes, so nothing more is said to it.
 *
 * EHLO is answered by 250; another 2xx counts only when it offers STARTTLS, else it is not-smtp.
 * Behind 500, 502 and 504, which say that EHLO is not known, HELO is tried; any other 5xx turns us away and
 * says nothing of extensions. 530 to EHLO or HELO that asks for TLS: STARTTLS is sent unannounced. No
 * STARTTLS offered: starttls = not-offered, QUIT, no error. It is `masked` instead when the banner is
 * overwritten with asterisks, when a capability is a word of capitals, as long as the keyword, with three X
 * in a row (Cisco's inspection), or when the refusal of EHLO shows a word overwritten so.
 *
 * IMAP and POP3: `* BYE` counts as 421; NO and -ERR with a "not now" response code as 4xx; other NO, BAD
 * and -ERR as 5xx. After -ERR to CAPA, which a server may lack, STLS is sent unannounced; -ERR to that is
 * not-offered.
 * After IMAP's greeting PREAUTH too: STARTTLS is not allowed any more (RFC 3501 §6.2.1).
 *
 * Bytes outside lock-step are read in their turn; 220 where EHLO's reply is awaited is taken once for
 * another greeting. Bytes behind STARTTLS's positive reply are counted, shown in the transcript, dropped. */
void dialogue_feed(struct dialogue *dialogue, const void *bytes, size_t length);

/* The server closed the stream (`reset`: with RST). Sets closed or reset unless the dialogue was over anyway
 * or in PHASE_QUIT. */
void dialogue_eof(struct dialogue *dialogue, bool reset);

/* A timer ran out. In PHASE_BANNER: banner-timeout, and OVER without a word, since nobody may talk before the
 * greeting (RFC 5321 §4.3.1). Later: io-timeout, and QUIT is sent, once; OVER when it was already in
 * PHASE_QUIT, or in PHASE_TLS_READY. Only here, and for dialogue_check_injection, it writes
 * without having read the reply to its last command. */
void dialogue_timeout(struct dialogue *dialogue);

/* TLS is up: from here fed bytes are decrypted ones. Asks for the capabilities again, or begins the dialogue
 * (direct). Does nothing in any phase but PHASE_TLS_READY. */
void dialogue_tls_started(struct dialogue *dialogue);

/* Ends as politely as the phase allows: PHASE_QUIT, where QUIT goes out behind the reply that is awaited (and
 * none behind a positive reply to STARTTLS); OVER at once in PHASE_TLS_READY. */
void dialogue_finish(struct dialogue *dialogue);

/* Bytes to send; the caller takes them with buf_consume or buf_reset. */
struct buf *dialogue_output(struct dialogue *dialogue);

/* A dialogue that is over and has a copy of what this one learned so far; the caller frees it. */
struct dialogue *dialogue_so_far(const struct dialogue *dialogue);

const struct dialogue_result *dialogue_result(const struct dialogue *dialogue);

/* True when `name` may be an EHLO argument: a host name with at least one dot and letters, digits, hyphens
 * only, or an address literal (RFC 5321 §4.1.4). */
bool dialogue_helo_name_valid(const char *name);
