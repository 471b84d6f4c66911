#include "engine/report/take.h"

#include "engine/base/buf.h"
#include "engine/base/words.h"
#include "engine/model/target.h"
#include "engine/tls/version.h"

#include <string.h>

#define NEVER (-1) /* there is no such word */

/* Kind, type, and the word that JSON has as null. */
#define LISTS(X)                                                                                             \
    X(TAKE_CLASS, target_class, NEVER)                                                                       \
    X(TAKE_REQUIREMENT, requirement, NEVER)                                                                  \
    X(TAKE_MATCH, connector_match, MATCH_NONE)                                                               \
    X(TAKE_NAME_RULE, name_rule, NEVER)                                                                      \
    X(TAKE_ROUTE, route, ROUTE_UNRESOLVED)                                                                   \
    X(TAKE_DNS, dns_status, NEVER)                                                                           \
    X(TAKE_RECORD, record_type, NEVER)                                                                       \
    X(TAKE_CONTACT, contact_state, CONTACT_NONE)                                                             \
    X(TAKE_PROTOCOL, protocol, NEVER)                                                                        \
    X(TAKE_STAGE, stage, NEVER)                                                                              \
    X(TAKE_ERROR, probe_error, PROBE_OK)                                                                     \
    X(TAKE_STARTTLS, starttls_state, NEVER)                                                                  \
    X(TAKE_INJECTION, injection_state, NEVER)                                                                \
    X(TAKE_STATE, version_state, NEVER)                                                                      \
    X(TAKE_VERDICT, verdict, NEVER)                                                                          \
    X(TAKE_CHECK_STATE, check_state, NEVER)                                                                  \
    X(TAKE_HAND, hand, NEVER)

#define DEFINE(kind, type, null)                                                                             \
    static const char *type##_of(unsigned number)                                                            \
    {                                                                                                        \
        return type##_name((enum type)number);                                                               \
    }
LISTS(DEFINE)

static const char *version_of(unsigned number)
{
    return tls_version_name((enum tls_version)number);
}

#define ROW(kind, type, null) [kind] = {type##_count, null, type##_of},
static const struct {
    unsigned count;
    int null;
    const char *(*word)(unsigned number);
} lists[TAKE_KINDS] = {LISTS(ROW)[TAKE_VERSION] = {TLS_VERSIONS, NEVER, version_of}};

bool take_word_parse(enum take_kind kind, const char *text, unsigned *number)
{
    for (unsigned i = 0; i < lists[kind].count; i++)
        if ((int)i != lists[kind].null && strcmp(lists[kind].word(i), text) == 0) {
            *number = i;
            return true;
        }
    return false;
}

static void fail_word(const struct take *member, enum take_kind kind)
{
    struct buf words;

    buf_init(&words, 0);
    for (unsigned i = 0; i < lists[kind].count; i++)
        if ((int)i != lists[kind].null)
            buf_printf(&words, "%s%s", words.length ? ", " : "", lists[kind].word(i));
    if (lists[kind].null != NEVER)
        buf_add_string(&words, ", or null");
    take_fail(member, "one of: %s", buf_string(&words));
    buf_release(&words);
}

unsigned take_item_word(const struct take *item, enum take_kind kind)
{
    unsigned number = 0;

    if (json_is_null(item->value) && lists[kind].null != NEVER)
        return (unsigned)lists[kind].null;
    if (!json_is_string(item->value) || !take_word_parse(kind, json_string_value(item->value), &number))
        fail_word(item, kind);
    return number;
}

unsigned take_word(const struct take *object, const char *key, enum take_kind kind)
{
    struct take member = take_member(object, key);

    return member.value ? take_item_word(&member, kind) : 0;
}

unsigned take_word_or(const struct take *object, const char *key, enum take_kind kind, unsigned otherwise)
{
    bool missing = json_is_object(object->value) && !json_object_get(object->value, key);

    return missing || !object->value ? otherwise : take_word(object, key, kind);
}
