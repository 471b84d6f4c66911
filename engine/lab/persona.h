/* How one mail server behaves, read from text (data/lab/personas.txt explains the keys). Pure; immutable
 * after personas_parse. */
#pragma once

#include "engine/base/map.h"
#include "engine/base/words.h"
#include "engine/lab/authority.h"
#include "engine/tls/version.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum persona_listen { LISTEN_OPEN, LISTEN_FULL }; /* full: the kernel answers no SYN */

enum persona_greeting {
    GREETING_NORMAL,
    GREETING_SILENCE, /* accepts, says nothing */
    GREETING_CLOSE,   /* closes in place of a banner */
    GREETING_RESET,
    GREETING_ENDLESS, /* a banner without an end */
    GREETING_HTTP,
    GREETING_GARBAGE,
    GREETING_ENDLESS_LINE, /* one line without an end */
    GREETING_MASKED,       /* overwritten with asterisks on the way */
    GREETING_PROXY,        /* a proxy's; the server's own comes before the answer to EHLO */
    GREETING_BYE,          /* SMTP 421, IMAP BYE, POP3 -ERR [SYS/TEMP] */
    GREETING_PREAUTH,      /* IMAP: authenticated already */
};

enum persona_starttls {
    STARTTLS_YES,
    STARTTLS_ABSENT,  /* not offered, 502 when tried */
    STARTTLS_MASK,    /* shown as XXXXXXXA, 500 when tried */
    STARTTLS_LATER,   /* 454 */
    STARTTLS_NO,      /* 501 */
    STARTTLS_CLOSE,   /* closes after 220 */
    STARTTLS_RESET,   /* resets after 220 */
    STARTTLS_SILENCE, /* never answers the command */
    STARTTLS_INJECT,  /* plaintext right behind the 220, then TLS */
    STARTTLS_LOWER,   /* offered as "StartTLS" */
    STARTTLS_GARBAGE, /* no TLS behind the 220, and the end */
    STARTTLS_HANG_UP, /* closes in place of an answer */
};

enum persona_ehlo {
    EHLO_YES,
    EHLO_HELO_ONLY,
    EHLO_REJECT,
    EHLO_LATER,
    EHLO_CLOSE,
    EHLO_ENDLESS,      /* lines without an end */
    EHLO_ENDLESS_LINE, /* one line without an end */
};

/* Where EHLO's reply names STARTTLS. */
enum persona_place { PLACE_MIDDLE, PLACE_FIRST, PLACE_LAST };

enum persona_quit {
    QUIT_ANSWER,
    QUIT_CLOSE,   /* closes without a word */
    QUIT_SILENCE, /* never answers */
};

/* What becomes of commands in clear that come in one piece with STARTTLS. */
enum persona_behind {
    BEHIND_DROP,
    BEHIND_RUN,    /* they are taken for words from inside TLS (CVE-2011-0411) */
    BEHIND_HELLO,  /* TLS gets them as the beginning of the ClientHello */
    BEHIND_ANSWER, /* they are answered in clear, behind the 220 */
};

enum persona_hello {
    HELLO_TLS,    /* a real handshake */
    HELLO_SCRIPT, /* answers by `choices`, then ends */
    HELLO_CLOSE,  /* closes at the ClientHello */
    HELLO_RESET,
    HELLO_SILENT,  /* never answers it */
    HELLO_GARBAGE, /* answers it with a line of text */
    HELLO_NOISE,   /* answers it with bytes that are nothing */
    HELLO_AS_SSLV2,
    HELLO_AS_SSLV2_ERROR,
};

enum persona_client_certificate { CLIENT_CERTIFICATE_NO, CLIENT_CERTIFICATE_ASK, CLIENT_CERTIFICATE_DEMAND };

enum persona_sni {
    SNI_IGNORE,
    SNI_REJECT, /* a fatal unrecognized_name to any name but `sni_name` */
    SNI_CLOSE,  /* closes instead */
    SNI_WARN,   /* says it as a warning and goes on */
    SNI_EACH,   /* a certificate of its own for each of the host names */
};

enum persona_sentinel { PERSONA_SENTINEL_NO, PERSONA_SENTINEL_1_2, PERSONA_SENTINEL_1_1 };

#define PERSONA_CHOICES_MOST 16

enum persona_choice_end { CHOICE_CLOSE, CHOICE_RESET, CHOICE_SILENCE };

struct persona_choice {
    enum tls_version version;
    uint16_t suite;
};

/* Another persona that takes some connections. */
struct persona_turn {
    unsigned number; /* 0: none */
    char *name;
    const struct persona *persona;
};

struct persona {
    char *name;
    unsigned line;
    unsigned listen;           /* enum persona_listen */
    unsigned protocols;        /* bit per enum protocol */
    struct persona_turn first; /* takes the first `number` connections of an address */
    struct persona_turn every; /* takes each `number`th connection */
    unsigned most;             /* 421 while more than that are open at the address; 0 = no limit */

    unsigned greeting, greeting_code, greeting_lines, greeting_close; /* close after it */
    char *banner;         /* text behind the host name; NULL = "ESMTP" */
    unsigned greeting_ms; /* delay before it */
    unsigned drip_bytes, drip_ms, reply_ms;
    unsigned late, late_ms; /* that many replies of a hundred come so much later */
    unsigned sync;          /* 554 to clients that talk out of turn */
    unsigned ehlo, starttls;

    int min, max; /* enum tls_version */
    char *ciphers, *groups;
    unsigned client_certificate; /* enum persona_client_certificate */
    unsigned hello;
    int tolerates;             /* closes on a hello that goes higher; -1 = tolerates all */
    unsigned dislikes_newest;  /* closes on a hello with an extension younger than TLS 1.2 or its time */
    int tolerates_alert;       /* says that in place of closing; -1 = none */
    unsigned handshakes;       /* takes that many ClientHellos at an address … */
    unsigned handshakes_ms;    /* … and more when so long passed since the last one taken; 0 = never */
    unsigned handshakes_later; /* puts STARTTLS off then (454), in place of closing on the ClientHello */
    unsigned hello_bytes;      /* silence on a ClientHello of more; 0 = no limit */
    int alert;                 /* answers every ClientHello with this alert; -1 = none */
    struct persona_choice choices[PERSONA_CHOICES_MOST];
    size_t choice_count;
    unsigned behind_choice; /* enum persona_choice_end */
    unsigned dh_bits;       /* with `choices`: sends a ServerKeyExchange with a prime of that size */
    unsigned sentinel;      /* with `choices`: ends its random with that one (enum persona_sentinel) */
    unsigned sni;           /* enum persona_sni */
    char *sni_name;
    unsigned fragment; /* records with at most so many bytes in clear; 0 = as they are */

    unsigned issuer; /* enum issuer */
    unsigned key;    /* enum lab_key, or LAB_KEYS for an RSA certificate and an ECDSA one */
    unsigned sha1;
    unsigned chain; /* certificates of no use behind the first */
    int days;
    char *certificate_name; /* in place of the host names; "*" = wildcards of their parents; NULL */

    unsigned teaser_ms;                /* wait between the greeting's first line and the rest */
    unsigned ehlo_code, starttls_code; /* the reply to it in clear; 0 = as `ehlo` and `starttls` say */
    unsigned starttls_place;           /* enum persona_place */
    unsigned eager;                    /* EHLO's reply comes unasked, in one piece with the banner */
    unsigned drip_clear;               /* drips before TLS only */
    unsigned quit;                     /* enum persona_quit */
    unsigned behind;                   /* enum persona_behind */
};

/* Name → struct persona. False and *error (source, line, what was expected; the caller frees) for a bad
 * text; the map must be initialised and is released with personas_release either way. */
bool personas_parse(const char *source, const char *text, struct map *personas, char **error);
void personas_release(struct map *personas);
