#include "engine/smtp/injection.h"

void injection_answered(struct injection *injection, int code)
{
    if (injection->asked && (code == 503 || code == 554))
        injection->state = INJECTION_NO;
}

void injection_closed(struct injection *injection)
{
    if (!injection->asked)
        return;
    injection->state = INJECTION_NO;
    injection->by_close = true;
}

/* A reply of several lines is EHLO's own: that of the command before it would have come first. */
static void hear_first(struct injection *injection, int code, size_t lines)
{
    injection->first_code = code;
    injection->first_lines = lines;
    if (code == 250 && lines > 1)
        injection->state = INJECTION_NO;
}

/* QUIT's is 221. A 250 is EHLO's, late by one, when only it has several lines; else the third reply tells,
 * since some say 250 for goodbye. */
static bool hear_second(struct injection *injection, int code, size_t lines)
{
    if (code == 221)
        injection->state = INJECTION_NO;
    if (code != 250)
        return false;
    injection->state = injection->first_lines < 2 && lines > 1 ? INJECTION_YES : INJECTION_NOT_TESTED;
    return true;
}

bool injection_heard(struct injection *injection, int code, size_t lines)
{
    if (!injection->asked)
        return false;
    switch (++injection->heard) {
    case 1:
        hear_first(injection, code, lines);
        return true;
    case 2:
        return hear_second(injection, code, lines);
    case 3:
        if (code / 100 == 2)
            injection->state = INJECTION_YES;
        return false;
    default:
        return false;
    }
}
