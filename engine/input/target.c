#include "engine/input/input.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/input/host.h"
#include "engine/input/name.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define TARGET_MOST 1024 /* bytes of one target as typed */

/* What is shown of the text in an error: escaped, and not without end. */
static char *shown(const char *text)
{
    size_t length = strlen(text);

    return text_escaped(text, length < 80 ? length : 80);
}

static bool refuse(const char *source, const char *text, const char *why, const char *expected, char **error)
{
    char *quoted = shown(text);

    *error = mem_format("%s: '%s': %s; expected %s", source, quoted, why, expected);
    free(quoted);
    return false;
}

static bool url_target(const char *text, const char *source, struct target_spec *spec, char **error)
{
    static const char expected[] = "a URL such as smtp://mail.contoso.com:25 or https://[2001:db8::1]";
    size_t scheme_length = (size_t)(strstr(text, "://") - text);
    char *scheme = mem_string_n(text, scheme_length), *at;
    struct host_port host = {0};
    enum protocol protocol;
    const char *wrong;
    bool known;

    for (at = scheme; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    known = protocol_parse(scheme, &protocol);
    free(scheme);
    if (!known)
        return refuse(source, text, "the scheme is not known",
                      "smtp, submission, smtps, https, imap, imaps, pop3 or pop3s", error);
    wrong = host_parse(text + scheme_length + 3, &host);
    if (wrong)
        return refuse(source, text, wrong, expected, error);
    spec->protocol = protocol;
    spec->is_endpoint = true;
    spec->class = protocol == PROTOCOL_SMTP || protocol == PROTOCOL_SUBMISSION || protocol == PROTOCOL_SMTPS
                      ? CLASS_RELAY
                      : CLASS_SERVICE;
    target_spec_add_host(spec, host.host, host.port, host.literal);
    spec->domain = host_url(protocol, &host);
    spec->unicode = mem_string(spec->domain);
    free(host.host);
    return true;
}

bool input_target(const char *text, enum target_class class, const char *source, struct target_spec *spec,
                  char **error)
{
    const char *wrong;

    target_spec_init(spec);
    if (strlen(text) > TARGET_MOST)
        return refuse(source, text, "it is too long", "a domain such as contoso.com", error);
    if (strstr(text, "://")) {
        if (!url_target(text, source, spec, error))
            return false;
    } else {
        wrong = name_domain(text, &spec->domain, &spec->unicode);
        if (wrong)
            return refuse(source, text, wrong,
                          "a domain such as contoso.com, or a URL such as smtp://192.0.2.1:25", error);
        spec->class = class;
        spec->protocol = PROTOCOL_SMTP;
    }
    spec->requirement = spec->class == CLASS_OPPORTUNISTIC ? REQUIREMENT_NONE : REQUIREMENT_ENCRYPTION;
    spec->source = mem_string(source);
    return true;
}
