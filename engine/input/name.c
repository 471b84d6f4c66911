#include "engine/input/name.h"

#include "engine/base/mem.h"

#include <ctype.h>
#include <idn2.h>
#include <stdlib.h>
#include <string.h>

static bool label_valid(const char *label, size_t length, bool underscore)
{
    size_t i;

    if (!length || length > 63 || label[0] == '-' || label[length - 1] == '-')
        return false;
    for (i = 0; i < length; i++)
        if (!isalnum((unsigned char)label[i]) && label[i] != '-' && !(underscore && label[i] == '_'))
            return false;
    return true;
}

/* NULL when `name` is made of valid labels; `*count` says how many. */
static const char *check_labels(const char *name, bool underscore, size_t *count)
{
    *count = 0;
    if (strlen(name) > 253)
        return "the name is longer than 253 characters";
    for (;;) {
        size_t length = strcspn(name, ".");

        if (!length)
            return "the name has an empty label (two dots in a row, or one at the start)";
        if (length > 63)
            return "a label of the name is longer than 63 characters";
        if (!label_valid(name, length, underscore))
            return "a name has letters, digits and inner hyphens only";
        ++*count;
        if (!name[length])
            return NULL;
        name += length + 1;
    }
}

static bool is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

/* Lower-case A-labels without trailing dot; NULL when IDNA refuses. */
static char *to_ascii(const char *text)
{
    char *out = NULL, *at;
    size_t length;

    if (is_ascii(text)) {
        out = mem_string(text);
    } else {
        char *converted = NULL;

        if (idn2_to_ascii_8z(text, &converted, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK)
            return NULL;
        out = mem_string(converted);
        idn2_free(converted);
    }
    for (at = out; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    length = strlen(out);
    if (length > 1 && out[length - 1] == '.')
        out[length - 1] = 0;
    return out;
}

static char *to_unicode(const char *ascii)
{
    char *converted = NULL, *out;

    if (!strstr(ascii, "xn--") || idn2_to_unicode_8z8z(ascii, &converted, 0) != IDN2_OK)
        return mem_string(ascii);
    out = mem_string(converted);
    idn2_free(converted);
    return out;
}

const char *name_host(const char *text, char **ascii)
{
    const char *wrong;
    size_t count;

    if (!*text)
        return "the host name is empty";
    *ascii = to_ascii(text);
    if (!*ascii)
        return "the name is no valid internationalised name";
    wrong = check_labels(*ascii, true, &count);
    if (wrong) {
        free(*ascii);
        *ascii = NULL;
    }
    return wrong;
}

static bool all_digits(const char *label)
{
    return *label && strspn(label, "0123456789") == strlen(label);
}

const char *name_domain(const char *text, char **ascii, char **unicode)
{
    const char *wrong;
    size_t count;

    if (!*text)
        return "the domain is empty";
    *ascii = to_ascii(text);
    if (!*ascii)
        return "the name is no valid internationalised name";
    wrong = check_labels(*ascii, false, &count);
    if (!wrong && count < 2)
        wrong = "it has no dot";
    if (!wrong && all_digits(strrchr(*ascii, '.') + 1))
        wrong = "an address is not a domain";
    if (wrong) {
        free(*ascii);
        *ascii = NULL;
        return wrong;
    }
    *unicode = to_unicode(*ascii);
    return NULL;
}
