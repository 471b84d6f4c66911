/* The words of engine/base/words.h as single bytes. Each file has its own list of them, which only grows: the
 * bytes mean the same for as long as the file is there, however the words of the program are ordered. */
#pragma once

#include "engine/base/buf.h"
#include "engine/base/reader.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum word_kind {
    WORD_CLASS,
    WORD_REQUIREMENT,
    WORD_MATCH,
    WORD_NAME_RULE,
    WORD_ROUTE,
    WORD_DNS,
    WORD_RECORD,
    WORD_CONTACT,
    WORD_PROTOCOL,
    WORD_STAGE,
    WORD_PROBE_ERROR,
    WORD_STARTTLS,
    WORD_INJECTION,
    WORD_VERSION_STATE,
    WORD_CHECK,
    WORD_CHECK_STATE,
    WORD_VERDICT,
    WORD_REASON,
    WORD_KINDS
};

#define WORDS_MOST 128 /* of a kind in a file */
#define NO_WORD    0xff

struct vocabulary {
    uint8_t code_of[WORD_KINDS][WORDS_MOST]; /* by the program's number; NO_WORD: not in the file */
    uint8_t number_of[WORD_KINDS][256];      /* by the file's code; NO_WORD: the program does not know it */
    uint8_t next[WORD_KINDS];                /* the code of the next new word */
};

/* Knows no word. */
void vocabulary_init(struct vocabulary *vocabulary);
/* A word of a file; what this program does not know is left aside. False when the code is none, or when code
 * or word are there already. */
bool vocabulary_learn(struct vocabulary *vocabulary, const char *kind, int64_t code, const char *name);
/* Gives a code to the next of the program's words that has none; false when all have one. */
bool vocabulary_grow(struct vocabulary *vocabulary, const char **kind, uint8_t *code, const char **name);

void pack_word(struct buf *out, const struct vocabulary *vocabulary, enum word_kind kind, unsigned number);
/* Fails, and gives 0, for what is no word of that kind, or one that this program does not know. */
unsigned unpack_word(struct reader *in, const struct vocabulary *vocabulary, enum word_kind kind);
