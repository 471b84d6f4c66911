/* IMAP and POP3 responses, read into `struct reply` under SMTP-like codes so that one dialogue serves all.
 * Sans-IO. */
#pragma once

#include "engine/smtp/reply.h"

#include <stdbool.h>
#include <stddef.h>

/* IMAP (RFC 3501 §7). `tag` NULL: the greeting, one untagged line; else all lines up to the tagged one. OK
 * and PREAUTH give 250, NO 450 with [UNAVAILABLE] (RFC 5530) and 550 else, BAD 500, BYE 421 with
 * [UNAVAILABLE] and 554 else. `lines` holds the untagged lines without "* ", then the tagged line's text.
 * Returns the bytes taken. */
size_t imap_reply_feed(struct reply *reply, const char *tag, const void *bytes, size_t length);

/* POP3 (RFC 1939 §3, 2449 §5). +OK gives 250, -ERR 450 with [SYS/TEMP] or [IN-USE] (RFC 3206, 2449) and 550
 * else. `multiple`: after +OK come lines up to a lone ".". */
size_t pop3_reply_feed(struct reply *reply, bool multiple, const void *bytes, size_t length);
