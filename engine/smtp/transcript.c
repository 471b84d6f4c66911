#include "engine/smtp/transcript.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

static void append(struct transcript *transcript, enum transcript_side side, int at_ms, char *text)
{
    size_t count = transcript->count;

    if (!(count & (count - 1)))
        transcript->lines = mem_resize(transcript->lines, count ? count * 2 : 1, sizeof *transcript->lines);
    transcript->lines[count].side = side;
    transcript->lines[count].at_ms = at_ms;
    transcript->lines[count].text = text;
    transcript->count++;
}

void transcript_add(struct transcript *transcript, enum transcript_side side, const char *text)
{
    if (transcript->count + 1 < TRANSCRIPT_MOST)
        append(transcript, side, transcript->now_ms, mem_string(text));
    else if (transcript->count < TRANSCRIPT_MOST)
        append(transcript, NOTED, transcript->now_ms, mem_string("more lines were cut here"));
}

void transcript_give(struct transcript *transcript, enum transcript_side side, char *text)
{
    if (transcript->count < TRANSCRIPT_MOST)
        append(transcript, side, transcript->now_ms, text);
    else
        free(text);
}

void transcript_copy(struct transcript *to, const struct transcript *from)
{
    size_t i;

    memset(to, 0, sizeof *to);
    for (i = 0; i < from->count; i++)
        append(to, from->lines[i].side, from->lines[i].at_ms, mem_string(from->lines[i].text));
    to->now_ms = from->now_ms;
}

void transcript_release(struct transcript *transcript)
{
    size_t i;

    for (i = 0; i < transcript->count; i++)
        free(transcript->lines[i].text);
    free(transcript->lines);
    memset(transcript, 0, sizeof *transcript);
}
