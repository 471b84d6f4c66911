#include "engine/base/words.h"

#include <stdlib.h>
#include <string.h>

struct word {
    const char *name;
    const char *title;
};

#define WORDS_ENTRY(code, name, title) {name, title},
#define WORDS_DEFINE(type, LIST)                                                                             \
    static const struct word type##_words[] = {LIST(WORDS_ENTRY)};                                           \
    const char *type##_name(enum type code)                                                                  \
    {                                                                                                        \
        return (unsigned)code < type##_count ? type##_words[code].name : "unknown";                          \
    }                                                                                                        \
    const char *type##_title(enum type code)                                                                 \
    {                                                                                                        \
        return (unsigned)code < type##_count ? type##_words[code].title : "unknown";                         \
    }                                                                                                        \
    bool type##_parse(const char *name, enum type *code)                                                     \
    {                                                                                                        \
        unsigned i;                                                                                          \
                                                                                                             \
        for (i = 0; i < type##_count; i++) {                                                                 \
            if (strcmp(type##_words[i].name, name) == 0) {                                                   \
                *code = (enum type)i;                                                                        \
                return true;                                                                                 \
            }                                                                                                \
        }                                                                                                    \
        return false;                                                                                        \
    }

WORDS_DEFINE(target_class, WORDS_CLASS)
WORDS_DEFINE(requirement, WORDS_REQUIREMENT)
WORDS_DEFINE(connector_match, WORDS_MATCH)
WORDS_DEFINE(name_rule, WORDS_NAME_RULE)
WORDS_DEFINE(route, WORDS_ROUTE)
WORDS_DEFINE(dns_status, WORDS_DNS)
WORDS_DEFINE(record_type, WORDS_RECORD)
WORDS_DEFINE(protocol, WORDS_PROTOCOL)
WORDS_DEFINE(stage, WORDS_STAGE)
WORDS_DEFINE(probe_error, WORDS_PROBE_ERROR)
WORDS_DEFINE(starttls_state, WORDS_STARTTLS)
WORDS_DEFINE(injection_state, WORDS_INJECTION)
WORDS_DEFINE(version_state, WORDS_VERSION_STATE)
WORDS_DEFINE(verdict, WORDS_VERDICT)
WORDS_DEFINE(reason, WORDS_REASON)
WORDS_DEFINE(consequence, WORDS_CONSEQUENCE)
WORDS_DEFINE(contact_state, WORDS_CONTACT)
WORDS_DEFINE(contact_source, WORDS_CONTACT_SOURCE)
WORDS_DEFINE(check, WORDS_CHECK)
WORDS_DEFINE(check_state, WORDS_CHECK_STATE)
WORDS_DEFINE(limit, WORDS_LIMIT)

bool probe_error_is_local(enum probe_error error)
{
    return error == PROBE_NO_ROUTE || error == PROBE_NO_SOURCE || error == PROBE_LOCAL_LIMIT ||
           error == PROBE_PORT_BLOCKED;
}

bool verdict_falls_short(enum verdict verdict)
{
    return verdict == VERDICT_AT_RISK || verdict == VERDICT_PLAINTEXT || verdict == VERDICT_NOT_READY;
}

unsigned protocol_port(enum protocol protocol)
{
    return (unsigned)strtoul(protocol_title(protocol), NULL, 10);
}

bool protocol_is_direct_tls(enum protocol protocol)
{
    return protocol == PROTOCOL_SMTPS || protocol == PROTOCOL_HTTPS || protocol == PROTOCOL_IMAPS ||
           protocol == PROTOCOL_POP3S;
}
