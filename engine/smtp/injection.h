/* Does a server take words that were sent in clear, in one piece with STARTTLS, for words from inside TLS
 * (CVE-2011-0411)? Judged by counting: EHLO and QUIT are asked inside TLS, so two replies are due, and a
 * third one answers what was sent in clear before. Pure. */
#pragma once

#include "engine/base/words.h"

#include <stdbool.h>
#include <stddef.h>

#define INJECTION_COMMAND "NOOP" /* is sent behind STARTTLS; it changes nothing wherever it counts */

/* Zeroed: no check is made. */
struct injection {
    bool asked;
    enum injection_state state; /* not-tested while nothing is clear */
    bool by_close;              /* state = no because the server closed: to be seen twice */
    unsigned heard;             /* replies inside TLS */
    int first_code;
    size_t first_lines;
};

/* The server answered STARTTLS with `code`. 503 and 554, given where it was granted before, are said by those
 * who see that a client talks out of turn. */
void injection_answered(struct injection *injection, int code);

/* The server closed or reset the connection in place of that answer. */
void injection_closed(struct injection *injection);

/* Each reply inside TLS, from the one to EHLO on. True while one more may be due behind the one to QUIT. */
bool injection_heard(struct injection *injection, int code, size_t lines);
