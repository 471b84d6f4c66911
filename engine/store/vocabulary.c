#include "engine/store/vocabulary.h"

#include "engine/base/words.h"

#include <string.h>

#define LISTS(X)                                                                                             \
    X(WORD_CLASS, target_class)                                                                              \
    X(WORD_REQUIREMENT, requirement)                                                                         \
    X(WORD_MATCH, connector_match)                                                                           \
    X(WORD_NAME_RULE, name_rule)                                                                             \
    X(WORD_ROUTE, route)                                                                                     \
    X(WORD_DNS, dns_status)                                                                                  \
    X(WORD_RECORD, record_type)                                                                              \
    X(WORD_CONTACT, contact_state)                                                                           \
    X(WORD_PROTOCOL, protocol)                                                                               \
    X(WORD_STAGE, stage)                                                                                     \
    X(WORD_PROBE_ERROR, probe_error)                                                                         \
    X(WORD_STARTTLS, starttls_state)                                                                         \
    X(WORD_INJECTION, injection_state)                                                                       \
    X(WORD_VERSION_STATE, version_state)                                                                     \
    X(WORD_CHECK, check)                                                                                     \
    X(WORD_CHECK_STATE, check_state)                                                                         \
    X(WORD_VERDICT, verdict)                                                                                 \
    X(WORD_REASON, reason)

#define DEFINE(kind, type)                                                                                   \
    _Static_assert((int)type##_count <= WORDS_MOST, "too many words");                                       \
    static const char *type##_of(unsigned number)                                                            \
    {                                                                                                        \
        return type##_name((enum type)number);                                                               \
    }
LISTS(DEFINE)

#define ROW(kind, type) [kind] = {#type, type##_count, type##_of},
static const struct {
    const char *name;
    unsigned count;
    const char *(*word)(unsigned number);
} lists[] = {LISTS(ROW)};

void vocabulary_init(struct vocabulary *vocabulary)
{
    memset(vocabulary->code_of, NO_WORD, sizeof vocabulary->code_of);
    memset(vocabulary->number_of, NO_WORD, sizeof vocabulary->number_of);
    memset(vocabulary->next, 0, sizeof vocabulary->next);
}

static bool find_kind(const char *name, unsigned *kind)
{
    for (*kind = 0; *kind < WORD_KINDS; ++*kind)
        if (strcmp(lists[*kind].name, name) == 0)
            return true;
    return false;
}

static void set(struct vocabulary *vocabulary, unsigned kind, unsigned number, uint8_t code)
{
    vocabulary->code_of[kind][number] = code;
    vocabulary->number_of[kind][code] = (uint8_t)number;
}

bool vocabulary_learn(struct vocabulary *vocabulary, const char *kind_name, int64_t code, const char *name)
{
    unsigned kind, number;

    if (!find_kind(kind_name, &kind))
        return true;
    if (code < 0 || code >= WORDS_MOST || vocabulary->number_of[kind][code] != NO_WORD)
        return false;
    if (code >= vocabulary->next[kind])
        vocabulary->next[kind] = (uint8_t)(code + 1);
    for (number = 0; number < lists[kind].count; number++)
        if (strcmp(lists[kind].word(number), name) == 0)
            break;
    if (number == lists[kind].count)
        return true;
    if (vocabulary->code_of[kind][number] != NO_WORD)
        return false;
    set(vocabulary, kind, number, (uint8_t)code);
    return true;
}

bool vocabulary_grow(struct vocabulary *vocabulary, const char **kind_name, uint8_t *code, const char **name)
{
    for (unsigned kind = 0; kind < WORD_KINDS; kind++) {
        for (unsigned number = 0; number < lists[kind].count; number++) {
            if (vocabulary->code_of[kind][number] != NO_WORD || vocabulary->next[kind] >= WORDS_MOST)
                continue;
            *kind_name = lists[kind].name;
            *code = vocabulary->next[kind]++;
            *name = lists[kind].word(number);
            set(vocabulary, kind, number, *code);
            return true;
        }
    }
    return false;
}

void pack_word(struct buf *out, const struct vocabulary *vocabulary, enum word_kind kind, unsigned number)
{
    buf_u8(out, number < WORDS_MOST ? vocabulary->code_of[kind][number] : NO_WORD);
}

unsigned unpack_word(struct reader *in, const struct vocabulary *vocabulary, enum word_kind kind)
{
    uint8_t number = vocabulary->number_of[kind][reader_u8(in)];

    if (number != NO_WORD && !in->failed)
        return number;
    reader_fail(in);
    return 0;
}
