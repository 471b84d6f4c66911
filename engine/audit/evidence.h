/* What the probes of a run say together about the way out of this network: whether the mail port is open from
 * here, and whether something on the way rewrites STARTTLS. One server's failure is its own matter; many
 * servers of many networks that fail alike, with none that answers, are not. Pure: no socket, no clock. */
#pragma once

#include "engine/base/map.h"
#include "engine/base/words.h"
#include "engine/net/address.h"

#include <stdbool.h>
#include <stddef.h>

/* What one connection to the mail port says about the way there. */
enum port_sign {
    SIGN_NONE,        /* nothing: this machine's own trouble */
    SIGN_OPEN,        /* a mail server spoke */
    SIGN_CONNECTED,   /* a connection was made, and no mail server spoke */
    SIGN_TIMEOUT,     /* no answer to the connect */
    SIGN_REFUSED,     /* the connection was refused */
    SIGN_UNREACHABLE, /* the network said no, or the connection was reset before a banner */
    SIGNS
};

enum port_sign port_sign_of(enum probe_error error, const char *banner);
bool port_sign_fails(enum port_sign sign);
/* "no answer in time", for a sentence. */
const char *port_sign_title(enum port_sign sign);

/* True for a banner that a middlebox overwrote with asterisks. */
bool banner_is_starred(const char *banner);

/* Who was seen to behave so, and in how many networks (/24, /48). */
struct sightings {
    unsigned endpoints;
    struct map networks;
};

struct evidence {
    struct sightings signs[SIGNS];
    struct sightings masked, absent; /* STARTTLS, in the answer to EHLO */
    unsigned long offered;
};

void evidence_init(struct evidence *evidence);
void evidence_release(struct evidence *evidence);

/* Each endpoint is to come once. */
void evidence_add_sign(struct evidence *evidence, const struct net_address *address, enum port_sign sign);
/* STARTTLS_OFFERED, …_MASKED or …_NOT_OFFERED; others say nothing. */
void evidence_add_starttls(struct evidence *evidence, const struct net_address *address,
                           enum starttls_state starttls);

/* What a control said: a server that is known to take mail with STARTTLS. */
struct control_word {
    enum port_sign sign; /* SIGN_NONE: it could not be asked */
    enum starttls_state starttls;
};

/* True when controls are to be asked: at least three endpoints of three networks failed alike at the port,
 * which are 95 % of all or more, and no mail server spoke; STARTTLS is masked in two networks, or absent in
 * five and offered nowhere. */
bool evidence_port_suspect(const struct evidence *evidence);
bool evidence_path_suspect(const struct evidence *evidence);

/* How many endpoints were heard of. */
unsigned long evidence_tried(const struct evidence *evidence);

/* How 95 % of them or more failed, where no mail server spoke; else SIGN_NONE. That a few fail in their own
 * way is no sign of a way out: their networks may answer with a refusal where others say nothing. */
enum port_sign evidence_alike(const struct evidence *evidence);

/* CHECK_OK once a mail server spoke. CHECK_TROUBLE when they failed alike and the controls too, or, where no
 * control could be asked, when ten endpoints of five networks got no answer or were unreachable: refusals
 * may well be the servers' own. Else CHECK_UNKNOWN. */
enum check_state evidence_judge_port(const struct evidence *evidence, const struct control_word *words,
                                     size_t count);

/* CHECK_OK when a control offered STARTTLS. CHECK_TROUBLE when all controls that were heard lack it, since
 * they are known to have it, however few other servers were seen. Without a control: CHECK_OK when it was
 * offered and never masked, CHECK_TROUBLE when it is masked in two networks and offered in none. Else
 * CHECK_UNKNOWN. */
enum check_state evidence_judge_path(const struct evidence *evidence, const struct control_word *words,
                                     size_t count);
