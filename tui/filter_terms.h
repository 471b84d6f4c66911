/* The words of the live filter's language: one table makes parser, completion and the list that teaches it.
 * Reading is pure and keeps nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum filter_kind {
    FILTER_TEXT, /* no term: looked for everywhere */
    FILTER_VERDICT,
    FILTER_CLASS,
    FILTER_CONSEQUENCE,
    FILTER_ROUTE,
    FILTER_REASON,
    FILTER_IS,
    FILTER_CHANGE,
    FILTER_CONNECTOR,
    FILTER_OPERATOR,
    FILTER_OWNER,
    FILTER_CONTACT,
    FILTER_STATE,
    FILTER_NOTE,
    FILTER_HOST,
    FILTER_ADDRESS,
    FILTER_TLS,
    FILTER_CERT,
    FILTER_DUE,
    filter_kind_count
};

/* What a term with words knows beside verdicts and such. */
enum filter_state {
    IS_TAGGED,
    IS_PROBLEM,
    IS_OPEN,
    IS_CONTRADICTED,
    IS_CHANGED,
    IS_BETTER,
    IS_WORSE,
    IS_NOTED,
    filter_state_count
};

struct filter_term {
    enum filter_kind kind;
    const char *name;                 /* as it is typed: "verdict:"; "tls" where a relation follows */
    bool relation;                    /* < <= = >= > and a figure follow */
    const char *(*word)(unsigned i);  /* the words its value begins, NULL past the last; NULL: any text */
    const char *(*title)(unsigned i); /* what such a word says to people; NULL: nothing beyond it */
    const char *help;                 /* a few words for the list */
};

const struct filter_term *filter_terms(size_t *count);

/* The names of enum filter_state: "tagged" … */
const char *filter_state_word(unsigned i);

/* One term of a text, as it stands there. */
struct filter_piece {
    const char *start, *end; /* with `!`, name and quotes */
    bool inverse;
    const struct filter_term *term; /* NULL: text */
    const char *value;              /* what stands behind the name, without quotes */
    size_t length;                  /* its bytes */
    bool quoted;
    bool open; /* the quotation mark has no other */
};

/* The next piece at *at, which moves behind it; false when there is none left. A value that begins with a
 * quotation mark goes to the next one, or, while that is missing, to the end of the text; any other to the
 * next space. */
bool filter_next_piece(const char **at, struct filter_piece *piece);

/* How a relation and a figure read: "<1.2", ">=30d". */
struct filter_bound {
    char relation; /* '<', '>' or '=' */
    bool or_equal;
    int figure; /* enum tls_version, or days */
};

/* False when `value` (of `length` bytes) is none. Versions are 1.0 to 1.3 and ssl3; days are whole, perhaps
 * negative, at most five digits, with or without "d" behind. */
bool filter_read_version(const char *value, size_t length, struct filter_bound *bound);
bool filter_read_days(const char *value, size_t length, struct filter_bound *bound);

/* `figure` as `bound` asks for it. */
bool filter_within(const struct filter_bound *bound, int figure);
