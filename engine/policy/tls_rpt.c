#include "engine/policy/tls_rpt.h"

#include "engine/base/mem.h"
#include "engine/policy/mailbox.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define VERSION   "v=TLSRPTv1"
#define HTTPS     "https://"
#define KEY_MOST  32
#define URIS_MOST 16 /* that are kept */

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static const char *skip_space(const char *at)
{
    while (is_space(*at))
        at++;
    return at;
}

char *tls_rpt_name(const char *domain)
{
    return mem_format("_smtp._tls.%s", domain);
}

static bool is_record(const char *text)
{
    return strncmp(text, VERSION, strlen(VERSION)) == 0 && *skip_space(text + strlen(VERSION)) == ';';
}

const char *tls_rpt_choose(const char *const *texts, size_t count)
{
    const char *chosen = NULL;

    for (size_t i = 0; i < count; i++) {
        if (!is_record(texts[i]))
            continue;
        if (chosen)
            return NULL;
        chosen = texts[i];
    }
    return chosen;
}

/* Letters that a URI is made of (RFC 3986), those included that a record must write as %XX: they end one. */
static bool is_uri(const char *text)
{
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && !strchr("-._~:/?#[]@$&'()*+=%", *text))
            return false;
    return true;
}

static bool is_of_use(const char *uri)
{
    char *mailbox;

    if (!is_uri(uri))
        return false;
    if (strncasecmp(uri, HTTPS, strlen(HTTPS)) == 0)
        return isalnum((unsigned char)uri[strlen(HTTPS)]);
    mailbox = mailbox_of_uri(uri);
    free(mailbox);
    return mailbox;
}

/* The URIs between `at` and `end`, with commas between them. */
static void read_uris(const char *at, const char *end, struct strings *uris)
{
    while (at < end) {
        const char *comma = memchr(at, ',', (size_t)(end - at)), *stop = comma ? comma : end, *last = stop;
        char *uri;

        while (at < stop && is_space(*at))
            at++;
        while (last > at && is_space(last[-1]))
            last--;
        uri = mem_string_n(at, (size_t)(last - at));
        if (is_of_use(uri) && uris->count < URIS_MOST)
            strings_add_once(uris, uri);
        free(uri);
        at = stop + 1;
    }
}

static bool is_key(const char *text, size_t length)
{
    if (!length || length > KEY_MOST || !isalnum((unsigned char)*text))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)text[i]) && !strchr("_-.", text[i]))
            return false;
    return true;
}

/* One field up to `end`; false when it is none. Others than rua are passed over. */
static bool read_field(const char *at, const char *end, struct strings *uris)
{
    const char *equals = memchr(at, '=', (size_t)(end - at));

    if (!equals || !is_key(at, (size_t)(equals - at)))
        return false;
    if (strncmp(at, "rua=", strlen("rua=")) == 0)
        read_uris(equals + 1, end, uris);
    return true;
}

bool tls_rpt_read(const char *record, struct strings *uris)
{
    struct strings found = {0};
    const char *at = record + strcspn(record, ";");
    bool sound = strlen(record) <= TLS_RPT_MOST && is_record(record);

    while (sound && *at) {
        const char *end;

        at = skip_space(at + 1);
        end = at + strcspn(at, ";");
        sound = !*at || read_field(at, end, &found);
        at = end;
    }
    sound = sound && found.count;
    if (sound)
        strings_copy(uris, &found);
    strings_release(&found);
    return sound;
}
