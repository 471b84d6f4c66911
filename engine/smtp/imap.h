/* IMAP answers to our few commands (RFC 3501 §7): untagged lines, then the line with the command's tag. */
#pragma once

#include "engine/smtp/reply.h"

/* The tag is the first word of `command`. A `* BYE` ends any reply but LOGOUT's, with code 421. NO with a
 * response code that says "not now" (RFC 5530: UNAVAILABLE, INUSE, LIMIT) is 400. The bytes of a literal are
 * passed over. The greeting is `* OK`, `* PREAUTH` (both 200) or `* BYE`. */
extern const struct reply_grammar imap_grammar;

/* Adds each capability that `lines` name in `* CAPABILITY …` or in a `[CAPABILITY …]` response code. */
void imap_capabilities(const struct strings *lines, struct strings *to);

/* True for the greeting of a session that is past authentication, where STARTTLS is not allowed
 * (RFC 3501 §6.2.1). */
bool imap_preauth(const struct reply *greeting);
