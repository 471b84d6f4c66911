/* Text that is lines of words: how the zone and the personas are written. Words are parted by blanks, double
 * quotes hold blanks together (also after "key="), '#' at the start of a word begins a comment. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define LINE_WORDS_MOST 48

struct lines {
    const char *source; /* named in errors; borrowed */
    const char *at;     /* borrowed text */
    unsigned number;    /* of the line read last, from 1 */
    char *storage;      /* owned: the words of that line */
    char *words[LINE_WORDS_MOST];
    size_t count;
};

struct lines lines_of(const char *source, const char *text);
void lines_release(struct lines *lines);

/* Reads the next line that has words. False at the end, or with *error (one sentence, the caller frees) when
 * a line has too many words or an open quote. */
bool lines_next(struct lines *lines, char **error);

/* "source:12: …" for *error; returns false, for use in a parser's own checks. */
bool lines_fail(const struct lines *lines, char **error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Splits a word at its first '='; NULL when it has none. The word then ends before the '='. */
char *line_value(char *word);
