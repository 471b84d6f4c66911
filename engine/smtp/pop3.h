/* POP3 answers to our few commands (RFC 1939 §3, RFC 2449 §5). */
#pragma once

#include "engine/smtp/reply.h"

/* A line +OK or -ERR; after `CAPA` and +OK, lines up to a lone dot follow. -ERR with a response code that
 * says "not now" (RFC 2449 §8, RFC 3206: IN-USE, LOGIN-DELAY, SYS/TEMP) is 400. */
extern const struct reply_grammar pop3_grammar;

/* Adds the lines between +OK and the lone dot, freed of dot stuffing. */
void pop3_capabilities(const struct strings *lines, struct strings *to);
