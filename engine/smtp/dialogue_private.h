/* The inside of a dialogue: what its course (dialogue.c) and its record (dialogue_record.c) share. */
#pragma once

#include "engine/smtp/dialogue.h"
#include "engine/smtp/reply.h"
#include "engine/smtp/rules.h"

struct dialogue {
    const struct rules *rules; /* NULL: https */
    enum dialogue_phase phase;
    enum question question; /* what the reply in progress answers */
    bool direct;            /* TLS from the first byte */
    bool quiet;             /* no transcript is kept */
    bool overtaken;         /* QUIT was decided on while the reply to something else was awaited */
    bool quit_sent;
    bool greeted_twice;
    bool unannounced;    /* STLS was sent though no capabilities were told */
    bool command_masked; /* the refusal of EHLO shows a command that was overwritten on the way */
    char *helo_name;
    struct reply reply;
    size_t recorded; /* lines of `reply` that are in the transcript */
    struct buf output;
    struct dialogue_result result;
};

/* Into the transcript, unless the dialogue is quiet: a line that somebody said, a note of our own, what
 * stands in the output from `begins` on, and the lines of the reply that are not there yet. */
void dialogue_show(struct dialogue *d, enum transcript_side side, const char *text);
void dialogue_note(struct dialogue *d, const char *text);
void dialogue_show_sent(struct dialogue *d, size_t begins);
void dialogue_record(struct dialogue *d);

/* The line in progress with what follows of it in `more`, as far as it is there; also as *detail, which the
 * caller frees, unless that is NULL. */
void dialogue_show_part(struct dialogue *d, const char *more, size_t length, char **detail);

/* Counts and notes what stood behind STARTTLS's positive reply. */
void dialogue_injected(struct dialogue *d, const char *bytes, size_t length);
